"""Whether a transaction has written is known however it wrote; a statement that was built once sees what is pending."""

import pytest
from sqlalchemy import insert, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import execute_built, has_written, plain_table
from storage.programme import Neighbourhood

ADDED = insert(plain_table(Neighbourhood))
NAMES = select(col(Neighbourhood.name)).order_by(col(Neighbourhood.name))


async def asks(session: AsyncSession) -> None:
    await session.exec(NAMES)
    await execute_built(session, NAMES, {})


async def changes_no_row(session: AsyncSession) -> None:
    await session.exec(update(Neighbourhood).where(col(Neighbourhood.code) == "").values(name="Nulle part"))


async def builds(session: AsyncSession) -> None:
    await execute_built(session, ADDED, {"name": "Les Pins", "code": "QN-PINS"})


async def adds(session: AsyncSession) -> None:
    session.add(Neighbourhood(name="Les Pins", code="QN-PINS"))


async def adds_and_flushes(session: AsyncSession) -> None:
    await adds(session)
    await session.flush()


async def updates(session: AsyncSession) -> None:
    await session.exec(update(Neighbourhood).values(name="Les Pins"))


@pytest.mark.parametrize(
    ("act", "wrote"),
    [(asks, False), (changes_no_row, False), (builds, True), (adds, True), (adds_and_flushes, True), (updates, True)],
)
async def test_a_transaction_knows_whether_it_has_written(programme, act, wrote):
    for brief in (True, False):
        async with programme.database.write(brief=brief) as session:
            await act(session)
            assert await has_written(session) is wrote
            await session.rollback()
        async with programme.database.write(brief=brief) as session:
            assert not await has_written(session)


async def test_a_statement_built_once_sees_what_is_pending(programme):
    async with programme.database.write() as session:
        await adds(session)
        assert "Les Pins" in (await execute_built(session, NAMES, {})).scalars().all()
