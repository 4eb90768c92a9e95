"""A lead moves and cancels meetings, chooses reminders, and writes to residents."""

from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from handlers import announcements, home, meeting_form, meeting_lead, meetings
from handlers.cards.card import MediaKind
from storage.announcements import Announcement
from storage.meetings import Answer, Meeting, MeetingState
from storage.outbox import Notice
from tests.rules.meeting_scenes import announced, answers, delivered, lead_of, residents
from tests.rules.phones import Phone

ROUTERS = [meetings.router, home.router, meeting_form.router, meeting_lead.router, announcements.router]


def phone_of(programme, actor) -> Phone:
    return Phone(programme, ROUTERS, actor.telegram_id, actor.first_name)


@pytest.fixture
async def lea(programme):
    """The lead of the council "nord", with her phone."""
    return phone_of(programme, await lead_of(programme, programme.nord))


async def all_of(programme, table):
    async with programme.database.read() as session:
        return list((await session.exec(select(table).order_by(col(table.id)))).all())


async def test_moving_a_meeting_tells_how_many_will_hear_and_keeps_the_rest(programme):
    lead = await lead_of(programme, programme.nord)
    amina, *_ = await residents(programme, "Amina")
    meeting = await announced(programme, lead, agenda="Le parc", capacity=12)
    await delivered(programme)
    programme.clock.advance(minutes=5)
    phone = phone_of(programme, lead)
    await phone.presses(f"mgt:{meeting.id}")
    await phone.taps_on("Déplacer")
    await phone.types("jeudi 19 mars à 19h")
    assert "2 personnes seront prévenues." in phone.sees
    await phone.taps_on("Enregistrer")
    (moved,) = await all_of(programme, Meeting)
    assert moved.starts_at == datetime(2026, 3, 19, 18, 0, tzinfo=UTC)
    assert (moved.agenda, moved.capacity, moved.place) == ("Le parc", 12, "Salle des fêtes")
    assert "jeudi 19 mars" in phone.sees
    assert amina.telegram_id


async def test_two_leads_at_once_the_second_is_shown_what_the_first_did(programme):
    lead = await lead_of(programme, programme.nord)
    other = await lead_of(programme, programme.nord, name="Ines")
    meeting = await announced(programme, lead)
    first, second = phone_of(programme, lead), phone_of(programme, other)
    for phone, day in ((first, "19 mars à 19h"), (second, "20 mars à 19h")):
        await phone.presses(f"mgm:{meeting.id}")
        await phone.types(day)
    await first.taps_on("Enregistrer")
    reply = await second.taps_on("Enregistrer")
    assert reply.alert
    assert "jeudi 19 mars" in second.sees
    assert "a changé" in reply.toast


async def test_cancelling_asks_the_reason_and_says_how_many_will_hear(programme):
    lead = await lead_of(programme, programme.nord)
    meeting = await announced(programme, lead)
    await delivered(programme)
    programme.clock.advance(minutes=5)
    phone = phone_of(programme, lead)
    await phone.presses(f"mgt:{meeting.id}")
    await phone.taps_on("Annuler la réunion")
    await phone.types("é" * 501)
    assert "moins de 500 signes" in phone.sees
    await phone.sends(voice={"file_id": "v", "file_unique_id": "v", "duration": 3})
    assert "mots écrits" in phone.sees
    await phone.taps_on("n’est plus libre")
    assert "1 personne sera prévenue." in phone.sees
    sure = phone.button("Oui").press
    await phone.taps_on("Oui, elle n’aura pas lieu")
    assert "annulée" in phone.sees
    await phone.presses(sure.pack())
    (cancelled,) = await all_of(programme, Meeting)
    assert cancelled.state is MeetingState.CANCELLED
    assert cancelled.cancel_reason == "Le lieu n’est plus libre."
    assert len([each for each in await all_of(programme, Notice) if each.kind == "meeting_cancelled"]) == 1


async def test_reminders_are_turned_on_and_off_for_one_meeting(programme):
    lead = await lead_of(programme, programme.nord)
    meeting = await announced(programme, lead)
    phone = phone_of(programme, lead)
    await phone.presses(f"mgl:{meeting.id}")
    assert "✅ 2 heures avant, à ceux qui viennent" in phone.labels
    await phone.taps_on("✅ 2 heures avant")
    await phone.taps_on("7 jours avant, à ceux qui viennent")
    (changed,) = await all_of(programme, Meeting)
    assert changed.reminder_offsets["coming"] == [7 * 24 * 60, 24 * 60]
    await phone.taps_on("Comme d’habitude")
    (changed,) = await all_of(programme, Meeting)
    assert changed.reminder_offsets is None


async def test_writing_to_those_who_come_reaches_yes_and_maybe(programme):

    lead = await lead_of(programme, programme.nord)
    amina, marco, zoe = await residents(programme, "Amina", "Marco", "Zoé")
    meeting = await announced(programme, lead)
    for actor, answer in ((amina, Answer.YES), (marco, Answer.MAYBE), (zoe, Answer.NO)):
        await answers(programme, actor, meeting, answer)
    phone = phone_of(programme, lead)
    await phone.presses(f"mgt:{meeting.id}")
    await phone.taps_on("Écrire à ceux qui viennent")
    await phone.types("Apportez une chaise <3")
    assert "2 personnes le recevront." in phone.sees
    assert "Apportez une chaise &lt;3" in phone.sees
    send = phone.button("Envoyer").press
    await phone.presses(send.pack())
    again = await phone.presses(send.pack())
    assert again.cards == ()
    (sent,) = await all_of(programme, Announcement)
    assert sent.words == "Apportez une chaise <3"
    heard = [each.person_id for each in await all_of(programme, Notice) if each.kind == "announcement"]
    assert sorted(heard) == sorted([amina.person_id, marco.person_id])


async def test_news_may_be_a_voice_alone_and_long_words_with_a_picture_are_asked_shorter(programme, lea):
    await residents(programme, "Amina")
    await lea.types("/annoncer")
    photo = [{"file_id": "large", "file_unique_id": "p", "width": 1, "height": 1}]
    await lea.sends(photo=photo, caption="é" * 801)
    assert "moins de 800 signes" in lea.sees
    await lea.sends(voice={"file_id": "v", "file_unique_id": "v", "duration": 3})
    shown, _ = lea.reply.cards
    assert (shown.media.kind, shown.media.file_id) == (MediaKind.VOICE, "v")
    assert "Quartier Nord" in shown.text
    await lea.types("Écoutez bien")
    assert "Écoutez bien" in lea.sees
    await lea.taps_on("Envoyer")
    (sent,) = await all_of(programme, Announcement)
    assert (sent.words, sent.media_kind) == ("Écoutez bien", "voice")
