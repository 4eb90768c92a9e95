"""When a notice leaves, in which order, and that neither a stop nor a fault of ours loses it (design.md, section 3)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

import bot.sender.sender as sender_module
import handlers.notices as rendering
from bot.sender.sender import SLOTS
from council.notices import NoticeKind
from council.people import change_language
from council.roles import give, revoke
from handlers.cards.card import Card
from handlers.notices import Delivery
from storage import queue
from storage.announcements import Announcement
from storage.outbox import Notice, NoticePriority, NoticeState
from storage.people import Role
from tests.delivery.post_office import PostOffice, both

PARIS = ZoneInfo("Europe/Paris")
SENT, PENDING, FAILED = NoticeState.SENT, NoticeState.PENDING, NoticeState.FAILED
UNCERTAIN, CANCELLED, EXPIRED = NoticeState.UNCERTAIN, NoticeState.CANCELLED, NoticeState.EXPIRED


# --- time


@both
async def test_what_has_expired_is_not_sent(office: PostOffice):
    rosa = await office.resident()
    office.playground.world.faults.add("5xx", chat_id=rosa.id)
    number = await office.write(rosa, "Bientôt", expires_at=office.clock.now() + timedelta(seconds=4))
    await office.until(lambda: office.sends(rosa.id))
    await office.until_state(number, PENDING)
    behind = await office.write(rosa, "Ensuite")
    await office.later(seconds=6)
    assert await office.state(number) == EXPIRED
    assert await office.state(behind) == SENT
    assert len(office.texts(rosa)) == 1


@both
async def test_what_expires_at_the_gate_is_not_sent(office: PostOffice):
    rosa = await office.resident()
    await office.gate.pause(4)
    number = await office.write(rosa, "Bientôt", expires_at=office.clock.now() + timedelta(seconds=30))
    await office.until_state(number, NoticeState.LEASED)
    office.clock.advance(seconds=31)
    await office.gate.enter_uncounted()
    await office.later(seconds=61)
    assert await office.state(number) == EXPIRED
    assert not office.sends(rosa.id)


@both
async def test_at_night_news_waits_for_the_morning_and_answers_go(office: PostOffice):
    rosa = await office.resident()
    office.clock.set(datetime(2026, 3, 2, 22, 0, tzinfo=PARIS))
    held = await office.write(rosa, "Une nouvelle")
    answer = await office.write(rosa, "Votre réponse", NoticePriority.RELAY, quiet=False)
    await office.rest()
    assert [await office.state(each) for each in (held, answer)] == [PENDING, SENT]
    office.clock.set(datetime(2026, 3, 3, 7, 59, 59, tzinfo=PARIS))
    await office.sweep()
    await office.rest()
    assert await office.state(held) == PENDING
    office.clock.set(datetime(2026, 3, 3, 8, 0, tzinfo=PARIS))
    await office.sweep()
    await office.rest()
    assert await office.state(held) == SENT


async def test_a_night_does_not_begin_in_the_middle_of_a_retry(office: PostOffice):
    """Put back at 20:59:58, due at 21:00:03: in the quiet hours it waits like the rest."""
    rosa = await office.resident()
    office.clock.set(datetime(2026, 3, 2, 20, 59, 58, tzinfo=PARIS))
    office.playground.world.faults.add("5xx", chat_id=rosa.id)
    number = await office.write(rosa, "Une nouvelle")
    await office.until(lambda: office.sends(rosa.id))
    await office.until_state(number, PENDING)
    await office.later(seconds=5)
    assert await office.state(number) == PENDING
    office.clock.set(datetime(2026, 3, 3, 7, 0, tzinfo=UTC))
    await office.sweep()
    await office.rest()
    assert await office.state(number) == SENT


# --- order


@both
async def test_no_more_is_claimed_than_there_are_hands(office: PostOffice):
    people = await office.crowd(50)
    await office.close()
    for each in people:
        await office.write(each, "Bonjour")
    async with office.database.write() as session:
        claimed = await queue.claim(session, office.clock.now(), 16, at_night=False)
    assert len(claimed) == 16
    assert (await office.states()).count(NoticeState.LEASED) == 16


@both
async def test_within_a_chat_first_in_first_out(office: PostOffice):
    rosa, fatou = await office.resident("Rosa"), await office.resident("Fatou")
    await office.close()
    for n in range(12):
        await office.write(rosa, f"Rosa {n:02}")
        await office.write(fatou, f"Fatou {n:02}")
    office.playground.world.faults.add("429", chat_id=rosa.id, retry_after=1, skip=4)
    await office.open()
    await office.until(lambda: [each for each in office.sends(rosa.id) if each.status == 429])
    await office.rest()
    await office.later(seconds=1)
    for name, phone in (("Rosa", rosa), ("Fatou", fatou)):
        told = [each for text in office.texts(phone) for each in range(12) if f"{name} {each:02}" in text]
        assert told == list(range(12))


@both
async def test_across_kinds_the_more_urgent_goes_first(office: PostOffice):
    people = await office.crowd(4 * SLOTS)
    await office.close()
    kinds = [NoticePriority.BROADCAST, NoticePriority.REMINDER, NoticePriority.TRANSACTIONAL, NoticePriority.RELAY]
    for position, phone in enumerate(people):
        await office.write(phone, "Bonjour", kinds[position % 4])
    await office.open()
    await office.rest()
    urgency = {phone.id: kinds[position % 4] for position, phone in enumerate(people)}
    order = [urgency[each.chat_id] for each in office.sends()]
    # Those on the wire at the same moment may overtake one another, nobody else.
    for position, each in enumerate(order):
        assert not [late for late in order[position + SLOTS :] if late < each]


@both
async def test_a_relay_does_not_wait_for_the_end_of_a_broadcast(office: PostOffice):
    await office.close()
    residents = await office.crowd(1_000)
    callers = [await office.resident(f"A{n}") for n in range(3)]
    await office.announce("À tout le monde")
    await office.open()
    everybody = {each.id for each in residents}

    def broadcast() -> int:
        return len([each for each in office.sends() if each.chat_id in everybody])

    waited = []
    for turn, caller in enumerate(callers):
        await office.until(lambda turn=turn: broadcast() >= 40 * (turn + 1))
        before = len(office.sends())
        number = await office.write(caller, "Votre réponse", NoticePriority.RELAY)
        await office.until_state(number, SENT)
        calls = office.sends()
        arrival = next(i for i, each in enumerate(calls) if each.chat_id == caller.id and i >= before)
        waited.append(arrival - before)
    assert broadcast() < len(everybody)  # it was still under way
    # At most those that had their slot already, and those of the next claim.
    assert max(waited) <= 2 * SLOTS, waited


async def test_chats_that_must_wait_do_not_take_the_places_of_others(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
):
    """Groups whose minute is full wait at the gate, more of them than slots; other people's notices leave meanwhile."""
    monkeypatch.setattr(sender_module, "PATIENCE", timedelta(seconds=0.3))
    world = office.playground.world
    groups = [world.add_group(f"Groupe {n}") for n in range(SLOTS + 4)]
    for group in groups:
        await office.gate.pause(60, group.id)
        await office.write_to_chat(group.id, "Au groupe", NoticePriority.RELAY)
    rosa = await office.resident()
    await office.until_state(await office.write(rosa, "Une nouvelle", NoticePriority.BROADCAST), SENT)
    assert [each.chat_id for each in office.sends()] == [rosa.id]


# --- still true?


@both
async def test_what_is_no_longer_true_is_cancelled(office: PostOffice):
    rosa = await office.resident()
    await office.close()
    actor = await office.programme.again(rosa.id)
    coordinator = await office.programme.person("Nadia", roles=((Role.COORDINATOR, None),))
    async with office.database.write() as session:
        await give(session, office.clock, actor.person_id, Role.LEAD, office.programme.nord, None, granted_by=None)
    async with office.database.write() as session:
        await revoke(session, office.clock, coordinator, actor.person_id, Role.LEAD, office.programme.nord)
    async with office.database.read() as session:
        given = (await session.exec(select(Notice).where(col(Notice.kind) == NoticeKind.ROLE_GIVEN))).all()
    await office.open()
    await office.rest()
    for each in given:
        assert await office.state(each.id) == CANCELLED
    assert NoticeState.FAILED not in await office.states()


async def test_words_that_are_gone_are_not_sent(office: PostOffice):
    rosa = await office.resident()
    await office.close()
    number = await office.write(rosa, "Effacé")
    async with office.database.write() as session:
        await session.delete(await session.get(Announcement, (await office.notice(number)).subject_id))
    await office.open()
    await office.rest()
    assert await office.state(number) == CANCELLED
    assert not office.sends()


async def test_a_card_that_cannot_be_made_fails_alone(office: PostOffice):
    rosa = await office.resident()
    broken = await office.write_to_chat(rosa.id, "?", kind="a kind of tomorrow")
    behind = await office.write(rosa, "La suite")
    await office.rest()
    assert [await office.state(each) for each in (broken, behind)] == [FAILED, SENT]
    assert (await office.notice(broken)).error == "ValueError"


async def test_a_card_is_in_the_language_that_its_reader_has_now(office: PostOffice, monkeypatch: pytest.MonkeyPatch):
    async def in_words(delivery: Delivery) -> Card:
        return Card(Markup(f"In {delivery.say.language}"))

    monkeypatch.setitem(rendering._RENDERERS, NoticeKind.ANNOUNCEMENT, in_words)
    rosa = await office.resident(language="fr")
    await office.close()
    number = await office.write(rosa, "Bonjour")
    async with office.database.write() as session:
        actor = await office.programme.again(rosa.id)
        await change_language(session, office.clock, actor, "ar", ("fr", "ar"))
    await office.open()
    await office.until_state(number, SENT)
    assert office.texts(rosa) == ["In ar"]


# --- our own faults


class Falling:
    """In the place of a use of the database: falls so many times, then works."""

    def __init__(self, true: Callable[..., Awaitable[object]], times: int) -> None:
        self.true, self.times, self.fallen = true, times, 0

    async def __call__(self, *args: object, **named: object) -> object:
        if self.fallen < self.times:
            self.fallen += 1
            raise OperationalError("statement", {}, Exception("away"))
        return await self.true(*args, **named)


@both
@pytest.mark.parametrize(("times", "ends"), [(2, SENT), (1_000, UNCERTAIN)])
async def test_a_database_that_fails_after_the_send_repeats_nothing(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch, times: int, ends: NoticeState
):
    monkeypatch.setattr(sender_module, "SETTLING_DELAYS", (0.01, 0.01, 0.01))
    monkeypatch.setattr(queue, "sent", falling := Falling(queue.sent, times))
    rosa = await office.resident()
    number = await office.write(rosa, "Bonjour")
    await office.until(lambda: falling.fallen >= min(times, 4))
    if ends is UNCERTAIN:
        await office.later(seconds=61)
    assert (await office.until_state(number, ends)).attempts == 0
    await office.later(days=1)
    assert len(office.sends(rosa.id)) == 1


@pytest.mark.parametrize("step", ["claim", "begin_attempt"])
async def test_a_database_that_is_away_before_the_send_only_delays_it(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch, step: str
):
    monkeypatch.setattr(sender_module, "LOOK", 0.05)
    monkeypatch.setattr(queue, step, falling := Falling(getattr(queue, step), 1))
    rosa = await office.resident()
    number = await office.write(rosa, "Bonjour")
    await office.until(lambda: falling.fallen)
    await office.rest()
    await office.later(seconds=10)
    assert await office.state(number) == SENT
    assert len(office.sends(rosa.id)) == 1


# --- the stop


@both
async def test_a_stop_waits_for_what_is_being_claimed(office: PostOffice, monkeypatch: pytest.MonkeyPatch):
    """Asked to stop in the middle of a claim: what it leases is sent and marked before the post closes."""
    claim, claiming = queue.claim, asyncio.Event()

    async def slow(*args, **kwargs):
        claimed = await claim(*args, **kwargs)
        if claimed:
            claiming.set()
            await asyncio.sleep(0.2)
        return claimed

    monkeypatch.setattr(queue, "claim", slow)
    rosa = await office.resident()
    number = await office.write(rosa, "Bonjour")
    await claiming.wait()
    await office.close()
    assert await office.state(number) in {SENT, PENDING}
    assert len(office.texts(rosa)) == (await office.state(number) == SENT)


@both
async def test_a_stop_in_a_long_pause_leaves_nothing_leased(office: PostOffice):
    rosa = await office.resident()
    await office.gate.pause(60)
    number = await office.write(rosa, "Bonjour")
    await office.until_state(number, NoticeState.LEASED)
    await office.close(grace=0.3)
    assert await office.state(number) == PENDING
    office._opened.clear()
    await office.open()
    await office.until_state(number, SENT)
    assert len(office.texts(rosa)) == 1
