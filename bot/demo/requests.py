"""Support requests of the demonstration, in several states, asked and answered in the working days before."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.demo.past import Then, said
from council.actors import Actor
from council.clock import Clock
from council.settings import ProgrammeSettings
from council.support import SupportDraft, ask_support
from council.support_end import carry_out, judge, rate
from council.support_sorting import wait_for_requester
from council.support_taking import release
from council.support_talk import say_to_requester
from council.working_time import calendar_of
from locales.translator import Translator
from storage.support import SupportKind, Verdict


@dataclass(frozen=True)
class Cast:
    """Who plays in the requests: who asks, who sits on the council, who answers."""

    resident: Actor
    other: Actor
    member: Actor
    animator: Actor


class Requests:
    """Asks and answers by the use cases that people's taps call, each at its own moment."""

    def __init__(
        self, session: AsyncSession, clock: Clock, programme: ProgrammeSettings, council_id: int, say: Translator
    ) -> None:
        self._session, self._programme, self._council_id, self._say = session, programme, council_id, say
        self._calendar = calendar_of(programme)
        self._now = clock.now()

    async def seed(self, cast: Cast) -> None:
        """Five states: in the queue, in progress, waiting for the person, to be judged, over."""
        await self._closed(cast)
        await self._carried_out(cast)
        await self._waiting(cast)
        await self._in_progress(cast)
        await self._queued(cast)

    async def _closed(self, cast: Cast) -> None:
        asked = await self.ask(
            cast.other, SupportKind.CONTACT, 30, self._say.plain("Qui s’occupe de l’éclairage de ma rue ?")
        )
        await self.answer(cast.animator, asked, 28, self._say.plain("C’est la mairie. Je les appelle."))
        result = self._say.plain("Les lampes sont réparées.")
        await carry_out(self._session, self._before(20), self._programme, cast.animator, asked, result)
        clock = self._before(18)
        await judge(self._session, clock, self._programme, cast.other, asked, 1, Verdict.SOLVED)
        await rate(self._session, clock, cast.other, asked, 1, 5)

    async def _carried_out(self, cast: Cast) -> None:
        asked = await self.ask(
            cast.member,
            SupportKind.ROOM,
            22,
            self._say.plain("Nous cherchons une salle pour trente personnes."),
            for_council=True,
        )
        await self.answer(cast.animator, asked, 20, self._say.plain("Je demande à la maison de quartier."))
        result = self._say.plain("La salle 2 est réservée pour vous le jeudi soir.")
        await carry_out(self._session, self._before(3), self._programme, cast.animator, asked, result)

    async def _waiting(self, cast: Cast) -> None:
        asked = await self.ask(
            cast.other, SupportKind.MOBILISATION, 14, self._say.plain("Comment faire venir plus de jeunes ?")
        )
        await self.answer(cast.animator, asked, 12, self._say.plain("Quel âge ont-ils ? Où se retrouvent-ils ?"))
        await wait_for_requester(self._session, self._before(12), cast.animator, asked)

    async def _in_progress(self, cast: Cast) -> None:
        asked = await self.ask(
            cast.resident,
            SupportKind.PREPARE_MEETING,
            8,
            self._say.plain("Pouvez-vous nous aider pour l’ordre du jour ?"),
        )
        await self.answer(cast.animator, asked, 6, self._say.plain("Oui. Je vous propose un modèle demain."))

    async def _queued(self, cast: Cast) -> None:
        asked = await self.ask(
            cast.resident, SupportKind.BUDGET, 1, self._say.plain("Qui peut payer le goûter de la fête ?")
        )
        await release(self._session, self._before(1), self._programme, cast.animator, asked)

    async def ask(self, who: Actor, kind: SupportKind, hours: int, words: str, *, for_council: bool = False) -> int:
        """So many working hours ago; each hour but once a council."""
        draft = SupportDraft(kind, (said(who, words),), self._council_id, for_council)
        clock = self._before(hours)
        made = await ask_support(self._session, clock, self._programme, who, draft, f"demo:{self._council_id}:{hours}")
        return made.id

    async def answer(self, who: Actor, request_id: int, hours: int, words: str) -> None:
        contents = (said(who, words),)
        await say_to_requester(self._session, self._before(hours), self._programme, who, request_id, contents)

    def _before(self, hours: int) -> Then:
        """So many working hours ago."""
        return Then(self._calendar.subtract(self._now, timedelta(hours=hours)))
