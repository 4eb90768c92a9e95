"""After an erasure: a draft is empty, what residents have signed goes on without its author, numbers stay numbers."""

import pytest

from council.contents import Content
from council.privacy import erase_person
from storage.interpellations import (
    UNPUBLISHED,
    Interpellation,
    InterpellationAct,
    InterpellationEvent,
    InterpellationKind,
    InterpellationSignature,
    InterpellationState,
    InterpellationVote,
    VoteChoice,
)
from storage.support import ContentKind

SAID = {
    "title": "L’ascenseur",
    "facts": "En panne",
    "place": "Au 12",
    "since": "depuis mai",
    "people": "Des familles",
    "tried": "Des appels",
    "asked": "Le réparer",
}


async def _asked(programme, author, state: InterpellationState) -> int:
    """Somebody's interpellation with a voice, a picture as evidence, and a word said with a step."""
    now, chat = programme.clock.now(), author.telegram_id
    async with programme.database.write() as session:
        made = Interpellation(
            number="I-2026-001", kind=InterpellationKind.INTERPELLATION, state=state, council_id=programme.nord,
            author_id=author.person_id, partner_code="mairie", partner_name="La mairie", created_at=now, changed_at=now,
            evidence=[Content(ContentKind.PHOTO, chat, 7, file_id="photo").as_json()],
            originals=[Content(ContentKind.VOICE, chat, 8, file_id="voice").as_json()], request_key="k", **SAID,
        )  # fmt: skip
        session.add(made)
        await session.flush()
        session.add(
            InterpellationEvent(
                interpellation_id=made.id, at=now, act=InterpellationAct.SENT_BACK, state=state, words="Sans nom, svp"
            )
        )
    return made.id


async def _erased(programme, actor) -> None:
    async with programme.database.write() as session:
        await erase_person(session, programme.clock, actor)


@pytest.mark.parametrize("state", [*UNPUBLISHED, InterpellationState.WITHDRAWN])
async def test_what_nobody_was_meant_to_read_yet_goes_whole(programme, state):
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    made = await _asked(programme, rosa, state)
    await _erased(programme, rosa)
    async with programme.database.read() as session:
        now = await session.get_one(Interpellation, made)
        event = await session.get_one(InterpellationEvent, 1)
    assert {name: getattr(now, name) for name in SAID} == dict.fromkeys(SAID, "")
    assert (now.evidence, now.originals, now.author_id) == ([], [], None)
    assert now.state is InterpellationState.WITHDRAWN
    assert event.words == ""


@pytest.mark.parametrize("state", sorted(set(InterpellationState) - {*UNPUBLISHED, InterpellationState.WITHDRAWN}))
async def test_what_residents_have_read_goes_on_without_its_author(programme, state):
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    made = await _asked(programme, rosa, state)
    await _erased(programme, rosa)
    async with programme.database.read() as session:
        now = await session.get_one(Interpellation, made)
    assert {name: getattr(now, name) for name in SAID} == SAID
    assert (now.author_id, now.anonymous, now.originals, now.state) == (None, True, [], state)
    (photo,) = now.evidence
    assert (photo["file_id"], photo["chat_id"], photo["message_id"]) == ("photo", 0, 0)


async def test_signature_and_vote_stay_as_numbers_without_name_or_words(programme):
    rosa, tom = [await programme.person(name, follows=(programme.nord,)) for name in ("Rosa", "Tom")]
    made = await _asked(programme, tom, InterpellationState.VOTING)
    now = programme.clock.now()
    async with programme.database.write() as session:
        signed = {"interpellation_id": made, "shows_name": True, "signed_at": now}
        session.add_all(InterpellationSignature(person_id=each.person_id, **signed) for each in (rosa, tom))
        vote = {"choice": VoteChoice.AGAINST, "view": "Moi, Rosa", "voted_at": now}
        session.add(InterpellationVote(interpellation_id=made, person_id=rosa.person_id, **vote))
    await _erased(programme, rosa)
    async with programme.database.read() as session:
        hers = await session.get_one(InterpellationSignature, (made, rosa.person_id))
        his = await session.get_one(InterpellationSignature, (made, tom.person_id))
        vote = await session.get_one(InterpellationVote, (made, rosa.person_id))
    assert (hers.shows_name, his.shows_name) == (False, True)
    assert (vote.choice, vote.view) == (VoteChoice.AGAINST, "")
