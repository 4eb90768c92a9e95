"""People whom many rules are about: each comes into being where a test names them."""

import pytest
from promise_scenes import animator_of, coordinator_of, stands_in


@pytest.fixture
async def rosa(programme):
    """A resident of the council "nord"."""
    return await programme.person("Rosa", follows=(programme.nord,))


@pytest.fixture
async def julien(programme):
    return await animator_of(programme, programme.nord)


@pytest.fixture
async def amina(programme, julien):
    """Stands in for Julien, from another council."""
    amina = await animator_of(programme, programme.sud, name="Amina")
    await stands_in(programme, julien, amina)
    return amina


@pytest.fixture
async def claire(programme):
    return await coordinator_of(programme)
