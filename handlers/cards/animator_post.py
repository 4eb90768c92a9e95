"""How somebody of the team works: their deputy, how many requests they take on, the kinds they know well."""

from collections.abc import Sequence

from council.animator_posts import Colleague, PostView
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, grid
from handlers.cards.home import home_button
from handlers.cards.pages import page_of, page_row
from handlers.cards.support_words import kind_words
from locales.translator import Translator
from storage.support import SupportKind

_A_PAGE = 6
_CAPACITIES = (5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100)


@press("post")
class PostPress(Press):
    """How this person works."""

    person: int


@press("psd")
class DeputiesPress(Press):
    """Who could stand in for them."""

    person: int
    page: int


@press("psr")
class SetDeputyPress(Press):
    """None: nobody stands in."""

    person: int
    deputy: int | None


@press("psc")
class CapacitiesPress(Press):
    person: int


@press("psn")
class SetCapacityPress(Press):
    """None: as the programme says."""

    person: int
    capacity: int | None


@press("psk")
class SkillsPress(Press):
    person: int
    page: int


@press("pss")
class SetSkillPress(Press):
    person: int
    kind: SupportKind
    has: bool
    page: int


def post_card(say: Translator, post: PostView, back: Press, done: str = "") -> Card:
    """`back` is where this was opened from; `done` what was just done."""
    words = Lines()
    if done:
        words.add(done)
    words.add(bold(post.first_name))
    if post.deputy is not None:
        words.add(say("{name} remplace en cas d’absence.", name=post.deputy))
    else:
        words.add(say("Personne ne remplace {name}.", name=post.first_name))
    most = post.usual if post.capacity is None else post.capacity
    words.add(say("Demandes en cours : {load} sur {most}.", load=say.number(post.load), most=say.number(most)))
    if post.skills:
        words.add(say.plural("{n} domaine bien connu.", "{n} domaines bien connus.", len(post.skills)))
    return Card(words.text, (*post_rows(say, post.person_id), (Button(say.plain("Retour"), back), home_button(say))))


def post_rows(say: Translator, person_id: int) -> tuple[tuple[Button, ...], ...]:
    """The three things that can be said of how somebody works."""
    return (
        (
            Button(say.plain("Remplaçant"), DeputiesPress(person_id, 0)),
            Button(say.plain("Capacité"), CapacitiesPress(person_id)),
        ),
        (Button(say.plain("Domaines"), SkillsPress(person_id, 0)),),
    )


def deputies_card(say: Translator, post: PostView, team: Sequence[Colleague], page: int) -> Card:
    words = Lines().add(bold(post.first_name), say("Qui reçoit ses demandes en cas d’absence ?"))
    others = [each for each in team if each.person_id != post.person_id]
    shown, page, last = page_of(others, page, _A_PAGE)
    rows = [
        (
            Button(
                _chosen(each.first_name, each.person_id == post.deputy_id),
                SetDeputyPress(post.person_id, each.person_id),
            ),
        )
        for each in shown
    ]
    nobody = (Button(_chosen(say.plain("Personne"), post.deputy_id is None), SetDeputyPress(post.person_id, None)),)
    turning = page_row(page, last, lambda to: DeputiesPress(post.person_id, to), say)
    return Card(words.text, (*rows, *turning, nobody, _back(say, post)))


def capacities_card(say: Translator, post: PostView) -> Card:
    words = Lines().add(bold(post.first_name), say("Combien de demandes à la fois, au plus ?"))
    choices = grid(
        (
            Button(_chosen(say.number(each), each == post.capacity), SetCapacityPress(post.person_id, each))
            for each in _CAPACITIES
        ),
        4,
    )
    usual = say.plain("Comme tout le monde : {n}", n=say.number(post.usual))
    as_usual = (Button(_chosen(usual, post.capacity is None), SetCapacityPress(post.person_id, None)),)
    return Card(words.text, (*choices, as_usual, _back(say, post)))


def skills_card(say: Translator, post: PostView, routed: Sequence[SupportKind], page: int) -> Card:
    """`routed`: the kinds that the programme gives to who knows them well."""
    words = Lines().add(bold(post.first_name), say("Quels domaines connaît bien {name} ?", name=post.first_name))
    if not routed:
        words.add(say("Pour l’instant, cela ne change pas qui reçoit quoi."))
    kinds = [*routed, *(each for each in SupportKind if each not in routed)]
    shown, page, last = page_of(kinds, page, _A_PAGE)
    rows = [
        (
            Button(
                _chosen(kind_words(each, say), each in post.skills),
                SetSkillPress(post.person_id, each, each not in post.skills, page),
            ),
        )
        for each in shown
    ]
    turning = page_row(page, last, lambda to: SkillsPress(post.person_id, to), say)
    return Card(words.text, (*rows, *turning, _back(say, post)))


def _chosen(label: str, is_chosen: bool) -> str:
    return f"✅ {label}" if is_chosen else label


def _back(say: Translator, post: PostView) -> tuple[Button, ...]:
    return (Button(say.plain("Retour"), PostPress(post.person_id)), home_button(say))
