"""What a partner does on the page: each form, once, in one transaction."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.context import Context
from bot.partner_pages.forms import SentForm
from bot.partner_pages.letter_page import ACKNOWLEDGE, ANSWER, PASS_ON
from council.errors import Refusal
from council.interpellation_answers import AnswerDraft, KeptFile, NothingAnswered, acknowledge, answer, troubles_in
from council.interpellation_passing import pass_on
from council.local_time import local
from council.partner_links import open_link
from documents.answer_files import ALL_LIMIT, FilesOverLimit, taken
from documents.partner_mails import passed_on_mail
from storage.interpellations import Interpellation, PartnerLink

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
Act = Callable[[AsyncSession, PartnerLink, Interpellation], Awaitable[object]]


class NoSuchForm(Exception):
    """None of ours."""


class LinkEnded(Exception):
    """It opened a moment ago, and opens nothing any more."""


class NotTaken(Exception):
    """All that is wrong with a form."""

    def __init__(self, troubles: list[Refusal]) -> None:
        super().__init__(troubles)
        self.troubles = troubles


async def carry_out(context: Context, token: str, form: SentForm) -> None:
    """Does what the form asks for; the same form again is done once.

    Raises:
        NotTaken: nothing was kept, and why.
        LinkEnded, NoSuchForm: nothing was kept.
    """
    try:
        await _committed(context, token, await _act_of(context, form))
    except Refusal as refusal:
        raise NotTaken([refusal]) from refusal


async def _act_of(context: Context, form: SentForm) -> Act:
    asked = form["geste"]
    if asked == ACKNOWLEDGE:
        return lambda session, link, case: acknowledge(session, context.clock, context.programme, case, link)
    if asked == ANSWER:
        draft = await _draft_of(context, form)
        return lambda session, link, case: answer(
            session, context.clock, context.programme, case, draft, _answer_key(link, case, draft), by=link
        )
    if asked != PASS_ON or not _KEY.fullmatch(form["cle"]):
        raise NoSuchForm
    mail = partial(passed_on_mail, base_url=context.settings.public_url or f"http://{context.settings.listen}")
    name, address = form["nom"].strip(), form["adresse"].strip()
    return lambda session, link, _case: pass_on(
        session,
        context.clock,
        context.programme,
        link,
        name,
        address,
        mail=mail,
        request_key=_digest(f"{link.id}", form["cle"], name, address),
    )


async def _draft_of(context: Context, form: SentForm) -> AnswerDraft:
    """Raises NotTaken with all that is wrong: whoever has to choose files again should do so once."""
    files: list[KeptFile] = []
    troubles: list[Refusal] = []
    for upload in form.files:
        try:
            files.append(await asyncio.to_thread(taken, upload))
        except Refusal as refusal:
            troubles.append(refusal)
    if form.cut_off or sum(len(each.content or b"") for each in files) > ALL_LIMIT:
        troubles.append(FilesOverLimit())
    today = local(context.clock.now(), context.programme.tz).date()
    draft = AnswerDraft(form["signature"], form["reponse"], today, files=tuple(files))
    # A file was meant to be the answer, or a part of it: that words are missing would be no news.
    missing = [each for each in troubles_in(draft) if not troubles or not isinstance(each, NothingAnswered)]
    troubles = [*missing, *troubles]
    if troubles:
        raise NotTaken(troubles)
    return draft


async def _committed(context: Context, token: str, act: Act) -> None:
    async with context.database.write() as session:
        opened = await open_link(session, context.clock, token)
        if opened is None:
            raise LinkEnded
        link, _letter, case = opened
        await act(session, link, case)


def _answer_key(link: PartnerLink, case: Interpellation, draft: AnswerDraft) -> str:
    """The same words and files from the same link are one answer, be it by two taps or by going back to the form."""
    files = (f"{each.file_name}:{each.sha256}" for each in draft.files)
    return _digest(f"{link.id}", f"{case.round}", draft.signed, draft.words, *files)


def _digest(*parts: str) -> str:
    hashed = hashlib.sha256()
    for each in parts:
        part = each.encode("utf-8", "replace")
        hashed.update(len(part).to_bytes(8, "big") + part)
    return f"page:{hashed.hexdigest()}"
