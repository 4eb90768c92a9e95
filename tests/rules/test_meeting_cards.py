"""What residents and leads see of a meeting, and what a tap on it does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.messages import calls_for, edit_for, visible_length
from council.errors import NotAllowed
from council.meeting_views import Attendee, CouncilName, Counts, MeetingView
from handlers import meeting_lead, meetings
from handlers.buttons import Forged, unpack
from handlers.cards.card import CAPTION_LIMIT, TEXT_LIMIT, Place
from handlers.cards.meeting import (
    CalendarPress,
    MapPress,
    MeetingPress,
    MeetingsPress,
    RsvpPress,
    Surface,
    answer_toast,
    details_card,
    list_card,
    resident_card,
)
from handlers.cards.meeting_lead import live_card, reason_card, reminders_card
from handlers.cards.meeting_notices import changed_card, reminder_card
from handlers.cards.meeting_words import REASONS
from handlers.moment_choice import Now
from locales.translator import END_ISOLATE, ISOLATE, translator
from storage.meetings import Answer, MeetingKind, MeetingState
from tests.rules.meeting_scenes import START, announced, answers, lead_of, residents
from tests.rules.phones import Phone

FRENCH, ARABIC = translator("fr"), translator("ar")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LANGUAGES = ("fr", "en", "ar")


def view(**changes) -> MeetingView:
    plain = MeetingView(
        id=7,
        kind=MeetingKind.PLENARY,
        state=MeetingState.ANNOUNCED,
        title="Plénière <de> mars & avril",
        agenda="",
        starts_at=START,
        minutes=120,
        place="Salle des fêtes",
        latitude=None,
        longitude=None,
        capacity=0,
        media_kind=None,
        media_file_id=None,
        reminder_offsets=None,
        revision=1,
        told_revision=1,
        announce_at=NOW,
        announced_at=NOW,
        cancel_reason=None,
        minutes_file_id=None,
        created_by=None,
        councils=(CouncilName(1, "Quartier Nord"),),
        counted=Counts(),
        answer=None,
        waiting_since=None,
        waiting_position=None,
        as_of=NOW,
    )
    return replace(plain, **changes)


def labels(card) -> list[str]:
    return [button.label for row in card.rows for button in row]


def presses(card) -> list:
    return [button.press for row in card.rows for button in row]


def test_a_resident_reads_kind_title_date_place_and_is_asked():
    card = resident_card(FRENCH, view())
    assert card.text.split("\n") == [
        "<b>Plénière &lt;de&gt; mars &amp; avril</b>",
        "Réunion plénière – Quartier Nord",
        "Le mardi 17 mars 2026, de 18\u00a0h\u00a030 à 20\u00a0h\u00a030",
        "Lieu : Salle des fêtes",
        "Viendrez-vous ?",
    ]
    assert labels(card) == ["Oui", "Peut-être", "Non", "🗓 Ajouter à mon agenda"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"capacity": 10, "counted": Counts(yes=9)}, "Il reste 1 place."),
        ({"capacity": 10, "counted": Counts(yes=3)}, "Il reste 7 places."),
        ({"capacity": 10, "counted": Counts(yes=10)}, "C’est complet. Vous pouvez attendre une place."),
        ({"answer": Answer.YES}, "Votre réponse : oui, vous venez."),
        ({"answer": Answer.NO}, "Votre réponse : non, vous ne venez pas."),
        (
            {"capacity": 1, "counted": Counts(yes=1, waiting=3), "answer": Answer.YES, "waiting_position": 3},
            "C’est complet. Vous attendez une place : numéro 3.",
        ),
        ({"state": MeetingState.CANCELLED, "cancel_reason": "Grève"}, "<blockquote>Grève</blockquote>"),
        ({"as_of": START}, "Cette réunion a commencé."),
        ({"as_of": START + timedelta(hours=2)}, "Cette réunion est finie."),
    ],
)
def test_the_card_says_how_the_meeting_and_the_reader_stand(changes, said):
    assert said in resident_card(FRENCH, view(**changes)).text


def test_the_first_of_a_month_is_said_as_in_french():
    first = datetime(2026, 6, 1, 16, 30, tzinfo=UTC)
    assert FRENCH.moment(first) == "lundi 1er juin 2026 à 18\u00a0h\u00a030"
    assert FRENCH.short_date(first) == "lun. 1er juin"
    assert "1 June" in translator("en").date(first)


def test_my_answer_is_marked_and_waiting_is_marked_otherwise():
    assert labels(resident_card(FRENCH, view(answer=Answer.MAYBE)))[:3] == ["Oui", "✅ Peut-être", "Non"]
    waiting = view(capacity=1, counted=Counts(yes=1, waiting=1), answer=Answer.YES, waiting_position=1)
    assert labels(resident_card(FRENCH, waiting))[0] == "⏳ Oui"


@pytest.mark.parametrize("over", [{"state": MeetingState.CANCELLED}, {"as_of": START}])
def test_nobody_is_offered_to_answer_what_is_over_or_cancelled(over):
    assert not [each for each in presses(resident_card(FRENCH, view(**over))) if isinstance(each, RsvpPress)]


def test_a_usual_reason_is_said_in_the_readers_language_and_a_written_one_as_written():
    for reason in (REASONS[1], "Il y a {trop} de <neige>"):
        card = resident_card(FRENCH, view(state=MeetingState.CANCELLED, cancel_reason=reason))
        assert reason.replace("<", "&lt;").replace(">", "&gt;") in card.text


def test_a_list_leads_to_each_meeting_and_says_my_answer():
    views = [view(id=1, answer=Answer.YES), view(id=2, state=MeetingState.CANCELLED), view(id=3)]
    card = list_card(FRENCH, views, 0, past=False, more=True, follows=True)
    assert [each.meeting for each in presses(card) if isinstance(each, MeetingPress)] == [1, 2, 3]
    lines = card.text.split("\n")[1:]
    assert lines[0].endswith("Vous venez.")
    assert lines[1].endswith("Annulée.")
    assert lines[2].endswith("Pas encore de réponse.")
    assert MeetingsPress(1, False) in presses(card)
    assert max(len(label) for label in labels(card)) < 64


def test_who_follows_no_council_is_told_how_to_begin():
    card = list_card(FRENCH, [], 0, past=False, more=False, follows=False)
    assert "Choisir mes conseils" in labels(card)


def test_arabic_isolates_what_people_wrote_and_the_figures():
    card = resident_card(ARABIC, view(capacity=10, counted=Counts(yes=4)))
    assert f"{ISOLATE}Salle des fêtes{END_ISOLATE}" in card.text
    assert f"{ISOLATE}6{END_ISOLATE}" in card.text or ISOLATE in card.text.split("\n")[-2]
    assert card.text.count(ISOLATE) == card.text.count(END_ISOLATE)


words = st.text(st.sampled_from("a<&>é😀 \n"), min_size=1)


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data())
def test_whatever_leads_write_every_card_fits_into_a_message(language, data):
    say = translator(language)
    made = view(
        title="😀" * 60,
        place=data.draw(words) * 3 + "é" * 150,
        agenda=data.draw(words) + "<" * 1_900,
        councils=tuple(CouncilName(n, "&" * 80) for n in range(data.draw(st.integers(1, 20)))),
        media_kind=data.draw(st.sampled_from([None, "photo"])),
        media_file_id="file",
        state=data.draw(st.sampled_from([MeetingState.ANNOUNCED, MeetingState.CANCELLED])),
        cancel_reason="é" * 500,
        capacity=data.draw(st.sampled_from([0, 5_000])),
        counted=Counts(yes=5_000, maybe=99_999, no=99_999, waiting=99_999),
        answer=data.draw(st.sampled_from([None, *Answer])),
        waiting_position=data.draw(st.sampled_from([None, 99_999])),
    )
    limit = CAPTION_LIMIT if made.media_kind else TEXT_LIMIT
    assert visible_length(resident_card(say, made).text) <= limit
    changed = changed_card(say, made, frozenset({"title", "starts_at", "place", "agenda", "media_file_id", "kind"}))
    assert visible_length(changed.text) <= limit
    assert visible_length(details_card(say, made).text) <= TEXT_LIMIT
    people = [Attendee(n, "W" * 64, Answer.YES, False) for n in range(20)]
    assert visible_length(live_card(say, made, people).text) <= TEXT_LIMIT
    for card in (resident_card(say, made), changed, live_card(say, made, people), reason_card(say, made)):
        for each in presses(card):
            assert unpack(each.pack(), type(each)) == each
        assert calls_for(card, 1)


def test_the_lead_reads_counts_in_the_singular_and_names_in_one_breath():
    some = view(counted=Counts(yes=1, maybe=1, no=2), capacity=12)
    card = live_card(
        FRENCH, some, [Attendee(1, "Amina <3", Answer.YES, False), Attendee(2, "Zoé", Answer.MAYBE, False)]
    )
    assert "1 inscrit\n12 places en tout\n1 peut-être\n2 personnes ne viennent pas" in card.text
    assert "Viennent : Amina &lt;3" in card.text
    assert "Zoé" not in card.text
    assert "0 inscrit" in live_card(FRENCH, view(), []).text.split("\n")


def test_many_names_are_counted_not_listed():
    people = [Attendee(n, f"Personne {n}", Answer.YES, False) for n in range(8)]
    assert "Personne 7 et 32 autres" in live_card(FRENCH, view(counted=Counts(yes=40)), people).text


def test_reminders_say_which_are_on():
    from council.settings import ReminderOffsets

    card = reminders_card(FRENCH, view(), ReminderOffsets(unanswered=(7 * 1440,), coming=(1440, 90)))
    on = [label for label in labels(card) if label.startswith("✅")]
    assert on == [
        "✅ 1 jour avant, à ceux qui viennent",
        "✅ 1 heure 30 avant, à ceux qui viennent",
        "✅ 7 jours avant, à ceux qui n’ont pas répondu",
    ]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(days=7), "Dans 7 jours"),
        (timedelta(days=1), "Demain à 18\u00a0h\u00a030"),
        (timedelta(hours=9), "Aujourd’hui à 18\u00a0h\u00a030"),
        (timedelta(hours=2), "Dans 2 heures"),
        (timedelta(hours=1, minutes=50), "Dans 2 heures"),
        (timedelta(hours=1, minutes=29), "Dans 1 heure 30"),
        (timedelta(minutes=40), "Dans 40 minutes"),
    ],
)
def test_a_reminder_says_how_soon_as_one_says_it_at_that_moment(before, said):
    from zoneinfo import ZoneInfo

    now = Now(START - before, ZoneInfo("Europe/Paris"))
    assert said in reminder_card(FRENCH, view(as_of=now.moment), now, asks=False).text


def test_a_tap_on_any_card_of_a_meeting_can_be_edited_in_place():
    """A picture's caption stays a caption and a text a text, or Telegram would need a new message."""
    with_picture = view(media_kind="photo", media_file_id="file", latitude=43.6, longitude=1.44)
    announced_as = resident_card(FRENCH, with_picture, Surface.ANNOUNCED)
    assert edit_for(announced_as, 1, 2, has_media=True) is not None
    for surface in (Surface.TOLD, Surface.LISTED):
        assert edit_for(resident_card(FRENCH, with_picture, surface), 1, 2, has_media=False) is not None
    reminder = reminder_card(FRENCH, with_picture, Now(NOW, FRENCH.timezone), asks=True)
    assert reminder.media is None
    assert {each.surface for each in presses(reminder) if isinstance(each, RsvpPress)} == {Surface.TOLD}


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=5))
def test_a_forged_answer_is_recognised(meeting, answer, surface):
    data = f"rsvp:{meeting}:{answer}:{surface}"
    try:
        found = unpack(data, RsvpPress)
    except Forged:
        return
    assert found.answer in Answer
    assert found.surface in Surface


def phone_of(programme, actor) -> Phone:
    return Phone(programme, [meetings.router, meeting_lead.router], actor.telegram_id, actor.first_name)


async def test_answering_edits_the_card_and_says_so_in_a_small_word(programme):
    lead = await lead_of(programme, programme.nord)
    amina, marco = await residents(programme, "Amina", "Marco")
    meeting = await announced(programme, lead, capacity=1)
    first = await phone_of(programme, amina).presses(RsvpPress(meeting.id, Answer.YES, Surface.ANNOUNCED).pack())
    assert (first.toast, first.fresh) == ("C’est noté : vous venez.", False)
    assert "✅ Oui" in labels(first.cards[0])
    second = await phone_of(programme, marco).presses(RsvpPress(meeting.id, Answer.YES, Surface.ANNOUNCED).pack())
    assert second.toast == "C’est complet. Vous attendez une place : numéro 1."
    again = await phone_of(programme, amina).presses(RsvpPress(meeting.id, Answer.NO, Surface.ANNOUNCED).pack())
    assert again.toast == "C’est noté : vous ne venez pas."


async def test_an_old_button_says_what_is_true_now(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    meeting = await announced(programme, lead)
    programme.clock.set(START)
    reply = await phone_of(programme, amina).presses(RsvpPress(meeting.id, Answer.YES, Surface.TOLD).pack())
    assert reply.alert
    assert "Cette réunion a commencé." in reply.cards[0].text


async def test_my_meetings_are_paged_and_one_tap_opens_one(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    for number in range(7):
        await announced(
            programme, lead, key=f"k{number}", title=f"Réunion {number}", starts_at=START + timedelta(days=number)
        )
    phone = phone_of(programme, amina)
    await phone.types("/reunions")
    assert "Réunion 0" in phone.sees
    assert "Réunion 5" not in phone.sees
    await phone.taps_on("Suite")
    assert "Réunion 6" in phone.sees
    await phone.taps_on("Réunion 6")
    assert "<b>Réunion 6</b>" in phone.sees
    assert "Gérer cette réunion" not in phone.labels
    await phone.taps_on("Peut-être")
    assert "✅ Peut-être" in phone.labels
    await phone.taps_on("Mes réunions")
    await phone.taps_on("Réunions passées")
    assert "Aucune réunion passée" in phone.sees


async def test_the_calendar_file_holds_the_meeting_in_local_time(programme):
    lead = await lead_of(programme, programme.nord)
    (amina,) = await residents(programme, "Amina")
    meeting = await announced(programme, lead, latitude=43.6, longitude=1.44, agenda="Le parc")
    phone = phone_of(programme, amina)
    reply = await phone.presses(CalendarPress(meeting.id).pack())
    assert reply.fresh
    media = reply.cards[0].media
    assert media.file_name == f"reunion-{meeting.id}.ics"
    (event,) = Calendar.from_ical(media.content).walk("VEVENT")
    assert event["DTSTART"].dt.astimezone(UTC) == START
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert "Le parc" in str(event["DESCRIPTION"])
    reply = await phone.presses(MapPress(meeting.id).pack())
    assert reply.cards[0].place == Place(43.6, 1.44)


@pytest.mark.parametrize("prefix", ["mtg", "ics", "map", "mdet", "mins"])
async def test_another_councils_meeting_and_one_that_never_was_are_refused_alike(programme, prefix):
    stranger = await programme.person("Zoé", follows=(programme.sud,))
    meeting = await announced(programme, await lead_of(programme, programme.nord))
    for number in (meeting.id, 999_999):
        with pytest.raises(NotAllowed):
            await phone_of(programme, stranger).presses(f"{prefix}:{number}")


@pytest.mark.parametrize(
    "data", ["mgt:{}", "mgn:{}:0", "mgx:{}", "mgl:{}", "mgf:{}:coming:60:1", "mgu:{}", "mgv:{}", "mga:{}:1", "mgo:{}"]
)
async def test_a_revoked_lead_and_residents_run_nothing(programme, data):
    (amina,) = await residents(programme, "Amina")
    meeting = await announced(programme, await lead_of(programme, programme.nord))
    with pytest.raises(NotAllowed):
        await phone_of(programme, amina).presses(data.format(meeting.id))


async def test_the_lead_reads_all_names_in_their_order(programme):
    lead = await lead_of(programme, programme.nord)
    amina, marco, zoe = await residents(programme, "Amina", "Marco", "Zoé")
    meeting = await announced(programme, lead, capacity=1)
    for actor, answer in ((zoe, Answer.NO), (amina, Answer.YES), (marco, Answer.YES)):
        await answers(programme, actor, meeting, answer)
    phone = phone_of(programme, lead)
    await phone.presses(f"mgt:{meeting.id}")
    await phone.taps_on("Tous les noms")
    assert phone.sees.split("\n")[1:] == ["Amina vient", "Marco attend une place", "Zoé ne vient pas"]
    await phone.taps_on("Retour à la réunion")
    await phone.taps_on("Voir comme un habitant")
    assert "Quartier Nord" in phone.sees


def test_every_toast_fits():
    for say in map(translator, LANGUAGES):
        for changes in (
            {"answer": Answer.YES},
            {"answer": Answer.YES, "waiting_position": 99_999},
            {"answer": Answer.NO},
        ):
            assert 0 < len(answer_toast(say, view(**changes))) <= 200
