"""A silent account is warned twice, then erased; a word at any time keeps it."""

from datetime import timedelta

from sqlmodel import col, select

from council.notices import NoticeKind
from council.people import heard_from
from council.retention import erase_inactive, warn_inactive
from handlers.notices import Delivery
from handlers.notices.account import account_ending
from locales.translator import translator
from storage.outbox import Notice
from storage.people import Person, Role


async def _sweep(programme) -> tuple[int, int]:
    warned = await warn_inactive(programme.database, programme.clock, programme.settings)
    return warned, await erase_inactive(programme.database, programme.clock, programme.settings)


async def _warnings(programme) -> list[Notice]:
    async with programme.database.read() as session:
        query = select(Notice).where(col(Notice.kind) == NoticeKind.ACCOUNT_ENDING).order_by(col(Notice.id))
        return list((await session.exec(query)).all())


async def test_a_silent_account_is_warned_a_month_and_a_week_before_then_erased(programme):
    amina = await programme.person("Amina", follows=(programme.nord,))
    programme.clock.advance(days=365 - 31)
    assert await _sweep(programme) == (0, 0)
    programme.clock.advance(days=1)
    assert await _sweep(programme) == (1, 0)
    assert await _sweep(programme) == (0, 0), "run twice, it says nothing twice"
    programme.clock.advance(days=23)
    assert await _sweep(programme) == (1, 0)
    assert [each.revision for each in await _warnings(programme)] == [30, 7]
    programme.clock.advance(days=7)
    assert await _sweep(programme) == (0, 1)
    async with programme.database.read() as session:
        person = await session.get_one(Person, amina.person_id)
    assert person.telegram_id is None
    assert person.first_name == ""


async def test_a_word_in_time_keeps_the_account_and_drops_the_warning(programme):
    amina = await programme.person("Amina")
    programme.clock.advance(days=360)
    assert await _sweep(programme) == (1, 0), "the nearer warning alone"
    (warning,) = await _warnings(programme)
    async with programme.database.write() as session:
        said = await account_ending(_delivery(session, programme, warning))
        assert "2 mars 2027" in said.text
        await heard_from(session, programme.clock, amina.telegram_id)
    async with programme.database.read() as session:
        assert await account_ending(_delivery(session, programme, warning)) is None
    programme.clock.advance(days=30)
    assert await _sweep(programme) == (0, 0)


async def test_the_last_coordinator_is_never_erased(programme):
    claire = await programme.person("Claire", roles=((Role.COORDINATOR, None),))
    programme.clock.advance(days=800)
    assert await _sweep(programme) == (0, 0)
    assert await programme.again(claire.telegram_id)


def _delivery(session, programme, notice: Notice) -> Delivery:
    assert notice.not_before - programme.clock.now() < timedelta(days=1)
    return Delivery(session, notice, translator("fr"), programme.settings, programme.clock, "porte_voix_bot")
