"""People who block the bot, and come back: no call is wasted on them meanwhile, and nothing stands in their way."""

from sqlmodel import col, select

from storage.outbox import Notice, NoticeState
from storage.people import Person, Role
from tests.scenes.manners import check_manners
from tests.scenes.meeting_steps import at, meeting_of
from tests.scenes.stage import TOKEN, Stage
from tests.scenes.stage import Person as Somebody


def calls_to(stage: Stage, person: Somebody) -> int:
    return sum(1 for each in stage.playground.world.calls if each.token == TOKEN and each.chat_id == person.id)


async def reachable(stage: Stage, person: Somebody) -> bool:
    async with stage.database.read() as session:
        query = select(col(Person.unreachable_since)).where(col(Person.telegram_id) == person.id)
        return (await session.exec(query)).one() is None


async def announces(person: Somebody, words: str) -> None:
    await person.sends("/annoncer")
    await person.sends(words)
    await person.taps("Envoyer")


async def test_who_blocks_in_the_middle_of_something_is_left_alone_and_comes_back_to_it(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa, samir = await stage.joined("Rosa", "nord"), await stage.joined("Samir", "nord")
    await rosa.sends("/profil")
    await rosa.taps("Prénom")
    rosa.phone.blocks()
    await stage.quiet_moment()
    assert not await reachable(stage, rosa)
    before = calls_to(stage, rosa)
    await announces(fatou, "Première nouvelle")
    await samir.sees("Première nouvelle")
    await fatou.sees("2 personnes")  # who cannot be reached is not counted as reached
    await stage.advance(hours=1)
    assert calls_to(stage, rosa) == before

    rosa.phone.unblocks()
    await stage.quiet_moment()
    assert await reachable(stage, rosa)
    await announces(fatou, "Deuxième nouvelle")
    await rosa.sees("Deuxième nouvelle")
    await rosa.never_sees("Première nouvelle")
    await rosa.sends("Rosalie")  # the question was still open
    await rosa.sees("Prénom : Rosalie")
    check_manners(stage)


async def test_a_block_that_telegram_tells_only_when_we_write_stops_what_waits(stage: Stage):
    fatou, rosa = await stage.joined("Fatou", "nord", role=Role.LEAD), await stage.joined("Rosa", "nord")
    rosa.phone.chat().blocked = True  # while the bot was down: no update was ever heard
    await meeting_of(stage, fatou, title="Plénière", starts_at=at(stage, 9, 18))
    await announces(fatou, "Une nouvelle")
    await stage.all_delivered()
    assert not await reachable(stage, rosa)
    tried = calls_to(stage, rosa)
    assert tried == 1
    await stage.advance(days=8)  # reminders would have been due
    assert calls_to(stage, rosa) == tried
    async with stage.database.read() as session:
        query = select(Notice).where(col(Notice.chat_id) == rosa.id, col(Notice.state) == NoticeState.PENDING)
        assert (await session.exec(query)).all() == []

    await rosa.starts()  # Telegram lets go of the block by itself when one presses START
    await rosa.sees("Bonjour Rosa")
    assert await reachable(stage, rosa)
    await rosa.sends("/reunions")
    await rosa.sees("Plénière")
    check_manners(stage)


async def test_who_blocks_while_joining_or_at_the_very_moment_of_an_answer(stage: Stage):
    rosa = stage.person("Rosa")
    await rosa.starts(await stage.council_link("nord"))
    await rosa.taps("D’accord")
    rosa.phone.blocks()
    await stage.all_delivered()
    rosa.phone.unblocks()
    await rosa.taps("15 ans ou plus")
    await rosa.sees("Bienvenue", "Quartier Nord")

    rosa.phone.sends("/profil")
    rosa.phone.blocks()  # the answer finds a closed door
    await stage.all_delivered()
    assert not await reachable(stage, rosa)
    await rosa.starts()
    await rosa.sees("Bonjour Rosa")
    assert await reachable(stage, rosa)
    check_manners(stage)
