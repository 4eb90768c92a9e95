from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .clock import Clock, iso
from .events import Feed


@dataclass(frozen=True, slots=True)
class Enclosure:
    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    number: int
    at: datetime
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    attachments: tuple[Enclosure, ...]

    def page(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "n": self.number,
            "at": iso(self.at),
            "from": self.sender,
            "to": self.recipient,
            "subject": self.subject,
            "text": self.text,
            "attachments": [
                {"i": i, "name": enclosure.name, "mime": enclosure.mime, "size": len(enclosure.data)}
                for i, enclosure in enumerate(self.attachments)
            ],
        }
        return shown | ({"html": self.html} if self.html else {})


class Mailbox:
    """The e-mails that the program under test has sent, numbered from 1."""

    def __init__(self, feed: Feed, clock: Clock) -> None:
        self._feed = feed
        self._clock = clock
        self.mails: list[Mail] = []

    def receive(self, letter: dict[str, Any]) -> Mail:
        """Takes the control API's form of an e-mail; raises ValueError on attachments that are no base64."""
        recipient = letter.get("to", "")
        return self.take(
            sender=str(letter.get("from", "")),
            recipient=", ".join(recipient) if isinstance(recipient, list) else str(recipient),
            subject=str(letter.get("subject", "")),
            text=str(letter.get("text", "")),
            html=str(letter.get("html") or ""),
            attachments=tuple(_enclosure(item) for item in letter.get("attachments") or ()),
        )

    def take(
        self,
        *,
        sender: str,
        recipient: str,
        subject: str,
        text: str,
        html: str = "",
        attachments: tuple[Enclosure, ...] = (),
    ) -> Mail:
        """One e-mail that has come, however it came."""
        mail = Mail(len(self.mails) + 1, self._clock.now(), sender, recipient, subject, text, html, attachments)
        self.mails.append(mail)
        self._feed.emit("mail", mail=mail)
        return mail


def _enclosure(item: dict[str, Any]) -> Enclosure:
    return Enclosure(
        name=str(item.get("name") or "attachment"),
        mime=str(item.get("mime") or "application/octet-stream"),
        data=base64.b64decode(item.get("base64") or "", validate=True),
    )
