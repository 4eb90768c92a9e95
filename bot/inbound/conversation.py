"""One update, whole: deduplicated, handled in one transaction, committed, then answered.

An update is finished when its effect is committed; whoever brought it (poller or webhook) confirms it after that. The
answer does not hold that back: Telegram may make it wait, and then nobody else must wait with it.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

import structlog
from aiogram import Bot, Dispatcher
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import Update
from sqlalchemy import text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.context import Context
from bot.inbound.answers import Answers
from bot.inbound.files import Files
from bot.inbound.lines import Lines
from bot.inbound.menus import Menus
from bot.inbound.opening import IS_PROCESSED, Opening, open_update
from bot.inbound.preparing import prepare
from bot.inbound.source import Source, sender_in, source_of
from bot.logs import reference_of
from bot.metrics import TURN_SECONDS, UPDATES
from bot.tasks import TaskSet
from council import audit
from council.actors import Actor, load_actor
from council.errors import NotAllowed, NotJoined, Refusal
from council.people import heard_from, long_unheard
from handlers.buttons import Forged
from handlers.cards.card import SILENCE, Card, Reply
from handlers.cards.home import home_row
from handlers.cards.languages import offered_languages
from handlers.cards.refusals import refusal_card, refusal_sentence
from handlers.dialogues import with_drafts
from handlers.files import ArrivedFile
from handlers.prepared import Made
from handlers.turn import Dialogue, Turn
from locales.translator import REFERENCE, Translator, choose_language, translator
from storage.database import Insert, InsertInto, dialect_insert, engine_insert, execute_built, has_written, plain_table
from storage.dialogue_store import DialogueConflict, keep_dialogue, read_dialogue
from storage.updates import ProcessedUpdate, SetAsideUpdate

log = structlog.get_logger("bot.inbound")

TURNS_AT_ONCE = 12  # below the database pool, so that no turn waits for a connection it may not get
TRIES = 3
TURN_TIMEOUT = 20.0  # seconds
AWAY = 1.0  # seconds between looks whether the database is back
PEOPLE_WAITING = 60  # people whose answers are not given yet: then turns wait, or a stop would find too many answers
ANSWERS_BEHIND = 5  # when more answers wait for the same person, the newer ones say it all


class Outcome(NamedTuple):
    """The answer, who acted, when they have joined, and whether they have just erased their account."""

    reply: Reply
    actor: Actor | None = None
    left: bool = False


class Conversation:
    """Takes updates in any order, one at a time per person, different people side by side."""

    def __init__(self, context: Context, dispatcher: Dispatcher, bot: Bot, username: str) -> None:
        self._context = context
        self._dispatcher = dispatcher
        self._bot = bot
        self._username = username
        self._answers = Answers(context, bot)
        self._files = Files(context, bot)
        self.menus = Menus(context, bot)
        self._room = asyncio.Semaphore(TURNS_AT_ONCE)
        self._turns = Lines()
        self._to_answer = Lines()
        self._answering = TaskSet()

    async def take(self, raw: dict[str, Any]) -> None:
        """Returns when the effect is committed and the answer on its way; never raises but when cancelled.

        As long as the database is away it waits, and keeps the order of what a person sent.
        """
        try:
            await self._take(raw)
        except Exception as error:  # in the very care of faults: one update must not stand in everybody's way
            await self._set_aside(raw, None, error)

    async def _take(self, raw: dict[str, Any]) -> None:
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
            source = source_of(update)
        except Exception as error:  # of a kind that this version cannot read
            await self._set_aside(raw, None, error)
            return
        if source is None:
            return
        while len(self._to_answer) >= PEOPLE_WAITING:
            await self._answering.one_done()
        async with self._turns.turn_of(_person(source)):
            outcome = await self._with_tries(raw, update, source)
            # Begun before the next turn of this person can end: answers stand in the order of the turns.
            self._answering.start(self._answer(update, source, outcome))

    async def finish(self, grace: float) -> None:
        """Answers on their way have `grace` seconds."""
        await self._answering.drain(grace)

    async def _answer(self, update: Update, source: Source, outcome: Outcome) -> None:
        shown = self._at_its_end(update, self._show(update, source, outcome))
        if update.callback_query is None:
            await shown
        else:
            toast = self._answers.toast(update.callback_query, outcome.reply)
            await asyncio.gather(self._at_its_end(update, toast), shown)

    async def _at_its_end(self, update: Update, answer: Awaitable[None]) -> None:
        """A failure ends here: what was done is done, and is not done again."""
        try:
            await answer
        except Exception:
            log.exception("answer_failed", update=update.update_id)

    async def _show(self, update: Update, source: Source, outcome: Outcome) -> None:
        async with self._to_answer.turn_of(_person(source)) as behind:
            if behind() <= ANSWERS_BEHIND:
                try:
                    await self._answers.show(update, source, outcome.reply)
                except Exception as error:
                    await self._apologise(update, source, error)
            if outcome.left:
                await self.menus.forget(source)
            else:
                await self.menus.follow(source, outcome.actor)

    async def _apologise(self, update: Update, source: Source, error: Exception) -> None:
        """For a card that could not be shown."""
        reference = _new_reference()
        log.error("card_not_shown", update=update.update_id, reference=reference, exc_info=error)
        if source.in_private:
            say = self._say(await self._language_of(source))
            words = say(
                "Je n’ai pas réussi à vous répondre. Si vous en parlez à l’équipe, dites ce code : {code}.",
                code=reference,
            )
            await self._answers.show(update, source, Reply.of(Card(words, (home_row(say),)), fresh=True))

    async def _with_tries(self, raw: dict[str, Any], update: Update, source: Source) -> Outcome:
        """Three tries; then the update is set aside with a reference that the person is told."""
        attempt = 0
        while True:
            try:
                outcome = await self._turn(update, source)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                attempt += 1
                log.exception("update_failed", update=update.update_id, kind=source.kind, attempt=attempt)
                if await self._waited_for_database():
                    attempt = 0  # not this update's fault
                elif attempt >= TRIES:
                    UPDATES.labels(kind=source.kind, end="set_aside").inc()
                    return Outcome(await self._told_set_aside(raw, update, source, error))
                await asyncio.sleep(0.1 * attempt)
            else:
                UPDATES.labels(kind=source.kind, end="done").inc()
                return outcome

    async def _waited_for_database(self) -> bool:
        """Whether the database was away just now; it is back when this returns."""
        waited = False
        while not await self._database_answers():
            waited = True
            log.warning("database_away")
            await asyncio.sleep(AWAY)
        return waited

    async def _database_answers(self) -> bool:
        try:
            async with self._context.database.read() as session:
                await (await session.connection()).execute(text("SELECT 1"))
        except Exception:
            return False
        return True

    async def _turn(self, update: Update, source: Source) -> Outcome:
        """What has to be fetched or made for it comes before: a turn must not be held up by Telegram."""
        file = await self._files.fetch(update, source)
        prepared = await prepare(self._context, self._files, update, source)
        started = time.perf_counter()
        async with self._room, asyncio.timeout(TURN_TIMEOUT):
            try:
                outcome = await self._committed(update, source, file, prepared)
            except (Refusal, Forged) as refusal:
                outcome = Outcome(await self._refuse(update, source, refusal))
        TURN_SECONDS.observe(time.perf_counter() - started)
        return outcome

    async def _committed(
        self, update: Update, source: Source, file: ArrivedFile | None, prepared: Made | None
    ) -> Outcome:
        async with self._context.database.write(brief=True) as session:
            opening = await open_update(session, update.update_id, _key(source))
            if opening is None:
                return Outcome(SILENCE)
            turn = await self._turn_of(session, update, source, opening)
            turn.file, turn.prepared = file, prepared
            had_joined = turn.known is not None
            result = await self._dispatcher.feed_update(self._bot, update, turn=turn)
            reply = result if isinstance(result, Reply) else self._unhandled(update, result)
            reply = with_drafts(turn, reply, pressed=update.callback_query is not None)
            if turn.dialogue.changed:
                await self._keep_dialogue(session, source, turn.dialogue)
            if await has_written(session):
                await _mark_processed(session, update.update_id, self._context.clock.now())
        return Outcome(reply, turn.known, left=had_joined and turn.known is None)

    def _unhandled(self, update: Update, result: object) -> Reply:
        if result is UNHANDLED:
            log.warning("update_unhandled", kind=update.event_type)
        return SILENCE

    async def _turn_of(self, session: AsyncSession, update: Update, source: Source, opening: Opening) -> Turn:
        context, actor = self._context, opening.actor
        if actor is not None and source.in_private and long_unheard(actor, context.clock):
            await heard_from(session, context.clock, source.telegram_id)
        dialogue = Dialogue(*opening.dialogue)
        return Turn(
            session=session,
            clock=context.clock,
            programme=context.programme,
            say=self._say(actor.language if actor else dialogue.language or source.language),
            dialogue=dialogue,
            known=actor,
            telegram_id=source.telegram_id,
            chat_id=source.chat_id,
            update_id=update.update_id,
            first_name=source.first_name,
            bot_username=self._username,
            telegram_language=source.language,
            message_id=source.message_id,
            thread_id=source.thread_id,
            in_private=source.in_private,
            public_url=context.settings.public_url,
            has_mail=context.settings.smtp_url is not None,
        )

    def _say(self, language: str | None) -> Translator:
        programme = self._context.programme
        return translator(choose_language(language, offered_languages(programme)), programme.timezone)

    async def _say_at_worst(self, source: Source) -> Translator:
        """Who is told that something failed is told in French rather than nothing."""
        try:
            return self._say(await self._language_of(source))
        except Exception:
            log.exception("language_unspoken")
            return translator(REFERENCE)

    async def _keep_dialogue(self, session: AsyncSession, source: Source, dialogue: Dialogue) -> None:
        now = self._context.clock.now()
        life = timedelta(hours=self._context.programme.dialogue_hours)
        await keep_dialogue(session, _key(source), dialogue.version, dialogue.state, dialogue.data, now, now + life)

    async def _refuse(self, update: Update, source: Source, refusal: Refusal | Forged) -> Reply:
        """Nothing of the act is kept but, for what was never this person's to do, an audit line."""
        known = refusal if isinstance(refusal, Refusal) else NotAllowed()
        async with self._context.database.write(brief=True) as session:
            actor = await load_actor(session, source.telegram_id) if source.telegram_id else None
            dialogue = Dialogue(*await read_dialogue(session, _key(source)))
            if isinstance(known, NotAllowed):
                await audit.record(session, self._context.clock, actor, "refused", type(refusal).__name__)
            await _mark_processed(session, update.update_id, self._context.clock.now())
        if not source.in_private and update.callback_query is None:
            return SILENCE  # a group is no place to tell one person no
        say = self._say(actor.language if actor else dialogue.language or source.language)
        card = refusal_card(known, say, in_dialogue=dialogue.state is not None)
        if update.callback_query is None:
            return Reply.of(card)
        way_on = (card,) if isinstance(known, NotJoined) and source.in_private else ()
        return Reply.of(*way_on, toast=refusal_sentence(known, say), alert=True, fresh=True)

    async def _told_set_aside(self, raw: dict[str, Any], update: Update, source: Source, error: Exception) -> Reply:
        reference = await self._set_aside(raw, source, error)
        if reference is None or (not source.in_private and update.callback_query is None):
            return SILENCE
        say = await self._say_at_worst(source)
        words = say(
            "Je n’ai pas réussi. Votre message est gardé. Si vous en parlez à l’équipe, dites ce code : {code}.",
            code=reference,
        )
        if update.callback_query is not None:
            return Reply.of(toast=str(words.unescape()), alert=True)
        return Reply.of(Card(words, (home_row(say),)))

    async def _set_aside(self, raw: dict[str, Any], source: Source | None, error: Exception) -> str | None:
        """The reference under which the update is kept; None when another process has handled it meanwhile."""
        reference = _new_reference()
        log.error("update_set_aside", update=raw["update_id"], reference=reference, error=reference_of(error))
        while True:
            try:
                return reference if await self._kept_aside(raw, source, error, reference) else None
            except asyncio.CancelledError:
                raise
            except DialogueConflict:
                return None
            except Exception:
                log.exception("update_not_kept", update=raw["update_id"], reference=reference)
                if not await self._waited_for_database():
                    return reference  # the log is all that can be had; it must not stand in everybody's way

    async def _kept_aside(self, raw: dict[str, Any], source: Source | None, error: Exception, reference: str) -> bool:
        now = self._context.clock.now()
        async with self._context.database.write() as session:
            if await _has_been_processed(session, raw["update_id"]):
                return False
            row = dialect_insert(session, SetAsideUpdate).values(
                update_id=raw["update_id"],
                telegram_id=(source.telegram_id or None) if source else sender_in(raw),
                reference=reference,
                error=reference_of(error),
                payload=raw,
                at=now,
            )
            await session.exec(row.on_conflict_do_nothing())
            await _mark_processed(session, raw["update_id"], now)
        return True

    async def _language_of(self, source: Source) -> str | None:
        """The language that the person chose here; Telegram's when even that cannot be read."""
        try:
            async with self._context.database.read() as session:
                actor = await load_actor(session, source.telegram_id) if source.telegram_id else None
                dialogue = Dialogue(*await read_dialogue(session, _key(source)))
        except Exception:
            log.exception("language_unread")
            return source.language
        return actor.language if actor else dialogue.language or source.language


def _new_reference() -> str:
    return secrets.token_hex(3).upper()


def _person(source: Source) -> int:
    return source.telegram_id or source.chat_id


def _key(source: Source) -> tuple[int, int, int]:
    return source.chat_id, source.telegram_id, source.thread_id or 0


# Both built once: they stand on the way of every tap.
_PROCESSED = select(IS_PROCESSED)


@cache
def _marking(insert: InsertInto) -> Insert:
    return insert(plain_table(ProcessedUpdate)).on_conflict_do_nothing()


async def _has_been_processed(session: AsyncSession, update_id: int) -> bool:
    return bool((await execute_built(session, _PROCESSED, {"update_id": update_id})).scalar_one())


async def _mark_processed(session: AsyncSession, update_id: int, now: object) -> None:
    mark = _marking(engine_insert(session))
    if not (await execute_built(session, mark, {"update_id": update_id, "at": now})).rowcount:
        raise DialogueConflict  # another process has handled this update in between
