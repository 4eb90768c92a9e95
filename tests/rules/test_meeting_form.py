"""A lead creates a meeting in a conversation: by buttons alone, in words, and with slips on the way."""

from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from council.errors import NotAllowed
from council.meetings import cancel_meeting
from handlers import announcements, home, meeting_form, meeting_lead, meetings
from handlers.cards.card import MediaKind
from handlers.cards.meeting_form import ConfirmPress
from storage.meetings import Meeting, MeetingCouncil, MeetingKind, MeetingState
from storage.outbox import Notice
from storage.people import Role
from storage.programme import Council, CouncilStatus, UsualPlace
from tests.rules.meeting_scenes import announced, lead_of, residents
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


async def fills_in(phone: Phone, *, until: str = "preview") -> None:
    """The shortest way by buttons and few words, up to a step."""
    await phone.types("/reunion")
    for step, act in (
        ("kind", lambda: phone.taps_on("Réunion plénière")),
        ("title", lambda: phone.taps_on("Assemblée des habitants")),
        ("start", lambda: phone.types("mardi 17 mars à 18h30")),
        ("length", lambda: phone.taps_on("2 heures")),
        ("place", lambda: phone.types("Salle des fêtes")),
        ("agenda", lambda: phone.taps_on("Pas d’ordre du jour")),
        ("capacity", lambda: phone.taps_on("Autant que l’on veut")),
        ("media", lambda: phone.taps_on("Pas de fichier")),
        ("announce", lambda: phone.taps_on("Tout de suite")),
    ):
        if step == until:
            return
        await act()


async def test_a_meeting_is_announced_by_buttons_alone(programme, lea):
    async with programme.database.write() as session:
        session.add(UsualPlace(council_id=programme.nord, name="Maison de quartier", latitude=43.6, longitude=1.44))
    await residents(programme, "Amina", "Marco")
    await lea.types("/menu")
    for label in (
        "Créer une réunion",
        "Commission",
        "Atelier propreté",
        "▶",
        "14",
        "18\u00a0h",
        "18\u00a0h\u00a030",
        "1 heure 30",
        "Maison de quartier",
        "Pas d’ordre du jour",
        "20",
        "Pas de fichier",
        "Tout de suite",
    ):
        await lea.taps_on(label)
    shown, question = lea.reply.cards
    assert "Atelier propreté" in shown.text
    assert "mardi 14 avril 2026, de 18\u00a0h\u00a030 à 20\u00a0h" in shown.text
    assert shown.place is not None
    assert "3 personnes recevront l’annonce." in question.text
    assert await all_of(programme, Meeting) == []
    await lea.taps_on("Annoncer")
    (meeting,) = await all_of(programme, Meeting)
    assert meeting.kind is MeetingKind.COMMISSION
    assert meeting.starts_at == datetime(2026, 4, 14, 16, 30, tzinfo=UTC)
    assert (meeting.minutes, meeting.place, meeting.capacity, meeting.latitude) == (90, "Maison de quartier", 20, 43.6)
    assert meeting.state is MeetingState.ANNOUNCED
    assert len(await all_of(programme, Notice)) == 3
    assert lea.card.live is not None
    assert "0 inscrit\n" in lea.sees + "\n"


async def test_the_same_meeting_again_is_six_taps(programme, lea):
    await announced(programme, await programme.again(lea.telegram_id), title="Café du mardi", agenda="Le parc")
    await lea.types("/menu")
    before = lea.taps
    for label in (
        "Créer une réunion",
        "Comme la dernière fois : Café du mardi",
        "24",
        "18\u00a0h",
        "18\u00a0h\u00a030",
    ):
        await lea.taps_on(label)
    shown, _ = lea.reply.cards
    assert "Café du mardi" in shown.text
    assert "Le parc" not in shown.text, "the agenda was of its day"
    await lea.taps_on("Annoncer")
    assert lea.taps - before == 6
    first, second = await all_of(programme, Meeting)
    same = ("kind", "title", "minutes", "place", "capacity")
    assert [getattr(first, each) for each in same] == [getattr(second, each) for each in same]
    assert (second.state, second.starts_at) == (MeetingState.ANNOUNCED, datetime(2026, 3, 24, 17, 30, tzinfo=UTC))


async def test_what_was_taken_from_the_last_time_can_be_answered_anew(programme, lea):
    await announced(programme, await programme.again(lea.telegram_id), title="Café du mardi")
    await lea.types("/reunion")
    await lea.taps_on("Comme la dernière fois")
    await lea.taps_on("Retour")
    assert "Quel est le titre" in lea.sees
    await lea.taps_on("Retour")
    assert not any("dernière fois" in each for each in lea.labels)
    await lea.taps_on("Formation")
    await lea.types("Lire un budget")
    await lea.types("mardi 17 mars à 18h30")
    shown, _ = lea.reply.cards
    assert "Formation" in shown.text
    assert "Lire un budget" in shown.text


async def test_nothing_is_offered_that_was_cancelled_or_was_another_council_s(programme, lea):
    lead = await programme.again(lea.telegram_id)
    made = await announced(programme, lead)
    async with programme.database.write() as session:
        await cancel_meeting(session, programme.clock, programme.settings, lead, made.id, made.revision, "Pluie.")
    both = await lead_of(programme, programme.nord, programme.sud, name="Sofia")
    await announced(programme, both, "update:2", (programme.nord, programme.sud), title="Ensemble")
    await lea.types("/reunion")
    assert not any("dernière fois" in each for each in lea.labels)
    sofia = phone_of(programme, both)
    await sofia.types("/reunion")
    await sofia.taps_on("Tous les conseils")
    await sofia.taps_on("Continuer")
    assert "🔁 Comme la dernière fois : Ensemble" in sofia.labels


async def test_everything_can_be_written_too(programme, lea):
    await lea.types("/reunion")
    await lea.taps_on("Formation")
    await lea.types("Lire un budget <b>& débattre</b>")
    await lea.types("12/03 à 18h")
    await lea.types("1h45")
    await lea.types("3 rue du Nord")
    await lea.types("1. Bilan\n2. Questions")
    await lea.types("25 places")
    await lea.taps_on("Pas de fichier")
    await lea.types("demain 9h")
    shown, question = lea.reply.cards
    assert "Lire un budget &lt;b&gt;&amp; débattre&lt;/b&gt;" in shown.text
    assert "<blockquote>1. Bilan\n2. Questions</blockquote>" in shown.text
    assert "mardi 3 mars 2026 à 9\u00a0h" in question.text
    await lea.taps_on("Annoncer plus tard")
    (meeting,) = await all_of(programme, Meeting)
    assert meeting.state is MeetingState.DRAFT
    assert meeting.announce_at == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    assert (meeting.minutes, meeting.capacity) == (105, 25)
    assert await all_of(programme, Notice) == []


async def test_a_double_tap_on_announce_makes_one_meeting(programme, lea):
    await fills_in(lea)
    press = lea.button("Annoncer").press
    await lea.presses(press.pack())
    again = await lea.presses(press.pack())
    assert again.cards == ()
    assert "n’est plus ouvert" in again.toast
    assert len(await all_of(programme, Meeting)) == 1


async def test_an_older_preview_announces_nothing_but_shows_the_newer_one(programme, lea):
    await fills_in(lea)
    older = lea.button("Annoncer").press
    await lea.taps_on("Changer quelque chose")
    await lea.taps_on("Titre")
    await lea.types("Un autre titre")
    await lea.presses(older.pack())
    assert "Un autre titre" in lea.sees
    assert await all_of(programme, Meeting) == []
    await lea.presses(ConfirmPress(older.key + 10_000, older.version).pack())
    assert await all_of(programme, Meeting) == []


async def test_going_back_loses_nothing(programme, lea):
    await fills_in(lea, until="capacity")
    for _ in range(4):
        await lea.taps_on("Retour")
    assert "Quel jour" in lea.sees
    await lea.taps_on("Garder : mardi 17 mars 2026")
    await lea.taps_on("Garder : 2 heures")
    await lea.taps_on("Garder : Salle des fêtes")
    assert "De quoi parlerez-vous" in lea.sees


async def test_back_in_the_calendar_goes_one_question_back(programme, lea):
    await fills_in(lea, until="start")
    await lea.taps_on("12")
    assert "À quelle heure ?" in lea.sees
    await lea.taps_on("Retour")
    assert "Quel jour" in lea.sees
    await lea.taps_on("Retour")
    assert "Quel est le titre" in lea.sees


async def test_cancelling_leaves_nothing_behind(programme, lea):
    await fills_in(lea, until="place")
    await lea.taps_on("Annuler")
    assert await all_of(programme, Meeting) == []
    await lea.types("/reunion")
    assert "Garder" not in "".join(lea.labels)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("hier à 18h", "déjà passé"),
        ("31/02 à 18h", "n’existe pas"),
        ("le chat dort", "pas compris"),
        ("12/03/2031 à 18h", "trop loin"),
        ("29/03 à 2h30", "n’existe pas"),
        ("25/10 à 2h30", "arrive deux fois"),
    ],
)
async def test_a_date_that_cannot_be_is_asked_back(programme, lea, words, told):
    await fills_in(lea, until="start")
    await lea.types(words)
    assert told in lea.sees
    assert lea.sees.rstrip().endswith("?") or "Vous pouvez aussi écrire" in lea.sees
    await lea.types("jeudi 12 mars à 18h")
    assert "combien de temps" in lea.sees


async def test_the_hour_that_autumn_repeats_is_chosen_by_a_button(programme, lea):
    programme.clock.set(datetime(2026, 10, 20, 9, 0, tzinfo=UTC))
    await fills_in(lea, until="start")
    await lea.types("25/10 à 2h30")
    await lea.taps_on("après le changement")
    for label in ("1 heure", "Retour"):
        await lea.taps_on(label)
    await lea.taps_on("Garder : 1 heure")
    await lea.types("Place du marché")
    for label in ("Pas d’ordre du jour", "Autant", "Pas de fichier", "Tout de suite", "Annoncer"):
        await lea.taps_on(label)
    (meeting,) = await all_of(programme, Meeting)
    assert meeting.starts_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("step", ["kind", "title", "start", "length", "place", "agenda", "capacity", "announce"])
@pytest.mark.parametrize(
    "content",
    [
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
        {"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1,
                     "is_animated": False, "is_video": False}},
        {"contact": {"phone_number": "1", "first_name": "Bob"}},
    ],
    ids=["voice", "sticker", "contact"],
)  # fmt: skip
async def test_what_a_step_cannot_take_gets_a_sentence_and_the_question_again(programme, lea, step, content):
    await fills_in(lea, until=step)
    asked, labels = lea.sees, lea.labels
    await lea.sends(**content)
    assert lea.sees.endswith(asked)
    assert len(lea.sees) > len(asked)
    assert lea.labels == labels


@pytest.mark.parametrize(
    ("step", "words", "told"),
    [
        ("title", "é" * 121, "moins de 120 signes"),
        ("title", "   ", "Il faut un titre"),
        ("place", "é" * 201, "moins de 200 signes"),
        ("agenda", "é" * 2_001, "moins de 2\u202f000 signes"),
        ("length", "13 h", "de 15 minutes à 12 heures"),
        ("length", "longtemps", "pas compris la durée"),
        ("capacity", "beaucoup", "pas trouvé de nombre"),
        ("capacity", "999999", "5\u202f000 places ou moins"),
        ("announce", "17 mars à 19h", "avant le début"),
        ("kind", "une fête", "avec les boutons"),
        ("media", "voilà", "une image ou un document"),
    ],
)
async def test_what_breaks_a_rule_is_said_and_the_dialogue_stays(programme, lea, step, words, told):
    await fills_in(lea, until=step)
    asked = lea.card.text
    await lea.types(words)
    assert told in lea.sees
    assert lea.sees.endswith(asked)


async def test_a_location_is_the_place_once_it_has_a_name(programme, lea):
    await fills_in(lea, until="place")
    await lea.sends(location={"latitude": 43.61, "longitude": 1.45})
    assert "le nom de ce lieu" in lea.sees
    await lea.types("Sous le grand arbre")
    for label in ("Pas d’ordre du jour", "Autant", "Pas de fichier", "Tout de suite", "Annoncer"):
        await lea.taps_on(label)
    (meeting,) = await all_of(programme, Meeting)
    assert (meeting.place, meeting.latitude, meeting.longitude) == ("Sous le grand arbre", 43.61, 1.45)


async def test_the_place_of_the_last_meeting_is_one_tap_away(programme):
    lead = await lead_of(programme, programme.nord)
    await announced(programme, lead, place="Salle Jean-Jaurès")
    phone = phone_of(programme, lead)
    await fills_in(phone, until="place")
    await phone.taps_on("Comme la dernière fois : Salle Jean-Jaurès")
    assert "De quoi parlerez-vous" in phone.sees


async def test_of_an_album_the_first_file_is_kept_and_said_once(programme, lea):
    await fills_in(lea, until="media")
    photo = {"file_unique_id": "p", "width": 1, "height": 1}
    first = await lea.sends(media_group_id="7", photo=[{"file_id": "small", **photo}, {"file_id": "large", **photo}])
    assert "Je garde le premier" in first.cards[0].text
    second = await lea.sends(media_group_id="7", photo=[{"file_id": "other", **photo}])
    assert second.cards == ()
    await lea.presses("mf:announce:now")
    (shown, _) = lea.reply.cards
    assert (shown.media.kind, shown.media.file_id) == (MediaKind.PHOTO, "large")


async def test_several_councils_make_an_inter_council_meeting(programme):
    coordinator = await programme.person("Chloé", roles=((Role.COORDINATOR, None),))
    await programme.person("Nadia", follows=(programme.nord, programme.sud))
    phone = phone_of(programme, coordinator)
    await phone.types("/reunion")
    assert "Continuer" not in "".join(phone.labels)
    await phone.taps_on("Quartier Nord")
    await phone.taps_on("Quartier Sud")
    await phone.taps_on("Continuer")
    assert "titre" in phone.sees
    await phone.taps_on("Réunion entre conseils")
    await phone.types("17 mars 18h")
    await phone.taps_on("2 heures")
    await phone.types("Mairie")
    for label in ("Pas d’ordre du jour", "Autant", "Pas de fichier", "Tout de suite"):
        await phone.taps_on(label)
    assert "Quartier Nord et Quartier Sud" in phone.sees
    assert "1 personne recevra l’annonce." in phone.sees
    await phone.taps_on("Annoncer")
    (meeting,) = await all_of(programme, Meeting)
    assert meeting.kind is MeetingKind.INTER_COUNCIL
    async with programme.database.read() as session:
        assert set((await session.exec(select(col(MeetingCouncil.council_id)))).all()) == {
            programme.nord,
            programme.sud,
        }


async def test_one_of_a_coordinators_councils_is_asked_its_kind(programme):
    coordinator = await programme.person("Chloé", roles=((Role.COORDINATOR, None),))
    phone = phone_of(programme, coordinator)
    await phone.types("/reunion")
    await phone.taps_on("Tous les conseils")
    await phone.taps_on("Quartier Sud")
    await phone.taps_on("Continuer")
    assert "Quel genre" in phone.sees
    assert "Réunion entre conseils" not in phone.labels


async def test_each_field_can_be_changed_from_the_preview(programme, lea):
    await fills_in(lea)
    for field, answer in (
        ("Genre de réunion", "Formation"),
        ("Titre", "Apprendre à prendre la parole"),
        ("Durée", "3 heures"),
        ("Nombre de places", "30"),
    ):
        await lea.taps_on("Changer quelque chose")
        await lea.taps_on(field)
        await lea.taps_on(answer)
        assert "Voilà ce que les habitants verront" in lea.sees
    await lea.taps_on("Changer quelque chose")
    await lea.taps_on("Moment de l’annonce")
    await lea.taps_on("Plus tard")
    await lea.types("demain à 10h")
    await lea.taps_on("Annoncer plus tard")
    (meeting,) = await all_of(programme, Meeting)
    assert (meeting.kind, meeting.title) == (MeetingKind.TRAINING, "Apprendre à prendre la parole")
    assert (meeting.minutes, meeting.capacity, meeting.state) == (180, 30, MeetingState.DRAFT)


async def test_a_preview_left_until_after_the_start_asks_for_another_day(programme, lea):
    await fills_in(lea)
    confirm = lea.button("Annoncer").press
    programme.clock.set(datetime(2026, 3, 17, 17, 31, tzinfo=UTC))
    await lea.presses(confirm.pack())
    assert "déjà passé" in lea.sees
    assert "Quel jour" in lea.sees
    await lea.types("jeudi 19 mars à 18h")
    assert "Voilà ce que les habitants verront" in lea.sees


async def test_a_council_in_its_electoral_reserve_is_confirmed_as_neutral(programme, lea):
    async with programme.database.write() as session:
        (await session.get_one(Council, programme.nord)).status = CouncilStatus.ELECTORAL_RESERVE
    await fills_in(lea)
    assert "période électorale" in lea.sees
    await lea.taps_on("Oui, elle est neutre")
    (meeting,) = await all_of(programme, Meeting)
    assert meeting.state is MeetingState.ANNOUNCED


async def test_a_resident_cannot_begin_and_a_stale_button_takes_one_back_to_the_question(programme, lea):
    amina, *_ = await residents(programme, "Amina")
    with pytest.raises(NotAllowed):
        await phone_of(programme, amina).types("/reunion")
    await fills_in(lea, until="length")
    await lea.presses("mf:kind:training")
    assert "combien de temps" in lea.sees


async def test_commands_still_work_in_the_middle_of_the_form(programme, lea):
    await fills_in(lea, until="title")
    await lea.types("/reunions")
    assert "Aucune réunion n’est prévue" in lea.sees
    await lea.types("Un titre")
    assert "Quel jour" in lea.sees
