"""Residents answer: until the start, one at a time for the last seat, in line when it is taken; nobody else may."""

from handlers.cards.meeting import (
    CalendarPress,
    DetailsPress,
    ManagePress,
    MapPress,
    MeetingPress,
    RsvpPress,
    Surface,
)
from handlers.cards.meeting_lead import (
    AnnounceNowPress,
    CalledOffPress,
    CallOffPress,
    EditMeetingPress,
    MovePress,
    NamesPress,
    RemindersPress,
    SeenByResidentsPress,
    WriteToAttendeesPress,
)
from playground.attachments import Attachment, sample
from storage.meetings import Answer
from storage.people import Role
from tests.scenes.meeting_steps import (
    at,
    count,
    diary,
    fills_in,
    in_french,
    meeting_of,
    meetings,
    opens_managed,
)
from tests.scenes.stage import PARIS, Person, Stage


async def test_an_answer_may_change_until_the_start_and_everything_shows_it(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    starts_at = at(stage, 10, 18, 30)
    await meeting_of(
        stage, fatou, title="Fête & jardin", starts_at=starts_at, latitude=43.63, longitude=1.45, agenda="Un\nDeux"
    )
    live = await opens_managed(fatou, "Fête & jardin")
    assert "0 inscrit\n" in live.text + "\n"

    card = await rosa.sees("Fête & jardin", "Viendrez-vous")
    for label, toast, said in (
        ("Oui", "vous venez", "oui, vous venez"),
        ("Peut-être", "peut-être", "Votre réponse : peut-être"),
        ("Non", "ne venez pas", "non, vous ne venez pas"),
        ("Oui", "vous venez", "oui, vous venez"),
    ):
        assert toast in await rosa.taps(label, on=card)
        assert said in card.text
        assert f"✅ {label}" in rosa.buttons(card)
    await stage.advance(seconds=10)
    assert (await fatou.sees("Fête & jardin", "1 inscrit", "Viennent : Rosa")).id == live.id
    assert "inscrits" not in live.text

    # The diary's file, read as a diary reads it.
    await rosa.taps("Ajouter à mon agenda", on=card)
    calendar, event = diary(rosa, await rosa.sees("Ouvrez ce fichier"))
    assert [str(each["TZID"]) for each in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]
    assert event["DTSTART"].dt == starts_at
    assert str(event["DTSTART"].params["TZID"]) == "Europe/Paris"
    assert (event["DTEND"].dt - event["DTSTART"].dt).seconds == 90 * 60
    assert (str(event["SUMMARY"]), str(event["LOCATION"]), str(event["STATUS"])) == (
        "Fête & jardin",
        "Salle des fêtes",
        "CONFIRMED",
    )
    assert (event["GEO"].latitude, event["GEO"].longitude) == (43.63, 1.45)
    first_sequence, uid = int(event["SEQUENCE"]), str(event["UID"])

    # My meetings: my answer on the line; one tap opens one, with its map and all of its words.
    await rosa.sends("/reunions")
    await rosa.sees("Vos réunions à venir", "Fête & jardin", "Vous venez")
    await rosa.taps("Fête & jardin")
    opened = await rosa.sees("Fête & jardin", "Un\nDeux", "oui, vous venez")
    await rosa.taps("Voir la carte", on=opened)
    point = next(each for each in reversed(rosa.messages()) if "location" in each.body)
    assert (point.body["location"]["latitude"], point.body["location"]["longitude"]) == (43.63, 1.45)

    # It is moved, then called off: the file follows.
    await fatou.taps("Déplacer", on=live)
    later = at(stage, 11, 19)
    await fatou.sends(f"{later.astimezone(PARIS):%d/%m} à 19h")
    await fatou.taps("Enregistrer")
    await stage.all_delivered()
    moved = await rosa.sees("Une réunion a changé", "Avant", "Maintenant", in_french(later.astimezone(PARIS).date()))
    await rosa.taps("Ajouter à mon agenda", on=moved)
    _, event = diary(rosa, await rosa.sees("Ouvrez ce fichier", times=2))
    assert (str(event["UID"]), event["DTSTART"].dt) == (uid, later)
    second_sequence = int(event["SEQUENCE"])
    assert second_sequence > first_sequence

    # After the start nothing can be answered any more, and the old card says so.
    await stage.go_to(later)
    await rosa.taps("Non", on=card)
    assert "commencé" in card.text
    assert not {"Oui", "Non"} & set(rosa.buttons(card))
    await rosa.sends("/reunions")
    await rosa.sees("Aucune réunion n’est prévue")
    await stage.go_to(at(stage, 1, 9))
    await rosa.taps("Réunions passées")
    await rosa.sees("Vos réunions passées", "Fête & jardin")
    await rosa.taps("Fête & jardin")
    await rosa.sees("Fête & jardin", "Cette réunion est finie")

    # The file of one that was called off says so: the diary strikes it out.
    await meeting_of(stage, fatou, title="Annulée")
    third = await rosa.sees("Annulée", "Viendrez-vous")
    keys = third.buttons
    await opens_managed(fatou, "Annulée")
    await fatou.taps("Annuler la réunion")
    await fatou.taps("Le lieu n’est plus libre")
    await fatou.taps("Oui, elle n’aura pas lieu")
    await stage.all_delivered()
    await rosa.sees("Une réunion est annulée", "Le lieu n’est plus libre")
    await rosa.taps("Ajouter à mon agenda", on=third)
    _, event = diary(rosa, await rosa.sees("Ouvrez ce fichier", times=3))
    assert str(event["STATUS"]) == "CANCELLED"
    assert "annulée" in await rosa.taps("Oui", on=third)
    assert "annulée" in third.text
    assert keys != third.buttons


async def test_the_only_seat_goes_to_one_and_the_line_moves_up_at_once_whatever_frees_it(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    people = [await stage.joined(name, "nord") for name in ("Ali", "Bea", "Chloé", "Dina", "Ema", "Farid")]
    meeting = await meeting_of(stage, fatou, title="Visite", capacity=1)
    live = await opens_managed(fatou, "Visite")
    cards = {each.id: await each.sees("Visite", "Il reste 1 place") for each in people}
    yes = RsvpPress(meeting, Answer.YES, Surface.ANNOUNCED).pack()
    presses = [each.phone.presses(cards[each.id], data=yes) for each in people]  # all at the same moment
    await stage.until(lambda: all(each.answer is not None for each in presses))
    await stage.quiet_moment()
    seated = [each for each in people if "oui, vous venez" in cards[each.id].text]
    assert len(seated) == 1
    line: dict[int, Person] = {}
    for each, press in zip(people, presses, strict=True):
        if each is not seated[0]:
            number = int(cards[each.id].text.split("numéro ")[1].split(".")[0])
            line[number] = each
            assert f"numéro {number}" in press.answer.text
            assert "⏳ Oui" in each.buttons(cards[each.id])
    assert sorted(line) == [1, 2, 3, 4, 5]
    await stage.advance(seconds=10)
    shown = await fatou.sees(
        "Visite", "1 inscrit", "5 personnes attendent une place", f"Viennent : {seated[0].phone.first_name}"
    )
    assert shown.id == live.id

    # The answer is changed: the first in line hears at once, and nobody else.
    await seated[0].taps("Non", on=cards[seated[0].id])
    await stage.all_delivered()
    await line[1].sees("Une place s’est libérée", "Visite")
    assert not any("libérée" in text for number in (2, 3, 4, 5) for text in line[number].texts())
    # Whoever had the seat and wants it back stands at the end.
    assert "numéro 5" in await seated[0].taps("Oui", on=cards[seated[0].id])
    # Somebody leaves the council.
    await line[1].sends("/profil")
    await line[1].taps("Conseils")
    await line[1].taps("Quartier Nord")
    await stage.all_delivered()
    await line[2].sees("Une place s’est libérée")
    # Somebody erases the account.
    await line[2].sends("/supprimer")
    await line[2].taps("Oui, tout effacer")
    await stage.all_delivered()
    await line[3].sees("Une place s’est libérée")
    # There are more seats.
    await fatou.taps("Modifier", on=live)
    await fatou.taps("Nombre de places")
    await fatou.sends("2")
    await fatou.sees("0 personne sera prévenue")
    await fatou.taps("Enregistrer")
    await stage.all_delivered()
    await line[4].sees("Une place s’est libérée")
    await line[5].never_sees("Une place s’est libérée")
    assert count(line[3], "libérée") == count(line[4], "libérée") == 1
    names = {each.phone.first_name for each in (line[3], line[4])}
    await stage.advance(seconds=10)
    last = (await fatou.sees("Visite", "2 inscrits", "2 personnes attendent une place")).text
    assert all(name in last for name in names)
    # Who waits is not reminded to come; who has a seat is.
    await line[5].sends("/reunions")
    await line[5].sees("Visite", "Vous attendez une place")


async def test_a_meeting_with_a_picture_is_answered_below_it_and_a_point_without_a_name_is_enough(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord", language="en")
    await fills_in(fatou, "dans 9 jours à 18h", until="place", title="Goûter")
    await fatou.sends(attachment=Attachment("location", details={"latitude": 43.6, "longitude": 1.4}))
    await fatou.sees("le nom de ce lieu")
    await fatou.taps("Retour")
    await fatou.sees("Où est la réunion")
    await fatou.sends(attachment=Attachment("location", details={"latitude": 43.6, "longitude": 1.4}))
    await fatou.taps("Pas de nom")
    await fatou.sends("Un\n" * 250)
    await fatou.taps("Autant que l’on veut")
    await fatou.sends(attachment=Attachment("photo", file=sample("photo")))
    await fatou.taps("Tout de suite")
    await fatou.taps("✅ Annoncer")
    await stage.all_delivered()
    card = await rosa.sees("Goûter")
    assert card.body["photo"]
    assert "location" in rosa.messages()[-1].body
    seen = len(rosa.messages())
    await rosa.taps("Yes", on=card)
    assert "✅ Yes" in rosa.buttons(card)
    assert card.body["photo"]
    assert len(rosa.messages()) == seen
    await rosa.taps("Details", on=card)
    assert len(rosa.messages()) > seen
    # From the list the picture is one tap away.
    await rosa.sends("/reunions")
    await rosa.taps("Goûter")
    await rosa.taps("No")
    await rosa.taps("Details")
    assert any("photo" in each.body for each in rosa.messages()[-2:])


async def test_somebody_of_another_council_can_neither_see_answer_nor_manage(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    paul = await stage.joined("Paul", "sud", role=Role.LEAD)
    meeting = await meeting_of(stage, fatou, title="Secret", latitude=43.6, longitude=1.4)
    draft = await meeting_of(stage, fatou, title="Brouillon", announce_at=at(stage, 2, 9))
    live = await opens_managed(fatou, "Secret")
    await paul.sends("/menu")
    menu = paul.messages()[-1]
    for known in (meeting, draft, 999_999, -1):
        for press in (
            MeetingPress(known),
            RsvpPress(known, Answer.YES, Surface.ANNOUNCED),
            CalendarPress(known),
            MapPress(known),
            DetailsPress(known),
            ManagePress(known),
            EditMeetingPress(known),
            MovePress(known),
            CallOffPress(known),
            CalledOffPress(known),
            NamesPress(known, 0),
            RemindersPress(known),
            WriteToAttendeesPress(known),
            AnnounceNowPress(known, confirmed=True),
            SeenByResidentsPress(known),
        ):
            toast = await paul.forges(press.pack(), on=menu)
            assert "pouvez pas ouvrir" in toast, (press, toast)
    for data in (f"rsvp:{meeting}:yes", "rsvp", f"mgt:{meeting}x", "mf:start:99", "day:99999999999999", "é" * 20, "?"):
        assert await paul.forges(data, on=menu), data
    await paul.never_sees("Secret")
    await paul.never_sees("Brouillon")
    # A resident of the council reads and answers, but runs nothing and sees no draft.
    assert "pouvez pas ouvrir" in await rosa.forges(ManagePress(meeting).pack(), on=await rosa.sees("Secret"))
    assert "pouvez pas ouvrir" in await rosa.forges(MeetingPress(draft).pack(), on=await rosa.sees("Secret"))
    assert [each.capacity for each in await meetings(stage)] == [0, 0]

    # Fatou is lead no more: her old buttons open nothing, and her old card tells her nothing new.
    coordinator = await stage.joined("Linda", "nord", role=Role.COORDINATOR)
    await fills_in(fatou, "dans 9 jours à 18h", title="Trop tard")
    await coordinator.sends("/equipe")
    await coordinator.taps("Qui est dans l’équipe")
    await coordinator.taps("Fatou")
    await coordinator.taps("Retirer ce rôle")
    await coordinator.taps("Oui, retirer")
    await stage.all_delivered()
    assert "pouvez pas ouvrir" in await fatou.taps("✅ Annoncer")
    for label in ("Déplacer", "Modifier", "Rappels", "Annuler la réunion", "Tous les noms", "Voir comme"):
        assert "pouvez pas ouvrir" in await fatou.taps(label, on=live), label
    before = live.text
    await rosa.taps("Oui")
    await stage.advance(seconds=10)
    await stage.all_delivered()
    assert live.text == before
    assert [each.title for each in await meetings(stage)] == ["Secret", "Brouillon"]
