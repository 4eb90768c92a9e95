"""The card of an interpellation, as everybody reads it, and the buttons that lead to it and on from it."""

from collections.abc import Callable

from markupsafe import Markup

from council.interpellation_states import S
from council.interpellation_views import InterpellationView
from council.live_cards import LiveKind
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Live, bold, grid, quoted, shorten
from handlers.cards.home import home_row
from handlers.cards.interpellation_words import awaited_words, signed_words, state_words, title_words, votes_words
from locales.translator import Translator
from storage.interpellations import UNPUBLISHED, VoteChoice

_TITLE_LIMIT, _ANSWER_LIMIT, _POSITION_LIMIT = 200, 250, 200


@press("ipo")
class OpenInterpellationPress(Press):
    """Opens its card."""

    interpellation: int


@press("ipc")
class CarryPress(Press):
    """What leads and animators may do once it is adopted."""

    interpellation: int


@press("ipread")
class ReadInterpellationPress(Press):
    """The whole text, a page at a time."""

    interpellation: int
    page: int


@press("iph")
class InterpellationHistoryPress(Press):
    """All that has happened, a page at a time."""

    interpellation: int
    page: int


@press("ipshare")
class ShareInterpellationPress(Press):
    """The link that one may send on."""

    interpellation: int


@press("ipsign")
class SignPress(Press):
    """One stands behind it."""

    interpellation: int


@press("ipname")
class SignNamePress(Press):
    """Whether one's first name stands in the letter."""

    interpellation: int
    shown: bool


@press("ipunsign")
class UnsignPress(Press):
    """Takes the signature back."""

    interpellation: int


@press("ipvote")
class VotePress(Press):
    """What a member says of it."""

    interpellation: int
    choice: VoteChoice


@press("ipview")
class ViewPress(Press):
    """Begins to write the view that differs."""

    interpellation: int


@press("ipopen")
class OpenToSignPress(Press):
    """A lead or an animator publishes it."""

    interpellation: int
    revision: int


@press("ipback")
class SendBackPress(Press):
    """Asks why it goes back to its author."""

    interpellation: int


@press("ipwrite")
class WriteTextPress(Press):
    """Writes down what was said, question by question."""

    interpellation: int


@press("iphear")
class HearPress(Press):
    """Puts the photos into the chat; for moderators the voices too."""

    interpellation: int


@press("ipgo")
class GoOnPress(Press):
    """The author goes on writing."""

    interpellation: int


@press("ipmore")
class ProlongPress(Press):
    """More time to sign, or to vote."""

    interpellation: int
    revision: int


@press("ipoff")
class WithdrawInterpellationPress(Press):
    """Asks whether to withdraw it."""

    interpellation: int


@press("ipconf")
class ConfirmVotePress(Press):
    """A lead looks at the result, to confirm it."""

    interpellation: int


ButtonOf = Callable[[Translator, InterpellationView], Button | None]
_MORE: list[ButtonOf] = []


def card_button(make: ButtonOf) -> ButtonOf:
    """Declares one more button of the card; `make` answers None where it is nothing for this reader now."""
    _MORE.append(make)
    return make


def interpellation_card(view: InterpellationView, say: Translator) -> Card:
    """How it stands and what the reader may do with it; kept true in its message."""
    words = Lines().add(bold(title_words(say, view)))
    if view.title:
        words.add(quoted(shorten(view.title, _TITLE_LIMIT)))
    words.add(_state_line(say, view)).add_all(_present_lines(say, view))
    return Card(words.text, _rows(say, view), live=Live(LiveKind.INTERPELLATION, view.id))


def open_button(say: Translator, view: InterpellationView) -> Button:
    """Leads to the card, from a notice or a question."""
    return Button(say.plain("👁 Voir la question"), OpenInterpellationPress(view.id))


def back_row(say: Translator, interpellation_id: int) -> tuple[Button, ...]:
    return (Button(say.plain("Retour"), OpenInterpellationPress(interpellation_id)),)


def _state_line(say: Translator, view: InterpellationView) -> Markup:
    if view.lacks_signatures:
        return say("En ce moment : signatures terminées.")
    if view.awaits_confirmation:
        return say("En ce moment : le vote est fini.")
    if view.state is S.COSIGNING and view.cosign_until is not None:
        return say("On peut signer jusqu’au {day}.", day=say.date(view.cosign_until))
    if view.state is S.VOTING and view.vote_until is not None:
        return say("Le conseil vote jusqu’au {moment}.", moment=say.moment(view.vote_until))
    return say("En ce moment : {state}.", state=state_words(say, view.state))


def _present_lines(say: Translator, view: InterpellationView) -> list[Markup]:
    """What holds now, three lines at most."""
    if view.state in UNPUBLISHED:
        return _unpublished_lines(say, view)
    if view.state is S.COSIGNING:
        return [signed_words(say, view), *_own_signature(say, view)]
    if view.state is S.VOTING:
        return [signed_words(say, view), _voted(say, view), *_own_vote(say, view)]
    lines = [] if view.answer is not None else [signed_words(say, view)]
    if view.majority_position and view.state in (S.ADOPTED, S.REJECTED):
        lines.append(say("Position du conseil : {words}", words=shorten(view.majority_position, _POSITION_LIMIT)))
    if view.dissenting_views and view.state is S.ADOPTED:
        n = len(view.dissenting_views)
        lines.append(say.plural("{n} avis différent est écrit.", "{n} avis différents sont écrits.", n))
    if view.is_awaited:
        lines.extend(awaited_words(say, view))
    if view.answer is not None:
        lines.append(say("{who} a répondu :", who=shorten(view.answer.signed, _POSITION_LIMIT)))
        lines.append(quoted(shorten(" ".join(view.answer.words.split()), _ANSWER_LIMIT)))
    return lines


def _unpublished_lines(say: Translator, view: InterpellationView) -> list[Markup]:
    lines = [say("Personne d’autre ne la voit encore.")] if view.is_author else []
    if not view.is_written:
        lines.append(say("Il faut encore écrire ce qui se passe, et la demande."))
    return lines


def _own_signature(say: Translator, view: InterpellationView) -> list[Markup]:
    if not view.signed:
        return []
    if view.shows_name:
        return [say("✅ Vous avez signé, avec votre prénom.")]
    return [say("✅ Vous avez signé, sans votre prénom.")]


def _own_vote(say: Translator, view: InterpellationView) -> list[Markup]:
    if view.my_vote is None:
        return []
    words = {
        VoteChoice.FOR: say("✅ Vous avez voté pour."),
        VoteChoice.AGAINST: say("✅ Vous avez voté contre."),
        VoteChoice.ABSTAIN: say("✅ Vous vous êtes abstenu."),
    }
    return [words[view.my_vote]]


def _voted(say: Translator, view: InterpellationView) -> Markup:
    """While the vote lasts only how many have voted: nobody votes by what others did."""
    if view.vote_runs:
        return say.plural("{n} membre a voté.", "{n} membres ont voté.", view.votes.cast)
    if not view.has_members and not view.votes.cast:
        return say("Le conseil n’a pas encore de membres.")
    return say("Vote : {votes}.", votes=votes_words(say, view.votes))


def _rows(say: Translator, view: InterpellationView) -> tuple[tuple[Button, ...], ...]:
    """First what the reader can do now, then reading, then home."""
    buttons = [*_signing(say, view), *_voting(say, view), *_authors(say, view), *_carrying(say, view)]
    buttons += [made for made in (make(say, view) for make in _MORE) if made is not None]
    reading = [Button(say.plain("📖 Tout lire"), ReadInterpellationPress(view.id, 0))]
    if view.voices and view.carries:
        reading.append(Button(say.plain("🎧 Écouter et voir"), HearPress(view.id)))
    elif view.files:
        reading.append(Button(say.plain("🖼 Voir les photos"), HearPress(view.id)))
    if view.is_public:
        reading.append(Button(say.plain("🔗 Partager"), ShareInterpellationPress(view.id)))
    if len(view.steps) > 1:
        reading.append(Button(say.plain("📜 Historique"), InterpellationHistoryPress(view.id, 0)))
    return (*grid(buttons, 2), *grid(reading, 2), home_row(say))


def _signing(say: Translator, view: InterpellationView) -> list[Button]:
    if view.may_sign:
        return [Button(say.plain("✍️ Je signe"), SignPress(view.id))]
    if not view.may_unsign:
        return []
    name = say.plain("Cacher mon prénom") if view.shows_name else say.plain("Montrer mon prénom")
    return [
        Button(name, SignNamePress(view.id, not view.shows_name)),
        Button(say.plain("Retirer ma signature"), UnsignPress(view.id)),
    ]


def _voting(say: Translator, view: InterpellationView) -> list[Button]:
    if not view.vote_runs or not view.votes_here:
        return []
    buttons = [
        Button(say.plain("👍 Pour"), VotePress(view.id, VoteChoice.FOR)),
        Button(say.plain("👎 Contre"), VotePress(view.id, VoteChoice.AGAINST)),
        Button(say.plain("✋ Je m’abstiens"), VotePress(view.id, VoteChoice.ABSTAIN)),
    ]
    if view.my_vote in (VoteChoice.AGAINST, VoteChoice.ABSTAIN):
        buttons.append(Button(say.plain("✏️ Mon avis différent"), ViewPress(view.id)))
    return buttons


def _authors(say: Translator, view: InterpellationView) -> list[Button]:
    buttons = []
    if view.is_author and view.state is S.DRAFT:
        buttons.append(Button(say.plain("✏️ Continuer à écrire"), GoOnPress(view.id)))
    if view.may_withdraw:
        buttons.append(Button(say.plain("Retirer la question"), WithdrawInterpellationPress(view.id)))
    return buttons


def _carrying(say: Translator, view: InterpellationView) -> list[Button]:
    if not view.carries:
        return []
    buttons = []
    if view.state is S.SUBMITTED:
        buttons.append(Button(say.plain("✅ Ouvrir aux signatures"), OpenToSignPress(view.id, view.revision)))
        buttons.append(Button(say.plain("↩️ Renvoyer à l’auteur"), SendBackPress(view.id)))
    if view.state in UNPUBLISHED:
        buttons.append(Button(say.plain("📝 Écrire le texte"), WriteTextPress(view.id)))
    if view.lacks_signatures and not view.prolonged:
        buttons.append(Button(say.plain("⏳ Donner plus de temps"), ProlongPress(view.id, view.revision)))
    if view.awaits_confirmation:
        buttons.append(Button(say.plain("🗳 Confirmer le résultat"), ConfirmVotePress(view.id)))
    if view.state not in (*UNPUBLISHED, S.COSIGNING, S.VOTING, S.WITHDRAWN, S.CLOSED):
        buttons.append(Button(say.plain("➡️ Faire avancer"), CarryPress(view.id)))
    return buttons
