"""The news of a day in one message: late rather than lost, and never hidden because there are many."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from meeting_scenes import lead_of, residents, told
from proposal_scenes import moderated, proposed
from sqlmodel import col, update

from bot.messages import calls_for
from council.actors import Actor
from council.announcements import announce
from council.digests import MOST_ITEMS, Digest, Question, load_digest, send_due_digests
from council.interpellation_answers import AnswerDraft, answer
from council.interpellation_states import change
from council.interpellations import open_to_sign
from council.local_time import local
from council.notices import NoticeKind
from council.proposal_moderation import publish
from handlers.cards.card import TEXT_LIMIT, utf16_length
from handlers.cards.digest import digest_card
from locales.translator import available_languages, translator
from storage.announcements import Announcement
from storage.interpellations import (
    AnswerWay,
    Interpellation,
    InterpellationAct,
    InterpellationKind,
    InterpellationState,
)
from storage.meetings import Meeting
from storage.people import News, Person
from storage.proposals import Proposal


async def read_in_digests(programme) -> None:
    async with programme.database.write() as session:
        await session.exec(update(Person).where(col(Person.first_name) == "Amina").values(news=News.DIGEST))


async def announce_words(programme, lead, words: str, key: str) -> None:
    async with programme.database.write() as session:
        await announce(session, programme.clock, lead, frozenset({programme.nord}), words, None, key)


async def swept(programme) -> int:
    return await send_due_digests(programme.database, programme.clock, programme.settings)


async def test_a_bot_that_was_down_in_the_evening_gives_the_digest_in_the_morning_once(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    await read_in_digests(programme)
    await announce_words(programme, lead, "Samedi, on plante des arbres.", "update:1")
    programme.clock.advance(hours=20)  # six in the morning, and nobody swept since
    assert await swept(programme) == 1
    assert await swept(programme) == 0
    assert await told(programme, NoticeKind.NEWS_DIGEST) == [amina.person_id]


async def test_who_chooses_digests_the_morning_after_is_not_told_the_news_again(programme):
    lead = await lead_of(programme, programme.nord)
    await residents(programme, "Amina", "Bea")
    await read_in_digests(programme)
    await announce_words(programme, lead, "Samedi, on plante des arbres.", "update:1")
    programme.clock.advance(hours=9)
    assert await swept(programme) == 1
    async with programme.database.write() as session:
        await session.exec(update(Person).where(col(Person.first_name) == "Bea").values(news=News.DIGEST))
    programme.clock.advance(hours=9)
    assert await swept(programme) == 0


async def test_a_day_with_many_words_fits_into_one_message_and_says_how_many_more(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    for number in range(MOST_ITEMS + 3):
        await announce_words(programme, lead, f"Nouvelle {number} " + "é" * 500, f"update:{number}")
    day = local(programme.clock.now(), programme.settings.tz).toordinal()
    async with programme.database.read() as session:
        digest = await load_digest(session, programme.settings, amina.person_id, day)
    card = digest_card(digest, translator("fr", programme.settings.timezone))
    assert "Il y a 3 autres nouvelles." in card.text
    assert all(f"Nouvelle {number} " in card.text for number in range(MOST_ITEMS))
    assert len(calls_for(card, 1)) == 1


async def test_published_proposals_are_in_the_digest_of_who_follows_the_council_but_not_their_own(programme):
    lead = await lead_of(programme, programme.nord)
    amina, bea = await residents(programme, "Amina", "Bea")
    async with programme.database.write() as session:
        await session.exec(update(Person).values(news=News.DIGEST))
    made = await proposed(programme, amina, "Un banc <b>rouge</b> devant l’école.")
    await proposed(programme, bea, "Une fontaine sur la place.")
    await moderated(programme, publish, lead, made)
    programme.clock.advance(hours=9)
    assert await swept(programme) == 3
    day = local(programme.clock.now(), programme.settings.tz).toordinal()
    async with programme.database.read() as session:
        hers = await load_digest(session, programme.settings, bea.person_id, day)
        own = await load_digest(session, programme.settings, amina.person_id, day)
    card = digest_card(hers, translator("fr", programme.settings.timezone))
    assert f"Proposition {made.number} : Un banc &lt;b&gt;rouge" in card.text
    assert "fontaine" not in card.text
    assert own.proposals == ()
    assert await told(programme, NoticeKind.PROPOSAL_NEWS) == [amina.person_id]


async def question_of(programme, author: Actor, title: str = "Ascenseur", **values: Any) -> int:
    """One that was asked a year ago."""
    long_ago = programme.clock.now() - timedelta(days=365)
    async with programme.database.write() as session:
        row = Interpellation(
            number=f"I-2025-{title}",
            kind=InterpellationKind.INTERPELLATION,
            council_id=programme.nord,
            author_id=author.person_id,
            partner_code="mairie",
            partner_name="La mairie",
            title=title,
            facts="En panne",
            asked="Réparer",
            request_key=title,
            **{"state": InterpellationState.SENT, "created_at": long_ago, "changed_at": long_ago, **values},
        )
        session.add(row)
        await session.flush()
        return row.id


async def test_questions_that_can_be_signed_or_were_answered_are_in_the_digest_of_others(programme):
    lead = await lead_of(programme, programme.nord)
    amina, bea = await residents(programme, "Amina", "Bea")
    async with programme.database.write() as session:
        await session.exec(update(Person).values(news=News.DIGEST))
    answered, taken_back = await question_of(programme, amina), await question_of(programme, amina, "Retrait")
    await question_of(programme, amina, "Rien de neuf")
    submitted = InterpellationState.SUBMITTED
    to_sign = await question_of(programme, bea, "Un <b>banc</b>", state=submitted)
    async with programme.database.write() as session:
        case = await session.get_one(Interpellation, answered)
        draft = AnswerDraft("La mairie", "Lundi.", programme.clock.now().date(), AnswerWay.PAPER)
        await answer(session, programme.clock, programme.settings, case, draft, "answer", by=lead)
        case = await session.get_one(Interpellation, to_sign)
        await open_to_sign(session, programme.clock, programme.settings, lead, to_sign, case.revision)
        case = await session.get_one(Interpellation, taken_back)
        await change(
            session, programme.clock, case, InterpellationAct.OPENED, lead, state=InterpellationState.WITHDRAWN
        )
    programme.clock.advance(hours=9)
    assert await swept(programme) == 3
    day = local(programme.clock.now(), programme.settings.tz).toordinal()

    async def read_by(person: Actor) -> str:
        async with programme.database.read() as session:
            digest = await load_digest(session, programme.settings, person.person_id, day)
        assert not digest.is_empty
        return digest_card(digest, translator("fr", programme.settings.timezone)).text

    assert "I-2025-Ascenseur – Ascenseur : le partenaire a répondu." in await read_by(bea)
    assert "Un &lt;b&gt;banc&lt;/b&gt; : les signatures ont commencé." in await read_by(amina)
    for person, own in ((amina, "Ascenseur"), (bea, "banc"), (lead, "Rien de neuf"), (lead, "Retrait")):
        assert own not in await read_by(person)


@pytest.mark.parametrize("language", available_languages())
def test_the_fullest_digest_is_one_message(language):
    long, moment = "😀" * 400, datetime(2026, 9, 30, 18, tzinfo=UTC)
    meeting = Meeting(title=long, starts_at=moment)
    questions = [Question("I-2026-00001", long, act) for act in (InterpellationAct.OPENED, InterpellationAct.ANSWERED)]
    digest = Digest(
        (meeting,) * MOST_ITEMS,
        (Announcement(words=long),) * MOST_ITEMS,
        (Proposal(number="P-2026-00001", title=long),) * MOST_ITEMS,
        tuple(questions * (MOST_ITEMS // 2)),
        beyond=1_000,
    )
    card = digest_card(digest, translator(language))
    assert utf16_length(str(card.text.striptags())) <= TEXT_LIMIT
    assert len(calls_for(card, 1)) == 1
