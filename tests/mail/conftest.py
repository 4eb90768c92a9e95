"""A mail server of the test's own, on both databases."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import FakeClock, SmallProgramme
from tests.mail.mail_office import MailOffice, MailServer


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    made = MailServer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def office(programme: SmallProgramme, clock: FakeClock, server: MailServer) -> AsyncIterator[MailOffice]:
    made = MailOffice(programme, clock, server)
    made.open()
    yield made
    await made.close()
