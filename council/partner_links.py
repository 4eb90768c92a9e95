"""Personal links of partners to the page of a letter: whoever has the link may read and answer, nobody else."""

import hashlib
import re
import secrets
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.clock import Clock
from council.settings import ProgrammeSettings
from storage.interpellations import Interpellation, InterpellationLetter, PartnerLink

TOKEN_BYTES = 32
"""Of chance in a token: nobody finds one by trying."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_PAGE = re.compile(rf"(/r/){_TOKEN.pattern}")


async def make_link(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    letter: InterpellationLetter,
    name: str,
    passed_on_by: PartnerLink | None = None,
) -> str:
    """A new link to this letter for `name`, as a token to be put behind /r/ of our address.

    The token is kept nowhere: only its hash is. It opens for `interpellations.link_days` days of the calendar.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        PartnerLink(
            letter_id=letter.id,
            token_hash=hash_of(token),
            name=name,
            passed_on_by_id=passed_on_by.id if passed_on_by else None,
            created_at=clock.now(),
            expires_at=clock.now() + timedelta(days=programme.interpellations.link_days),
        )
    )
    await session.flush()
    return token


async def open_link(
    session: AsyncSession, clock: Clock, token: str
) -> tuple[PartnerLink, InterpellationLetter, Interpellation] | None:
    """What a token opens now; None for an unknown one, an expired one and a revoked one alike.

    The letter comes without its PDF, which may be large.
    """
    if not _TOKEN.fullmatch(token):
        return None
    query = (
        select(PartnerLink, InterpellationLetter, Interpellation)
        .join(InterpellationLetter, col(PartnerLink.letter_id) == col(InterpellationLetter.id))
        .join(Interpellation, col(InterpellationLetter.interpellation_id) == col(Interpellation.id))
        .where(
            col(PartnerLink.token_hash) == hash_of(token),
            col(PartnerLink.revoked_at).is_(None),
            col(PartnerLink.expires_at) > clock.now(),
        )
        .options(defer(InterpellationLetter.pdf))  # type: ignore[arg-type]
    )
    return (await session.exec(query)).first()


async def revoke_links(session: AsyncSession, clock: Clock, letter_id: int) -> None:
    """No link to this letter opens anything any more, passed on or not."""
    revoking = update(PartnerLink).where(col(PartnerLink.letter_id) == letter_id, col(PartnerLink.revoked_at).is_(None))
    await session.exec(revoking.values(revoked_at=clock.now()).execution_options(synchronize_session=False))


def page_address(base_url: str, token: str) -> str:
    """Where the page of a letter is found; `base_url` is that of this deployment."""
    return f"{base_url.rstrip('/')}/r/{token}"


def without_tokens(words: str) -> str:
    """The text of a mail as it may be kept once it has left: nobody who reads it here can open the page."""
    return _PAGE.sub(r"\1[…]", words)


def hash_of(token: str) -> str:
    """What is kept of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
