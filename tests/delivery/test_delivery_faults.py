"""What Telegram and the network may answer to a notice, and what becomes of it (design.md, section 3)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter
from sqlmodel import select

import bot.sender.post as post_module
from bot.gate.clock import LoopClock
from bot.inbound.gate_middleware import GateMiddleware
from bot.sender import limiter
from bot.sender.sender import ATTEMPTS, BACKOFF
from council.groups import link_group
from council.meeting_plans import MeetingPlan
from council.meetings import create_meeting
from council.people import heard_from
from playground.membership import upgrade
from storage.groups import CouncilGroup
from storage.meetings import MeetingKind
from storage.outbox import NoticePriority, NoticeState
from storage.people import Role
from tests.delivery.post_office import FAST, TOKEN, PostOffice, both

PARIS = ZoneInfo("Europe/Paris")
SENT, PENDING, FAILED = NoticeState.SENT, NoticeState.PENDING, NoticeState.FAILED
UNCERTAIN, CANCELLED, EXPIRED = NoticeState.UNCERTAIN, NoticeState.CANCELLED, NoticeState.EXPIRED


# --- 429


async def test_too_many_requests_puts_a_notice_back_for_as_long_as_asked(office: PostOffice):
    rosa = await office.resident()
    office.playground.world.faults.add("429", chat_id=rosa.id, retry_after=2)
    number = await office.write(rosa, "Bonjour")
    await office.until(lambda: office.sends(rosa.id))
    notice = await office.until_state(number, PENDING)
    assert notice.not_before == office.clock.now() + timedelta(seconds=2)
    assert (notice.attempts, notice.error) == (0, "429")
    await office.later(seconds=2)
    assert await office.state(number) == SENT
    refused, delivered = office.sends(rosa.id)
    assert delivered.monotonic - refused.monotonic >= 1.9
    assert len(office.texts(rosa)) == 1


async def test_a_pause_of_one_chat_holds_nobody_else(office: PostOffice):
    rosa, fatou = await office.resident("Rosa"), await office.resident("Fatou")
    office.playground.world.faults.add("429", chat_id=rosa.id, retry_after=30)
    held = await office.write(rosa, "Pour Rosa")
    await office.until(lambda: office.sends(rosa.id))
    await office.until_state(await office.write(fatou, "Pour Fatou"), SENT)
    assert await office.state(held) == PENDING


@pytest.mark.parametrize("struck", ["aiogram", "python-telegram-bot"])
async def test_what_one_library_is_told_holds_the_other(office: PostOffice, struck: str):
    rosa = await office.resident()
    session = AiohttpSession(api=TelegramAPIServer.from_base(office.playground.url))
    session.middleware(GateMiddleware(office.gate))
    replies = Bot(TOKEN, session=session)
    office.playground.world.faults.add("429", method="sendMessage", retry_after=1)
    if struck == "aiogram":
        with pytest.raises(TelegramRetryAfter):
            await replies.send_message(rosa.id, "réponse")
        await office.until_state(await office.write(rosa, "annonce"), SENT)
    else:
        await office.write(rosa, "annonce")
        await office.until(lambda: [each for each in office.sends(rosa.id) if each.status == 429])
        await asyncio.sleep(0.05)  # the answer is on its way to the sender
        await replies.send_message(rosa.id, "réponse")
    await session.close()
    refused, passed = office.sends(rosa.id)[:2]
    assert (refused.status, passed.status) == (429, 200)
    assert passed.monotonic - refused.monotonic >= 0.95


# --- 403


class MovedClock(LoopClock):
    """A gate's time, which a test may put ahead."""

    ahead = 0.0

    def now(self) -> float:
        return super().now() + self.ahead


@both
async def test_a_blocked_bot_costs_one_call_until_the_person_is_heard_again(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(limiter, "PROMPT", 60.0)  # on a busy machine the one place at the gate would be given back
    rosa, fatou = await office.resident("Rosa"), await office.resident("Fatou")
    await office.close()
    hour = 3600.0
    office.limits, office.gate_clock = replace(FAST, messages=1, window=hour), (gate_clock := MovedClock())
    rosa.blocks()
    same_chat = [await office.write(rosa, f"Message {n}") for n in range(3)]
    same_chat.append(await office.write(rosa, "Un appel", NoticePriority.RELAY))
    await office.open()
    await office.until_unreachable(rosa)
    gate_clock.ahead = hour  # what waited at the gate meanwhile may pass, and finds that it is no longer wanted
    await office.until_state(await office.write(fatou, "Pour Fatou"), SENT)
    await office.rest()
    states = [await office.state(each) for each in same_chat]
    assert sorted(states) == [CANCELLED, CANCELLED, CANCELLED, FAILED]
    assert len(office.sends(rosa.id)) == 1

    await office.close()
    office.limits, office.gate_clock = FAST, None
    await office.open()
    await office.announce("Encore une nouvelle")
    await office.rest()
    assert len(office.sends(rosa.id)) == 1

    rosa.unblocks()
    async with office.database.write() as session:
        await heard_from(session, office.clock, rosa.id)
    assert not await office.unreachable(rosa)
    await office.announce("Vous revoilà")
    await office.rest()
    assert [each for each in office.texts(rosa) if "revoilà" in each]


@both
async def test_a_group_that_put_the_bot_out_costs_one_call_and_is_no_longer_linked(office: PostOffice):
    world = office.playground.world
    lead = await office.programme.person("Lou", roles=((Role.LEAD, office.programme.nord),))
    group = world.add_group("Le quartier")
    async with office.database.write() as session:
        await link_group(session, office.clock, lead, group.id, office.programme.nord, None)
    await office.close()
    world.faults.add("403", chat_id=group.id, text="bot was kicked from the group chat", times=10)
    numbers = [await office.write_to_chat(group.id, f"Nouvelle {n}") for n in range(3)]
    await office.open()
    await office.rest()
    assert [await office.state(each) for each in numbers] == [FAILED, CANCELLED, CANCELLED]
    assert len(office.sends(group.id)) == 1
    async with office.database.read() as session:
        link = await session.get(CouncilGroup, group.id)
    assert link is not None
    assert link.unlinked_at is not None


# --- 400


async def test_refused_content_fails_at_once_and_others_go_on(office: PostOffice, capfd: pytest.CaptureFixture[str]):
    rosa, fatou = await office.resident("Rosa"), await office.resident("Fatou")
    office.playground.world.faults.add("400", chat_id=rosa.id, text="can't parse entities")
    refused = await office.write(rosa, "Mal formé")
    behind = await office.write(rosa, "Bien formé")
    other = await office.write(fatou, "Bien formé")
    await office.rest()
    assert [await office.state(each) for each in (refused, behind, other)] == [FAILED, SENT, SENT]
    await office.later(hours=2)
    assert len(office.sends(rosa.id)) == 2
    assert not await office.unreachable(rosa)
    assert "parse entities" in ((await office.notice(refused)).error or "")
    assert "notice_refused" in capfd.readouterr().out


# --- 5xx and no connection


@pytest.mark.parametrize("html", [False, True], ids=["json", "html"])
async def test_a_server_in_trouble_is_tried_again_ever_later(office: PostOffice, html: bool):
    rosa = await office.resident()
    office.playground.world.faults.add("5xx", chat_id=rosa.id, times=2, html=html)
    number = await office.write(rosa, "Bonjour")
    behind = await office.write(rosa, "Puis ceci")
    delays = []
    for failure in (1, 2):
        await office.until(lambda failure=failure: len(office.sends(rosa.id)) == failure)
        notice = await office.until_state(number, PENDING)
        assert notice.attempts == failure
        delays.append(notice.not_before - office.clock.now())
        await office.later(seconds=delays[-1].total_seconds())
    assert delays == [timedelta(seconds=5), timedelta(seconds=10)]
    assert [await office.state(each) for each in (number, behind)] == [SENT, SENT]
    first, second = office.texts(rosa)
    assert "Bonjour" in first
    assert "Puis ceci" in second


async def test_a_server_that_never_recovers_is_given_up(office: PostOffice):
    rosa = await office.resident()
    office.playground.world.faults.add("5xx", chat_id=rosa.id, times=1_000)
    number = await office.write(rosa, "Bonjour")
    for failures in range(ATTEMPTS):
        await office.rest()
        await office.later(seconds=BACKOFF.after(failures).total_seconds())
    assert await office.state(number) == FAILED
    assert len(office.sends(rosa.id)) == ATTEMPTS
    await office.later(days=1)
    assert len(office.sends(rosa.id)) == ATTEMPTS


def test_an_outage_of_half_an_hour_loses_nothing():
    tried_for = sum((BACKOFF.after(failures) for failures in range(ATTEMPTS - 1)), timedelta())
    assert tried_for >= timedelta(minutes=30)


async def test_a_connection_refused_is_tried_again(office: PostOffice):
    rosa = await office.resident()
    await office.playground.__aexit__(None, None, None)
    number = await office.write(rosa, "Bonjour")
    async with asyncio.timeout(10):
        while (notice := await office.notice(number)).attempts == 0:
            await asyncio.sleep(0.01)
    assert notice.state == PENDING
    assert not office.sends(rosa.id)
    await office.playground.__aenter__()
    await office.later(seconds=5)
    assert await office.state(number) == SENT
    assert len(office.texts(rosa)) == 1


@pytest.mark.parametrize("code", [400, 403, 404])
async def test_a_page_that_is_not_telegrams_says_nothing_of_the_person(office: PostOffice, code: int):
    """A proxy's page is not an answer of Telegram, whatever its status: nobody is given up for it."""
    rosa = await office.resident()
    office.playground.world.faults.add("5xx", chat_id=rosa.id, code=code, html=True)
    number = await office.write(rosa, "Bonjour")
    await office.rest()
    assert not await office.unreachable(rosa)
    await office.later(seconds=5)
    assert await office.state(number) == SENT


# --- no answer


@pytest.mark.parametrize("fault", ["reset", "lost_answer", "hang", "late"])
async def test_without_an_answer_it_may_have_arrived_and_is_not_sent_again(
    office: PostOffice, fault: str, monkeypatch: pytest.MonkeyPatch
):
    await office.close()
    monkeypatch.setattr(post_module, "READ_TIMEOUT", 0.3)
    await office.open()
    rosa, fatou = await office.resident("Rosa"), await office.resident("Fatou")
    hangs = {"hang": {"seconds": 1}, "late": {"seconds": 1, "after": True}}
    office.playground.world.faults.add("hang" if fault in hangs else fault, chat_id=rosa.id, **hangs.get(fault, {}))
    number = await office.write(rosa, "Bonjour")
    await office.until_state(await office.write(fatou, "Bonjour"), SENT)
    notice = await office.until_state(number, UNCERTAIN)
    assert notice.error
    await office.later(days=1)
    assert await office.state(number) == UNCERTAIN
    assert len(office.sends(rosa.id)) == 1
    assert len(office.texts(rosa)) == (1 if fault in {"lost_answer", "late"} else 0)
    await office.until_state(await office.write(rosa, "La suite"), SENT)


# --- groups


@both
async def test_a_group_that_moved_is_followed_with_all_that_waits(office: PostOffice):
    world = office.playground.world
    lead = await office.programme.person("Lou", roles=((Role.LEAD, office.programme.nord),))
    group = world.add_group("Le quartier", kind="group", bot=world.first_bot())
    async with office.database.write() as session:
        await link_group(session, office.clock, lead, group.id, office.programme.nord, None)
    await office.close()
    numbers = [await office.write_to_chat(group.id, f"Nouvelle {n}") for n in range(3)]
    new = upgrade(world, group)
    await office.open()
    await office.rest()
    assert [await office.state(each) for each in numbers] == [SENT] * 3
    assert [each.chat_id for each in office.sends()] == [group.id, new.id, new.id, new.id]
    assert [await _chat_of(office, each) for each in numbers] == [new.id] * 3
    async with office.database.read() as session:
        links = (await session.exec(select(CouncilGroup))).all()
    assert [(each.chat_id, each.council_id, each.unlinked_at) for each in links] == [
        (new.id, office.programme.nord, None)
    ]


async def _chat_of(office: PostOffice, number: int) -> int:
    return (await office.notice(number)).chat_id


# --- what does not fit into the message itself


@pytest.mark.parametrize(("fault", "asked"), [("429", 2), ("5xx", 2), ("400", 1), ("lost_answer", 1)])
async def test_the_map_behind_an_announcement_is_asked_for_again_where_it_surely_was_not_sent(
    office: PostOffice, fault: str, asked: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.sender.sender.EXTRA_DELAY", 0.01)
    lead = await office.programme.person("Lou", roles=((Role.LEAD, office.programme.nord),))
    rosa = await office.resident()
    office.playground.world.faults.add(fault, method="sendLocation", retry_after=1)
    plan = MeetingPlan(
        MeetingKind.PLENARY,
        title="Plénière",
        starts_at=office.clock.now() + timedelta(days=15),
        minutes=60,
        place="Salle des fêtes",
        latitude=43.6,
        longitude=1.44,
    )
    async with office.database.write() as session:
        councils = frozenset({office.programme.nord})
        await create_meeting(session, office.clock, office.programme.settings, lead, councils, plan, "key")
    office.wake()

    def maps() -> list[str]:
        return [each.method for each in office.sends(rosa.id) if each.method == "sendLocation"]

    await office.until(lambda: len(maps()) == asked)
    await office.close()
    assert len(maps()) == asked
    assert await office.states() == [SENT]
    assert len([each for each in office.sends(rosa.id) if each.method == "sendMessage"]) == 1
