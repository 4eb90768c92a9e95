"""A proposal as everybody reads it: what is proposed, where it stands, and what one may do about it."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from council.live_cards import LiveKind
from council.proposal_views import ProposalView
from council.proposals import beyond_title, title_from
from council.settings import ProgrammeSettings
from documents.qr import deep_link
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, Live, Media, MediaKind, Place, bold, grid, quoted, shorten
from handlers.cards.home import home_button
from handlers.cards.invitation import qr_picture
from handlers.cards.proposal_author import author_rows
from handlers.cards.proposal_said import said_words
from handlers.cards.proposal_treatment import DeskPress, TreatProposalPress
from handlers.cards.proposal_words import supporters_words, title_words
from locales.sentences import sentence
from locales.translator import Translator
from storage.proposals import UNPUBLISHED, ProposalState, ReportReason

# UTF-16 units of what people wrote: with a picture all of the card must fit into a caption of 1,024.
_WORDS_IN_CAPTION, _WORDS_IN_TEXT = 250, 1_500
_SAID_IN_CAPTION, _SAID_IN_TEXT = 150, 400
_A_PIECE = 1_700
"""Characters, of two units at most."""
_PLACE_LIMIT, _COUNCIL_LIMIT, _NAME_LIMIT, _MEETING_LIMIT = 60, 60, 40, 60


@press("pr")
class ProposalPress(Press):
    """Opens the card of a proposal."""

    proposal: int


@press("prs")
class SupportProposalPress(Press):
    """Supports it or does so no more; it says which, so that a double tap is one."""

    proposal: int
    on: bool


@press("prf")
class FollowProposalPress(Press):
    """Hears of it or does so no more; it says which, so that a double tap is one."""

    proposal: int
    on: bool


@press("prj")
class JoinItsCouncilPress(Press):
    """Follows the council of a proposal, to support it."""

    proposal: int


@press("prr")
class ReportProposalPress(Press):
    """Asks what is wrong with its text."""

    proposal: int


@press("prrc")
class ReportReasonPress(Press):
    """Reports it for this reason."""

    proposal: int
    reason: ReportReason


@press("prq")
class ShareProposalPress(Press):
    """Its link and QR code."""

    proposal: int


@press("prw")
class ReadProposalPress(Press):
    """All of its words, and whatever else the card had to shorten."""

    proposal: int


@press("prm")
class ProposalMapPress(Press):
    """Sends the point on the map."""

    proposal: int


@press("prd")
class DonePhotoPress(Press):
    """The picture of what was done."""

    proposal: int


@press("prl")
class BackToProposalsPress(Press):
    """Back to the list as it was left."""


_STANDS: dict[ProposalState, str] = {
    ProposalState.SUBMITTED: sentence("Elle n’est pas encore publiée : quelqu’un doit la relire."),
    ProposalState.TO_CORRECT: sentence("Elle n’est pas encore publiée : il faut la corriger."),
    ProposalState.RECEIVED: sentence("Le conseil l’a reçue. Il va en parler."),
    ProposalState.DISCUSSED: sentence("Le conseil en a parlé en réunion."),
    ProposalState.RETAINED: sentence("Le conseil est d’accord. Il s’en occupe."),
    ProposalState.FORWARDED: sentence("Le conseil l’a transmise. Il attend une réponse."),
    ProposalState.ANSWERED: sentence("Le conseil a reçu une réponse."),
    ProposalState.DONE: sentence("✅ C’est fait."),
    ProposalState.REFUSED: sentence("Elle est refusée."),
    ProposalState.REPORTED_BACK: sentence("C’est terminé. Le conseil l’a dit en réunion."),
    ProposalState.SET_ASIDE: sentence("Elle est écartée."),
    ProposalState.WITHDRAWN: sentence("Son auteur l’a retirée."),
}
_REPORTED_BACK: dict[ProposalState, str] = {
    ProposalState.ANSWERED: sentence("Une réponse est arrivée. Le conseil l’a dit en réunion."),
    ProposalState.DONE: sentence("✅ C’est fait. Le conseil l’a dit en réunion."),
    ProposalState.REFUSED: sentence("Elle est refusée. Le conseil l’a dit en réunion."),
}
"""By what was reported back."""
_WITH_REASON = (ProposalState.REFUSED, ProposalState.SET_ASIDE, ProposalState.TO_CORRECT)
_REASONS: dict[ReportReason, str] = {
    ReportReason.PERSONAL: sentence("Il parle de la vie privée de quelqu’un"),
    ReportReason.OFFENSIVE: sentence("Il est insultant ou violent"),
    ReportReason.FALSE: sentence("Il est faux ou trompeur"),
    ReportReason.OTHER: sentence("Autre chose"),
}


def proposal_card(say: Translator, view: ProposalView, programme: ProgrammeSettings) -> Card:
    """The proposal, where it stands, and the buttons for this reader; kept true in its message once it is published."""
    in_caption = view.photo_file_id is not None
    words = Lines().add(bold(title_words(say, view.title, view.told)), _belongs_line(say, view, programme))
    more = beyond_title(view.title, view.words)
    if more:
        words.add(quoted(shorten(more, _WORDS_IN_CAPTION if in_caption else _WORDS_IN_TEXT)))
    words.add(_from_line(say, view), _stand_line(say, view))
    said = said_of_it(say, view)
    if said:
        words.add(quoted(shorten(said, _SAID_IN_CAPTION if in_caption else _SAID_IN_TEXT)))
    else:
        words.add_all(_own_line(say, view))
    return Card(words.text, _rows(say, view), media=_photo(view.photo_file_id), live=_live(view))


def whole_cards(say: Translator, view: ProposalView) -> tuple[Card, ...]:
    """All that the card had to shorten, in as many messages as it takes."""
    first, *rest = _pieces(view.words)
    is_own = view.title != title_from(view.words)  # else the words begin with it
    heading = say.plain("{number} : {title}", number=view.number, title=view.title) if is_own else view.number
    cards = [
        Card(Lines().add(bold(heading), quoted(first)).text),
        *(Card(quoted(each)) for each in rest),
    ]
    cards += [
        Card(Lines().add(bold(say("La suite :")), quoted(each)).text) for each in _pieces(said_of_it(say, view)) if each
    ]
    return (*cards[:-1], replace(cards[-1], rows=_way_back(say, view.id)))


def map_card(say: Translator, view: ProposalView) -> Card:
    """Call it only when there is a point."""
    place = Place(view.latitude or 0.0, view.longitude or 0.0)
    return Card(bold(title_words(say, view.title, view.told)), _way_back(say, view.id), place=place)


def done_photo_card(say: Translator, view: ProposalView) -> Card:
    """What it looks like now. Call it only when there is a picture."""
    media = Media(MediaKind.PHOTO, file_id=view.done_photo_file_id)
    words = Lines().add(bold(title_words(say, view.title, view.told)), say("✅ C’est fait."))
    return Card(words.text, _way_back(say, view.id), media=media)


def share_card(say: Translator, view: ProposalView, bot_username: str) -> Card:
    link = deep_link(bot_username, view.number)
    words = Lines().add(
        bold(title_words(say, view.title, view.told)),
        link,
        say("Ce lien ouvre cette proposition."),
        say("Montrez l’image, ou envoyez le lien."),
    )
    return Card(words.text, _way_back(say, view.id), media=qr_picture(link))


def report_card(say: Translator, view: ProposalView) -> Card:
    words = Lines().add(
        bold(title_words(say, view.title, view.told)),
        say("Quel est le problème avec ce texte ?"),
        say("Votre nom n’est pas donné."),
    )
    rows = tuple((Button(say.plain(label), ReportReasonPress(view.id, each)),) for each, label in _REASONS.items())
    back = Button(say.plain("Retour"), ProposalPress(view.id))
    return Card(words.text, (*rows, (back,)))


def council_needed_card(say: Translator, view: ProposalView, refused: str) -> Card:
    """Support is for those who follow the council: one tap does it."""
    words = Lines().add(
        bold(title_words(say, view.title, view.told)), refused, say("Conseil : {council}", council=view.council)
    )
    join = Button(say.plain("👣 Suivre ce conseil"), JoinItsCouncilPress(view.id))
    return Card(words.text, ((join,), (Button(say.plain("Retour"), ProposalPress(view.id)),)))


def gone_card(say: Translator, photo_file_id: str | None) -> Card:
    """In the place of a text that its reader may not see any more; a picture stays as long as its message."""
    return Card(say("Ce texte n’est plus visible."), ((home_button(say),),), media=_photo(photo_file_id))


def said_of_it(say: Translator, view: ProposalView) -> str:
    """What was said of it by who decides: the reason for a refusal, else the outcome; "" when nothing was.

    What was said of that in a meeting comes after it.
    """
    back = view.reported_back
    came = back.of if back is not None else view.state
    said = view.reason if came in _WITH_REASON and view.reason else view.outcome
    again = back.words if back is not None and back.words != said else ""
    return " – ".join(said_words(say, each) for each in (said, again) if each)


def _belongs_line(say: Translator, view: ProposalView, programme: ProgrammeSettings) -> Markup:
    """« P-2026-014 – Quartier Nord – Propreté »."""
    return say(
        "{number} – {council} – {theme}",
        number=view.number,
        council=shorten(view.council, _COUNCIL_LIMIT),
        theme=programme.proposals.theme(view.theme).called(say.language),
    )


def _from_line(say: Translator, view: ProposalView) -> Markup:
    """« De : Rosa. Lieu : le square. 3 soutiens. »; until it is published nobody can support it."""
    parts = [_author_words(say, view)]
    if view.place:
        parts.append(say("Lieu : {place}.", place=shorten(view.place, _PLACE_LIMIT)))
    if view.public:
        parts.append(say("{supporters}.", supporters=supporters_words(say, view.supporters)))
    return Markup(" ").join(parts)


def _author_words(say: Translator, view: ProposalView) -> Markup:
    if view.mine:
        return say("C’est votre proposition.")
    author = shorten(view.author, _NAME_LIMIT) if view.author else say.plain("Un habitant")
    if view.anonymous and view.author:
        return say("De : {name} (nom caché aux autres).", name=author)
    return say("De : {name}.", name=author)


def _stand_line(say: Translator, view: ProposalView) -> Markup:
    if view.hidden:
        return bold(say("Le texte est caché : quelqu’un doit le relire."))
    if view.state is ProposalState.MERGED:
        return say("Elle est réunie à la proposition {number}.", number=view.merged_into or "")
    if view.to_be_discussed and view.meeting is not None and view.meeting_at is not None:
        title = shorten(view.meeting, _MEETING_LIMIT)
        return say("Le conseil en parle le {day} : {meeting}.", day=say.date(view.meeting_at), meeting=title)
    if view.reported_back is not None:
        return bold(say(_REPORTED_BACK[view.reported_back.of]))
    return bold(say(_STANDS[view.state]))


def _own_line(say: Translator, view: ProposalView) -> tuple[Markup, ...]:
    if view.supports:
        return (say("Vous la soutenez. Je vous dis la suite."),)
    return (say("Vous la suivez. Je vous dis la suite."),) if view.follows else ()


def _rows(say: Translator, view: ProposalView) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    if view.public and not view.mine:
        rows += _own_rows(say, view)
    rows += author_rows(say, view)
    rows += grid(_looking(say, view), 2)
    if view.merged_into_id is not None:
        rows.append((Button(say.plain("Voir l’autre proposition"), ProposalPress(view.merged_into_id)),))
    rows += _deciding(say, view)
    back = Button(say.plain("◀ Propositions"), BackToProposalsPress())
    return (*rows, (back, home_button(say)))


def _deciding(say: Translator, view: ProposalView) -> Sequence[tuple[Button, ...]]:
    """For moderators, what waits for them; for who treats it, what may follow."""
    if view.may_moderate and (view.hidden or view.state in UNPUBLISHED):
        return ((Button(say.plain("📋 Relire et décider"), DeskPress(view.id)),),)
    author_has_none = view.state is ProposalState.REPORTED_BACK and not view.may_moderate  # but to set it aside
    if view.may_treat and view.public and not author_has_none:
        return ((Button(say.plain("⚙️ Faire avancer"), TreatProposalPress(view.id)),),)
    return ()


def _own_rows(say: Translator, view: ProposalView) -> Sequence[tuple[Button, ...]]:
    if view.supports:
        return ((Button(say.plain("Ne plus soutenir"), SupportProposalPress(view.id, on=False)),),)
    follow = (
        Button(say.plain("🔕 Ne plus suivre"), FollowProposalPress(view.id, on=False))
        if view.follows
        else Button(say.plain("🔔 Suivre"), FollowProposalPress(view.id, on=True))
    )
    if not view.may_be_supported:
        return ((follow,),)
    return ((Button(say.plain("👍 Soutenir"), SupportProposalPress(view.id, on=True)), follow),)


def _looking(say: Translator, view: ProposalView) -> list[Button]:
    buttons = []
    if _is_shortened(say, view):
        buttons.append(Button(say.plain("📖 Tout lire"), ReadProposalPress(view.id)))
    if view.done_photo_file_id is not None:
        buttons.append(Button(say.plain("📷 Ce qui est fait"), DonePhotoPress(view.id)))
    if view.latitude is not None and view.longitude is not None:
        buttons.append(Button(say.plain("🗺 Sur la carte"), ProposalMapPress(view.id)))
    if view.public:
        buttons.append(Button(say.plain("📤 Partager"), ShareProposalPress(view.id)))
        if not view.mine:
            buttons.append(Button(say.plain("🚩 Signaler"), ReportProposalPress(view.id)))
    return buttons


def _pieces(words: str) -> list[str]:
    """Pieces of which each fits into a message; at least one."""
    return [words[start : start + _A_PIECE] for start in range(0, len(words), _A_PIECE)] or [""]


def _is_shortened(say: Translator, view: ProposalView) -> bool:
    in_caption = view.photo_file_id is not None
    words, said = (_WORDS_IN_CAPTION, _SAID_IN_CAPTION) if in_caption else (_WORDS_IN_TEXT, _SAID_IN_TEXT)
    more, told = beyond_title(view.title, view.words), said_of_it(say, view)
    return shorten(more, words) != more or shorten(told, said) != told


def _live(view: ProposalView) -> Live | None:
    """A correction may bring a picture, which no message of words can be edited to show."""
    return Live(LiveKind.PROPOSAL, view.id) if view.published_at is not None else None


def _photo(file_id: str | None) -> Media | None:
    return Media(MediaKind.PHOTO, file_id=file_id) if file_id is not None else None


def _way_back(say: Translator, proposal_id: int) -> tuple[tuple[Button, ...], ...]:
    return ((Button(say.plain("Retour"), ProposalPress(proposal_id)), home_button(say)),)
