"""E-mail to institutions: written in the transaction of what it tells, sent later, and its fate told to who wrote it.

The text is frozen when the mail is written, since what an institution was told must stay what it was.
"""

import hashlib
import re
import uuid
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from email.headerregistry import Address

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate, Refusal
from storage import mail_queue
from storage.database import dialect_insert, wake_sender_after
from storage.mails import Mail, MailAttachment, MailState
from storage.people import Role

SUBJECT_LIMIT = 200
ATTACHMENTS_LIMIT = 15 * 1024 * 1024
"""Bytes of all attachments together: what mail servers commonly take, with what base64 adds (choice)."""
BY_MACHINE: Mapping[str, str] = {"Auto-Submitted": "auto-generated"}
"""Headers of a mail that no person wrote: no holiday message answers it."""
WITHDRAWN = "withdrawn"
"""The answer kept of a mail that was withdrawn before it left."""
UNSENT = (MailState.FAILED, MailState.REFUSED, MailState.UNCERTAIN)


class BadMailAddress(Refusal):
    """No address that a mail could be sent to."""


class AttachmentsTooLarge(Refusal):
    """More than ATTACHMENTS_LIMIT."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail; `media_type` is like "application/pdf"."""

    file_name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class MailWords:
    """Subject and text of a mail, plain, in French."""

    subject: str
    body: str


async def write_mail(
    session: AsyncSession,
    clock: Clock,
    *,
    kind: str,
    subject_id: int,
    address: str,
    subject: str,
    body: str,
    dedup_key: str,
    attachments: Iterable[Attachment] = (),
    headers: Mapping[str, str] | None = None,
) -> int:
    """One mail in the transaction of the change that it tells; its id. The same `dedup_key` again is the same mail.

    `kind` and `subject_id` name what it is about: whoever registered for that kind by `on_mail_settled` hears how it
    ended. `headers` are more headers, such as BY_MACHINE or Reply-To. Line breaks in `subject` become blanks.

    Raises:
        BadMailAddress: nothing was written.
        AttachmentsTooLarge: nothing was written.
        ValueError: a header that a mail's own headers would contradict, or with a line break.
    """
    if not is_mail_address(address):
        raise BadMailAddress
    files = tuple(attachments)
    if sum(len(each.content) for each in files) > ATTACHMENTS_LIMIT:
        raise AttachmentsTooLarge
    now = clock.now()
    row = dialect_insert(session, Mail).values(
        dedup_key=dedup_key,
        kind=kind,
        subject_id=subject_id,
        address=address,
        subject=_one_line(subject)[:SUBJECT_LIMIT],
        body=body,
        headers=_checked_headers(headers or {}),
        message_header=uuid.uuid4().hex,
        state=MailState.PENDING,
        attempts=0,
        claims=0,
        not_before=now,
        created_at=now,
    )
    is_new = bool((await session.exec(row.on_conflict_do_nothing())).rowcount)
    mail_id = (await session.exec(select(col(Mail.id)).where(col(Mail.dedup_key) == dedup_key))).one()
    if is_new:
        session.add_all(_row_of(mail_id, each) for each in files)
        await session.flush()
        wake_sender_after(session)
    return mail_id


async def send_again(session: AsyncSession, clock: Clock, actor: Actor, mail_id: int) -> None:
    """Puts a mail back in line that did not arrive, or may not have: same words, same Message-ID.

    Raises:
        NotAllowed: not of the team, or no such mail.
        OutOfDate: it is on its way, or has arrived.
    """
    mail = await _load(session, actor, mail_id)
    await put_back(session, clock, mail.id)
    await audit.record(session, clock, actor, "mail.sent_again", "mail", mail_id)


async def put_back(session: AsyncSession, clock: Clock, mail_id: int) -> None:
    """Puts a mail in line once more; the caller has checked who may. Raises OutOfDate as `send_again` does."""
    back = (
        update(Mail)
        .where(col(Mail.id) == mail_id, col(Mail.state).in_(UNSENT))
        .values(state=MailState.PENDING, attempts=0, not_before=clock.now(), attempted_at=None, finished_at=None)
    )
    if not (await session.exec(back)).rowcount:
        raise OutOfDate
    wake_sender_after(session)


async def withdraw(session: AsyncSession, clock: Clock, mail_ids: Collection[int]) -> None:
    """These leave no more; the caller holds them. Who listens hears of those that waited, and takes out their files."""
    await mail_queue.withdraw(session, clock.now(), mail_ids)
    wake_sender_after(session)


async def load_unsent(session: AsyncSession, mail_id: int) -> Mail | None:
    """The mail if it did not arrive, or may not have; None when that is no longer so."""
    mail = await session.get(Mail, mail_id)
    return mail if mail is not None and mail.state in UNSENT else None


# --- how a mail ended

Settled = Callable[[AsyncSession, Clock, Mail], Awaitable[None]]
_LISTENERS: dict[str, list[Settled]] = {}


def on_mail_settled(kind: str) -> Callable[[Settled], Settled]:
    """Declares who hears how mails of this kind ended: SENT, REFUSED, FAILED or UNCERTAIN, in the same transaction.

    A later state may follow UNCERTAIN, and any end when a person sent the mail again. The module must be imported by
    bot/mailer/listeners.py, so that the process that sends knows of it.
    """

    def declare(listener: Settled) -> Settled:
        _LISTENERS.setdefault(kind, []).append(listener)
        return listener

    return declare


def listeners_of(kind: str) -> tuple[Settled, ...]:
    return tuple(_LISTENERS.get(kind, ()))


# --- what may stand in a mail

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ASCII_ADDRESS = re.compile(rf"[!-?A-~]{{1,64}}@(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])")
_ADDRESS_LIMIT = 254
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_OWN_HEADERS = {"from", "to", "cc", "bcc", "sender", "subject", "date", "message-id", "mime-version"}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def is_mail_address(address: str) -> bool:
    """One bare address that any mail server takes: no display name, no accent, no second address."""
    if len(address) > _ADDRESS_LIMIT or not _ASCII_ADDRESS.fullmatch(address):
        return False
    try:
        return Address(addr_spec=address).addr_spec == address
    except (ValueError, IndexError):  # the standard library raises the second for some that are cut short
        return False


def _checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        ours = name.lower() in _OWN_HEADERS or name.lower().startswith("content-")
        if ours or not _HEADER.fullmatch(name) or _CONTROLS.search(value):
            raise ValueError(name)
    return dict(headers)


def _row_of(mail_id: int, attachment: Attachment) -> MailAttachment:
    media_type = attachment.media_type.lower()
    if not re.fullmatch(r"[a-z0-9.+-]+/[a-z0-9.+-]+", media_type) or media_type.startswith(("multipart/", "message/")):
        raise ValueError(attachment.media_type)
    return MailAttachment(
        mail_id=mail_id,
        file_name=_one_line(attachment.file_name)[:120] or "document",
        media_type=media_type,
        content=attachment.content,
        sha256=hashlib.sha256(attachment.content).hexdigest(),
    )


def _one_line(words: str) -> str:
    return " ".join(_CONTROLS.sub(" ", words).split())


async def _load(session: AsyncSession, actor: Actor, mail_id: int) -> Mail:
    mail = await session.get(Mail, mail_id)
    if mail is None or not actor.holds_anywhere(Role.ANIMATOR, Role.COORDINATOR):
        raise NotAllowed
    return mail
