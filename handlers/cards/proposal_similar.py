"""Proposals of others that say nearly the same: read, supported in the place of one's own, or found to be different."""

from collections.abc import Sequence

from markupsafe import Markup

from council.proposal_similar import SimilarProposal
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, shorten
from handlers.cards.steps import step_rows
from locales.translator import Translator

_TITLE_LIMIT = 80


@press("pqs")
class SupportThisPress(Press):
    """Supports a proposal that says nearly the same."""

    proposal: int


@press("pqf")
class FollowAndSupportPress(Press):
    """Follows the council, and supports that proposal of its."""

    proposal: int


@press("pqr")
class ReadSimilarPress(Press):
    """Opens it, with the way back to one's own."""

    proposal: int


@press("pqnear")
class SimilarAgainPress(Press):
    """Back to those that are near."""


@press("pqd")
class DifferentPress(Press):
    """One's own is different: goes on to send it."""


@press("pqend")
class NoMorePress(Press):
    """Somebody else has said it: one's own is not sent."""


def similar_card(say: Translator, found: Sequence[SimilarProposal], back: Press) -> Card:
    """What others of the council proposed that is near."""
    words = Lines().add(say.plural("Une idée ressemble à la vôtre :", "Ces idées ressemblent à la vôtre :", len(found)))
    words.add_all(_listed(say, each) for each in found)
    words.add(say("Voulez-vous soutenir une de ces idées ?") if len(found) > 1 else say("Voulez-vous la soutenir ?"))
    rows: list[tuple[Button, ...]] = [
        (
            Button(_support_label(say, each, len(found)), SupportThisPress(each.id)),
            Button(say.plain("📖 Lire"), ReadSimilarPress(each.id)),
        )
        for each in found
    ]
    rows.append((Button(say.plain("Ma proposition est différente"), DifferentPress()),))
    return Card(words.text, rows=(*rows, *step_rows(say, back)))


def follow_first_card(say: Translator, proposal_id: int, number: str, council: str, refused: str) -> Card:
    """Support is for those who follow the council: one tap does both, and one's own idea waits."""
    words = Lines().add(
        refused,
        say("{number} – {title}", number=number, title=shorten(council, _TITLE_LIMIT)),
        say("Votre idée est gardée."),
    )
    both = Button(say.plain("👣 Suivre ce conseil et soutenir"), FollowAndSupportPress(proposal_id))
    return Card(words.text, ((both,), (Button(say.plain("Retour"), SimilarAgainPress()),)))


def supported_card(say: Translator, number: str) -> Card:
    """Theirs is supported now: is one's own needed still?"""
    words = Lines().add(
        say("✅ Vous soutenez la proposition {number}.", number=number),
        say("Je vous dirai ce qu’elle devient."),
        say("Voulez-vous envoyer aussi la vôtre ?"),
    )
    no = Button(say.plain("Non, c’est bien comme ça"), NoMorePress())
    yes = Button(say.plain("Oui, elle est différente"), DifferentPress())
    return Card(words.text, ((no,), (yes,)))


def _listed(say: Translator, each: SimilarProposal) -> Markup:
    return say("{number} – {title}", number=each.number, title=shorten(each.title, _TITLE_LIMIT))


def _support_label(say: Translator, each: SimilarProposal, among: int) -> str:
    if among == 1:
        return say.plain("👍 Soutenir celle-ci")
    return say.plain("👍 Soutenir {number}", number=each.number)
