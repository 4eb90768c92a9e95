"""The team of Paris as its coordinator finds it: somebody away, somebody full, one request late, one free."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.demo.past import Then
from bot.demo.people import people_of
from bot.demo.requests import Requests
from council.absences import declare_absence
from council.actors import Actor, load_actor
from council.animator_posts import set_capacity, set_deputy
from council.clock import Clock
from council.local_time import local
from council.settings import ProgrammeSettings
from locales.sentences import sentence
from locales.translator import Translator
from storage.programme import Council
from storage.support import SupportKind

_QUESTIONS = (
    (SupportKind.ROOM, sentence("Il nous faut une salle le samedi matin.")),
    (SupportKind.CONTACT, sentence("À qui parler de la propreté du square ?")),
    (SupportKind.COMMUNICATION, sentence("Pouvez-vous nous aider à faire une affiche ?")),
    (SupportKind.RUN_MEETING, sentence("Qui peut animer notre prochaine réunion ?")),
    (SupportKind.TRAINING, sentence("Y a-t-il une formation pour les nouveaux du conseil ?")),
)
_ANSWER = sentence("Je m’en occupe. Je vous réponds cette semaine.")


@dataclass(frozen=True)
class Work:
    """What an animator has in hand: asked so many working hours ago; of these, what has no answer yet."""

    animator: str
    neighbour: str
    council: str
    asked: tuple[int, ...]
    unanswered: frozenset[int] = frozenset()


_WORK = (
    Work("Nadia", "Awa", "paris-10", (26, 9, 2), frozenset({2})),
    Work("Thomas", "Awa", "paris-11", (12,)),
    Work("Aïcha", "Bruno", "paris-13", (30, 22)),
    Work("Paulo", "Bruno", "paris-14", (16, 7, 3, 1), frozenset({1})),
    Work("Inès", "Chloé", "paris-19", (5,)),
    Work("Moussa", "Awa", "paris-20", (40, 33, 18, 10, 8, 1), frozenset({8, 1})),  # the promise of the former is over
)
_AWAY, _DEPUTY = "Aïcha", "Paulo"
_DECLARED, _SINCE, _UNTIL = timedelta(days=-7), timedelta(days=-1), timedelta(days=9)
_FULL, _ROOM = "Moussa", 6


class TeamAtWork:
    """By the use cases that the team's taps call, each at its own moment."""

    def __init__(self, session: AsyncSession, clock: Clock, programme: ProgrammeSettings, say: Translator) -> None:
        self._session, self._clock, self._programme, self._say = session, clock, programme, say

    async def seed(self) -> None:
        """Asked before the absence, which began yesterday, whatever the day."""
        claire = await self._actor("Claire")
        for work in _WORK:
            await self._work(work)
        away, deputy, full = [await self._actor(name) for name in (_AWAY, _DEPUTY, _FULL)]
        await set_deputy(self._session, self._clock, claire, away.person_id, deputy.person_id)
        await set_capacity(self._session, self._clock, claire, full.person_id, _ROOM)
        now = self._clock.now()
        first, last = (local(now + shift, self._programme.tz).date() for shift in (_SINCE, _UNTIL))
        then = Then(now + _DECLARED)
        await declare_absence(self._session, then, self._programme, away, away.person_id, first, last)

    async def _work(self, work: Work) -> None:
        animator, neighbour = await self._actor(work.animator), await self._actor(work.neighbour)
        found = await self._session.exec(select(col(Council.id)).where(col(Council.code) == work.council))
        requests = Requests(self._session, self._clock, self._programme, found.one(), self._say)
        for at, hours in enumerate(work.asked):
            kind, words = _QUESTIONS[at % len(_QUESTIONS)]
            asked = await requests.ask(neighbour, kind, hours, self._say.plain(words))
            if hours not in work.unanswered:
                await requests.answer(animator, asked, hours - 1, self._say.plain(_ANSWER))

    async def _actor(self, first_name: str) -> Actor:
        number = next(each.telegram_id for each in people_of("paris") if each.first_name == first_name)
        actor = await load_actor(self._session, number)
        if actor is None:
            raise LookupError(first_name)
        return actor
