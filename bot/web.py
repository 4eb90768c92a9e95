"""The small web server: health, readiness, metrics; inbound adds the webhook to it."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Ready = Callable[[], Awaitable[bool]]


class WebServer:
    """Listens on `host:port`; `add` routes before `start`."""

    def __init__(self, host: str, port: int, ready: Ready) -> None:
        self._host, self._port, self._ready = host, port, ready
        self.app = web.Application(client_max_size=1024 * 1024)
        self.app.router.add_get("/healthz", self._healthz)
        self.app.router.add_get("/readyz", self._readyz)
        self.app.router.add_get("/metrics", self._metrics)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Raises OSError when the port is in use."""
        # aiohttp's access log would hold paths, and paths hold partners' tokens.
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=20)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()

    async def stop(self) -> None:
        """No new requests; those in hand are finished first."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def _readyz(self, _request: web.Request) -> web.Response:
        ready = await self._ready()
        return web.json_response({"ready": ready}, status=200 if ready else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
