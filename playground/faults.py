"""Faults on order: what networks and servers do to a bot on a bad day."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import Any

from .errors import ApiError, ControlError, bad_request, forbidden, too_many_requests, upgraded

KINDS = frozenset({"429", "403", "400", "5xx", "reset", "lost_answer", "hang", "migrate"})


@dataclass(slots=True)
class Fault:
    """Strikes `times` calls that match, after letting `skip` of them pass.

    Kinds, with what they heed: `429` (retry_after; with scope "chat" it stays with the chat that it struck first),
    `403` and `400` (text), `5xx` (code; `html` for a proxy's page in the place of JSON), `migrate` (to), `reset` (cut
    before anything is done), `lost_answer` (done, then cut), `hang` (seconds; before it is done, or `after`).
    """

    kind: str
    method: str | None = None
    """A glob, in any case: "send*"."""
    chat_id: int | None = None
    times: int = 1
    skip: int = 0
    retry_after: int = 5
    scope: str = "all"
    text: str = ""
    code: int = 502
    html: bool = False
    seconds: float = 30.0
    after: bool = False
    to: int = 0
    struck: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ControlError(f"There is no fault of kind “{self.kind}”.")

    def matches(self, method: str, chat_id: int | None) -> bool:
        if self.method is not None and not fnmatchcase(method.lower(), self.method.lower()):
            return False
        return self.chat_id is None or self.chat_id == chat_id

    def refusal(self) -> ApiError | None:
        """What the bot is told, for the faults that are an answer."""
        match self.kind:
            case "429":
                return too_many_requests(self.retry_after)
            case "403":
                return forbidden(self.text or "bot was blocked by the user")
            case "400":
                return bad_request(self.text or "fault on order")
            case "migrate":
                return upgraded(self.to)
            case "5xx" if not self.html:
                return ApiError(self.code, self.text or HTTPStatus(self.code).phrase)
        return None


class Faults:
    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def add(self, kind: str, **settings: Any) -> Fault:
        """The first rule that matches a call strikes it. Settings are the fields of Fault."""
        known = {each.name for each in fields(Fault)} - {"struck"}
        if unknown := settings.keys() - known:
            raise ControlError(f"A fault has no setting “{min(unknown)}”.")
        fault = Fault(kind, **settings)
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        self.rules.clear()

    def strike(self, method: str, chat_id: int | None) -> Fault | None:
        for fault in self.rules:
            if not fault.matches(method, chat_id):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.scope == "chat":
                fault.chat_id = chat_id
            fault.times -= 1
            fault.struck += 1
            if fault.times <= 0:
                self.rules.remove(fault)
            return fault
        return None
