"""Residents at their phones: each asks for the meetings, answers one, asks again; and when they are answered."""

import asyncio
import time
from itertools import cycle
from typing import Any

from benchmarks.programs import watch_calls
from benchmarks.stores import FIRST_TELEGRAM_ID
from handlers.cards.meeting import RsvpPress, Surface
from playground.calls import CallRecord
from playground.phones import Phone
from playground.server import Playground
from storage.meetings import Answer

PATIENCE = 30.0  # seconds
MEETING = 1


class Residents:
    """The first `people` of a store; `last_call_of_a_press` is the call after which nothing more follows a press."""

    def __init__(self, playground: Playground, people: int, last_call_of_a_press: str) -> None:
        self._world = playground.world
        self._press_ends = last_call_of_a_press
        self._phones = [
            self._world.add_phone(FIRST_TELEGRAM_ID + number, f"Habitante {number}") for number in range(1, people + 1)
        ]
        self._turns = [0] * people
        self._answers = cycle(Answer)
        self._awaited: dict[int, tuple[str, asyncio.Future[float]]] = {}
        watch_calls(playground, self._note)

    async def act(self, number: int) -> float:
        """What this resident does next; seconds until the answer has arrived. One at a time for each resident."""
        phone, turn = self._phones[number], self._turns[number]
        self._turns[number] += 1
        asked = time.monotonic()
        if turn % 2:
            self._press(phone)
            answered = self._await(phone, self._press_ends)
        else:
            phone.sends("/reunions")
            answered = self._await(phone, "sendMessage")
        async with asyncio.timeout(PATIENCE):
            return await answered - asked

    def _press(self, phone: Phone) -> None:
        shown = phone.chat().last()
        phone.presses(shown, data=RsvpPress(MEETING, next(self._answers), Surface.LISTED).pack())

    def _await(self, phone: Phone, method: str) -> asyncio.Future[float]:
        answered = asyncio.get_running_loop().create_future()
        self._awaited[phone.id] = method, answered
        return answered

    def _note(self, call: CallRecord) -> None:
        chat_id = call.chat_id or self._chat_of_press(call.params)
        method, answered = self._awaited.get(chat_id, ("", None))
        if answered is not None and call.method == method:
            del self._awaited[chat_id]
            if call.status == 200:
                answered.set_result(time.monotonic())
            else:
                answered.set_exception(AssertionError(call.error))

    def _chat_of_press(self, params: dict[str, Any]) -> int:
        press = self._world.first_bot().presses.get(str(params.get("callback_query_id")))
        return press.chat.id if press is not None else 0
