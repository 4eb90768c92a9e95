"""What becomes of somebody's part in interpellations when they erase their account.

A draft goes whole. What residents have signed, or a partner has in hand, belongs to the council: it goes on under
« Un habitant ». Signatures, votes and opinions stay as numbers, without names or words of their own.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from council import live_cards
from council.actors import Actor
from council.clock import Clock
from council.interpellation_states import move
from council.live_cards import LiveKind
from council.mails import withdraw
from storage.interpellations import (
    UNPUBLISHED,
    Interpellation,
    InterpellationAct,
    InterpellationEvent,
    InterpellationLetter,
    InterpellationSignature,
    InterpellationState,
    InterpellationVote,
)
from storage.mails import Mail, MailState

_NOBODYS = (*UNPUBLISHED, InterpellationState.WITHDRAWN)


async def erase_interpellations_of(session: AsyncSession, clock: Clock, actor: Actor) -> None:
    """Withdraws their drafts and takes their words out; takes name and voice off all else that they wrote.

    A view that differed stands among the dissenting views once the council has adopted, without a name; until then it
    goes with its author. A letter that has left stays as it was sent; one that waits with their name in it is
    withdrawn, and whoever carries it sends it anew. The caller holds what they have written, and those mails.
    """
    await withdraw(session, clock, await mails_that_name(session, actor.person_id))
    theirs = select(Interpellation).where(col(Interpellation.author_id) == actor.person_id)
    in_order = theirs.order_by(col(Interpellation.id)).execution_options(populate_existing=True)
    for each in (await session.exec(in_order)).all():
        if each.state in UNPUBLISHED:
            await move(session, clock, each, InterpellationState.WITHDRAWN, InterpellationAct.WITHDRAWN, actor)
        if each.state in _NOBODYS:
            await _take_out(session, each)
        else:
            values = {"originals": [], "evidence": [_from_nobody(file) for file in each.evidence], "anonymous": True}
            await session.exec(update(Interpellation).where(col(Interpellation.id) == each.id).values(**values))
        await live_cards.refresh(session, clock, LiveKind.INTERPELLATION, each.id)
    signed = update(InterpellationSignature).where(col(InterpellationSignature.person_id) == actor.person_id)
    await session.exec(signed.values(shows_name=False))
    voted = update(InterpellationVote).where(col(InterpellationVote.person_id) == actor.person_id)
    await session.exec(voted.values(view=""))


def cases_that_name(person_id: int) -> SelectOfScalar[int]:
    """Whose letters say their first name, as they wished."""
    shown = col(InterpellationSignature.person_id) == person_id, col(InterpellationSignature.shows_name).is_(True)
    return select(col(InterpellationSignature.interpellation_id)).where(*shown)


async def mails_that_name(session: AsyncSession, person_id: int) -> Sequence[int]:
    """Mails with such a letter that may still leave, or leave once more: of some nobody knows whether they arrived."""
    query = (
        select(col(Mail.id))
        .join(InterpellationLetter, col(InterpellationLetter.mail_id) == col(Mail.id))
        .where(
            col(InterpellationLetter.interpellation_id).in_(cases_that_name(person_id)),
            col(Mail.state).in_((MailState.PENDING, MailState.LEASED, MailState.UNCERTAIN)),
        )
    )
    return (await session.exec(query)).all()


async def _take_out(session: AsyncSession, interpellation: Interpellation) -> None:
    said = ("theme", "title", "facts", "place", "since", "people", "tried", "asked")
    nothing: dict[str, Any] = {**dict.fromkeys(said, ""), "evidence": [], "originals": [], "anonymous": True}
    await session.exec(update(Interpellation).where(col(Interpellation.id) == interpellation.id).values(**nothing))
    about = col(InterpellationEvent.interpellation_id) == interpellation.id
    await session.exec(update(InterpellationEvent).where(about).values(words=""))


def _from_nobody(file: dict[str, Any]) -> dict[str, Any]:
    """A picture that goes with the letter, without the chat that it was sent from."""
    return {**file, "chat_id": 0, "message_id": 0, "reply_to": None}
