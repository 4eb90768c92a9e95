"""Everything held on a person: shown whole, erased whole but for what the institution must keep under a pseudonym.

The pseudonym is the number of the person's row, which no longer leads to anybody (domain.md, section 7).
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import delete, inspect, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, rsvp
from council.actors import Actor
from council.clock import Clock
from council.council_choice import council_names
from council.erasure_holds import hold_all_of
from council.errors import NotJoined
from council.interpellation_erasure import erase_interpellations_of
from council.lock_order import hold_person, hold_programme
from council.proposal_erasure import erase_proposals_of
from council.roles import check_another_coordinator
from council.support_erasure import erase_words_of
from council.support_taking import release_all_of
from storage.animators import Absence, AnimatorPost, AnimatorSkill
from storage.announcements import Announcement
from storage.audit import AuditLine
from storage.columns import Table
from storage.dialogues import Dialogue
from storage.groups import CouncilGroup, TeamGroup
from storage.interpellations import (
    Interpellation,
    InterpellationAnswer,
    InterpellationEvent,
    InterpellationLetter,
    InterpellationOpinion,
    InterpellationSignature,
    InterpellationVote,
)
from storage.invitations import Invitation, InvitationUse
from storage.meetings import Meeting, Rsvp
from storage.outbox import LiveCard, Notice
from storage.people import Consent, Follow, News, Person, RoleGrant
from storage.proposals import Proposal, ProposalEvent, ProposalFollower, ProposalReport
from storage.resource_actors import ResourceActor
from storage.support import SupportCopy, SupportEvent, SupportMessage, SupportRequest
from storage.updates import SetAsideUpdate

NOTICE_VERSION = "4"
"""The version of the privacy notice that people agree to now; it grows when what the notice says changes."""
ERASED_LANGUAGE = "fr"


class After(Enum):
    """What erasure does to the rows of a tie."""

    DELETED = "deleted"
    DETACHED = "detached"
    """The row stays, the number that leads to the person goes."""
    KEPT = "kept"
    """Stays under the pseudonym: acts of the institution, counts of past meetings."""


@dataclass(frozen=True)
class Tie:
    """A column that leads from a row to a person, by their number here or by that of their Telegram account.

    `hidden` columns are not exported: secrets that would open a door, numbers and words of other people.
    """

    table: type[Table]
    column: str
    after: After
    by_telegram_id: bool = False
    hidden: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The name of this part of an export: "follow.person_id"."""
        return f"{self.table.__tablename__}.{self.column}"

    def rows_of(self, person_id: int, telegram_id: int) -> Any:
        """The condition that a row is about that person."""
        return getattr(self.table, self.column) == (telegram_id if self.by_telegram_id else person_id)


_OF_ITS_AUTHOR = frozenset({"author_id", "anonymous", "originals", "evidence", "request_key"})
"""What leads to who wrote an interpellation, voices and chats among it: no business of who confirmed its vote."""

TIES = (
    Tie(Person, "id", After.KEPT),
    Tie(Consent, "person_id", After.DELETED),
    Tie(Follow, "person_id", After.DELETED),
    Tie(RoleGrant, "person_id", After.KEPT),
    Tie(RoleGrant, "granted_by", After.KEPT, hidden=frozenset({"person_id"})),
    Tie(Rsvp, "person_id", After.KEPT),
    Tie(Meeting, "created_by", After.KEPT),
    Tie(Announcement, "author_id", After.KEPT),
    Tie(Invitation, "created_by", After.KEPT, hidden=frozenset({"token_hash", "public_token"})),
    Tie(InvitationUse, "person_id", After.DELETED),
    Tie(CouncilGroup, "linked_by", After.KEPT),
    Tie(TeamGroup, "linked_by", After.KEPT),
    Tie(SupportRequest, "person_id", After.KEPT, hidden=frozenset({"animator_id"})),
    Tie(SupportRequest, "animator_id", After.KEPT, hidden=frozenset({"person_id", "theme", "verdict", "face"})),
    Tie(SupportMessage, "author_id", After.KEPT),
    Tie(SupportMessage, "chat_id", After.DETACHED, by_telegram_id=True),
    Tie(SupportCopy, "chat_id", After.DELETED, by_telegram_id=True),
    Tie(SupportEvent, "person_id", After.KEPT, hidden=frozenset({"other_id"})),
    Tie(SupportEvent, "other_id", After.KEPT, hidden=frozenset({"person_id"})),
    Tie(AnimatorPost, "person_id", After.DELETED),
    Tie(AnimatorPost, "deputy_id", After.KEPT, hidden=frozenset({"person_id"})),
    Tie(AnimatorSkill, "person_id", After.DELETED),
    Tie(Absence, "person_id", After.DELETED),
    Tie(Absence, "created_by", After.KEPT, hidden=frozenset({"person_id"})),
    Tie(ResourceActor, "updated_by", After.KEPT),
    Tie(Proposal, "author_id", After.DETACHED),
    Tie(ProposalFollower, "person_id", After.DELETED),
    Tie(ProposalReport, "person_id", After.DETACHED),
    Tie(ProposalEvent, "person_id", After.KEPT),
    Tie(Interpellation, "author_id", After.DETACHED, hidden=frozenset({"adopted_by"})),
    Tie(Interpellation, "adopted_by", After.KEPT, hidden=_OF_ITS_AUTHOR),
    Tie(InterpellationSignature, "person_id", After.KEPT),
    Tie(InterpellationVote, "person_id", After.KEPT),
    Tie(InterpellationLetter, "written_by", After.KEPT, hidden=frozenset({"pdf"})),
    Tie(InterpellationAnswer, "entered_by", After.KEPT),
    Tie(InterpellationOpinion, "person_id", After.KEPT),
    Tie(InterpellationEvent, "person_id", After.KEPT),
    Tie(Notice, "person_id", After.DELETED),
    Tie(Notice, "chat_id", After.DELETED, by_telegram_id=True),
    Tie(LiveCard, "person_id", After.DELETED),
    Tie(LiveCard, "chat_id", After.DELETED, by_telegram_id=True),
    Tie(Dialogue, "telegram_id", After.DELETED, by_telegram_id=True),
    Tie(Dialogue, "chat_id", After.DELETED, by_telegram_id=True),
    Tie(SetAsideUpdate, "telegram_id", After.DELETED, by_telegram_id=True),
    Tie(AuditLine, "person_id", After.KEPT),
)
"""Every way from a row to a person. A test walks all tables and asks that none is missing here."""

NOT_A_PERSON = {
    "person.telegram_id": "the person's own row, which is exported whole and loses this number when erased",
    "council_group.chat_id": "a group of a council, not somebody's chat",
    "team_group.chat_id": "the group of the team",
    "support_request.topic_chat_id": "the group of the team",
    "resource_actor.phone": "an association's, published by it",
    "resource_actor.email": "an association's, published by it",
}
"""Columns that look like a tie and are none, each with the reason."""


async def export_person(session: AsyncSession, person_id: int) -> dict[str, Any]:
    """All that is held on somebody, as JSON values.

    "held" has the rows of each tie (a row that two ties lead to stands under the first), "councils" and "meetings" the
    names of what these rows point to, "proposals" and "interpellations" their numbers.
    """
    person = await session.get_one(Person, person_id)
    held: dict[str, list[dict[str, Any]]] = {}
    seen: set[Any] = set()
    for tie in TIES:
        if tie.by_telegram_id and person.telegram_id is None:
            continue
        mine = tie.rows_of(person_id, person.telegram_id or 0)
        rows = [row for row in (await session.exec(select(tie.table).where(mine))).all() if _key(row) not in seen]
        seen.update(_key(row) for row in rows)
        held[tie.name] = [_without_others(row.model_dump(mode="json", exclude=set(tie.hidden))) for row in rows]
    return {
        "notice_version": NOTICE_VERSION,
        "held": held,
        "councils": await _councils(session),
        "meetings": await _meetings(session, held),
        "proposals": await _numbers(session, Proposal, "proposal_id", held),
        "interpellations": await _numbers(session, Interpellation, "interpellation_id", held),
    }


def _without_others(row: dict[str, Any]) -> dict[str, Any]:
    """An audit line on what somebody did to another person names that person by number: theirs to ask for."""
    if isinstance(row.get("details"), dict):
        row["details"] = {name: value for name, value in row["details"].items() if name != "person_id"}
    return row


async def erase_person(session: AsyncSession, clock: Clock, actor: Actor) -> None:
    """Forgets who they were; a second time changes nothing.

    Answers to meetings that have begun stay, as numbers among others; seats that they leave free go to those who wait.

    All that it changes is held first, and the name is taken off last (council/lock_order.py). One account is erased at
    a time: of two that were, each would tell the other.

    Raises:
        LastCoordinator: nothing was erased.
    """
    try:
        await hold_person(session, actor.person_id)
    except NotJoined:
        return
    await hold_programme(session)
    if actor.is_coordinator:
        await check_another_coordinator(session, actor.person_id)
    await hold_all_of(session, clock, actor)
    await _leave_office(session, clock, actor.person_id)
    await release_all_of(session, clock, actor, actor.person_id)
    await erase_words_of(session, clock, actor)
    await erase_proposals_of(session, clock, actor)
    await erase_interpellations_of(session, clock, actor)
    await rsvp.release_answers(session, clock, actor.person_id, everything=True)
    await _take_name_off(session, clock, actor.person_id)
    for tie in TIES:
        theirs = tie.rows_of(actor.person_id, actor.telegram_id)
        if tie.after is After.DELETED:
            await session.exec(delete(tie.table).where(theirs))
        elif tie.after is After.DETACHED:
            await session.exec(update(tie.table).where(theirs).values({tie.column: None}))
    await audit.record(session, clock, actor.person_id, "person.erased", "person", actor.person_id)


async def _take_name_off(session: AsyncSession, clock: Clock, person_id: int) -> None:
    now = clock.now()
    nobody = {
        "telegram_id": None,
        "first_name": "",
        "language": ERASED_LANGUAGE,
        "news": News.NONE,
        "last_heard_at": now,
        "unreachable_since": None,
        "erased_at": now,
    }
    await session.exec(update(Person).where(col(Person.id) == person_id).values(**nobody))


async def _leave_office(session: AsyncSession, clock: Clock, person_id: int) -> None:
    """Their roles end, and with them the links by which they let others in; a council's public link stays."""
    for table, theirs in (
        (RoleGrant, (col(RoleGrant.person_id) == person_id,)),
        (Invitation, (col(Invitation.created_by) == person_id, col(Invitation.public_token).is_(None))),
    ):
        ending = update(table).where(*theirs, col(table.revoked_at).is_(None))
        await session.exec(ending.values(revoked_at=clock.now()))


def _key(row: Table) -> Any:
    return inspect(row).identity_key


async def _councils(session: AsyncSession) -> dict[str, str]:
    return {str(council_id): name for council_id, name in (await council_names(session)).items()}


async def _meetings(session: AsyncSession, held: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, str]]:
    wanted = {row["meeting_id"] for rows in held.values() for row in rows if row.get("meeting_id") is not None}
    query = select(col(Meeting.id), col(Meeting.title), col(Meeting.starts_at)).where(col(Meeting.id).in_(wanted))
    rows = (await session.exec(query)).all()
    return {str(each): {"title": title, "starts_at": starts_at.isoformat()} for each, title, starts_at in rows}


async def _numbers(
    session: AsyncSession,
    table: type[Proposal] | type[Interpellation],
    column: str,
    held: dict[str, list[dict[str, Any]]],
) -> dict[str, str]:
    wanted = {row[column] for rows in held.values() for row in rows if column in row}
    query = select(col(table.id), col(table.number)).where(col(table.id).in_(wanted))
    return {str(each): number for each, number in (await session.exec(query)).all()}
