"""The words for who asks and what was said, as the team reads them: short, and without anybody's account."""

from markupsafe import Markup

from council.support_overview import TeamView, Words
from documents.support_words import SENT
from handlers.cards.card import italic, shorten
from locales.translator import Translator
from storage.support import ContentKind, SupportSide

NAME_LIMIT, _COUNCIL_LIMIT, _LINE_LIMIT = 30, 40, 90


def name_of(say: Translator, first_name: str | None) -> str:
    """Who asks, bare: « un habitant » once the account is erased."""
    return shorten(first_name, NAME_LIMIT) if first_name else say.plain("un habitant")


def asker_words(say: Translator, view: TeamView) -> Markup:
    """« De : Rosa, Quartier Nord. », or without a council."""
    name = name_of(say, view.first_name)
    if view.council is None:
        return say("De : {name}, sans conseil.", name=name)
    council = shorten(view.council, _COUNCIL_LIMIT)
    if view.for_council:
        return say("De : {name}, pour le conseil {council}.", name=name, council=council)
    return say("De : {name}, {council}.", name=name, council=council)


def said_line(say: Translator, words: Words) -> Markup:
    """One message on one line."""
    name = name_of(say, words.author)
    said = what_was_said(say, words, _LINE_LIMIT)
    if words.side is SupportSide.NOTE:
        return italic(say("📝 Note de {name} : {said}", name=name, said=said))
    if words.edited:
        return say("{name} (modifié) : {said}", name=name, said=said)
    return say("{name} : {said}", name=name, said=said)


def what_was_said(say: Translator, words: Words, limit: int) -> str:
    """The words themselves on one line, after the kind of file that they came with; bare."""
    text = shorten(bare_parts(words.parts), limit)
    if words.kind is ContentKind.TEXT and text:
        return text
    sent = say.plain(SENT[ContentKind(words.kind)])
    return say.plain("{sent}, « {text} »", sent=sent, text=text) if text else sent


def bare_parts(parts: tuple[str, ...]) -> str:
    """Safe HTML as bare words on one line."""
    return " ".join(" ".join(Markup(part).striptags() for part in parts).split())
