"""What the routes of the control API share."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from .arguments import Arguments
from .errors import ApiError, ControlError
from .world import World

WORLD = web.AppKey("world", World)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def rendered(value: Any) -> str:
    """JSON in which the world's objects show their page form."""
    return json.dumps(value, ensure_ascii=False, default=lambda shown: shown.page())


def answer(value: Any, status: int = 200) -> web.Response:
    return web.Response(text=rendered(value), status=status, content_type="application/json")


def world_of(request: web.Request) -> World:
    return request.app[WORLD]


async def body_of(request: web.Request) -> Arguments:
    """The JSON object of the request's body, empty when there is none."""
    raw = await request.read()
    try:
        parsed = json.loads(raw) if raw else {}
    except ValueError:
        raise ControlError("The body is not JSON.") from None
    if not isinstance(parsed, dict):
        raise ControlError("The body is not a JSON object.")
    return Arguments(parsed)


def id_in(request: web.Request, name: str = "id") -> int:
    try:
        return int(request.match_info[name])
    except ValueError:
        raise ControlError("The id in the address is not a number.", 404) from None


@web.middleware
async def control_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refusals as JSON; and none but our own page may steer the playground from a browser."""
    if not request.path.startswith("/playground/"):
        return await handler(request)
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        return answer({"error": "Another site may not use this."}, 403)
    try:
        return await handler(request)
    except ControlError as error:
        return answer({"error": error.sentence}, error.status)
    except ApiError as error:
        return answer({"error": error.description}, 400)
    except ValueError as error:
        return answer({"error": f"A value cannot be read: {error}"}, 400)
    except web.HTTPNotFound:
        return answer({"error": "There is no such address."}, 404)
    except web.HTTPMethodNotAllowed as error:
        return answer({"error": f"This address does not take {error.method}."}, 405)
