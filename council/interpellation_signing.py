"""Co-signing: residents of the council stand behind an interpellation until the time is over, once each."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council import audit, live_cards
from council.actors import Actor
from council.clock import Clock
from council.errors import NotAllowed, OutOfDate, Refusal
from council.interpellation_letter_rows import check_none_under_way
from council.interpellation_states import S, may_see
from council.interpellation_views import SIGNED_IN, count_signatures
from council.interpellation_votes import begin_vote
from council.live_cards import LiveKind
from council.settings import ProgrammeSettings
from council.support import sits_on
from storage.database import dialect_insert
from storage.interpellations import Interpellation, InterpellationSignature


class NotOfThisCouncil(Refusal):
    """Only who follows the council, or sits on it, signs. `council_id` is the one to follow."""

    def __init__(self, council_id: int) -> None:
        super().__init__(council_id)
        self.council_id = council_id


class SignedAlready(Refusal):
    """Nobody signs twice."""


class SigningOver(Refusal):
    """The time to sign is over, or the letter has left."""


async def sign(
    session: AsyncSession,
    clock: Clock,
    programme: ProgrammeSettings,
    actor: Actor,
    interpellation_id: int,
) -> Interpellation:
    """One more signature, without a name in the letter; the one that is enough begins the vote.

    Raises:
        NotAllowed: not public.
        NotOfThisCouncil: they neither follow the council nor sit on it.
        SigningOver, SignedAlready.
    """
    interpellation = await lock(session, actor, interpellation_id)
    council_id = interpellation.council_id
    if council_id not in actor.follows and council_id not in sits_on(actor):
        raise NotOfThisCouncil(council_id)
    until = interpellation.cosign_until
    if interpellation.state not in SIGNED_IN or until is None or until <= clock.now():
        raise SigningOver
    if not await add_signature(session, clock, interpellation, actor.person_id):
        raise SignedAlready
    await audit.record(session, clock, actor, "interpellation.signed", "interpellation", interpellation.id)
    await vote_when_enough(session, clock, programme, interpellation, actor)
    return interpellation


async def show_name(
    session: AsyncSession, clock: Clock, actor: Actor, interpellation_id: int, *, shown: bool
) -> Interpellation:
    """Whether the first name stands in the letter; may change until it leaves.

    Raises NotAllowed, SigningOver, LetterUnderWay; OutOfDate when there is no signature.
    """
    interpellation, signature = await _signed(session, actor, interpellation_id)
    signature.shows_name = shown
    await session.flush()
    await audit.record(session, clock, actor, "interpellation.signature_shown", "interpellation", interpellation.id)
    await live_cards.refresh(session, clock, LiveKind.INTERPELLATION, interpellation.id)
    return interpellation


async def unsign(session: AsyncSession, clock: Clock, actor: Actor, interpellation_id: int) -> Interpellation:
    """The signature is taken back, until the letter leaves; a vote that has begun goes on.

    Raises NotAllowed, SigningOver, LetterUnderWay; OutOfDate when there is no signature.
    """
    interpellation, signature = await _signed(session, actor, interpellation_id)
    await session.delete(signature)
    await session.flush()
    await audit.record(session, clock, actor, "interpellation.unsigned", "interpellation", interpellation.id)
    await live_cards.refresh(session, clock, LiveKind.INTERPELLATION, interpellation.id)
    return interpellation


async def add_signature(
    session: AsyncSession, clock: Clock, interpellation: Interpellation, person_id: int, *, shows_name: bool = False
) -> bool:
    """False when they have signed before; the caller has asked who may."""
    signing = dialect_insert(session, InterpellationSignature).values(
        interpellation_id=interpellation.id, person_id=person_id, shows_name=shows_name, signed_at=clock.now()
    )
    is_new = bool((await session.exec(signing.on_conflict_do_nothing())).rowcount)
    await live_cards.refresh(session, clock, LiveKind.INTERPELLATION, interpellation.id)
    return is_new


async def vote_when_enough(
    session: AsyncSession, clock: Clock, programme: ProgrammeSettings, interpellation: Interpellation, actor: Actor
) -> None:
    """The vote begins by itself: what residents have signed must not hang on a lead who has no time."""
    if interpellation.state is not S.COSIGNING:
        return
    if await count_signatures(session, interpellation.id) >= interpellation.threshold:
        await begin_vote(session, clock, programme, interpellation, actor)


async def lock(session: AsyncSession, actor: Actor, interpellation_id: int) -> Interpellation:
    """Held until the transaction ends: of two last signatures at once one begins the vote. Raises NotAllowed."""
    query = select(Interpellation).where(col(Interpellation.id) == interpellation_id).with_for_update()
    found = (await session.exec(query.execution_options(populate_existing=True))).first()
    if found is None or not may_see(actor, found):
        raise NotAllowed
    return found


async def _signed(
    session: AsyncSession, actor: Actor, interpellation_id: int
) -> tuple[Interpellation, InterpellationSignature]:
    """Their signature under a letter that has not left."""
    interpellation = await lock(session, actor, interpellation_id)
    if interpellation.state not in SIGNED_IN:
        raise SigningOver
    if interpellation.state is S.ADOPTED:
        await check_none_under_way(session, interpellation)
    signature = await session.get(InterpellationSignature, (interpellation.id, actor.person_id))
    if signature is None:
        raise OutOfDate
    return interpellation, signature
