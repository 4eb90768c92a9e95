"""Answers that a programme keeps ready: which fit a request, and what they say to whom."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from council.actors import Actor
from council.errors import NotAllowed, OutOfDate
from council.settings import REFERENCE_LANGUAGE, ProgrammeSettings
from council.support_settings import ReadyAnswer
from council.support_sorting import RequestOver
from council.support_states import check_handles, load_support
from storage.people import Person
from storage.programme import Council
from storage.support import ENDED, SupportKind

_FIELD = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True)
class Addressee:
    """To whom a ready answer goes, and what its fields stand for. `council` None: they know none."""

    request_id: int
    number: str
    kind: SupportKind
    first_name: str
    language: str
    council: str | None
    animator: str

    def fields(self, no_council: str) -> dict[str, str]:
        """The values by the names that a programme file uses; `no_council` stands for a council that is not known."""
        return {
            "prenom": self.first_name,
            "conseil": self.council or no_council,
            "animateur": self.animator,
            "numero": self.number,
        }


async def addressee_of(session: AsyncSession, actor: Actor, request_id: int) -> Addressee:
    """Who asked, and who answers: the actor.

    Raises:
        NotAllowed: not of the team, or no such request.
        RequestOver: the request has ended.
        OutOfDate: the account was erased: nobody would read it.
    """
    request = await load_support(session, actor, request_id)
    check_handles(actor, request)
    if request.state in ENDED:
        raise RequestOver
    council = select(col(Council.name)).where(col(Council.id) == request.council_id)
    person = await session.get_one(Person, request.person_id)
    if person.erased_at is not None:
        raise OutOfDate
    return Addressee(
        request.id,
        request.number,
        request.kind,
        person.first_name,
        person.language,
        (await session.exec(council)).first(),
        actor.first_name,
    )


def offered(programme: ProgrammeSettings, kind: SupportKind) -> tuple[ReadyAnswer, ...]:
    """Those for this kind, then those for all kinds; both in the order of the file."""
    answers = programme.support.answers
    own = tuple(each for each in answers if kind in each.kinds)
    return own + tuple(each for each in answers if not each.kinds)


def pick(programme: ProgrammeSettings, kind: SupportKind, code: str) -> ReadyAnswer:
    """The answer of that code. Raises NotAllowed: not offered for this kind, or there is none."""
    found = next((each for each in offered(programme, kind) if each.code == code), None)
    if found is None:
        raise NotAllowed
    return found


def language_of(answer: ReadyAnswer, wanted: str) -> str:
    """The language in which the person reads it: theirs when it is translated, else French."""
    return wanted if wanted in answer.text else REFERENCE_LANGUAGE


def filled(answer: ReadyAnswer, language: str, fields: Mapping[str, str]) -> str:
    """The bare text in that language with its fields filled in; a name with braces in it fills nothing else."""
    return _FIELD.sub(lambda found: fields.get(found[1], found[0]), answer.text[language]).strip()
