"""Writing to residents: to who follows the councils, or to who comes to a meeting."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from council.announcements import (
    WORDS_LIMIT,
    AnnouncementView,
    Enclosure,
    announce,
    count_attendees,
    count_followers,
    heard_at,
    write_to_attendees,
)
from council.council_choice import council_names, managed_councils
from council.errors import EmptyWords, NotAllowed, OutOfDate, Refusal
from council.meeting_notices import quiet_hours
from council.meeting_plans import MeetingCancelled
from council.meeting_views import open_managed
from council.meetings import needs_confirmation
from council.written import no_longer
from handlers.arrivals import Arrival, arrival_of
from handlers.awaited import ButtonsAwaited, WordsAwaited
from handlers.cards.announcement import (
    WORDS_WITH_FILE,
    AnnounceBackPress,
    AnnouncePress,
    AnnounceToPress,
    CouncilsDonePress,
    SendAnnouncementPress,
    preview_cards,
    sent_card,
    to_whom_card,
    with_trouble,
    words_card,
)
from handlers.cards.card import SILENCE, Reply
from handlers.cards.meeting import ManagePress
from handlers.cards.meeting_lead import WriteToAttendeesPress
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.turn import Turn

router = Router(name="announcements")

FEATURE = "announce"
_COUNCILS, _WORDS, _PREVIEW = f"{FEATURE}:councils", f"{FEATURE}:words", f"{FEATURE}:preview"
_WRITING = InDialogue(f"{FEATURE}:*")


@dataclass(frozen=True)
class _Draft:
    """What is written so far; `meeting` is set when it goes to who comes to that meeting. Kept as JSON."""

    key: int
    councils: tuple[int, ...] = ()
    several: bool = False
    meeting: int | None = None
    words: str = ""
    kind: str | None = None
    file_id: str | None = None
    album: str | None = None
    confirmed: bool = False
    version: int = 0

    @property
    def enclosure(self) -> Enclosure | None:
        return Enclosure(self.kind, self.file_id) if self.kind and self.file_id else None

    @property
    def limit(self) -> int:
        return WORDS_LIMIT if self.enclosure is None else WORDS_WITH_FILE

    @classmethod
    def of(cls, turn: Turn) -> Self:
        """Raises OutOfDate when nothing is being written."""
        if "announcement" not in turn.dialogue.data:
            raise OutOfDate
        kept: dict[str, Any] = turn.dialogue.data["announcement"]
        return cls(**{**kept, "councils": tuple(kept["councils"])})

    def keep(self, turn: Turn, state: str) -> None:
        turn.dialogue.go(state, announcement={**asdict(self), "councils": list(self.councils)})


@router.message(Command("annoncer"))
async def begin_by_command(_message: Message, turn: Turn) -> Reply:
    return await _begin(turn)


@router.callback_query(Pressed(AnnouncePress))
async def begin(_press: CallbackQuery, turn: Turn) -> Reply:
    return await _begin(turn)


@router.callback_query(Pressed(WriteToAttendeesPress))
async def begin_to_attendees(_press: CallbackQuery, turn: Turn, pressed: WriteToAttendeesPress) -> Reply:
    view = await open_managed(turn.session, turn.clock, turn.actor, pressed.meeting)
    if view.cancelled:
        raise MeetingCancelled
    await leave_live_card(turn)
    turn.dialogue.leave()
    return await _ask_words(turn, _Draft(key=turn.update_id, meeting=view.id))


@router.callback_query(Pressed(AnnounceToPress), InDialogue(_COUNCILS))
async def turn_council(_press: CallbackQuery, turn: Turn, pressed: AnnounceToPress) -> Reply:
    draft, managed = _Draft.of(turn), await _managed(turn)
    if pressed.council is None:
        return await _ask_councils(turn, replace(draft, councils=tuple(managed)))
    if pressed.council not in managed:
        raise NotAllowed
    turned = {*draft.councils} ^ {pressed.council}
    return await _ask_councils(turn, replace(draft, councils=tuple(each for each in managed if each in turned)))


@router.callback_query(Pressed(CouncilsDonePress), InDialogue(_COUNCILS))
async def end_councils(_press: CallbackQuery, turn: Turn) -> Reply:
    draft = _Draft.of(turn)
    return await (_ask_words(turn, draft) if draft.councils else _ask_councils(turn, draft))


@router.callback_query(Pressed(AnnounceBackPress), _WRITING)
async def go_back(_press: CallbackQuery, turn: Turn) -> Reply:
    draft = _Draft.of(turn)
    if turn.dialogue.state == _PREVIEW or not draft.several:
        return await _ask_words(turn, draft)
    return await _ask_councils(turn, draft)


@router.callback_query(Pressed(SendAnnouncementPress))
async def send(_press: CallbackQuery, turn: Turn, pressed: SendAnnouncementPress) -> Reply:
    """A second tap finds the dialogue over and does nothing."""
    if turn.dialogue.state != _PREVIEW or _Draft.of(turn).key != pressed.key:
        return Reply(toast=turn.say.plain("Ce brouillon n’est plus ouvert."))
    draft = _Draft.of(turn)
    if pressed.version != draft.version:
        return await _preview(turn, draft)
    councils, key = frozenset(draft.councils), f"{FEATURE}:{draft.key}"
    if draft.meeting is None and not draft.confirmed and await needs_confirmation(turn.session, councils):
        return await _preview(turn, draft)  # the electoral reserve has begun since the preview
    receivers, heard = await _receivers(turn, draft), await _heard_later(turn, draft)
    turn.dialogue.end()
    if draft.meeting is not None:
        await write_to_attendees(turn.session, turn.clock, turn.actor, draft.meeting, draft.words, draft.enclosure, key)
    else:
        await announce(
            turn.session, turn.clock, turn.actor, councils, draft.words, draft.enclosure, key, draft.confirmed
        )
    return Reply.of(sent_card(turn.say, receivers, draft.meeting, heard))


@router.message(_WRITING, is_speech)
async def receive(message: Message, turn: Turn) -> Reply:
    """Words, a file, or a file with words below it; at the preview they replace what was there of their kind."""
    draft, arrival = _Draft.of(turn), arrival_of(message)
    if arrival and arrival.album and arrival.album == draft.album:
        return SILENCE  # the rest of an album whose first file was taken
    if turn.dialogue.state == _COUNCILS:
        return await _ask_councils(turn, draft, ButtonsAwaited())
    if arrival is not None:
        note = turn.say("Vous avez envoyé plusieurs fichiers. Je garde le premier.") if arrival.album else ""
        draft = replace(draft, album=arrival.album)
        return await _written(turn, draft, lambda: _with_file(draft, arrival, message.caption or ""), note)
    if message.text is None:
        return await _ask_words(turn, draft, WordsAwaited())
    words = message.text
    return await _written(turn, draft, lambda: _with_words(draft, words))


@resumes(FEATURE)
async def resume(turn: Turn) -> Reply:
    draft = _Draft.of(turn)
    if turn.dialogue.state == _COUNCILS:
        return await _ask_councils(turn, draft)
    return await (_preview(turn, draft) if turn.dialogue.state == _PREVIEW else _ask_words(turn, draft))


async def _begin(turn: Turn) -> Reply:
    managed = await _managed(turn)
    turn.dialogue.leave()
    draft = _Draft(key=turn.update_id, several=len(managed) > 1)
    if draft.several:
        return await _ask_councils(turn, draft)
    return await _ask_words(turn, replace(draft, councils=tuple(managed)))


async def _managed(turn: Turn) -> dict[int, str]:
    """Councils that this person may write for, by id. Raises NotAllowed when there are none."""
    managed = await managed_councils(turn.session, turn.actor)
    if not managed:
        raise NotAllowed
    return managed


async def _ask_councils(turn: Turn, draft: _Draft, trouble: Refusal | None = None) -> Reply:
    draft.keep(turn, _COUNCILS)
    card = to_whom_card(turn.say, await _managed(turn), frozenset(draft.councils))
    return Reply.of(with_trouble(turn.say, card, trouble) if trouble else card)


async def _ask_words(turn: Turn, draft: _Draft, trouble: Refusal | None = None) -> Reply:
    draft.keep(turn, _WORDS)
    about = None
    if draft.meeting is not None:
        about = (await open_managed(turn.session, turn.clock, turn.actor, draft.meeting)).title
    back = AnnounceBackPress() if draft.several else ManagePress(draft.meeting) if draft.meeting is not None else None
    return Reply.of(words_card(turn.say, back, about, trouble))


async def _written(turn: Turn, draft: _Draft, change: Callable[[], _Draft], note: str = "") -> Reply:
    """On to the preview; what is too long stays in the chat, and the question is asked again."""
    try:
        changed = change()
    except Refusal as refusal:
        return await _ask_words(turn, draft, refusal)
    return await _preview(turn, changed, note)


def _with_words(draft: _Draft, words: str) -> _Draft:
    if not words.strip():
        raise EmptyWords
    return replace(draft, words=no_longer(words, draft.limit))


def _with_file(draft: _Draft, arrival: Arrival, caption: str) -> _Draft:
    filed = replace(draft, kind=arrival.kind.value, file_id=arrival.file_id)
    return replace(filed, words=no_longer(caption or draft.words, filed.limit))


async def _receivers(turn: Turn, draft: _Draft) -> int:
    if draft.meeting is not None:
        return await count_attendees(turn.session, turn.actor, draft.meeting)
    return await count_followers(turn.session, turn.actor, frozenset(draft.councils))


async def _heard_later(turn: Turn, draft: _Draft) -> datetime | None:
    """When the night is over that these words will wait for; None when they leave at once."""
    starts_at = None
    if draft.meeting is not None:
        starts_at = (await open_managed(turn.session, turn.clock, turn.actor, draft.meeting)).starts_at
    now = turn.clock.now()
    heard = heard_at(now, quiet_hours(turn.programme), starts_at)
    return heard if heard > now else None


async def _preview(turn: Turn, draft: _Draft, note: str = "") -> Reply:
    title, councils = None, frozenset(draft.councils)
    if draft.meeting is not None:
        meeting = await open_managed(turn.session, turn.clock, turn.actor, draft.meeting)
        title, councils = meeting.title, meeting.council_ids
    reserved = draft.meeting is None and await needs_confirmation(turn.session, councils)
    draft = replace(draft, confirmed=reserved, version=draft.version + 1)
    draft.keep(turn, _PREVIEW)
    names = await council_names(turn.session)
    signed = tuple(name for each, name in names.items() if each in councils)
    view = AnnouncementView(draft.words, draft.enclosure, signed, draft.meeting, title)
    confirm = SendAnnouncementPress(draft.key, draft.version)
    receivers = await _receivers(turn, draft)
    heard = await _heard_later(turn, draft)
    cards = preview_cards(turn.say, view, receivers, confirm, heard_later=heard, reserved=reserved, note=note)
    return Reply.of(*cards, fresh=True)
