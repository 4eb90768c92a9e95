"""Proposals of the demonstration: one waits for the lead, one is to be supported, one has come further."""

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.demo.past import Then, said
from council.actors import Actor
from council.clock import Clock
from council.proposal_moderation import publish
from council.proposal_support import support
from council.proposal_treatment import take_step
from council.proposals import ProposalDraft, submit_proposal
from council.settings import ProgrammeSettings
from locales.translator import Translator
from storage.proposals import Proposal, ProposalAct


class Proposals:
    """Proposes, publishes and supports by the use cases that people's taps call, each at its own moment."""

    def __init__(
        self,
        session: AsyncSession,
        clock: Clock,
        programme: ProgrammeSettings,
        council_id: int,
        lead: Actor,
        say: Translator,
    ) -> None:
        self._session, self._programme, self._council_id = session, programme, council_id
        self._lead, self._say = lead, say
        self._now = clock.now()

    async def seed(self, resident: Actor, other: Actor, member: Actor) -> None:
        """In three states: retained with two supports, published, waiting for a moderator."""
        bench = await self._propose(
            member,
            12,
            "espaces-verts",
            self._say.plain("Des bancs devant l’école. Les grands-parents attendent debout."),
            self._say.plain("Place de l’école"),
        )
        await self._publish(bench, 11)
        for supporter in (resident, other):
            await support(self._session, self._before(9), supporter, bench.id)
        words = self._say.plain("Le conseil est d’accord : deux bancs, à l’ombre.")
        await take_step(
            self._session, self._before(4), self._lead, bench.id, bench.revision, ProposalAct.RETAINED, words
        )
        lamp = await self._propose(
            other,
            3,
            "securite",
            self._say.plain("Remettre la lumière dans le passage. Le soir, on n’y voit rien."),
            self._say.plain("Le passage derrière le marché"),
            anonymous=True,
        )
        await self._publish(lamp, 2)
        await self._propose(
            resident,
            1,
            "vivre-ensemble",
            self._say.plain("Un repas de quartier en juin. Chacun apporte un plat."),
            self._say.plain("Le square"),
        )

    async def _propose(
        self, who: Actor, days: int, theme: str, words: str, place: str, *, anonymous: bool = False
    ) -> Proposal:
        draft = ProposalDraft(self._council_id, theme, (said(who, words),), place=place, anonymous=anonymous)
        clock, key = self._before(days), f"demo:proposal:{days}"
        return await submit_proposal(self._session, clock, self._programme, who, draft, key)

    async def _publish(self, proposal: Proposal, days: int) -> None:
        await publish(self._session, self._before(days), self._lead, proposal.id, proposal.revision)

    def _before(self, days: int) -> Then:
        return Then(self._now - timedelta(days=days))
