"""What the council does with a proposal: the menu, a place on an agenda, and each step in three short questions."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from council.errors import EmptyWords, NotAllowed, NotJoined, OutOfDate, Refusal
from council.meeting_views import open_managed
from council.proposal_desk import DeskView, open_desk
from council.proposal_moderation import (
    REASON_LIMIT,
    DecidedAlready,
    ask_author,
    check_revision,
    hold,
    set_aside,
)
from council.proposal_news import count_told
from council.proposal_treatment import (
    NEED_WORDS,
    OUTCOME_LIMIT,
    STEPS,
    agenda_choices,
    agenda_of,
    load_treated,
    on_agenda,
    put_on_agenda,
    take_off_agenda,
    take_step,
)
from council.written import written
from handlers.awaited import FileAwaited, WordsAwaited
from handlers.bursts import is_burst
from handlers.buttons import Press
from handlers.cards.card import SILENCE, Reply
from handlers.cards.moderation import heading_words
from handlers.cards.proposal_deciding import (
    NoPhotoPress,
    NoWordsPress,
    PhotoAgainPress,
    StepPress,
    StepTakenPress,
    UsualWordsPress,
    WordsAgainPress,
    photo_card,
    sure_card,
    words_card,
)
from handlers.cards.proposal_said import USUAL
from handlers.cards.proposal_treatment import (
    AgendaChosenPress,
    AgendaPress,
    DeskPress,
    MeetingProposalsPress,
    OffAgendaPress,
    TreatProposalPress,
)
from handlers.cards.refusals import refusal_sentence
from handlers.cards.treatment import agenda_card, meeting_proposals_card, treat_card
from handlers.contents import file_of
from handlers.dialogues import resumes
from handlers.filters import InDialogue, Pressed, is_speech
from handlers.live_messages import leave_live_card
from handlers.moderation import as_it_is as desk_as_it_is
from handlers.moderation import on_to_the_next
from handlers.turn import Turn
from storage.proposals import Proposal, ProposalAct
from storage.support import ContentKind

router = Router(name="proposal_treatment")

FEATURE = "treating"
_WORDS, _PHOTO, _SURE = f"{FEATURE}:words", f"{FEATURE}:photo", f"{FEATURE}:sure"
_IN_STEP = InDialogue(f"{FEATURE}:*")
_OF_MODERATORS = (ProposalAct.CORRECTION_ASKED, ProposalAct.SET_ASIDE)


@dataclass(frozen=True)
class Deciding:
    """The step that is being taken, as JSON in the dialogue. `revision` is that of the text as the person saw it."""

    proposal: int
    act: ProposalAct
    revision: int
    words: str = ""
    photo: str | None = None

    @classmethod
    def of(cls, turn: Turn) -> Self:
        """Raises OutOfDate when no step is being taken."""
        kept: dict[str, Any] | None = turn.dialogue.data.get("deciding")
        if kept is None:
            raise OutOfDate
        return cls(**{**kept, "act": ProposalAct(kept["act"])})

    def keep(self, turn: Turn, state: str) -> None:
        turn.dialogue.go(state, deciding=asdict(self))

    @property
    def limit(self) -> int:
        return REASON_LIMIT if self.act in _OF_MODERATORS else OUTCOME_LIMIT

    @property
    def may_skip(self) -> bool:
        """Some steps speak for themselves."""
        return self.act not in (*NEED_WORDS, *_OF_MODERATORS)


@router.callback_query(Pressed(TreatProposalPress))
async def open_menu(_press: CallbackQuery, turn: Turn, pressed: TreatProposalPress) -> Reply:
    """A step of it that led away from the menu is over."""
    if (turn.dialogue.data.get("deciding") or {}).get("proposal") == pressed.proposal:
        turn.dialogue.end()
    await leave_live_card(turn)
    return await _menu(turn, pressed.proposal)


@router.callback_query(Pressed(AgendaPress))
async def ask_which_meeting(_press: CallbackQuery, turn: Turn, pressed: AgendaPress) -> Reply:
    proposal = await load_treated(turn.session, turn.actor, pressed.proposal)
    choices = await agenda_choices(turn.session, turn.clock, turn.actor, proposal)
    view = await open_desk(turn.session, turn.actor, proposal.id)
    return Reply.of(agenda_card(turn.say, view, choices, pressed.page))


@router.callback_query(Pressed(AgendaChosenPress))
async def choose_meeting(_press: CallbackQuery, turn: Turn, pressed: AgendaChosenPress) -> Reply:
    try:
        await put_on_agenda(turn.session, turn.clock, turn.actor, pressed.proposal, pressed.revision, pressed.meeting)
    except Refusal as refusal:
        return await _as_it_is(turn, pressed.proposal, refusal)
    return await _menu(turn, pressed.proposal, turn.say.plain("C’est à l’ordre du jour. L’auteur le saura."))


@router.callback_query(Pressed(OffAgendaPress))
async def leave_meeting(_press: CallbackQuery, turn: Turn, pressed: OffAgendaPress) -> Reply:
    try:
        await take_off_agenda(turn.session, turn.clock, turn.actor, pressed.proposal, pressed.revision)
    except Refusal as refusal:
        return await _as_it_is(turn, pressed.proposal, refusal)
    return await _menu(turn, pressed.proposal, turn.say.plain("C’est enlevé de l’ordre du jour."))


@router.callback_query(Pressed(MeetingProposalsPress))
async def list_of_meeting(_press: CallbackQuery, turn: Turn, pressed: MeetingProposalsPress) -> Reply:
    view = await open_managed(turn.session, turn.clock, turn.actor, pressed.meeting)
    await leave_live_card(turn)
    proposals = await on_agenda(turn.session, view.id)
    return Reply.of(meeting_proposals_card(turn.say, view.id, view.title, proposals, pressed.page))


@router.callback_query(Pressed(StepPress))
async def begin_step(_press: CallbackQuery, turn: Turn, pressed: StepPress) -> Reply:
    """Asks what to say of it, unless somebody was faster."""
    deciding = Deciding(pressed.proposal, pressed.act, pressed.revision)
    try:
        await _check_may_begin(turn, deciding)
    except Refusal as refusal:
        return await _refused(turn, deciding, refusal)
    await leave_live_card(turn)
    turn.dialogue.leave()
    deciding.keep(turn, _WORDS)
    return await _shown(turn)


@router.callback_query(Pressed(UsualWordsPress), _IN_STEP)
async def choose_words(_press: CallbackQuery, turn: Turn, pressed: UsualWordsPress) -> Reply:
    deciding = Deciding.of(turn)
    usual = USUAL[deciding.act]
    if not 0 <= pressed.number < len(usual):
        raise NotAllowed
    return await _said(turn, deciding, usual[pressed.number])


@router.callback_query(Pressed(NoWordsPress), _IN_STEP)
async def say_nothing(_press: CallbackQuery, turn: Turn) -> Reply:
    deciding = Deciding.of(turn)
    if not deciding.may_skip:
        raise NotAllowed
    return await _said(turn, deciding, "")


@router.callback_query(Pressed(NoPhotoPress), _IN_STEP)
async def show_no_photo(_press: CallbackQuery, turn: Turn) -> Reply:
    replace(Deciding.of(turn), photo=None).keep(turn, _SURE)
    return await _shown(turn)


@router.callback_query(Pressed(WordsAgainPress), _IN_STEP)
async def ask_words_again(_press: CallbackQuery, turn: Turn) -> Reply:
    Deciding.of(turn).keep(turn, _WORDS)
    return await _shown(turn)


@router.callback_query(Pressed(PhotoAgainPress), _IN_STEP)
async def ask_photo_again(_press: CallbackQuery, turn: Turn) -> Reply:
    deciding = Deciding.of(turn)
    if deciding.act is not ProposalAct.DONE:
        raise NotAllowed
    deciding.keep(turn, _PHOTO)
    return await _shown(turn)


@router.message(_IN_STEP, is_speech)
async def receive(message: Message, turn: Turn) -> Reply:
    """Words at any step are what is said of it, a picture what was done."""
    deciding = Deciding.of(turn)
    file = file_of(message)
    if deciding.act is ProposalAct.DONE and file is not None and file[0] is ContentKind.PHOTO:
        deciding = replace(deciding, photo=file[1], words=deciding.words or (message.caption or "").strip())
        deciding.keep(turn, _SURE)
        return await _shown(turn)
    if message.text is None:
        awaited = FileAwaited() if turn.dialogue.state == _PHOTO else WordsAwaited()
        return SILENCE if is_burst(turn) else await _shown(turn, refusal_sentence(awaited, turn.say))
    try:
        return await _said(turn, deciding, written(message.text, deciding.limit))
    except (NotAllowed, NotJoined):
        raise
    except Refusal as refusal:
        return await _shown(turn, refusal_sentence(refusal, turn.say))


@router.callback_query(Pressed(StepTakenPress))
async def take_it(_press: CallbackQuery, turn: Turn) -> Reply:
    """A second tap finds the dialogue over: it was done, and nothing is done twice."""
    if turn.dialogue.state != _SURE:
        return Reply(toast=turn.say.plain("C’est déjà fait."))
    deciding = Deciding.of(turn)
    try:
        proposal = await _taken(turn, deciding)
    except EmptyWords as refusal:
        deciding.keep(turn, _WORDS)
        return await _shown(turn, refusal_sentence(refusal, turn.say))
    except Refusal as refusal:
        turn.dialogue.end()
        return await _refused(turn, deciding, refusal)
    turn.dialogue.end()
    if proposal.published_at is None:
        return await on_to_the_next(turn, _done_words(turn, proposal))
    return await _menu(turn, proposal.id, _done_words(turn, proposal))


@resumes(FEATURE, draft=False)
async def resume(turn: Turn) -> Reply:
    return await _shown(turn)


async def _taken(turn: Turn, deciding: Deciding) -> Proposal:
    session, clock, actor = turn.session, turn.clock, turn.actor
    match deciding.act:
        case ProposalAct.CORRECTION_ASKED:
            return await ask_author(session, clock, actor, deciding.proposal, deciding.revision, deciding.words)
        case ProposalAct.SET_ASIDE:
            return await set_aside(session, clock, actor, deciding.proposal, deciding.revision, deciding.words)
    return await take_step(
        session, clock, actor, deciding.proposal, deciding.revision, deciding.act, deciding.words, deciding.photo
    )


def _done_words(turn: Turn, proposal: Proposal) -> str:
    return turn.say.plain("C’est noté pour {number}.", number=proposal.number)


async def _check_may_begin(turn: Turn, deciding: Deciding) -> None:
    """Raises what the step itself would raise, before its questions are asked."""
    if deciding.act in _OF_MODERATORS:
        await hold(turn.session, turn.actor, deciding.proposal, deciding.revision, deciding.act)
        return
    if deciding.act not in STEPS:
        raise NotAllowed
    proposal = await load_treated(turn.session, turn.actor, deciding.proposal)
    await check_revision(turn.session, turn.actor, proposal, deciding.revision, deciding.act)


async def _said(turn: Turn, deciding: Deciding, words: str) -> Reply:
    asks_photo = deciding.act is ProposalAct.DONE and turn.dialogue.state == _WORDS and deciding.photo is None
    replace(deciding, words=words).keep(turn, _PHOTO if asks_photo else _SURE)
    return await _shown(turn)


async def _shown(turn: Turn, trouble: str = "") -> Reply:
    """The open question of the step."""
    deciding = Deciding.of(turn)
    view = await open_desk(turn.session, turn.actor, deciding.proposal)
    title, back = heading_words(turn.say, view), _back(deciding, view)
    if turn.dialogue.state == _PHOTO:
        return Reply.of(photo_card(turn.say, title, WordsAgainPress(), trouble))
    if turn.dialogue.state == _WORDS:
        return Reply.of(words_card(turn.say, title, deciding.act, back, may_skip=deciding.may_skip, trouble=trouble))
    told = await count_told(turn.session, turn.actor, view.id)
    return Reply.of(sure_card(turn.say, title, deciding.act, deciding.words, told, deciding.photo, trouble))


def _back(deciding: Deciding, view: DeskView) -> Press:
    return DeskPress(deciding.proposal) if not view.public else TreatProposalPress(deciding.proposal)


async def _refused(turn: Turn, deciding: Deciding, refusal: Refusal) -> Reply:
    view = await open_desk(turn.session, turn.actor, deciding.proposal)
    if deciding.act in _OF_MODERATORS and not view.public:
        return await desk_as_it_is(turn, deciding.proposal, refusal)
    return await _as_it_is(turn, deciding.proposal, refusal)


async def _as_it_is(turn: Turn, proposal_id: int, refusal: Refusal) -> Reply:
    """Why not, over the menu as it stands now. Raises what is no matter of time but of rights."""
    if isinstance(refusal, NotAllowed | NotJoined):
        raise refusal
    turn.session.expire_all()  # what was read before somebody else changed it
    own_tap = isinstance(refusal, DecidedAlready) and not refusal.name
    return await _menu(turn, proposal_id, refusal_sentence(refusal, turn.say), alert=not own_tap)


async def _menu(turn: Turn, proposal_id: int, toast: str = "", *, alert: bool = False) -> Reply:
    proposal = await load_treated(turn.session, turn.actor, proposal_id)
    view = await open_desk(turn.session, turn.actor, proposal.id)
    return Reply.of(treat_card(turn.say, view, await agenda_of(turn.session, proposal)), toast=toast, alert=alert)
