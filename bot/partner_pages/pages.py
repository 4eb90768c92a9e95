"""GET and POST /r/TOKEN: whoever has the link reads the letter and answers; all others see that nothing is there.

No log line and no count holds a token, an address or a word of anybody.
"""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import quote

import structlog
from aiohttp import web
from yarl import URL

from bot.context import Context
from bot.metrics import PARTNER_PAGES
from bot.partner_pages.acts import LinkEnded, NoSuchForm, NotTaken, carry_out
from bot.partner_pages.forms import SentForm, Unreadable, read_form
from bot.partner_pages.letter_page import ACKNOWLEDGE, ANSWER, PASS_ON, letter_page
from bot.partner_pages.plain_words import Said, short_page
from bot.partner_pages.rendering import HEADERS, speaker
from bot.partner_pages.tries import Tries, address_of
from council.errors import Refusal
from council.partner_links import open_link
from council.partner_views import (
    PartnerView,
    document_for_partner,
    letter_for_partner,
    note_opened,
    view_for_partner,
)
from locales.sentences import sentence

log = structlog.get_logger("bot.partner_pages")

ALTOGETHER = 20
"""So many times what one address may guess in an hour may be guessed from all together (choice)."""
UPLOADS_AT_ONCE = 4
_PATIENCE = 300.0  # seconds for a form to arrive
_DONE = "fait"
_ALL = "all"
_DONE_WORDS = {
    ACKNOWLEDGE: sentence("Merci. Les habitants savent que la lettre est arrivée."),
    ANSWER: sentence("Merci. Votre réponse est envoyée aux habitants."),
    PASS_ON: sentence("C’est fait. La personne va recevoir un e-mail avec son lien."),
}
Handler = Callable[[web.Request], Awaitable[web.Response]]


class PartnerPages:
    """On the web server of the process that listens to Telegram; PORTEVOIX_PUBLIC_URL says where partners find it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._guesses, self._posts = Tries(), Tries()
        self._uploads = asyncio.Semaphore(UPLOADS_AT_ONCE)

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/r/{token}", self._guarded(self._show))
        app.router.add_post("/r/{token}", self._guarded(self._take))
        app.router.add_get("/r/{token}/lettre.pdf", self._guarded(self._download))
        app.router.add_get(r"/r/{token}/piece/{number:\d{1,15}}", self._guarded(self._download_document))
        app.router.add_route("*", "/r/{rest:.*}", self._guarded(self._unknown))

    def _guarded(self, handler: Handler) -> Handler:
        """Who guesses too often waits; what fails has a page of ours, which says nothing of what was asked."""

        async def handle(request: web.Request) -> web.Response:
            wait = self._guesses.wait(address_of(request), self._limit, self._context.clock.now())
            if wait:
                return self._later(wait, "address")
            try:
                return await handler(request)
            except Exception:
                log.exception("partner_page_failed")
                return self._short(Said.FAILED)

        return handle

    @property
    def _limit(self) -> int:
        return self._context.programme.interpellations.link_tries

    async def _show(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        view = await self._view(token)
        if view is None:
            return await self._unknown(request)
        if view.is_news:
            async with self._context.database.write() as session:
                await note_opened(session, self._context.clock, token)
            view = await self._view(token) or view
        PARTNER_PAGES.labels(end="shown").inc()
        done = _DONE_WORDS.get(request.query.get(_DONE, ""))
        return letter_page(self._context, view, token, done=speaker(self._context)(done) if done else "")

    async def _download(self, request: web.Request) -> web.Response:
        async with self._context.database.read() as session:
            found = await letter_for_partner(session, self._context.clock, request.match_info["token"])
        if found is None:
            return await self._unknown(request)
        PARTNER_PAGES.labels(end="downloaded").inc()
        number, pdf = found
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="lettre-{number}.pdf"'}
        return web.Response(body=pdf, content_type="application/pdf", headers=headers)

    async def _download_document(self, request: web.Request) -> web.Response:
        token, number = request.match_info["token"], int(request.match_info["number"])
        async with self._context.database.read() as session:
            found = await document_for_partner(session, self._context.clock, token, number)
        if found is None:
            return await self._unknown(request)
        PARTNER_PAGES.labels(end="downloaded").inc()
        name, media_type, content = found
        headers = {**HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return web.Response(body=content, content_type=media_type, headers=headers)

    async def _take(self, request: web.Request) -> web.Response:
        """Nothing of the body is read before the token is known to open something."""
        token, clock = request.match_info["token"], self._context.clock
        async with self._context.database.read() as session:
            opened = await open_link(session, clock, token)
        if opened is None:
            return await self._unknown(request)
        if _is_from_elsewhere(request, self._context.settings.public_url):
            log.warning("partner_form_from_elsewhere")
            return self._short(Said.ELSEWHERE)
        reader, now = str(opened[0].id), clock.now()
        wait = self._posts.wait(reader, self._limit, now)
        if wait:
            return self._later(wait, "link")
        self._posts.note(reader, now)
        try:
            async with self._uploads, asyncio.timeout(_PATIENCE):
                form = await read_form(request)
        except (Unreadable, TimeoutError):
            return self._short(Said.UNREADABLE)
        return await self._answered(token, form)

    async def _answered(self, token: str, form: SentForm) -> web.Response:
        try:
            await carry_out(self._context, token, form)
        except NotTaken as why:
            return await self._refused(token, form, why.troubles)
        except NoSuchForm:
            return self._short(Said.UNREADABLE)
        except LinkEnded:
            return self._short(Said.UNKNOWN)
        PARTNER_PAGES.labels(end=_COUNTED[form["geste"]]).inc()
        # Back to the page by GET: to load it again sends nothing twice.
        return web.Response(status=303, headers={**HEADERS, "Location": f"?{_DONE}={form['geste']}"})

    async def _refused(self, token: str, form: SentForm, troubles: list[Refusal]) -> web.Response:
        view = await self._view(token)
        if view is None:
            return self._short(Said.UNKNOWN)
        PARTNER_PAGES.labels(end="refused").inc()
        status = 422 if view.takes_answers else 409
        return letter_page(self._context, view, token, form=form, troubles=troubles, status=status)

    async def _view(self, token: str) -> PartnerView | None:
        """Nothing is written for who guesses."""
        async with self._context.database.read() as session:
            return await view_for_partner(session, self._context.clock, token)

    async def _unknown(self, request: web.Request) -> web.Response:
        """One page for all that opens nothing. It was a guess: whoever has a link has a whole one."""
        now = self._context.clock.now()
        self._guesses.note(address_of(request), now)
        self._guesses.note(_ALL, now)
        wait = self._guesses.wait(_ALL, self._limit * ALTOGETHER, now)
        if wait:
            return self._later(wait, "all")
        log.warning("partner_link_unknown")
        return self._short(Said.UNKNOWN)

    def _later(self, wait: int, whose: str) -> web.Response:
        log.warning("partner_tries_exceeded", whose=whose)
        return self._short(Said.LATER, wait=wait)

    def _short(self, said: Said, *, wait: int = 0) -> web.Response:
        PARTNER_PAGES.labels(end=said.value).inc()
        return short_page(self._context, said, wait=wait)


_COUNTED = {ACKNOWLEDGE: "acknowledged", ANSWER: "answered", PASS_ON: "passed_on"}


def _is_from_elsewhere(request: web.Request, public_url: str | None) -> bool:
    """Whether another site made the browser send this.

    Browsers of today say so. Of older ones the origin is compared; it is "null" when a page, as ours, tells nobody
    where it stands: then the token alone, which no other site knows, has to do.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    if origin == "null":
        return False
    try:
        came_from = URL(origin).host
    except ValueError:
        return True
    ours = {URL(public_url).host if public_url else None, URL(f"//{request.host}").host}
    return came_from not in ours
