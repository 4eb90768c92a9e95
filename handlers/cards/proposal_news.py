"""What is told of a proposal: to its author in the words of an author, to all others in those of readers."""

from council.proposal_news import ProposalNews
from handlers.cards.card import Button, Card, Lines, Media, MediaKind, bold, quoted, shorten
from handlers.cards.proposal import ProposalPress
from handlers.cards.proposal_author import CorrectPress
from handlers.cards.proposal_said import said_words
from locales.sentences import sentence
from locales.translator import Translator
from storage.proposals import ProposalAct, ProposalState

_TITLE_LIMIT, _WORDS_LIMIT, _COUNCIL_LIMIT = 80, 600, 60
_TO_AUTHOR: dict[ProposalAct, str] = {
    ProposalAct.PUBLISHED: sentence("✅ Votre proposition est publiée. Les habitants peuvent la soutenir."),
    ProposalAct.CORRECTION_ASKED: sentence("✏️ Avant de la publier, il faut changer quelque chose :"),
    ProposalAct.MERGED: sentence("🔗 Elle est réunie à la proposition {number}. Vous la soutenez maintenant."),
    ProposalAct.SET_ASIDE: sentence("Votre proposition est écartée. Voici pourquoi :"),
    ProposalAct.HIDDEN: sentence("Des habitants ont signalé votre texte. Il est caché. Quelqu’un va le relire."),
    ProposalAct.SHOWN_AGAIN: sentence("👁 Votre texte est relu. Il est de nouveau visible."),
}
_TO_ALL: dict[ProposalAct, str] = {
    ProposalAct.PUBLISHED: sentence("💡 Une nouvelle proposition : {council}"),
    ProposalAct.MERGED: sentence("🔗 Elle est réunie à la proposition {number}. Votre soutien y compte."),
    ProposalAct.SET_ASIDE: sentence("Cette proposition est écartée."),
    ProposalAct.PUT_ON_AGENDA: sentence("📅 Le conseil va en parler : {meeting}, {moment}."),
    ProposalAct.TAKEN_OFF_AGENDA: sentence("📅 Le conseil n’en parlera pas à la réunion prévue."),
    ProposalAct.DISCUSSED: sentence("💬 Le conseil en a parlé."),
    ProposalAct.RETAINED: sentence("👍 Le conseil est d’accord. Il s’en occupe."),
    ProposalAct.FORWARDED: sentence("📨 Le conseil l’a transmise :"),
    ProposalAct.ANSWERED: sentence("📩 Une réponse est arrivée :"),
    ProposalAct.DONE: sentence("🎉 C’est fait."),
    ProposalAct.REFUSED: sentence("Cette proposition est refusée. Voici pourquoi :"),
    ProposalAct.REPORTED_BACK: sentence("📣 Le conseil en a parlé en réunion."),
}
_REPORTED_BACK: dict[ProposalState, str] = {
    ProposalState.ANSWERED: sentence("📣 Le conseil a dit en réunion quelle est la réponse."),
    ProposalState.DONE: sentence("📣 Le conseil a dit en réunion ce qui a été fait."),
    ProposalState.REFUSED: sentence("📣 Le conseil a dit en réunion pourquoi elle est refusée."),
}
"""By what was reported back."""


def news_card(say: Translator, news: ProposalNews) -> Card | None:
    """One step, with what was said of it; None for a step of which the reader hears nothing."""
    told = _TO_AUTHOR.get(news.act) if news.to_author else None
    if news.reported_back is not None:
        told = _REPORTED_BACK[news.reported_back.of]
    told = told or _TO_ALL.get(news.act)
    if told is None:
        return None
    merged = news.act is ProposalAct.MERGED
    words = Lines().add(
        bold(_title(say, news)),
        say(
            told,
            council=shorten(news.council, _COUNCIL_LIMIT),
            number=news.words if merged else news.number,
            meeting=shorten(news.meeting or "", _TITLE_LIMIT),
            moment=say.moment(news.meeting_at) if news.meeting_at is not None else "",
        ),
    )
    if news.words and not merged:
        words.add(quoted(shorten(said_words(say, news.words), _WORDS_LIMIT)))
    media = Media(MediaKind.PHOTO, file_id=news.done_photo_file_id) if news.done_photo_file_id is not None else None
    return Card(words.text, _rows(say, news), media=media)


def to_correct_card(say: Translator, proposal_id: int, number: str, title: str, reason: str) -> Card:
    """Reminds its author of what was asked for; all bare."""
    words = Lines().add(bold(say.plain("{number} : {title}", number=number, title=shorten(title, _TITLE_LIMIT))))
    words.add(say("✏️ Votre proposition attend votre correction :"))
    words.add_all([quoted(shorten(said_words(say, reason), _WORDS_LIMIT))] if reason else [])
    words.add(say("Corrigez-la, et nous la relirons."))
    correct = Button(say.plain("✏️ Corriger et renvoyer"), CorrectPress(proposal_id))
    return Card(words.text, ((correct,), (Button(say.plain("Voir la proposition"), ProposalPress(proposal_id)),)))


def _title(say: Translator, news: ProposalNews) -> str:
    title = shorten(news.title, _TITLE_LIMIT)
    return say.plain("{number} : {title}", number=news.number, title=title) if title else news.number


def _rows(say: Translator, news: ProposalNews) -> tuple[tuple[Button, ...], ...]:
    if news.act is ProposalAct.SET_ASIDE and not news.to_author:
        return ()
    if news.act is ProposalAct.MERGED and news.merged_into is not None:
        return ((Button(say.plain("Voir l’autre proposition"), ProposalPress(news.merged_into)),),)
    if news.act is ProposalAct.CORRECTION_ASKED:
        return ((Button(say.plain("✏️ Corriger et renvoyer"), CorrectPress(news.proposal_id)),),)
    return ((Button(say.plain("Voir la proposition"), ProposalPress(news.proposal_id)),),)
