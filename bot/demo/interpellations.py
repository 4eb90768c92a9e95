"""Questions to institutions of the demonstration: one to be signed, one adopted and ready to be sent."""

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.demo.past import Then
from council.actors import Actor
from council.clock import Clock
from council.interpellation_drafts import InterpellationDraft, Question, keep_draft, submit_draft
from council.interpellation_signing import sign
from council.interpellation_votes import confirm, vote
from council.interpellations import open_to_sign
from council.settings import PartnerKind, ProgrammeSettings
from locales.translator import Translator
from storage.interpellations import Interpellation, InterpellationKind, VoteChoice


class Interpellations:
    """Writes, opens, signs and adopts by the use cases that people's taps call, each at its own moment."""

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
        self._partner = next(each.code for each in programme.partners if each.kind is PartnerKind.CITY)

    async def seed(self, resident: Actor, other: Actor, member: Actor) -> None:
        """Two states: adopted by the council, and open to be signed."""
        await self._adopted(resident, other, member)
        await self._open_to_sign(member)

    async def _adopted(self, author: Actor, other: Actor, member: Actor) -> None:
        days = self._programme.interpellations.vote_days
        asked = await self._open(
            author,
            days + 12,
            {
                Question.FACTS: self._say.plain("L’ascenseur de la tour est en panne depuis des mois."),
                Question.PLACE: self._say.plain("La tour du square"),
                Question.PEOPLE: self._say.plain("Quarante familles, dont des personnes âgées."),
                Question.TRIED: self._say.plain("Nous avons téléphoné trois fois."),
                Question.ASKED: self._say.plain("Réparer l’ascenseur, et dire quand."),
            },
        )
        for signer in (other, member):
            await sign(self._session, self._before(days + 8), self._programme, signer, asked.id)
        for voter in (member, self._lead):
            await vote(self._session, self._before(days + 7), voter, asked.id, VoteChoice.FOR)
        await self._session.refresh(asked)
        position = self._say.plain("Oui, à l’unanimité : il faut réparer.")
        clock = self._before(1)
        await confirm(self._session, clock, self._lead, asked.id, asked.revision, position, adopted=True)

    async def _open_to_sign(self, author: Actor) -> None:
        await self._open(
            author,
            2,
            {
                Question.FACTS: self._say.plain("Le bus ne passe plus le dimanche."),
                Question.PEOPLE: self._say.plain("Tous ceux qui travaillent ce jour-là."),
                Question.ASKED: self._say.plain("Un bus par heure le dimanche."),
            },
        )

    async def _open(self, author: Actor, days: int, words: dict[Question, str]) -> Interpellation:
        draft = InterpellationDraft(
            InterpellationKind.INTERPELLATION, self._council_id, partner_code=self._partner, words=words
        )
        clock = self._before(days)
        kept = await keep_draft(self._session, clock, self._programme, author, draft, f"demo:question:{days}")
        sent = await submit_draft(self._session, clock, author, kept.id)
        return await open_to_sign(self._session, clock, self._programme, self._lead, sent.id, sent.revision)

    def _before(self, days: int) -> Then:
        return Then(self._now - timedelta(days=days))
