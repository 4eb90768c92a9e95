"""One update, whole: once, in its person's order, whatever fails; and nobody waits behind somebody else."""

import asyncio
import re

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

import bot.inbound.conversation
from bot.inbound.answers import Answers
from bot.inbound.conversation import ANSWERS_BEHIND
from council import people
from council.errors import NotAllowed
from handlers.cards.profile import FollowPress, LanguagePress, NamePress, NewsPress
from storage.people import News, Person
from tests.inbound.takers import (
    another_process,
    lines,
    pressed_and_answered,
    set_aside,
    told_by_bot,
    waiting_updates,
)
from tests.scenes.stage import Stage

# One engine where the engine plays no part; PostgreSQL where two transactions must run side by side.
on_sqlite = pytest.mark.parametrize("database_url_fixture", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url_fixture", ["postgresql"], indirect=True)
DIGEST, NONE = NewsPress(News.DIGEST).pack(), NewsPress(News.NONE).pack()
APOLOGY = re.compile(r"Je n’ai pas réussi.*: ([0-9A-F]{6})\.")


async def as_kept(stage: Stage, telegram_id: int) -> Person:
    async with stage.database.read() as session:
        return (await session.exec(select(Person).where(col(Person.telegram_id) == telegram_id))).one()


# --- once


async def test_an_update_that_comes_twice_has_one_effect(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await stage.stop_bot()
    press = rosa.phone.presses(told_by_bot(stage, rosa), data=DIGEST)
    [update] = await waiting_updates(stage)

    async with another_process(stage) as conversation:
        await conversation.take(update)
        await conversation.take(update)

    assert press.answer.text == "C’est noté."
    assert await lines(stage, "person.news_changed") == 1


async def test_two_processes_that_are_brought_the_same_update_have_one_effect(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await stage.stop_bot()
    rosa.phone.presses(told_by_bot(stage, rosa), data=DIGEST)
    [update] = await waiting_updates(stage)

    async with another_process(stage) as one, another_process(stage) as other:
        await asyncio.gather(one.take(update), other.take(update))

    assert await lines(stage, "person.news_changed") == 1
    assert await set_aside(stage) == []


@on_postgresql
async def test_of_two_processes_in_one_dialogue_one_goes_on_and_the_other_begins_anew(stage: Stage, monkeypatch):
    rosa = await stage.joined("Rosa", "nord")
    await rosa.forges(NamePress().pack(), on=told_by_bot(stage, rosa))
    await stage.stop_bot()
    rosa.phone.sends("Rosalie")
    rosa.phone.sends("Rosalba")
    first, second = await waiting_updates(stage)
    both = asyncio.Barrier(2)
    change = people.change_first_name

    async def at_the_same_time(*given):
        await both.wait()
        return await change(*given)

    monkeypatch.setattr(people, "change_first_name", at_the_same_time)
    async with another_process(stage) as one, another_process(stage) as other:
        await asyncio.gather(one.take(first), other.take(second))

    assert await lines(stage, "person.first_name_changed") == 1
    await stage.until(lambda: any("Que voulez-vous en faire" in each for each in rosa.texts()))
    assert await set_aside(stage) == []


# --- side by side


@on_postgresql
async def test_a_slow_turn_holds_back_its_own_person_only(stage: Stage, monkeypatch):
    rosa, awa = await stage.joined("Rosa", "nord"), await stage.joined("Awa", "nord")
    done: list[str] = []
    go_on = asyncio.Event()
    mute = people.mute_news

    async def slow_for_rosa(session, clock, actor, news):
        if actor.telegram_id == rosa.id:
            await go_on.wait()
        await mute(session, clock, actor, news)
        done.append(f"{actor.first_name} {news}")

    monkeypatch.setattr(people, "mute_news", slow_for_rosa)
    hers = [rosa.phone.presses(told_by_bot(stage, rosa), data=each) for each in (DIGEST, NONE)]
    await pressed_and_answered(stage, awa, DIGEST, NONE)
    assert done == ["Awa digest", "Awa none"]

    go_on.set()
    await stage.until(lambda: all(each.answer for each in hers))
    assert done[2:] == ["Rosa digest", "Rosa none"]


@on_sqlite
async def test_an_answer_that_telegram_holds_back_holds_back_nobody_else(stage: Stage, monkeypatch):
    monkeypatch.setattr("bot.app.GRACE", 0.5)
    await stage.stop_bot()
    await stage.start_bot()
    rosa, awa = await stage.joined("Rosa", "nord"), await stage.joined("Awa", "nord")
    stage.playground.world.faults.add("429", method="sendMessage", chat_id=rosa.id, retry_after=600)
    for _ in range(150):  # more than Telegram gives at once
        rosa.phone.sends("/profil")
    awa.phone.sends("/profil")
    await awa.sees("Awa")
    await stage.until(lambda: not len(stage.playground.world.first_bot().queue))
    assert rosa.texts() == []


# --- what fails


async def test_a_poisonous_update_is_set_aside_after_three_tries_and_blocks_nobody(stage: Stage, monkeypatch):
    rosa, awa = await stage.joined("Rosa", "nord"), await stage.joined("Awa", "nord")
    tries = 0
    mute = people.mute_news

    async def poisoned(session, clock, actor, news):
        nonlocal tries
        await mute(session, clock, actor, news)
        if actor.telegram_id == rosa.id and news is News.DIGEST:
            tries += 1
            raise RuntimeError

    monkeypatch.setattr(people, "mute_news", poisoned)
    hers = [rosa.phone.presses(told_by_bot(stage, rosa), data=each) for each in (DIGEST, NONE)]
    assert await pressed_and_answered(stage, awa, DIGEST) == ["C’est noté."]
    await stage.until(lambda: all(each.answer for each in hers))

    [kept] = await set_aside(stage)
    told = APOLOGY.search(hers[0].answer.text)
    assert told is not None
    assert told[1] == kept.reference
    assert hers[0].answer.show_alert
    assert kept.telegram_id == rosa.id
    assert kept.error == "RuntimeError"
    assert kept.payload["callback_query"]["data"] == DIGEST
    assert tries == 3
    assert hers[1].answer.text == "C’est noté."
    assert await lines(stage, "person.news_changed") == 2  # nothing of the poisonous one is kept


@on_sqlite
async def test_poisonous_words_are_told_by_a_message_in_the_language_of_the_person(stage: Stage, monkeypatch):
    rosa = await stage.joined("Rosa", "nord", language="en")
    rosa.phone.becomes(language_code="fr")

    async def poisoned(*_given):
        raise RuntimeError

    await rosa.forges(NamePress().pack(), on=told_by_bot(stage, rosa))
    monkeypatch.setattr(people, "change_first_name", poisoned)
    await rosa.sends("Rosalie")
    await stage.until(lambda: len(rosa.texts()) >= 2)

    [kept] = await set_aside(stage)
    assert kept.payload["message"]["text"] == "Rosalie"
    assert kept.reference in rosa.texts()[-1]
    assert "Je n’ai pas réussi" not in rosa.texts()[-1]


@on_sqlite
async def test_an_update_that_cannot_be_read_is_set_aside_and_spoils_no_other(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    rosa.phone.sends("/profil")
    stage.playground.world.first_bot().queue.push("message", {"message_id": "?", "of_a_kind": "to come"})
    rosa.phone.sends("/langue")

    await rosa.sees("Rosa")
    await stage.quiet_moment()
    [kept] = await set_aside(stage)
    assert kept.payload["message"] == {"message_id": "?", "of_a_kind": "to come"}
    assert len(rosa.texts()) == 2


@on_sqlite
async def test_a_card_that_cannot_be_shown_is_not_tried_for_ever(stage: Stage, monkeypatch):
    rosa = await stage.joined("Rosa", "nord")
    monkeypatch.setattr("handlers.profile._profile", _endless_card)
    await rosa.sends("/profil")
    await rosa.sees("dites ce code")
    monkeypatch.undo()
    await rosa.sends("/profil")
    await rosa.sees("Rosa")


async def _endless_card(*_given):
    from markupsafe import Markup

    from handlers.cards.card import Card

    return Card(Markup("a" * 5000))


@on_sqlite
async def test_a_page_in_place_of_telegrams_answer_stops_nothing(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    faults = stage.playground.world.faults
    faults.add("5xx", method="getUpdates", html=True, times=1)
    faults.add("5xx", method="answerCallbackQuery", html=True, times=1)
    assert await pressed_and_answered(stage, rosa, DIGEST) == ["C’est noté."]


async def test_while_the_database_is_away_nothing_is_lost_and_the_order_is_kept(stage: Stage, monkeypatch):
    monkeypatch.setattr(bot.inbound.conversation, "AWAY", 0.01)
    rosa, awa = await stage.joined("Rosa", "nord"), await stage.joined("Awa", "nord")
    failures = 20

    def away(_connection):
        nonlocal failures
        failures -= 1
        if failures > 0:
            raise OperationalError("the database", None, Exception("is away"))

    engine = stage.app.database.engine.sync_engine
    event.listen(engine, "begin", away)
    try:
        hers = [rosa.phone.presses(told_by_bot(stage, rosa), data=each) for each in (DIGEST, NONE, DIGEST)]
        assert await pressed_and_answered(stage, awa, NONE) == ["C’est noté."]
        await stage.until(lambda: all(each.answer for each in hers))
    finally:
        event.remove(engine, "begin", away)

    assert failures <= 0
    assert await set_aside(stage) == []
    assert await lines(stage, "person.news_changed") == 4
    assert (await as_kept(stage, rosa.id)).news is News.DIGEST


@on_postgresql
async def test_connections_that_the_database_has_closed_cost_no_update(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await pressed_and_answered(stage, rosa, DIGEST)
    async with stage.database.engine.connect() as connection:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        await connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))

    assert await pressed_and_answered(stage, rosa, NONE, DIGEST) == ["C’est noté."] * 2
    assert await set_aside(stage) == []
    assert await lines(stage, "person.news_changed") == 3


# --- what is refused


async def test_a_refusal_takes_back_all_of_the_act_and_is_noted_when_it_was_not_theirs_to_do(stage: Stage, monkeypatch):
    rosa = await stage.joined("Rosa", "nord")
    mute = people.mute_news

    async def refused_at_the_end(*given):
        await mute(*given)
        raise NotAllowed

    monkeypatch.setattr(people, "mute_news", refused_at_the_end)
    [toast] = await pressed_and_answered(stage, rosa, DIGEST)
    assert toast
    assert (await as_kept(stage, rosa.id)).news is News.EACH
    assert await lines(stage, "person.news_changed") == 0
    assert await lines(stage, "refused") == 1


@on_sqlite
async def test_forged_and_foreign_presses_are_refused_in_the_same_words_and_noted(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    toasts = await pressed_and_answered(
        stage,
        rosa,
        FollowPress(999_999, True, 0).pack(),
        "fol:x:1:0",
        "fol:1",
        "pfw:everything",
        LanguagePress("tlh").pack(),
    )
    assert len(set(toasts)) == 1
    assert await lines(stage, "refused") == 5


@on_sqlite
async def test_a_rule_that_says_no_is_explained_and_leaves_no_line(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await rosa.forges(NamePress().pack(), on=told_by_bot(stage, rosa))
    await rosa.sends("a" * 65)
    await rosa.sees("64")
    assert (await as_kept(stage, rosa.id)).first_name == "Rosa"
    assert await lines(stage, "refused") == 0


# --- dialogues


async def test_a_dialogue_goes_on_after_the_bot_was_stopped_in_its_middle(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await rosa.forges(NamePress().pack(), on=told_by_bot(stage, rosa))
    await stage.stop_bot()
    rosa.phone.sends("Rosalie")
    await stage.start_bot()
    await rosa.sees("Rosalie")
    assert (await as_kept(stage, rosa.id)).first_name == "Rosalie"


async def test_a_dialogue_left_open_is_told_once_and_goes_on_by_its_button(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await rosa.forges(NamePress().pack(), on=told_by_bot(stage, rosa))
    await stage.advance(hours=25)
    await rosa.sees("Vous avez commencé quelque chose")

    await rosa.sends("Je ne sais plus")  # whatever is said meanwhile takes nothing away
    await rosa.sees("Que voulez-vous en faire")
    assert sum("Vous avez commencé" in each for each in rosa.texts()) == 1

    await rosa.taps("Continuer")
    await rosa.sends("Rosalie")
    await rosa.sees("Rosalie")
    assert (await as_kept(stage, rosa.id)).first_name == "Rosalie"


@on_sqlite
async def test_a_dialogue_left_open_can_be_let_go(stage: Stage):
    rosa = await stage.joined("Rosa", "nord")
    await rosa.forges(NamePress().pack(), on=told_by_bot(stage, rosa))
    await stage.advance(hours=25)
    paused = await rosa.sees("Vous avez commencé quelque chose")
    await rosa.taps("Laisser tomber", on=paused)
    await rosa.sees("C’est oublié")
    await rosa.sends("Rosalie")
    await rosa.sees("Que voulez-vous en faire")
    assert (await as_kept(stage, rosa.id)).first_name == "Rosa"


# --- floods


@on_sqlite
async def test_a_flood_of_words_is_taken_whole_and_gets_one_kind_answer(stage: Stage):
    rosa, awa = await stage.joined("Rosa", "nord"), await stage.joined("Awa", "nord")
    for n in range(300):
        rosa.phone.sends(f"Au secours {n}")
    await awa.sends("/profil")
    await awa.sees("Awa")
    await stage.quiet_moment()
    assert len(rosa.texts()) == 1
    assert await set_aside(stage) == []


@on_sqlite
async def test_when_telegram_slows_a_flood_down_the_last_answers_say_it_all(stage: Stage, monkeypatch):
    rosa, awa = await stage.joined("Rosa", "nord"), await stage.joined("Awa", "nord")
    go_on = asyncio.Event()
    show = Answers.show

    async def slowed(self, update, source, reply):
        if source.telegram_id == rosa.id:
            await go_on.wait()
        await show(self, update, source, reply)

    monkeypatch.setattr(Answers, "show", slowed)
    for _ in range(99):
        rosa.phone.sends("/aide")
    rosa.phone.sends("/profil")
    awa.phone.sends("/profil")
    await awa.sees("Awa")
    await stage.until(lambda: not len(stage.playground.world.first_bot().queue))
    go_on.set()
    await rosa.sees("Rosa")
    assert len(rosa.texts()) == ANSWERS_BEHIND + 2  # the one that was being given, and the last
