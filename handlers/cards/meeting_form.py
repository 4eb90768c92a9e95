"""The questions of the form that creates or changes a meeting, and its preview."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from council.errors import Refusal
from council.meeting_places import KnownPlace
from council.meeting_plans import MeetingPlan
from council.meeting_views import MeetingView
from documents.meeting_words import KINDS
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, grid, shorten
from handlers.cards.home import home_entry, who_manages
from handlers.cards.meeting import resident_card, with_map
from handlers.cards.meeting_lead import neutrality_lines
from handlers.cards.meeting_words import bare, councils_words, length_words
from handlers.cards.pickers import moment_card
from handlers.cards.refusals import refusal_sentence
from handlers.cards.steps import step_rows
from handlers.meeting_draft import LATER, NOW, FormStep, MeetingDraft
from handlers.moment_choice import MomentChoice, Now
from locales.sentences import sentence
from locales.translator import Translator
from storage.meetings import MeetingKind

KEEP, NONE, DONE, ALL, AGAIN = "keep", "none", "done", "all", "again"
LENGTHS = (60, 90, 120, 150, 180, 240)
CAPACITIES = (10, 15, 20, 30, 50, 100)
_LABEL_LIMIT = 40
_Rows = tuple[tuple[Button, ...], ...]


@press("mnew")
class NewMeetingPress(Press):
    """Begins to create a meeting."""


@press("mf")
class ChoicePress(Press):
    """One answer to the question of a step."""

    step: FormStep
    choice: str


@press("mfb")
class FormBackPress(Press):
    """One question back."""


@press("mff")
class FieldPress(Press):
    """From the preview: what to change (FIELDS asks which)."""

    step: FormStep


@press("mfp")
class PreviewPress(Press):
    """A button that only shows what residents will see."""


@press("mfok")
class ConfirmPress(Press):
    """Announces or saves the draft as its preview of this `version` shows it."""

    key: int
    version: int


home_entry(70, sentence("➕ Créer une réunion"), NewMeetingPress(), who=who_manages)

TITLES: dict[MeetingKind, tuple[str, ...]] = {
    MeetingKind.PLENARY: (sentence("Réunion du conseil citoyen"), sentence("Assemblée des habitants")),
    MeetingKind.COMMISSION: (
        sentence("Atelier cadre de vie"),
        sentence("Atelier jeunesse"),
        sentence("Atelier propreté"),
    ),
    MeetingKind.STEERING_COMMITTEE: (sentence("Comité de pilotage du contrat de ville"),),
    MeetingKind.TECHNICAL_COMMITTEE: (sentence("Comité technique du contrat de ville"),),
    MeetingKind.TRAINING: (sentence("Formation des conseillers citoyens"), sentence("Apprendre à prendre la parole")),
    MeetingKind.INTER_COUNCIL: (sentence("Réunion entre conseils citoyens"),),
    MeetingKind.DROP_IN: (sentence("Permanence du conseil citoyen"), sentence("Café des habitants")),
}
FIELD_NAMES: dict[FormStep, str] = {
    FormStep.COUNCILS: sentence("Conseils"),
    FormStep.KIND: sentence("Genre de réunion"),
    FormStep.TITLE: sentence("Titre"),
    FormStep.START: sentence("Jour et heure"),
    FormStep.LENGTH: sentence("Durée"),
    FormStep.PLACE: sentence("Lieu"),
    FormStep.AGENDA: sentence("Ordre du jour"),
    FormStep.CAPACITY: sentence("Nombre de places"),
    FormStep.MEDIA: sentence("Image ou document"),
    FormStep.ANNOUNCE: sentence("Moment de l’annonce"),
    FormStep.ANNOUNCE_AT: sentence("Moment de l’annonce"),
}


@dataclass(frozen=True)
class Offered:
    """What a question offers beyond fixed words: councils by id in their order, known places, the last meeting."""

    councils: Mapping[int, str] = field(default_factory=dict)
    places: Sequence[KnownPlace] = ()
    last: MeetingPlan | None = None


def question_card(
    say: Translator,
    draft: MeetingDraft,
    step: FormStep,
    offered: Offered,
    now: Now,
    trouble: Refusal | None = None,
    note: str = "",
) -> Card:
    """One question; `trouble` says why the last answer was not taken, `note` something else worth a line."""
    if step in (FormStep.START, FormStep.ANNOUNCE_AT):
        return _moment_question(say, draft, step, now, trouble)
    words = Lines()
    if trouble is not None:
        words.add(refusal_sentence(trouble, say))
    if note:
        words.add(note)
    asked = _QUESTIONS[step](say, draft, offered)
    return replace(asked, text=words.add(asked.text).text)


def preview_cards(
    say: Translator, draft: MeetingDraft, view: MeetingView, receivers: int, heard_at: datetime, *, reserved: bool
) -> tuple[Card, Card]:
    """The card as residents will see it, and the question whether it may leave.

    `heard_at` is when people hear of a meeting that is not announced yet: later than it is meant to be, at night.
    """
    seen = with_map(resident_card(say, view), view)
    shown = replace(seen, rows=tuple(tuple(Button(each.label, PreviewPress()) for each in row) for row in seen.rows))
    words = Lines()
    if draft.meeting is None:
        words.add(say("Voilà ce que les habitants verront."))
        words.add(say.plural("{n} personne recevra l’annonce.", "{n} personnes recevront l’annonce.", receivers))
        words.add(_leaves_line(say, draft, view, heard_at))
    elif draft.announce == LATER:
        words.add(say("Voilà la réunion avec vos changements."), _leaves_line(say, draft, view, heard_at))
    else:
        words.add(say("Voilà la réunion avec vos changements."))
        words.add(say.plural("{n} personne sera prévenue.", "{n} personnes seront prévenues.", receivers))
    if reserved:
        words.add_all(neutrality_lines(say))
    words.add(say("Est-ce que cela vous convient ?"))
    rows = (
        (Button(_confirm_label(say, draft, reserved=reserved), ConfirmPress(draft.key, draft.version)),),
        (Button(say.plain("✏️ Changer quelque chose"), FieldPress(FormStep.FIELDS)),),
        *step_rows(say),
    )
    return shown, Card(words.text, rows=rows)


def place_mark(place: KnownPlace) -> str:
    """What a button carries of a place: the list may grow between the question and the press."""
    return f"{zlib.crc32(place.name.encode()):08x}"


def title_choices(draft: MeetingDraft) -> tuple[str, ...]:
    return TITLES[draft.kind] if draft.kind else ()


def _leaves_line(say: Translator, draft: MeetingDraft, view: MeetingView, heard_at: datetime) -> str:
    if heard_at > view.announce_at:
        return say("L’annonce partira après la nuit, le {moment}.", moment=say.moment(heard_at))
    if draft.announce == LATER:
        return say("L’annonce partira le {moment}.", moment=say.moment(heard_at))
    return say("L’annonce part tout de suite.")


def _confirm_label(say: Translator, draft: MeetingDraft, *, reserved: bool) -> str:
    if draft.meeting is not None:
        return say.plain("✅ Enregistrer")
    if reserved:
        return say.plain("✅ Oui, elle est neutre : annoncer")
    return say.plain("✅ Annoncer plus tard") if draft.announce == LATER else say.plain("✅ Annoncer")


def _moment_question(say: Translator, draft: MeetingDraft, step: FormStep, now: Now, trouble: Refusal | None) -> Card:
    starts = step is FormStep.START
    held = draft.starts_at if starts else draft.announce_at
    choice = draft.choice or MomentChoice.begin(now, held)
    question = say("Quel jour aura lieu la réunion ?") if starts else say("Quel jour faut-il l’annoncer ?")
    card = moment_card(say, choice, now, question, trouble)
    if held is None or held <= now.moment:
        return card
    keep = Button(say.plain("Garder : {value}", value=say.moment(held)), ChoicePress(step, KEEP))
    return replace(card, rows=((keep,), *card.rows))


def _councils(say: Translator, draft: MeetingDraft, offered: Offered) -> Card:
    rows: list[tuple[Button, ...]] = []
    for council_id, name in offered.councils.items():
        label = shorten(name, _LABEL_LIMIT)
        if council_id in draft.councils:
            label = say.plain("✅ {label}", label=label)
        rows.append((Button(label, ChoicePress(FormStep.COUNCILS, str(council_id))),))
    if len(draft.councils) < len(offered.councils):
        rows.append((Button(say.plain("Tous les conseils"), ChoicePress(FormStep.COUNCILS, ALL)),))
    if draft.councils:
        rows.append((Button(say.plain("Continuer ▶"), ChoicePress(FormStep.COUNCILS, DONE)),))
    words = Lines().add(say("Pour quel conseil est cette réunion ?"), say("Vous pouvez en choisir plusieurs."))
    return Card(words.text, rows=tuple(rows))


def _kind(say: Translator, draft: MeetingDraft, offered: Offered) -> Card:
    kinds = [each for each in MeetingKind if len(draft.councils) > 1 or each is not MeetingKind.INTER_COUNCIL]
    rows = tuple(
        (Button(_marked(say, say.plain(KINDS[each]), each is draft.kind), ChoicePress(FormStep.KIND, each.value)),)
        for each in kinds
    )
    return Card(say("Quel genre de réunion est-ce ?"), rows=(*_again_row(say, FormStep.KIND, offered), *rows))


def _title(say: Translator, draft: MeetingDraft, offered: Offered) -> Card:
    words = Lines().add(say("Quel est le titre de la réunion ?"), say("Choisissez un titre, ou écrivez-le."))
    suggested = (
        (Button(say.plain(title), ChoicePress(FormStep.TITLE, str(number))),)
        for number, title in enumerate(title_choices(draft))
    )
    kept = _keep_row(say, FormStep.TITLE, draft.title)
    return Card(words.text, rows=(*kept, *_again_row(say, FormStep.TITLE, offered), *suggested))


def _length(say: Translator, draft: MeetingDraft, _offered: Offered) -> Card:
    words = Lines().add(say("La réunion dure combien de temps ?"), say("Vous pouvez aussi écrire : 1h30."))
    lengths = [Button(length_words(say, each), ChoicePress(FormStep.LENGTH, str(each))) for each in LENGTHS]
    held = length_words(say, draft.minutes) if draft.minutes else None
    return Card(words.text, rows=(*_keep_row(say, FormStep.LENGTH, held), *grid(lengths, 2)))


def _place(say: Translator, draft: MeetingDraft, offered: Offered) -> Card:
    if draft.point:
        words = Lines().add(say("J’ai bien reçu le point sur la carte."), say("Quel est le nom de ce lieu ?"))
        return Card(words.text, rows=((Button(say.plain("Pas de nom"), ChoicePress(FormStep.PLACE, NONE)),),))
    words = Lines().add(say("Où est la réunion ?"), say("Choisissez, écrivez l’adresse ou envoyez le lieu."))
    held = None if draft.place is None else draft.place or say.plain("un point sur la carte")
    known = (
        (Button(_place_label(say, each), ChoicePress(FormStep.PLACE, place_mark(each))),) for each in offered.places
    )
    return Card(words.text, rows=(*_keep_row(say, FormStep.PLACE, held), *known))


def _place_label(say: Translator, place: KnownPlace) -> str:
    name = shorten(place.name, _LABEL_LIMIT) or say.plain("un point sur la carte")
    return say.plain("Comme la dernière fois : {place}", place=name) if place.last else name


def _agenda(say: Translator, draft: MeetingDraft, _offered: Offered) -> Card:
    words = Lines().add(say("De quoi parlerez-vous ?"), say("Écrivez l’ordre du jour, une idée par ligne."))
    none = Button(say.plain("Pas d’ordre du jour"), ChoicePress(FormStep.AGENDA, NONE))
    return Card(words.text, rows=(*_keep_row(say, FormStep.AGENDA, draft.agenda), (none,)))


def _capacity(say: Translator, draft: MeetingDraft, _offered: Offered) -> Card:
    words = Lines().add(say("Combien de personnes peuvent venir ?"), say("Choisissez, ou écrivez un nombre."))
    seats = [Button(say.number(each), ChoicePress(FormStep.CAPACITY, str(each))) for each in CAPACITIES]
    unlimited = Button(say.plain("Autant que l’on veut"), ChoicePress(FormStep.CAPACITY, "0"))
    held = None if draft.capacity is None else _seats_words(say, draft.capacity)
    return Card(words.text, rows=(*_keep_row(say, FormStep.CAPACITY, held), (unlimited,), *grid(seats, 3)))


def _media(say: Translator, draft: MeetingDraft, _offered: Offered) -> Card:
    words = Lines().add(say("Voulez-vous joindre une image ou un document ?"), say("Envoyez-le maintenant, ou passez."))
    held = say.plain("le fichier reçu") if draft.media_file_id else None
    none = Button(say.plain("Pas de fichier"), ChoicePress(FormStep.MEDIA, NONE))
    return Card(words.text, rows=(*_keep_row(say, FormStep.MEDIA, held), (none,)))


def _announce(say: Translator, draft: MeetingDraft, _offered: Offered) -> Card:
    words = Lines().add(say("Quand faut-il annoncer cette réunion ?"))
    rows = (
        (Button(say.plain("Tout de suite"), ChoicePress(FormStep.ANNOUNCE, NOW)),),
        (Button(say.plain("Plus tard"), ChoicePress(FormStep.ANNOUNCE, LATER)),),
    )
    return Card(words.text, rows=rows)


def _fields(say: Translator, draft: MeetingDraft, offered: Offered) -> Card:
    words = Lines().add(say("Que voulez-vous changer ?"))
    steps = [step for step in FIELD_NAMES if step in draft.steps()]
    rows = tuple((Button(_field_label(say, draft, step, offered), FieldPress(step)),) for step in steps)
    return Card(words.text, rows=rows)


def _field_label(say: Translator, draft: MeetingDraft, step: FormStep, offered: Offered) -> str:
    name = say.plain(FIELD_NAMES[step])
    value = _value(say, draft, step, offered)
    return say.plain("{field} : {value}", field=name, value=shorten(value, _LABEL_LIMIT)) if value else name


def _value(say: Translator, draft: MeetingDraft, step: FormStep, offered: Offered) -> str:
    """What has been answered so far, in few words; "" where the name of the field must do."""
    match step:
        case FormStep.COUNCILS:
            names = tuple(offered.councils[each] for each in draft.councils if each in offered.councils)
            return councils_words(say, names) if names else ""
        case FormStep.KIND:
            return say.plain(KINDS[draft.kind]) if draft.kind else ""
        case FormStep.START:
            return say.moment(draft.starts_at) if draft.starts_at else ""
        case FormStep.ANNOUNCE_AT:
            return say.moment(draft.announce_at) if draft.announce_at else ""
        case FormStep.LENGTH:
            return length_words(say, draft.minutes) if draft.minutes else ""
        case FormStep.CAPACITY:
            return _seats_words(say, draft.capacity or 0)
    return {FormStep.TITLE: draft.title, FormStep.PLACE: draft.place, FormStep.AGENDA: draft.agenda}.get(step) or ""


def _seats_words(say: Translator, seats: int) -> str:
    return bare(say.plural("{n} place", "{n} places", seats)) if seats else say.plain("autant que l’on veut")


def _keep_row(say: Translator, step: FormStep, value: str | None) -> _Rows:
    """The answer given before, to be kept with one tap."""
    if not value:
        return ()
    short = shorten(" ".join(value.split()), _LABEL_LIMIT)
    return ((Button(say.plain("Garder : {value}", value=short), ChoicePress(step, KEEP)),),)


def _again_row(say: Translator, step: FormStep, offered: Offered) -> _Rows:
    """All as it was the last time, but the day and the hour: for who calls the same meeting every month."""
    if offered.last is None:
        return ()
    label = say.plain("🔁 Comme la dernière fois : {title}", title=shorten(offered.last.title, _LABEL_LIMIT))
    return ((Button(label, ChoicePress(step, AGAIN)),),)


def _marked(say: Translator, label: str, chosen: bool) -> str:
    return say.plain("✅ {label}", label=label) if chosen else label


_QUESTIONS = {
    FormStep.COUNCILS: _councils,
    FormStep.KIND: _kind,
    FormStep.TITLE: _title,
    FormStep.LENGTH: _length,
    FormStep.PLACE: _place,
    FormStep.AGENDA: _agenda,
    FormStep.CAPACITY: _capacity,
    FormStep.MEDIA: _media,
    FormStep.ANNOUNCE: _announce,
    FormStep.FIELDS: _fields,
}
