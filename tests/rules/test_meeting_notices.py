"""What people are told about meetings unasked: true when it leaves, in the reader's language, or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, delete, update

from council import live_cards, people
from council.announcements import Enclosure, announce, write_to_attendees
from council.live_cards import LiveKind
from council.meeting_notices import changed_fields, start_before
from council.meeting_plans import plan_of
from council.meetings import cancel_meeting, edit_meeting
from council.notices import NoticeKind
from council.reminders import remind_due
from handlers.cards.card import Card, MediaKind
from handlers.cards.meeting import RsvpPress
from handlers.cards.meeting_words import REASONS
from handlers.notices import Delivery, Edit, announcement, live_card, meeting, render
from locales.translator import ISOLATE, translator
from storage.meetings import Answer, Meeting
from storage.outbox import Notice, NoticePriority
from storage.people import News, RoleGrant
from tests.rules.meeting_scenes import START, announced, answers, delivered, lead_of, notices, residents, told

RENDERERS = (announcement, live_card, meeting)


async def shown(programme, notice: Notice, language: str = "fr") -> Card | Edit | None:
    async with programme.database.read() as session:
        delivery = Delivery(session, notice, translator(language), programme.settings, programme.clock, "PorteVoixBot")
        return await render(delivery)


async def change(programme, lead, made: Meeting, **changes) -> Meeting:
    async with programme.database.write() as session:
        now = await session.get_one(Meeting, made.id)
        plan = replace(plan_of(now), **changes)
        edit = await edit_meeting(session, programme.clock, programme.settings, lead, made.id, now.revision, plan)
        return edit.meeting


async def only(programme, kind: NoticeKind) -> Notice:
    (notice,) = await notices(programme, kind)
    return notice


@pytest.fixture
async def scene(programme):
    """A lead, Amina who follows the council, and a meeting that was announced to her."""
    lead = await lead_of(programme, programme.nord)
    async with programme.database.write() as session:
        from storage.people import Follow

        await session.exec(delete(Follow).where(col(Follow.person_id) == lead.person_id))
    lead = await programme.again(lead.telegram_id)
    (amina,) = await residents(programme, "Amina")
    return lead, amina, await announced(programme, lead, latitude=43.6, longitude=1.44)


async def test_an_announcement_carries_the_buttons_and_the_map(programme, scene):
    card = await shown(programme, await only(programme, NoticeKind.MEETING_ANNOUNCED))
    assert "Plénière de mars" in card.text
    assert card.place is not None
    assert [each.press.answer for each in card.rows[0]] == list(Answer)
    assert all(isinstance(each.press, RsvpPress) for each in card.rows[0])


async def test_the_readers_language_is_spoken_and_the_leads_words_stay(programme, scene):
    card = await shown(programme, await only(programme, NoticeKind.MEETING_ANNOUNCED), "ar")
    assert "Plénière de mars" in card.text
    assert ISOLATE in card.text
    english = await shown(programme, await only(programme, NoticeKind.MEETING_ANNOUNCED), "en")
    assert "Tuesday, 17 March 2026" in english.text


async def test_who_comes_later_hears_of_the_next_meetings_and_of_what_becomes_of_them(programme, scene):
    lead, _, made = scene
    later = [await announced(programme, lead, f"update:{n}", starts_at=START + timedelta(weeks=n)) for n in (2, 3)]
    called_off = await announced(programme, lead, "update:off", starts_at=START - timedelta(days=1))
    async with programme.database.write() as session:
        seen = called_off.id, called_off.revision
        await cancel_meeting(session, programme.clock, programme.settings, lead, *seen, "Pluie.")
    other = await lead_of(programme, programme.sud, name="Sofia")
    await announced(programme, other, "update:sud", (programme.sud,), starts_at=START - timedelta(days=2))
    nadia = await programme.person("Nadia")
    for _ in range(2):
        async with programme.database.write() as session:
            await people.follow(session, programme.clock, nadia, programme.nord)
    hers = [
        each for each in await notices(programme, NoticeKind.MEETING_ANNOUNCED) if each.chat_id == nadia.telegram_id
    ]
    assert [each.subject_id for each in hers] == [made.id, later[0].id]
    assert "Plénière de mars" in (await shown(programme, hers[0])).text

    await delivered(programme, nadia)
    programme.clock.advance(minutes=5)
    await change(programme, lead, made, starts_at=START + timedelta(days=1))
    assert nadia.person_id in await told(programme, NoticeKind.MEETING_CHANGED)
    programme.clock.advance(days=10)
    await remind_due(programme.database, programme.clock)
    assert nadia.person_id in await told(programme, NoticeKind.MEETING_REMINDER)


async def test_nothing_is_announced_to_who_comes_when_it_has_begun_or_wants_no_news(programme, scene):
    programme.clock.advance(days=20)
    late, quiet = await programme.person("Nadia"), await programme.person("Omar")
    async with programme.database.write() as session:
        await people.follow(session, programme.clock, late, programme.nord)
    lead, *_ = scene
    await announced(programme, lead, "update:next", starts_at=START + timedelta(weeks=6))
    async with programme.database.write() as session:
        await people.mute_news(session, programme.clock, quiet, News.NONE)
        await people.follow(session, programme.clock, quiet, programme.nord)
    heard = {late.person_id, quiet.person_id} & set(await told(programme, NoticeKind.MEETING_ANNOUNCED))
    assert heard == {late.person_id}, "who came before the second one was announced"


async def test_a_move_says_before_and_now_and_a_second_move_what_the_reader_knew(programme, scene):
    lead, amina, made = scene
    await delivered(programme, amina)
    programme.clock.advance(minutes=5)
    await change(programme, lead, made, starts_at=START + timedelta(days=1))
    first = await only(programme, NoticeKind.MEETING_CHANGED)
    card = await shown(programme, first)
    assert "Avant : mardi 17 mars 2026 à 18\u00a0h\u00a030" in card.text
    assert "Maintenant : mercredi 18 mars 2026" in card.text
    await change(programme, lead, made, starts_at=START + timedelta(days=2), place="Bibliothèque")
    _, second = await notices(programme, NoticeKind.MEETING_CHANGED)
    assert await shown(programme, first) is None
    card = await shown(programme, second)
    assert "Avant : mardi 17 mars 2026" in card.text
    assert "Maintenant : jeudi 19 mars 2026" in card.text
    assert "Nouveau lieu : Bibliothèque" in card.text
    assert changed_fields(second) == {"starts_at", "place"}
    assert start_before(second) == START


async def test_a_new_agenda_is_quoted_and_no_date_is_said_to_have_changed(programme, scene):
    lead, amina, made = scene
    await delivered(programme, amina)
    programme.clock.advance(minutes=5)
    await change(programme, lead, made, agenda="Le parc")
    card = await shown(programme, await only(programme, NoticeKind.MEETING_CHANGED))
    assert "<blockquote>Le parc</blockquote>" in card.text
    assert "Avant" not in card.text


async def test_a_cancellation_says_why_and_silences_what_was_waiting(programme, scene):
    lead, amina, made = scene
    await delivered(programme, amina)
    programme.clock.advance(minutes=5)
    await change(programme, lead, made, starts_at=START + timedelta(days=1))
    moved = await only(programme, NoticeKind.MEETING_CHANGED)
    async with programme.database.write() as session:
        now = await session.get_one(Meeting, made.id)
        await cancel_meeting(session, programme.clock, programme.settings, lead, made.id, now.revision, REASONS[0])
    card = await shown(programme, await only(programme, NoticeKind.MEETING_CANCELLED))
    assert f"<blockquote>{REASONS[0]}</blockquote>" in card.text
    assert await shown(programme, moved) is None
    announcement_ = await only(programme, NoticeKind.MEETING_ANNOUNCED)
    assert await shown(programme, announcement_) is None


def reminder(programme, person, made: Meeting, detail: str) -> Notice:
    return Notice(
        dedup_key="r",
        person_id=person.person_id,
        chat_id=person.telegram_id,
        kind=NoticeKind.MEETING_REMINDER,
        subject_id=made.id,
        revision=made.revision,
        detail=detail,
        locale="fr",
        priority=NoticePriority.REMINDER,
        not_before=programme.clock.now(),
        expires_at=made.starts_at,
        created_at=programme.clock.now(),
    )


async def test_reminders_ask_who_has_not_answered_and_remind_who_comes(programme, scene):
    _, amina, made = scene
    programme.clock.set(START - timedelta(days=7))
    asking = reminder(programme, amina, made, "unanswered:10080")
    card = await shown(programme, asking)
    assert "Dans 7 jours" in card.text
    assert "Viendrez-vous ?" in card.text
    await answers(programme, amina, made, Answer.YES)
    assert await shown(programme, asking) is None
    programme.clock.set(START - timedelta(days=1))
    coming = reminder(programme, amina, made, "coming:1440")
    card = await shown(programme, coming)
    assert "Demain à 18\u00a0h\u00a030" in card.text
    assert "Viendrez-vous" not in card.text
    programme.clock.set(START)
    assert await shown(programme, coming) is None


async def test_a_seat_is_told_until_it_is_given_back(programme):
    lead = await lead_of(programme, programme.nord)
    amina, marco = await residents(programme, "Amina", "Marco")
    made = await announced(programme, lead, capacity=1)
    await answers(programme, amina, made, Answer.YES)
    await answers(programme, marco, made, Answer.YES)
    await answers(programme, amina, made, Answer.NO)
    notice = await only(programme, NoticeKind.SEAT_GIVEN)
    assert notice.person_id == marco.person_id
    assert "elle est pour vous" in (await shown(programme, notice)).text
    await answers(programme, marco, made, Answer.NO)
    assert await shown(programme, notice) is None


async def test_news_are_the_leads_words_quoted_and_signed(programme, scene):
    lead, amina, made = scene
    await answers(programme, amina, made, Answer.MAYBE)
    async with programme.database.write() as session:
        await announce(
            session,
            programme.clock,
            lead,
            frozenset({programme.nord}),
            "Venez <nombreux> & à l’heure",
            Enclosure("photo", "file"),
            "k1",
        )
        await write_to_attendees(session, programme.clock, lead, made.id, "Apportez une chaise", None, "k2")
    to_all, to_coming = await notices(programme, NoticeKind.ANNOUNCEMENT)
    card = await shown(programme, to_all)
    assert "<blockquote>Venez &lt;nombreux&gt; &amp; à l’heure</blockquote>" in card.text
    assert "Signé : Quartier Nord" in card.text
    assert (card.media.kind, card.media.file_id) == (MediaKind.PHOTO, "file")
    assert "Au sujet de la réunion : Plénière de mars" in (await shown(programme, to_coming)).text


async def test_the_live_card_follows_the_answers_until_its_reader_runs_the_meeting_no_more(programme, scene):
    lead, amina, made = scene
    async with programme.database.write() as session:
        await live_cards.keep(session, programme.clock, lead.person_id, lead.telegram_id, 55, LiveKind.MEETING, made.id)
    await answers(programme, amina, made, Answer.YES)
    notice = await only(programme, NoticeKind.LIVE_CARD)
    edit = await shown(programme, notice)
    assert isinstance(edit, Edit)
    assert edit.message_id == 55
    assert "1 inscrit" in edit.card.text
    assert "Viennent : Amina" in edit.card.text
    async with programme.database.write() as session:
        await session.exec(
            update(RoleGrant).where(col(RoleGrant.person_id) == lead.person_id).values(revoked_at=programme.clock.now())
        )
    assert await shown(programme, notice) is None


async def test_a_message_that_shows_something_else_is_left_alone(programme, scene):
    lead, amina, made = scene
    async with programme.database.write() as session:
        await live_cards.keep(session, programme.clock, lead.person_id, lead.telegram_id, 55, LiveKind.MEETING, made.id)
    await answers(programme, amina, made, Answer.YES)
    async with programme.database.write() as session:
        await live_cards.forget(session, lead.telegram_id, 55)
    assert await shown(programme, await only(programme, NoticeKind.LIVE_CARD)) is None
