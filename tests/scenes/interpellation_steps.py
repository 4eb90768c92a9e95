"""What scenes about interpellations share: partners to write to, and one brought as far as a scene needs it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from council.interpellation_drafts import InterpellationDraft, Question, keep_draft, submit_draft
from council.interpellation_settings import InterpellationSettings
from council.interpellation_signing import sign
from council.interpellation_votes import confirm, vote
from council.interpellations import open_to_sign
from council.programme import apply_programme
from council.settings import PartnerEntry, PartnerKind
from storage.interpellations import (
    Interpellation,
    InterpellationEvent,
    InterpellationKind,
    InterpellationSignature,
    InterpellationVote,
    VoteChoice,
)
from tests.scenes.stage import Person, Stage

TOWN, PREFECTURE, LANDLORD = "mairie", "prefecture", "bailleur"
PARTNERS = (
    PartnerEntry(code=TOWN, name="Ville d’Essai", kind=PartnerKind.CITY, email="mairie@ville.example"),
    PartnerEntry(code=PREFECTURE, name="Préfecture d’Essai", kind=PartnerKind.PREFECTURE, email="pref@etat.example"),
    PartnerEntry(code=LANDLORD, name="Habitat Nord", kind=PartnerKind.LANDLORD, councils=("nord",)),
)
"""The town and the prefecture have addresses; the landlord of the north has none."""
FACTS, ASKED = "L’ascenseur du 12 est en panne.", "Réparer l’ascenseur."
POSITION = "Le conseil adopte par 2 voix pour."


@dataclass(frozen=True)
class StageClock:
    """The clock of the stage, for what happens without taps."""

    stage: Stage

    def now(self) -> datetime:
        return self.stage.now()


async def with_partners(stage: Stage, **figures: int) -> None:
    """The programme's file names PARTNERS; few signatures are needed unless `figures` say otherwise."""
    few = {"signatures": 2, "saisine_signatures": 3, **figures}
    changed = {"partners": PARTNERS, "interpellations": InterpellationSettings(**few)}
    stage.settings = stage.settings.model_copy(update=changed)
    async with stage.database.write() as session:
        await apply_programme(session, StageClock(stage), stage.settings)
    await stage.all_delivered()


async def submitted(stage: Stage, author: Person, council: str = "nord", **changes: Any) -> Interpellation:
    """Written and sent to those who open it. `changes` are fields of the draft."""
    said = {
        "kind": InterpellationKind.INTERPELLATION,
        "council_id": stage.councils[council],
        "partner_code": TOWN,
        "words": {Question.FACTS: FACTS, Question.PLACE: "Rue Haute", Question.ASKED: ASKED},
        **changes,
    }
    actor = await stage.actor(author)
    async with stage.database.write() as session:
        clock, key = StageClock(stage), f"scene:{author.id}:{len(await interpellations(stage))}"
        kept = await keep_draft(session, clock, stage.settings, actor, InterpellationDraft(**said), key)
        return await submit_draft(session, clock, actor, kept.id)


async def opened(stage: Stage, author: Person, lead: Person, council: str = "nord", **changes: Any) -> Interpellation:
    """Public, with the author's signature."""
    sent = await submitted(stage, author, council, **changes)
    actor = await stage.actor(lead)
    async with stage.database.write() as session:
        return await open_to_sign(session, StageClock(stage), stage.settings, actor, sent.id, sent.revision)


async def signs(stage: Stage, person: Person, interpellation: Interpellation) -> Interpellation:
    actor = await stage.actor(person)
    async with stage.database.write() as session:
        return await sign(session, StageClock(stage), stage.settings, actor, interpellation.id)


async def votes(stage: Stage, member: Person, interpellation: Interpellation, choice: VoteChoice) -> None:
    actor = await stage.actor(member)
    async with stage.database.write() as session:
        await vote(session, StageClock(stage), actor, interpellation.id, choice)


async def adopted(
    stage: Stage, author: Person, neighbour: Person, lead: Person, member: Person, **changes: Any
) -> Interpellation:
    """Signed by author and neighbour, voted for by lead and member, confirmed: some days have gone by."""
    made = await opened(stage, author, lead, **changes)
    await signs(stage, neighbour, made)
    for each in (lead, member):
        await votes(stage, each, made, VoteChoice.FOR)
    await after_the_vote(stage, made)
    ended = await again(stage, made)
    actor = await stage.actor(lead)
    async with stage.database.write() as session:
        done = await confirm(session, StageClock(stage), actor, ended.id, ended.revision, POSITION, adopted=True)
    await stage.all_delivered()
    return done


async def after_the_vote(stage: Stage, interpellation: Interpellation) -> None:
    """To the morning after the last minute of the vote."""
    until = (await again(stage, interpellation)).vote_until
    assert until is not None
    await stage.go_to(until + timedelta(hours=10))


async def interpellations(stage: Stage) -> list[Interpellation]:
    async with stage.database.read() as session:
        return list((await session.exec(select(Interpellation).order_by(col(Interpellation.id)))).all())


async def again(stage: Stage, interpellation: Interpellation) -> Interpellation:
    """As it stands now."""
    async with stage.database.read() as session:
        return await session.get_one(Interpellation, interpellation.id)


async def events_of(stage: Stage, interpellation: Interpellation) -> list[InterpellationEvent]:
    async with stage.database.read() as session:
        query = select(InterpellationEvent).where(col(InterpellationEvent.interpellation_id) == interpellation.id)
        return list((await session.exec(query.order_by(col(InterpellationEvent.id)))).all())


async def signatures_of(stage: Stage, interpellation: Interpellation) -> list[InterpellationSignature]:
    async with stage.database.read() as session:
        of_it = col(InterpellationSignature.interpellation_id) == interpellation.id
        return list((await session.exec(select(InterpellationSignature).where(of_it))).all())


async def votes_of(stage: Stage, interpellation: Interpellation) -> list[InterpellationVote]:
    async with stage.database.read() as session:
        of_it = col(InterpellationVote.interpellation_id) == interpellation.id
        return list((await session.exec(select(InterpellationVote).where(of_it))).all())
