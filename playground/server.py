from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType

from aiohttp import web

from . import control_groups, control_people, control_world
from . import methods as _registered  # noqa: F401 - to have them in the registry
from .arguments import read_arguments
from .control import WORLD, control_errors
from .dispatch import Answer, ConnectionCutError, execute
from .errors import ApiError
from .files import DOWNLOAD_LIMIT, UPLOAD_LIMIT
from .flood import FloodSettings
from .smtp import MailServer
from .world import World

_PAGE = Path(__file__).parent / "page"
_STOP_SECONDS = 1.0


class Playground:
    """Telegram on this machine, as an async context manager.

    Port 0 takes a free one; raises OSError when the port is taken. `flood` switches Telegram's limits on. `mail` opens
    a mail server beside it, at `mail_url`.
    """

    def __init__(
        self, host: str = "127.0.0.1", port: int = 0, flood: FloodSettings | None = None, *, mail: bool = False
    ) -> None:
        self.host = host
        self.port = port
        self.world = World(flood)
        self._mail = MailServer(self.world.mailbox) if mail else None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def mail_url(self) -> str | None:
        """smtp://…, None without a mail server."""
        return self._mail.url if self._mail is not None else None

    async def __aenter__(self) -> Playground:
        self._runner = web.AppRunner(application(self.world), access_log=None, shutdown_timeout=_STOP_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port, backlog=1024)
        try:
            await site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        self.port = self._runner.addresses[0][1]
        if self._mail is not None:
            await self._mail.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.world.feed.close()
        if self._mail is not None:
            await self._mail.stop()
        for bot in self.world.bots.values():
            bot.queue.wake()
            if bot.webhook is not None:
                await bot.webhook.stopped()
        if self._runner is not None:
            await self._runner.cleanup()


def application(world: World) -> web.Application:
    app = web.Application(client_max_size=2 * UPLOAD_LIMIT, middlewares=[control_errors])
    app[WORLD] = world
    app.router.add_route("*", "/bot{token}/{method}", bot_api)
    app.router.add_get("/file/bot{token}/{path:.+}", download)
    for routes in (control_world.routes, control_people.routes, control_groups.routes):
        app.add_routes(routes)
    app.router.add_get("/", page)
    app.router.add_get("/static/{path:.+}", page)
    return app


async def bot_api(request: web.Request) -> web.StreamResponse:
    world = request.app[WORLD]
    bot = world.bots_by_token.get(request.match_info["token"])
    if bot is None:
        return _refused(ApiError(401, "Unauthorized"))
    try:
        arguments = await read_arguments(request)
    except ApiError as error:
        return _refused(error)
    try:
        return _response(await execute(world, bot, request.match_info["method"], arguments))
    except ConnectionCutError:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


def _refused(error: ApiError) -> web.Response:
    return _response(Answer(error.code, json.dumps(error.body())))


def _response(answer: Answer) -> web.Response:
    headers = {"Content-Type": answer.content_type}
    return web.Response(body=answer.body.encode(errors="replace"), status=answer.status, headers=headers)


async def download(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    if request.match_info["token"] not in world.bots_by_token:
        return _refused(ApiError(401, "Unauthorized"))
    stored = world.files.at(request.match_info["path"])
    if stored is None or len(stored.data) > DOWNLOAD_LIMIT:
        return _refused(ApiError(404, "Not Found"))
    return web.Response(body=stored.data, headers={"Content-Type": "application/octet-stream"})


async def page(request: web.Request) -> web.StreamResponse:
    wanted = (_PAGE / request.match_info.get("path", "index.html")).resolve()
    if not wanted.is_relative_to(_PAGE) or not wanted.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(wanted, headers={"Cache-Control": "no-cache"})
