"""The page of a letter: what stands on it, in French, with what its reader has typed and what is wrong with it."""

import secrets
from collections.abc import Iterator, Mapping

from aiohttp import web
from markupsafe import Markup

from bot.context import Context
from bot.partner_pages.forms import FILES, SentForm
from bot.partner_pages.rendering import page, speaker
from council.errors import Refusal, TooLong
from council.interpellation_answers import NAME_LIMIT, WORDS_LIMIT, NameMissing, NothingAnswered, TooManyFiles
from council.interpellation_letters import theme_name
from council.mails import BadMailAddress
from council.partner_views import PartnerView
from documents.answer_files import KINDS, FileRefused, FilesOverLimit
from documents.interpellation_letter import point_words
from handlers.cards.refusals import refusal_sentence
from locales.translator import Translator, isolated
from storage.interpellations import InterpellationState

ACKNOWLEDGE, ANSWER, PASS_ON = "accuser", "repondre", "transmettre"
"""What a form asks for, in its field « geste »."""
_KILOBYTE = 1024


def letter_page(
    context: Context,
    view: PartnerView,
    token: str,
    *,
    done: str = "",
    form: SentForm | None = None,
    troubles: list[Refusal] | None = None,
    status: int = 200,
) -> web.Response:
    """`done` says what was just done, `form` what was typed, `troubles` why it was not taken."""
    say, sent = speaker(context), form or SentForm()
    by_field: dict[str, str] = {}
    elsewhere = ""
    for each in troubles or ():
        field, words = _field_of(each, sent), refusal_sentence(each, say)
        if field is None or not view.takes_answers:
            elsewhere = words
        else:
            by_field[field] = f"{by_field[field]} {words}" if field in by_field else words
    return page(
        context,
        "letter.html",
        status=status,
        view=view,
        title=isolated(view.title),
        done=done,
        form=_typed(sent),
        troubles=by_field,
        trouble=elsewhere,
        files_lost=bool(troubles) and bool(sent.files) and view.takes_answers,
        closing=_closing(view, say),
        facts=tuple(_facts(view, say)),
        said=tuple((label, words) for label, words in _said(context, view, say) if words),
        pdf=f"{token}/lettre.pdf",
        pdf_size=_kilobytes(say, view.pdf_bytes),
        documents=[
            (f"{token}/piece/{each.id}", each.file_name, _kilobytes(say, each.bytes)) for each in view.documents
        ],
        words_limit=WORDS_LIMIT,
        accept=",".join(f".{each}" for each in (*KINDS, "jpeg")),
        key=sent["cle"] or secrets.token_urlsafe(16),
    )


def _kilobytes(say: Translator, size: int) -> str:
    return say.number(max(1, size // _KILOBYTE))


def _typed(sent: SentForm) -> Mapping[str, str]:
    return {name: sent[name] for name in ("signature", "reponse", "nom", "adresse")}


def _field_of(trouble: Refusal, sent: SentForm) -> str | None:
    """The field of the form that a refusal is about; None: none of them."""
    passing = sent["geste"] == PASS_ON
    match trouble:
        case NameMissing():
            return "nom" if passing else "signature"
        case TooLong(limit=limit) if limit == NAME_LIMIT:
            return "nom" if passing else "signature"
        case TooLong() | NothingAnswered():
            return "reponse"
        case BadMailAddress():
            return "adresse"
        case FileRefused() | FilesOverLimit() | TooManyFiles():
            return FILES
    return None


def _closing(view: PartnerView, say: Translator) -> str:
    """Why nothing can be answered here."""
    if view.state is InterpellationState.CLOSED:
        return say("Merci. Ce dossier est clos. Il ne prend plus de réponse.")
    return say("Cette lettre n’attend pas de réponse en ce moment.")


def _facts(view: PartnerView, say: Translator) -> Iterator[tuple[str, str]]:
    if view.sent_at is not None:
        yield say("Envoyée"), say("le {day}", day=say.date(view.sent_at))
    if view.due_at is not None and view.is_awaited:
        yield (
            say("Réponse attendue"),
            say(
                "au plus tard le {day}. Ce délai est convenu localement. Ce n’est pas un délai légal.",
                day=say.date(view.due_at),
            ),
        )
    if view.acknowledged_at is not None:
        yield say("Reçue"), say("le {day}", day=say.date(view.acknowledged_at))
    if view.answers:
        yield say("Répondue"), say("le {day}", day=say.date(view.answers[0].answered_on))
    if view.closed_at is not None:
        yield say("Close"), say("le {day}", day=say.date(view.closed_at))


def _said(context: Context, view: PartnerView, say: Translator) -> Iterator[tuple[str, str]]:
    yield say("À"), view.partner
    yield say("Thème"), theme_name(context.programme, view.theme)
    yield say("Notre relance"), view.words
    yield say("Ce qui se passe"), view.facts
    yield say("Où"), "\n".join(filter(None, (view.place, *map(point_words, view.points))))
    yield say("Depuis quand"), view.since
    yield say("Pour qui"), view.people
    yield say("Ce qui a été essayé"), view.tried
    yield say("Ce que nous demandons"), view.asked
    if view.signatures:
        yield (
            say("Signatures"),
            say.plural("{n} personne a signé.", "{n} personnes ont signé.", view.signatures),
        )
    yield say("La position de la majorité"), view.majority_position
    yield say("D’autres avis du conseil"), "\n\n".join(view.dissenting_views)
    yield say("Photos et papiers"), Markup("\n").join(_papers(view, say))


def _papers(view: PartnerView, say: Translator) -> Iterator[Markup]:
    """What stands at the end of the PDF, what went beside it, and what could not."""
    if view.enclosed:
        yield say.plural(
            "{n} photo ou papier est à la fin de la lettre en PDF.",
            "{n} photos ou papiers sont à la fin de la lettre en PDF.",
            view.enclosed,
        )
    if view.documents:
        yield say.plural("{n} document est avec la lettre.", "{n} documents sont avec la lettre.", len(view.documents))
    if view.left_out:
        yield say.plural(
            "{n} document n’a pas pu être joint. Le conseil le tient à votre disposition.",
            "{n} documents n’ont pas pu être joints. Le conseil les tient à votre disposition.",
            view.left_out,
        )
