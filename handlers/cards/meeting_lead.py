"""What those who run a meeting see: one card that is kept true, the names, the reminders, the way to call it off."""

from collections.abc import Sequence

from council.meeting_plans import offsets_of
from council.meeting_views import Attendee, MeetingView
from council.proposal_treatment import OnAgenda
from council.settings import ReminderOffsets
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Live, bold, quoted, shorten
from handlers.cards.home import home_button, home_entry, who_manages
from handlers.cards.meeting import ManagePress
from handlers.cards.meeting_minutes import PublishMinutesPress
from handlers.cards.meeting_words import (
    REASONS,
    bare,
    before_words,
    listed_title,
    place_words,
    reason_words,
    when_words,
)
from handlers.cards.pages import page_row
from handlers.cards.proposal_treatment import MeetingProposalsPress, TreatProposalPress
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator
from storage.meetings import Answer, Audience

NAMES_SHOWN, NAME_LIMIT, NAMES_A_PAGE = 8, 30, 20
_PROPOSALS_SHOWN = 5
LIVE_MEETING = "meeting"
_Rows = tuple[tuple[Button, ...], ...]


@press("mgd")
class ManagedPress(Press):
    """A page of the meetings that I run, drafts included."""

    page: int = 0


@press("mgn")
class NamesPress(Press):
    """A page of those who answered."""

    meeting: int
    page: int


@press("mgm")
class MovePress(Press):
    """Chooses another day and time."""

    meeting: int


@press("mge")
class EditMeetingPress(Press):
    """Chooses what to change."""

    meeting: int


@press("mgx")
class CallOffPress(Press):
    """Asks for the reason of calling it off."""

    meeting: int


@press("mgr")
class ReasonPress(Press):
    """One of the usual reasons, by its place in the list."""

    number: int


@press("mgo")
class CalledOffPress(Press):
    """Calls the meeting off, for the reason held in the dialogue."""

    meeting: int


@press("mgw")
class WriteToAttendeesPress(Press):
    """Begins a message to those who said yes or maybe."""

    meeting: int


@press("mgl")
class RemindersPress(Press):
    """Shows when people are reminded."""

    meeting: int


@press("mgf")
class ReminderPress(Press):
    """Turns one reminder of this meeting on or off; `offset` in minutes before the start."""

    meeting: int
    audience: Audience
    offset: int
    on: bool


@press("mgu")
class UsualRemindersPress(Press):
    """Back to the reminders of the programme."""

    meeting: int


@press("mgv")
class SeenByResidentsPress(Press):
    """Shows the meeting as residents see it."""

    meeting: int


@press("mga")
class AnnounceNowPress(Press):
    """Announces a draft; `confirmed`: a lead has said that it is neutral enough for an electoral period."""

    meeting: int
    confirmed: bool


home_entry(71, sentence("🗂 Réunions que je gère"), ManagedPress(), who=who_manages)

_DAY = 24 * 60
OFFERED: dict[Audience, tuple[int, ...]] = {
    Audience.UNANSWERED: (14 * _DAY, 7 * _DAY, 3 * _DAY, 2 * _DAY, _DAY),
    Audience.COMING: (7 * _DAY, 2 * _DAY, _DAY, 2 * 60, 60),
}


def live_card(
    say: Translator, view: MeetingView, answered: Sequence[Attendee], waiting: Sequence[OnAgenda] = ()
) -> Card:
    """Counts, names and what can be done. `answered` are the first of the list; those with a seat come first in it.

    `waiting` are the proposals that have lost their place on its agenda, as it was called off.
    """
    words = Lines().add(bold(view.title), when_words(say, view))
    if not view.cancelled:
        words.add(place_words(say, view.place))
    words.add_all(_state_lines(say, view))
    if view.announced_at is not None:
        words.add_all(_count_lines(say, view))
        if seated := [each for each in answered if each.answer is Answer.YES and not each.waiting]:
            words.add(say("Viennent : {names}", names=_names(say, view, seated)))
    words.add_all(_waiting_lines(say, waiting))
    again = tuple(
        (Button(_proposal_words(say, each), TreatProposalPress(each.id)),) for each in waiting[:_PROPOSALS_SHOWN]
    )
    return Card(words.text, rows=(*_act_rows(say, view), *again, *_last_rows(say)), live=Live(LIVE_MEETING, view.id))


def managed_card(say: Translator, views: Sequence[MeetingView], page: int, *, more: bool) -> Card:
    words = Lines().add(say("Voici les réunions que vous gérez.") if views else say("Vous ne gérez aucune réunion."))
    opens = tuple((Button(_managed_title(say, view), ManagePress(view.id)),) for view in views)
    return Card(words.text, rows=(*opens, *page_row(page, page + more, ManagedPress, say), (home_button(say),)))


def names_card(say: Translator, view: MeetingView, people: Sequence[Attendee], page: int, *, more: bool) -> Card:
    words = Lines().add(bold(view.title))
    words.add_all(_name_line(say, each) for each in people)
    if not people:
        words.add(say("Personne n’a encore répondu."))
    turning = page_row(page, page + more, lambda turned: NamesPress(view.id, turned), say)
    return Card(words.text, rows=(*turning, *back_to_meeting(say, view.id)))


def reason_card(say: Translator, view: MeetingView) -> Card:
    words = Lines().add(bold(view.title), say("Pourquoi annuler cette réunion ?"))
    words.add(say("Choisissez une raison, ou écrivez-la."))
    reasons = tuple((Button(say.plain(reason), ReasonPress(number)),) for number, reason in enumerate(REASONS))
    return Card(words.text, rows=(*reasons, *step_rows(say, ManagePress(view.id))))


def call_off_card(say: Translator, view: MeetingView, reason: str, told: int) -> Card:
    words = Lines().add(bold(view.title), say("Elle n’aura pas lieu. La raison :"), quoted(reason_words(say, reason)))
    words.add(
        say.plural("{n} personne sera prévenue.", "{n} personnes seront prévenues.", told),
        say("Faut-il l’annuler ?"),
    )
    sure = Button(say.plain("Oui, elle n’aura pas lieu"), CalledOffPress(view.id))
    return Card(words.text, rows=((sure,), *step_rows(say, CallOffPress(view.id))))


def reminders_card(say: Translator, view: MeetingView, offsets: ReminderOffsets) -> Card:
    """Which reminders go out, each with the button that turns it on or off."""
    words = Lines().add(bold(view.title), say("Quand faut-il rappeler cette réunion ?"))
    words.add(say("✅ veut dire : ce rappel partira."))
    rows: list[tuple[Button, ...]] = []
    for audience, chosen in ((Audience.COMING, offsets.coming), (Audience.UNANSWERED, offsets.unanswered)):
        offered = sorted({*OFFERED[audience], *chosen}, reverse=True)
        rows.extend((_reminder_button(say, view, audience, each, on=each in chosen),) for each in offered)
    if view.reminder_offsets is not None:
        rows.append((Button(say.plain("Comme d’habitude"), UsualRemindersPress(view.id)),))
    return Card(words.text, rows=(*rows, *back_to_meeting(say, view.id)))


def offsets_in_force(view: MeetingView, usual: ReminderOffsets) -> ReminderOffsets:
    """The meeting's own reminders, or those of the programme."""
    return offsets_of(view.reminder_offsets) or usual


def confirm_announcing_card(say: Translator, view: MeetingView) -> Card:
    """For a council in its electoral reserve."""
    words = Lines().add(bold(view.title), *neutrality_lines(say), say("Faut-il annoncer cette réunion ?"))
    sure = Button(say.plain("Oui, elle est neutre"), AnnounceNowPress(view.id, confirmed=True))
    return Card(words.text, rows=((sure,), *back_to_meeting(say, view.id)))


def held_card(say: Translator, view: MeetingView) -> Card:
    """To who may confirm it: the moment of the announcement has come, and an electoral reserve holds it back."""
    words = Lines().add(bold(view.title), *_state_lines(say, view))
    return Card(words.text, rows=((Button(say.plain("Gérer cette réunion"), ManagePress(view.id)),),))


def neutrality_lines(say: Translator) -> list[str]:
    return [say("C’est une période électorale."), say("Ce que vous annoncez doit rester neutre.")]


def back_to_meeting(say: Translator, meeting_id: int) -> _Rows:
    return ((Button(say.plain("Retour à la réunion"), ManagePress(meeting_id)), home_button(say)),)


def _state_lines(say: Translator, view: MeetingView) -> list[str]:
    if view.cancelled:
        reason = reason_words(say, view.cancel_reason or "")
        return [bold(say("Cette réunion est annulée.")), *([quoted(reason)] if reason else [])]
    if view.awaits_confirmation:
        return [*neutrality_lines(say), bold(say("L’annonce attend votre accord."))]
    if view.is_draft:
        return [say("Elle sera annoncée le {moment}.", moment=say.moment(view.announce_at))]
    if view.ends_at <= view.as_of:
        return [say("Cette réunion est finie.")]
    return [say("Cette réunion a commencé.")] if view.begun else []


def _count_lines(say: Translator, view: MeetingView) -> list[str]:
    counts = view.counts
    lines: list[str] = [say.plural("{n} inscrit", "{n} inscrits", counts.yes)]
    if view.capacity:
        lines.append(say.plural("{n} place en tout", "{n} places en tout", view.capacity))
    if counts.waiting:
        lines.append(say.plural("{n} personne attend une place", "{n} personnes attendent une place", counts.waiting))
    if counts.maybe:
        lines.append(say.plural("{n} peut-être", "{n} peut-être", counts.maybe))
    if counts.no:
        lines.append(say.plural("{n} personne ne vient pas", "{n} personnes ne viennent pas", counts.no))
    return lines


def _waiting_lines(say: Translator, waiting: Sequence[OnAgenda]) -> list[str]:
    if not waiting:
        return []
    names = [_proposal_words(say, each) for each in waiting[:_PROPOSALS_SHOWN]]
    if others := len(waiting) - len(names):
        names.append(bare(say.plural("{n} autre", "{n} autres", others)))
    return [
        say.plural(
            "{n} proposition n’a plus de réunion : {names}",
            "{n} propositions n’ont plus de réunion : {names}",
            len(waiting),
            names=say.enumeration(names),
        )
    ]


def _proposal_words(say: Translator, each: OnAgenda) -> str:
    return say.plain("{number} : {title}", number=each.number, title=shorten(each.title, NAME_LIMIT))


def _names(say: Translator, view: MeetingView, seated: Sequence[Attendee]) -> str:
    names = [shorten(each.first_name, NAME_LIMIT) for each in seated[:NAMES_SHOWN]]
    others = view.counts.yes - len(names)
    if others > 0:
        names.append(bare(say.plural("{n} autre", "{n} autres", others)))
    return say.enumeration(names)


def _act_rows(say: Translator, view: MeetingView) -> list[tuple[Button, ...]]:
    rows: list[tuple[Button, ...]] = []
    if view.is_draft and not view.begun:
        rows.append((Button(say.plain("📣 Annoncer maintenant"), AnnounceNowPress(view.id, confirmed=False)),))
    if not view.begun and not view.cancelled:
        rows.append(
            (
                Button(say.plain("🗓 Déplacer"), MovePress(view.id)),
                Button(say.plain("✏️ Modifier"), EditMeetingPress(view.id)),
            )
        )
        rows.append(
            (
                Button(say.plain("🔔 Rappels"), RemindersPress(view.id)),
                Button(say.plain("❌ Annuler la réunion"), CallOffPress(view.id)),
            )
        )
    if view.announced_at is not None and not view.cancelled:
        if view.counts.yes or view.counts.waiting or view.counts.maybe:
            rows.append((Button(say.plain("✉️ Écrire à ceux qui viennent"), WriteToAttendeesPress(view.id)),))
        rows.append((Button(say.plain("👥 Tous les noms"), NamesPress(view.id, 0)),))
        rows.append((Button(say.plain("💡 Propositions du jour"), MeetingProposalsPress(view.id)),))
    if view.begun and not view.cancelled:
        rows.append((Button(say.plain("📄 Donner le compte rendu"), PublishMinutesPress(view.id)),))
    rows.append((Button(say.plain("👁 Voir comme un habitant"), SeenByResidentsPress(view.id)),))
    return rows


def _last_rows(say: Translator) -> _Rows:
    return ((Button(say.plain("Réunions que je gère"), ManagedPress()),),)


def _managed_title(say: Translator, view: MeetingView) -> str:
    title = listed_title(say, view.title, view.starts_at)
    return say.plain("Pas encore annoncée : {title}", title=title) if view.is_draft else title


def _name_line(say: Translator, attendee: Attendee) -> str:
    name = shorten(attendee.first_name, NAME_LIMIT)
    if attendee.waiting:
        return say("{name} attend une place", name=name)
    return say(_NAMED[attendee.answer], name=name)


_NAMED: dict[Answer, str] = {
    Answer.YES: sentence("{name} vient"),
    Answer.MAYBE: sentence("{name} : peut-être"),
    Answer.NO: sentence("{name} ne vient pas"),
}


def _reminder_button(say: Translator, view: MeetingView, audience: Audience, offset: int, *, on: bool) -> Button:
    before = before_words(say, offset)
    if audience is Audience.COMING:
        label = say.plain("{before}, à ceux qui viennent", before=before)
    else:
        label = say.plain("{before}, à ceux qui n’ont pas répondu", before=before)
    if on:
        label = say.plain("✅ {label}", label=label)
    return Button(label, ReminderPress(view.id, audience, offset, not on))
