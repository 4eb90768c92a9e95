"""Passing a letter on: to a few people from each link, and to no more than some from all links of a letter."""

from datetime import timedelta

import pytest

from council.interpellation_passing import (
    LETTER_LIMIT,
    PASSED_ON_LIMIT,
    LetterPassedOnTooOften,
    PassedOn,
    PassedOnTooOften,
    pass_on,
)
from council.mails import MailWords
from council.partner_links import make_link, open_link
from storage.interpellations import (
    Interpellation,
    InterpellationKind,
    InterpellationLetter,
    InterpellationState,
    LetterWay,
)


async def letter_of(programme) -> str:
    """The token of the first link to a letter that has left."""
    now = programme.clock.now()
    async with programme.database.write() as session:
        case = Interpellation(
            number="I-2026-001",
            kind=InterpellationKind.INTERPELLATION,
            state=InterpellationState.SENT,
            council_id=programme.nord,
            partner_code="mairie",
            partner_name="La mairie",
            title="Ascenseur",
            sent_at=now - timedelta(days=1),
            created_at=now,
            changed_at=now,
            request_key="test",
        )
        session.add(case)
        await session.flush()
        letter = InterpellationLetter(
            interpellation_id=case.id, round=1, way=LetterWay.MAIL, pdf=b"", sha256="", created_at=now
        )
        session.add(letter)
        await session.flush()
        return await make_link(session, programme.clock, programme.settings, letter, "La mairie")


async def passed_on(programme, token: str, key: str) -> str:
    """The token of the new link."""
    tokens: list[str] = []

    def mail(passed: PassedOn) -> MailWords:
        tokens.append(passed.token)
        return MailWords("Une lettre", "Bonjour")

    async with programme.database.write() as session:
        found = await open_link(session, programme.clock, token)
        assert found is not None
        address = "service@ville.example"
        await pass_on(
            session, programme.clock, programme.settings, found[0], "Anne", address, mail=mail, request_key=key
        )
    return tokens[0]


async def test_no_link_and_no_chain_of_links_is_a_way_to_write_to_the_world(programme):
    first = await letter_of(programme)
    links = [await passed_on(programme, first, f"{number}") for number in range(PASSED_ON_LIMIT)]
    with pytest.raises(PassedOnTooOften):
        await passed_on(programme, first, "one more")
    while len(links) < LETTER_LIMIT:
        links.append(await passed_on(programme, links[-1], f"{len(links)}"))
    with pytest.raises(LetterPassedOnTooOften):
        await passed_on(programme, links[-1], "one more in the chain")
