"""One call from its arrival to its answer: recorded, struck by faults, held to the limits, carried out."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from dataclasses import dataclass
from typing import Any

from .arguments import Arguments
from .bots import Bot
from .calls import CallRecord
from .errors import ApiError
from .faults import Fault
from .registry import METHODS, Call, Encoded, Method
from .world import World

_logger = logging.getLogger(__name__)
_PROXY_PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str
    content_type: str = "application/json"


class ConnectionCutError(Exception):
    """The bot is to hear nothing more on this connection."""


async def execute(world: World, bot: Bot, name: str, arguments: Arguments) -> Answer:
    """Carries out a call; raises ConnectionCutError when a fault asks for it."""
    method = METHODS.get(name.lower())
    record = CallRecord(
        token=bot.token,
        bot_id=bot.id,
        method=method.name if method else name,
        params=arguments.recorded() if arguments.uploads else arguments.values,
        wall=world.clock.now(),
        chat_id=arguments.integer("chat_id") or None,
    )
    if method is not None:
        record.unknown = tuple(sorted(key for key in arguments if key not in method.parameters))
    world.calls.append(record)
    world.feed.wake()
    try:
        answer = await _answer(Call(world, bot, arguments, record), method)
        record.status = answer.status
    except ApiError as error:
        record.status, record.error = error.code, error.description
        answer = Answer(error.code, json.dumps(error.body(), ensure_ascii=False))
    except ConnectionCutError:
        record.error = "connection cut"
        raise
    except Exception:
        _logger.exception("%s failed", record.method)
        record.status, record.error = 500, "Internal Server Error"
        answer = Answer(500, '{"ok":false,"error_code":500,"description":"Internal Server Error"}')
    finally:
        _conclude(world, record)
    return answer


def _conclude(world: World, record: CallRecord) -> None:
    record.seconds = time.monotonic() - record.monotonic
    if record.method == "getUpdates" and record.status == 200:
        world.feed.wake()
    else:
        world.log.call(record)


async def _answer(call: Call, method: Method | None) -> Answer:
    fault = call.world.faults.strike(call.record.method, call.record.chat_id) if call.world.faults.rules else None
    if fault is not None:
        call.record.fault = fault.kind
        if (answer := await _before(fault)) is not None:
            return answer
    if method is None:
        raise ApiError(404, "Not Found: method not found")
    if method.counts is not None and call.world.flood.on:
        call.world.flood.check(call.bot.id, call.record.chat_id or 0, method.counts(call))
    answer = Answer(200, _success(await method.run(call)))
    if fault is not None:
        await _after(fault)
    return answer


def _success(result: Any) -> str:
    encoded = result if isinstance(result, Encoded) else json.dumps(result, ensure_ascii=False)
    return f'{{"ok":true,"result":{encoded}}}'


async def _before(fault: Fault) -> Answer | None:
    if (refusal := fault.refusal()) is not None:
        raise refusal
    if fault.kind == "reset":
        raise ConnectionCutError
    if fault.kind == "5xx":
        return Answer(fault.code, _PROXY_PAGE.format(fault.code), "text/html")
    if fault.kind == "hang" and not fault.after:
        await asyncio.sleep(fault.seconds)
    return None


async def _after(fault: Fault) -> None:
    if fault.kind == "lost_answer":
        raise ConnectionCutError
    if fault.kind == "hang" and fault.after:
        await asyncio.sleep(fault.seconds)
