"""Redirecting a request to a resource actor: the requester hears whom to reach, partners hear of it by e-mail."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from council import notices
from council.actors import Actor
from council.clock import Clock
from council.council_choice import council_of
from council.errors import OutOfDate
from council.mails import BY_MACHINE, UNSENT, MailWords, is_mail_address, on_mail_settled, write_mail
from council.notices import NoticeKind, Word
from council.resource_actors import list_themes, open_actor, theme_code
from council.settings import PartnerEntry, ProgrammeSettings
from council.support_merged import REDIRECTED, hold_with_merged, redirect_with
from council.support_states import TRANSITIONS, check_handles, load_support, move
from storage import duty
from storage.mails import Mail
from storage.outbox import NoticePriority
from storage.support import SupportAct, SupportRequest, SupportState

MAIL_KIND = "support_redirected"
"""The kind of the mails that tell partners; their subject is the request."""


@dataclass(frozen=True)
class Redirection:
    """What partners may know of it: nothing that leads to who asked.

    `council` may be unknown; so may `theme`, which is one of the directory and no words of the person.
    """

    programme: str
    number: str
    council: str | None
    theme: str | None
    resource_actor: str


async def open_redirectable(session: AsyncSession, actor: Actor, request_id: int) -> SupportRequest:
    """A request that this person may redirect now.

    Raises:
        NotAllowed: not of the team, or no such request.
        OutOfDate: it has ended, or has been redirected already.
    """
    request = await load_support(session, actor, request_id)
    check_handles(actor, request)
    _check_leads_there(request)
    return request


def _check_leads_there(request: SupportRequest) -> None:
    if SupportState.REDIRECTED not in TRANSITIONS[request.state]:
        raise OutOfDate


async def told_by_mail(
    session: AsyncSession, programme: ProgrammeSettings, request: SupportRequest
) -> list[PartnerEntry]:
    """Partners who hear by e-mail when this request is redirected, by the programme's settings."""
    council = await council_of(session, request.council_id)
    code = council.code if council is not None else None
    return [
        each
        for each in programme.partners
        if each.kind.value in programme.support.told_by_mail
        and (not each.councils or code in each.councils)
        and each.email is not None
        and is_mail_address(each.email)
    ]


async def redirect(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    request_id: int,
    resource_actor_id: int,
    letter: Callable[[Redirection], MailWords],
) -> SupportRequest:
    """Ends the team's work on a request: somebody else is the right one. `letter` says it to partners.

    Raises:
        NotAllowed: not of the team, no such request or no such entry of the directory.
        OutOfDate: the request has ended meanwhile, or the entry was taken out of the directory.
    """
    request = await open_redirectable(session, actor, request_id)
    entry = await open_actor(session, resource_actor_id)
    if entry.archived:
        raise OutOfDate
    await hold_with_merged(session, request.id)
    _check_leads_there(request)  # as it is now: of two who confirm, the second has waited for the first
    await move(
        session, clock, request, SupportState.REDIRECTED, SupportAct.REDIRECTED, actor, resource_actor_id=entry.id
    )
    word = Word(
        NoticeKind.SUPPORT_NEWS,
        request.id,
        NoticePriority.TRANSACTIONAL,
        revision=request.rounds,
        detail=REDIRECTED,
    )
    await notices.tell(session, clock, request.person_id, word)
    await redirect_with(session, clock, request, actor)
    council = await council_of(session, request.council_id)
    # What somebody typed themselves may say who they are: only words of the directory leave.
    asked = theme_code(request.theme) if request.theme else None
    theme = next((each.name for each in await list_themes(session) if each.code == asked), None)
    told = letter(Redirection(programme.name, request.number, council.name if council else None, theme, entry.name))
    for partner in await told_by_mail(session, programme, request):
        await write_mail(
            session,
            clock,
            kind=MAIL_KIND,
            subject_id=request.id,
            address=partner.email or "",
            subject=told.subject,
            body=told.body,
            dedup_key=f"{MAIL_KIND}:{request.id}:{request.rounds}:{partner.code}",
            headers=BY_MACHINE,
        )
    return request


@on_mail_settled(MAIL_KIND)
async def _tell_trouble(session: AsyncSession, clock: Clock, mail: Mail) -> None:
    """A mail that did not arrive, or may not have: who holds the request hears of it, else who coordinates."""
    if mail.state not in UNSENT:
        return
    request = await session.get(SupportRequest, mail.subject_id)
    holder = (request.animator_id,) if request is not None and request.animator_id is not None else ()
    told = await duty.team_among(session, holder) or await duty.coordinators(session)
    word = Word(NoticeKind.MAIL_UNSENT, mail.id, NoticePriority.TRANSACTIONAL, revision=mail.claims)
    await notices.tell_each(session, clock, told, word)
