"""From a QR code to « Bienvenue », and a person's profile: what they tap, what they see."""

import pytest
from phones import Phone
from sqlmodel import col, func, select

from council import invitations
from council.joining import join
from handlers import help as help_feature
from handlers import home, joining, privacy, profile, unplaced
from storage.dialogues import Dialogue
from storage.people import Consent, Person, Role

ROUTERS = [each.router for each in (home, joining, profile, privacy, help_feature, unplaced)]
AMINA = 7_200_000_001


@pytest.fixture
def phone(programme) -> Phone:
    return Phone(programme, ROUTERS, AMINA)


def phone_of(programme, actor) -> Phone:
    return Phone(programme, ROUTERS, actor.telegram_id, actor.first_name)


async def public_link(programme) -> str:
    async with programme.database.write() as session:
        return await invitations.public_link(session, programme.clock, programme.nord)


async def invitation(programme, role: Role, council_id: int | None, uses: int = 1) -> str:
    async with programme.database.write() as session:
        made = await invitations.invite(session, programme.clock, None, role, council_id, uses=uses)
    return made.token


async def people_count(programme) -> int:
    async with programme.database.read() as session:
        return (await session.exec(select(func.count()).select_from(Person))).one()


async def test_from_a_qr_code_to_welcome_in_four_taps_and_no_typing(programme, phone):
    await phone.opens(await public_link(programme))
    assert "Votre conseil : Quartier Nord." in phone.sees
    assert "Êtes-vous d’accord ?" in phone.sees
    await phone.taps_on("D’accord")
    assert "Avez-vous 15 ans ou plus ?" in phone.sees
    await phone.taps_on("15 ans ou plus")
    assert "Bienvenue, Amina !" in phone.sees
    assert "Quartier Nord" in phone.sees
    assert "👤 Mon profil" in phone.labels
    assert phone.taps <= 4
    assert (await programme.again(AMINA)).follows == {programme.nord}


async def test_without_a_link_one_more_tap_chooses_the_council(programme, phone):
    await phone.opens()
    await phone.taps_on("D’accord")
    await phone.taps_on("15 ans ou plus")
    assert phone.labels[:3] == ["Empalot", "Les Izards", "Je ne sais pas"]
    await phone.taps_on("Les Izards")
    assert "Bienvenue" in phone.sees
    assert phone.taps == 4
    assert (await programme.again(AMINA)).follows == {programme.nord}


async def test_who_does_not_know_their_council_is_welcome_too(programme, phone):
    await phone.opens()
    await phone.taps_on("D’accord")
    await phone.taps_on("15 ans ou plus")
    await phone.taps_on("Je ne sais pas")
    assert "Vous ne suivez pas encore de conseil." in phone.sees
    assert (await programme.again(AMINA)).follows == set()


async def test_a_council_is_found_by_typing_part_of_its_name(programme, phone):
    await phone.opens()
    await phone.taps_on("D’accord")
    await phone.taps_on("15 ans ou plus")
    await phone.types("Tombouctou")
    assert "Je ne trouve pas ce nom." in phone.sees
    assert "Empalot" in phone.labels
    await phone.types("IZARD")
    assert phone.labels[:2] == ["Les Izards", "Tous les quartiers"]
    await phone.taps_on("Tous les quartiers")
    assert "Empalot" in phone.labels
    await phone.sends(location={"latitude": 43.6, "longitude": 1.4})
    assert "Quel est votre quartier ?" in phone.sees


async def test_under_fifteen_a_parent_is_asked_for_and_nothing_stays(programme, phone):
    await phone.opens()
    await phone.taps_on("D’accord")
    await phone.taps_on("Moins de 15 ans")
    assert "il faut l’accord d’un parent" in phone.sees
    assert await people_count(programme) == 0
    async with programme.database.read() as session:
        assert (await session.exec(select(Dialogue))).all() == []


async def test_each_step_has_a_way_back_and_a_way_out(programme, phone):
    await phone.opens()
    await phone.taps_on("D’accord")
    await phone.taps_on("15 ans ou plus")
    await phone.taps_on("Retour")
    assert "Avez-vous 15 ans" in phone.sees
    await phone.taps_on("Retour")
    assert "Êtes-vous d’accord ?" in phone.sees
    await phone.taps_on("Annuler")
    assert phone.labels == ["Commencer"]
    await phone.taps_on("Commencer")
    assert "Êtes-vous d’accord ?" in phone.sees


async def test_no_forged_press_jumps_over_consent_or_age(programme, phone):
    await phone.opens()
    for data in ("jage:1", f"jco:{programme.nord}", "jco:", "jcl:0:0", "jstep:council"):
        await phone.presses(data)
        assert "Êtes-vous d’accord ?" in phone.sees, data
    await phone.taps_on("D’accord")
    for data in (f"jco:{programme.nord}", "jco:", "jstep:council"):
        await phone.presses(data)
        assert "Avez-vous 15 ans" in phone.sees, data
    assert await people_count(programme) == 0


async def test_the_language_changes_on_the_way_and_is_kept(programme):
    phone = Phone(programme, ROUTERS, AMINA, language="pt-br")
    await phone.opens(await public_link(programme))
    assert "Bonjour !" in phone.sees
    await phone.taps_on("العربية")
    assert "Français" in phone.labels
    await phone.presses("jyes")
    await phone.presses("jage:1")
    assert (await programme.again(AMINA)).language == "ar"


async def test_a_link_that_gives_nothing_is_said_and_joining_goes_on(programme, phone):
    spent = await invitation(programme, Role.LEAD, programme.nord)
    async with programme.database.write() as session:
        first = await join(session, programme.clock, 7_200_000_900, "Première", "fr", "1", True, ())
        await invitations.accept(session, programme.clock, first, spent)
    for token in ("forged", "x" * 64, "a b", "é", spent):
        await phone.opens(token)
        assert "On continue sans ce lien." in phone.sees, token
        assert "Êtes-vous d’accord ?" in phone.sees
    await phone.taps_on("D’accord")
    await phone.taps_on("15 ans ou plus")
    await phone.taps_on("Empalot")
    assert "Bienvenue" in phone.sees
    assert (await programme.again(AMINA)).held == ()


async def test_a_link_that_dies_between_start_and_welcome_takes_nothing_away(programme, phone):
    token = await invitation(programme, Role.LEAD, programme.nord)
    await phone.opens(token)
    assert "On vous invite comme référent ou référente : Quartier Nord." in phone.sees
    await phone.taps_on("D’accord")
    programme.clock.advance(days=400)
    await phone.taps_on("15 ans ou plus")
    assert "Quel est votre quartier ?" in phone.sees
    await phone.taps_on("Empalot")
    actor = await programme.again(AMINA)
    assert (actor.held, actor.follows) == ((), {programme.sud})


async def test_an_invited_lead_is_told_what_they_are_and_can_do(programme, phone):
    await phone.opens(await invitation(programme, Role.LEAD, programme.nord))
    await phone.taps_on("D’accord")
    await phone.taps_on("15 ans ou plus")
    assert "Vous êtes référent ou référente : Quartier Nord." in phone.sees
    assert "Vous pouvez créer des réunions" in phone.sees
    assert (await programme.again(AMINA)).has(Role.LEAD, programme.nord)


async def test_a_role_link_opened_later_is_taken_at_once(programme):
    actor = await programme.person("Amina")
    phone = phone_of(programme, actor)
    token = await invitation(programme, Role.COORDINATOR, None)
    await phone.opens(token)
    assert "Vous coordonnez maintenant tous les conseils." in phone.sees
    assert (await programme.again(actor.telegram_id)).is_coordinator
    await phone.opens("forged")
    assert phone.labels.count("👤 Mon profil") == 1


async def test_another_councils_link_asks_before_following(programme):
    actor = await programme.person("Amina", follows=(programme.sud,))
    phone = phone_of(programme, actor)
    token = await public_link(programme)
    await phone.opens(token)
    assert "Suivre aussi ce conseil ?" in phone.sees
    assert (await programme.again(actor.telegram_id)).follows == {programme.sud}
    await phone.taps_on("Oui")
    assert (await programme.again(actor.telegram_id)).follows == {programme.nord, programme.sud}
    await phone.opens(token)
    assert "Vous suivez déjà ce conseil : Quartier Nord." in phone.sees


async def test_old_joining_buttons_lead_who_joined_home(programme):
    phone = phone_of(programme, await programme.person("Amina"))
    for data in ("jyes", "jage:1", "jage:0", "jco:", "jstep:notice", "start", "jlang:ar", "jcl:0:0"):
        await phone.presses(data)
        assert "Bonjour Amina." in phone.sees, data
    async with programme.database.read() as session:
        consents = (await session.exec(select(func.count(col(Consent.id))))).one()
    assert consents == 1


async def test_words_where_a_button_is_waited_for_ask_again_once(programme, phone):
    await phone.opens()
    await phone.types("bonjour")
    assert "Êtes-vous d’accord ?" in phone.sees
    await phone.sends(photo=[{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}])
    assert phone.reply.cards == ()


async def test_a_name_of_markup_is_shown_as_it_is(programme):
    phone = Phone(programme, ROUTERS, AMINA, first_name="<b>&\u202e")
    await phone.opens(await public_link(programme))
    await phone.taps_on("D’accord")
    await phone.taps_on("15 ans ou plus")
    assert "Bienvenue, &lt;b&gt;&amp; !" in phone.sees


async def test_the_profile_shows_and_changes_everything(programme):
    actor = await programme.person("Amina", follows=(programme.nord,), roles=((Role.LEAD, programme.nord),))
    phone = phone_of(programme, actor)
    await phone.types("/profil")
    assert "Prénom : Amina" in phone.sees
    assert "Rôles : référent ou référente – Quartier Nord" in phone.sees
    await phone.taps_on("Prénom")
    await phone.types("Aminata")
    assert "Prénom : Aminata" in phone.sees
    await phone.taps_on("Nouvelles")
    assert "Vous recevez toujours ce qui vous concerne." in phone.sees
    await phone.taps_on("Un message par jour")
    assert "✅ Un message par jour" in phone.labels
    await phone.taps_on("Retour")
    assert "Nouvelles : Un message par jour" in phone.sees
    await phone.taps_on("Conseils")
    assert "✅ Quartier Nord" in phone.labels
    await phone.taps_on("Quartier Sud")
    await phone.taps_on("Quartier Nord")
    assert {"Quartier Nord", "✅ Quartier Sud"} <= set(phone.labels)
    await phone.types("/langue")
    await phone.taps_on("English")
    assert (await programme.again(actor.telegram_id)).language == "en"


async def test_a_command_in_the_middle_of_the_name_is_no_name(programme):
    actor = await programme.person("Amina")
    phone = phone_of(programme, actor)
    await phone.types("/profil")
    await phone.taps_on("Prénom")
    await phone.types("/menu")
    assert "Que voulez-vous faire ?" in phone.sees
    assert (await programme.again(actor.telegram_id)).first_name == "Amina"


async def test_the_notice_is_open_to_everybody(programme, phone):
    await phone.types("/privacy")
    assert "dpo@essai.example" in phone.sees
    await phone.taps_on("Lire tout")
    for words in ("Association Essai", "article 6.1.e", "12 mois", "cnil.fr", "hors de l’Union"):
        assert words in phone.sees
    assert "non officielle" not in phone.sees


async def test_the_translated_notice_says_that_the_french_one_counts(programme):
    actor = await programme.person("Sam", language="en")
    phone = phone_of(programme, actor)
    await phone.presses("pvall:0")
    translated = phone.sees
    await phone.presses("pvall:1")
    assert phone.sees.startswith("<b>Qui est responsable</b>")
    assert translated != phone.sees


async def test_my_data_come_as_two_files(programme):
    phone = phone_of(programme, await programme.person("Amina", follows=(programme.nord,)))
    await phone.types("/mesdonnees")
    files = [card.media for card in phone.reply.cards]
    assert [each.file_name for each in files] == ["mes-donnees.html", "mes-donnees.json"]
    assert all(b"Quartier Nord" in each.content for each in files)


async def test_leaving_is_asked_once_and_then_done(programme):
    actor = await programme.person("Amina", follows=(programme.nord,))
    phone = phone_of(programme, actor)
    await phone.types("/supprimer")
    assert "sans votre nom" in phone.sees
    await phone.taps_on("Non")
    assert "Bonjour Amina." in phone.sees
    await phone.types("/supprimer")
    await phone.taps_on("Oui, tout effacer")
    assert "Je ne sais plus qui vous êtes." in phone.sees
    await phone.presses("erase")
    assert "Je ne sais plus qui vous êtes." in phone.sees
    await phone.taps_on("Commencer")
    assert "Êtes-vous d’accord ?" in phone.sees


async def test_help_shows_to_each_what_is_theirs(programme, phone):
    await phone.types("/aide")
    assert phone.labels == ["Idées et questions", "Sans Telegram", "Commencer"]
    await phone.taps_on("Sans Telegram")
    assert "dpo@essai.example" in phone.sees
    lead = phone_of(programme, await programme.person("Lea", roles=((Role.LEAD, programme.nord),)))
    await lead.types("/aide")
    await lead.taps_on("Pour les référents")
    assert "/reunion" in lead.sees
