"""Joining, step by step: the privacy notice, the age, the council, the welcome."""

from collections.abc import Sequence
from enum import StrEnum

from council.actors import Actor
from council.joining import CouncilChoice
from council.settings import ProgrammeSettings
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold
from handlers.cards.home import HomePress, StartPress, home_after
from handlers.cards.languages import language_buttons, offered_languages
from handlers.cards.pages import page_of, page_row
from handlers.cards.privacy_notice import five_lines
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator
from storage.people import Role

COUNCILS_A_PAGE = 8


class Step(StrEnum):
    """In their order: one may go back, never forward past a question."""

    NOTICE = "notice"
    AGE = "age"
    COUNCIL = "council"

    @property
    def state(self) -> str:
        return f"joining:{self.value}"


@press("jstep")
class StepPress(Press):
    """Back to an earlier question."""

    step: Step


@press("jlang")
class JoinLanguagePress(Press):
    language: str


@press("jyes")
class AgreePress(Press):
    """Agrees to the privacy notice."""


@press("jage")
class AgePress(Press):
    fifteen_or_over: bool


@press("jcl")
class CouncilListPress(Press):
    """A page of the councils; `searching`: of those that have the typed words."""

    page: int
    searching: bool


@press("jco")
class ChooseCouncilPress(Press):
    """None: "I don't know"."""

    council_id: int | None


@press("also")
class FollowAlsoPress(Press):
    """Somebody who joined long ago and opened the link of one more council."""

    council_id: int


_BECAME = {
    Role.RESIDENT: sentence("Vous suivez maintenant : {council}."),
    Role.MEMBER: sentence("Vous êtes membre du conseil : {council}."),
    Role.LEAD: sentence("Vous êtes référent ou référente : {council}."),
    Role.ANIMATOR: sentence("Vous accompagnez ce conseil : {council}."),
    Role.COORDINATOR: sentence("Vous coordonnez maintenant tous les conseils."),
}
_INVITED_AS = {
    Role.RESIDENT: sentence("Votre conseil : {council}."),
    Role.MEMBER: sentence("On vous invite comme membre : {council}."),
    Role.LEAD: sentence("On vous invite comme référent ou référente : {council}."),
    Role.ANIMATOR: sentence("On vous invite pour accompagner : {council}."),
    Role.COORDINATOR: sentence("On vous invite pour coordonner les conseils."),
}
_CAN_NOW = {
    Role.RESIDENT: sentence("Je vous préviens de chaque réunion."),
    Role.MEMBER: sentence("Je vous préviens de chaque réunion."),
    Role.LEAD: sentence("Vous pouvez créer des réunions et écrire aux habitants."),
    Role.ANIMATOR: sentence("Vous pouvez créer des réunions et écrire aux habitants."),
    Role.COORDINATOR: sentence("Vous pouvez inviter l’équipe et créer des réunions."),
}


def greeting_card(
    programme: ProgrammeSettings,
    say: Translator,
    role: Role | None = None,
    council: str = "",
    trouble: str = "",
) -> Card:
    """The first word. `role` and `council` are what the link gives; `trouble` is why it gives nothing."""
    words = Lines().add(bold(say("Bonjour !")), say("Ici : {programme}.", programme=programme.name))
    if trouble:
        words.add(trouble, say("Ce n’est pas grave. On continue sans ce lien."))
    elif role is not None:
        words.add(say(_INVITED_AS[role], council=council))
    return Card(words.text)


def notice_card(programme: ProgrammeSettings, say: Translator) -> Card:
    words = Lines().add(*five_lines(programme, say), bold(say("Êtes-vous d’accord ?")))
    agree = (Button(say.plain("✅ D’accord"), AgreePress()),)
    return Card(words.text, rows=(agree, *_other_languages(programme, say), *step_rows(say)))


def age_card(programme: ProgrammeSettings, say: Translator) -> Card:
    yes = Button(say.plain("15 ans ou plus"), AgePress(fifteen_or_over=True))
    no = Button(say.plain("Moins de 15 ans"), AgePress(fifteen_or_over=False))
    rows = ((yes,), (no,), *_other_languages(programme, say), *step_rows(say, back=StepPress(Step.NOTICE)))
    return Card(bold(say("Avez-vous 15 ans ou plus ?")), rows=rows)


def young_card(programme: ProgrammeSettings, say: Translator) -> Card:
    words = Lines().add(
        say("Avant 15 ans, il faut l’accord d’un parent."),
        say("Parlez-en à un parent, ou à l’animateur du quartier."),
        say("Contact : {contact}.", contact=programme.controller.contact),
        say("Je n’ai rien gardé sur vous."),
    )
    return Card(words.text, rows=((Button(say.plain("Recommencer"), StartPress()),),))


def council_card(
    programme: ProgrammeSettings,
    choices: Sequence[CouncilChoice],
    page: int,
    say: Translator,
    *,
    searched: str = "",
    trouble: str = "",
) -> Card:
    """`choices` are those that have the words `searched`, when there are any; all of them when none has."""
    searching = bool(searched and choices)
    words = Lines()
    if trouble:
        words.add(trouble)
    words.add(bold(say("Quel est votre quartier ?")), say("Appuyez sur son nom. Vous pouvez aussi l’écrire."))
    shown, page, last = page_of(choices, page, COUNCILS_A_PAGE)
    rows: list[tuple[Button, ...]] = [(Button(each.label, ChooseCouncilPress(each.council_id)),) for each in shown]
    rows += page_row(page, last, lambda to: CouncilListPress(to, searching), say)
    if searching:
        rows.append((Button(say.plain("Tous les quartiers"), CouncilListPress(0, searching=False)),))
    rows.append((Button(say.plain("Je ne sais pas"), ChooseCouncilPress(None)),))
    return Card(words.text, rows=(*rows, *_other_languages(programme, say), *step_rows(say, back=StepPress(Step.AGE))))


def welcome_card(
    actor: Actor, say: Translator, role: Role = Role.RESIDENT, council: str | None = None, trouble: str = ""
) -> Card:
    """`council` None: they did not know which. `trouble`: why their link gave nothing after all."""
    words = Lines().add(bold(say("Bienvenue, {name} !", name=actor.first_name)))
    if trouble:
        words.add(trouble)
    return home_after(actor, say, *words.lines, *_became(say, role, council))


def accepted_card(actor: Actor, say: Translator, role: Role, council: str | None) -> Card:
    """A link opened by somebody who joined long ago: what they became, what they can do now."""
    return home_after(actor, say, *_became(say, role, council))


def follow_also_card(say: Translator, council_id: int, council: str) -> Card:
    words = Lines().add(bold(council), say("Suivre aussi ce conseil ?"))
    yes = Button(say.plain("Oui, le suivre"), FollowAlsoPress(council_id))
    return Card(words.text, rows=((yes, Button(say.plain("Non merci"), HomePress())),))


def follows_already_card(actor: Actor, say: Translator, council: str) -> Card:
    followed = say("Vous suivez déjà ce conseil : {council}.", council=council)
    return home_after(actor, say, followed, say("Que voulez-vous faire ?"))


def _other_languages(programme: ProgrammeSettings, say: Translator) -> tuple[tuple[Button, ...], ...]:
    """One row, where there are others: the switch is at hand at every step."""
    others = tuple(each for each in offered_languages(programme) if each != say.language)
    return (language_buttons(others, JoinLanguagePress),) if others else ()


def _became(say: Translator, role: Role, council: str | None) -> tuple[str, ...]:
    if council is None and role is not Role.COORDINATOR:
        return (
            say("Vous ne suivez pas encore de conseil."),
            say("Vous pourrez choisir plus tard, dans « Mon profil »."),
        )
    return say(_BECAME[role], council=council), say(_CAN_NOW[role])
