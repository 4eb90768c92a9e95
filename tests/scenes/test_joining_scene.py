"""Joining, played through the real bot: from a QR code on the wall, from a bare name, by the links that give roles."""

import json

import pytest
from sqlmodel import col, select

from council.clock import SystemClock
from council.invitations import list_open
from council.invitations import revoke as revoke_link
from playground.bots import Bot
from playground.messages import Message
from storage.invitations import InvitationUse
from storage.people import Follow, Person, Role, RoleGrant
from tests.scenes.manners import check_manners, check_speaks_arabic
from tests.scenes.stage import Person as Somebody
from tests.scenes.stage import Stage
from tests.scenes.traces import traces_of


async def joins(person: Somebody, payload: str = "") -> Message:
    """The usual way, by buttons alone."""
    await person.starts(payload)
    await person.taps("D’accord")
    await person.taps("15 ans ou plus")
    return await person.sees("Bienvenue")


async def follows(stage: Stage, person: Somebody) -> set[str]:
    codes = {council_id: code for code, council_id in stage.councils.items()}
    query = select(col(Follow.council_id)).join(Person, col(Person.id) == col(Follow.person_id))
    async with stage.database.read() as session:
        found = (await session.exec(query.where(col(Person.telegram_id) == person.id))).all()
    return {codes[each] for each in found}


async def roles(stage: Stage, person: Somebody) -> list[Role]:
    query = select(col(RoleGrant.role)).join(Person, col(Person.id) == col(RoleGrant.person_id))
    async with stage.database.read() as session:
        theirs = col(Person.telegram_id) == person.id, col(RoleGrant.revoked_at).is_(None)
        return list((await session.exec(query.where(*theirs))).all())


def menu(stage: Stage, person: Somebody, language: str = "") -> list[str]:
    """The commands that Telegram shows to this person: their own list, or everybody's."""
    bot: Bot = stage.playground.world.first_bot()
    shown: dict[str, list[dict[str, str]]] = {}
    for listed in bot.commands.values():
        if listed.scope["type"] == "all_private_chats" and listed.language_code == language:
            shown.setdefault("everybody", listed.commands)
        if listed.scope.get("chat_id") == person.id:
            shown["own"] = listed.commands
    return [each["command"] for each in shown.get("own", shown["everybody"])]


async def test_from_the_qr_code_on_the_wall_to_welcome_in_four_taps(stage: Stage):
    rosa, updates = stage.person("Rosa"), stage.playground.world.first_bot().queue
    sent = []
    updates_push = updates.push
    updates.push = lambda kind, payload: (sent.append(kind), updates_push(kind, payload))  # type: ignore[method-assign]

    welcome = await joins(rosa, await stage.council_link("nord"))

    assert len(sent) <= 4, sent
    assert "Quartier Nord" in welcome.text
    assert any("Réunions" in each for each in rosa.buttons(welcome))
    assert await follows(stage, rosa) == {"nord"}
    notice = rosa.messages()[1]
    assert notice.id == welcome.id, "the question turned into the welcome: one message, no litter"

    # A tap on a button that is no longer there, and a second START, lead home and join nobody twice.
    await rosa.forges("jyes", on=welcome)
    await rosa.forges("jage:0", on=welcome)
    await rosa.starts()
    await rosa.sees("Bonjour Rosa")
    async with stage.database.read() as session:
        assert len((await session.exec(select(Person))).all()) == 1

    # The neighbour's council, by its own QR code.
    await rosa.starts(await stage.council_link("sud"))
    await rosa.sees("Quartier Sud", "Suivre")
    await rosa.taps("Oui")
    assert await follows(stage, rosa) == {"nord", "sud"}
    await rosa.starts(await stage.council_link("sud"))
    await rosa.sees("déjà", "Quartier Sud")
    assert "Réunions" in " ".join(rosa.buttons())
    check_manners(stage)


async def test_the_council_of_the_code_is_kept_by_a_second_start_and_by_turning_back(stage: Stage):
    rosa = stage.person("Rosa")
    await rosa.starts(await stage.council_link("nord"))
    await rosa.taps("D’accord")
    await rosa.starts()
    await rosa.sees("Quartier Nord", times=2)
    await rosa.taps("Annuler")
    await rosa.taps("Commencer")
    await rosa.taps("D’accord")
    await rosa.taps("15 ans ou plus")
    await rosa.sees("Bienvenue", "Quartier Nord")
    assert await follows(stage, rosa) == {"nord"}


async def test_without_a_link_one_finds_ones_neighbourhood_by_its_list_or_by_typing(stage: Stage):
    rosa = stage.person("Rosa")
    await rosa.starts()
    await rosa.sends("bonjour")  # words where a button is waited for
    await rosa.sees("d’accord", times=2)
    await stage.advance(seconds=6)
    await rosa.sends("oui d'accord")
    await rosa.sees("d’accord", times=3)
    await rosa.taps("D’accord")
    await rosa.taps("15 ans ou plus")
    await rosa.sees("Quel est votre quartier ?")
    assert rosa.buttons()[:2] == ["Empalot", "Les Izards"]
    for typed, found in (("emp", "Empalot"), ("  ÉMPÀLOT !", "Empalot"), ("izard", "Les Izards"), ("SUD", "Empalot")):
        await rosa.sends(typed)
        assert rosa.buttons()[0] == found, typed
        assert len([each for each in rosa.buttons() if each in ("Empalot", "Les Izards")]) == 1
    await rosa.taps("Tous les quartiers")
    assert rosa.buttons()[:2] == ["Empalot", "Les Izards"]
    for typed in ("Marseille", "<b>&", "%", "😀", "é" * 4096):
        await rosa.sends(typed)
        assert rosa.buttons()[:2] == ["Empalot", "Les Izards"], typed
    await rosa.taps("Retour")
    await rosa.sees("15 ans ou plus ?")
    await rosa.taps("15 ans ou plus")
    await rosa.sends("empalot")
    await rosa.taps("Empalot")
    await rosa.sees("Bienvenue, Rosa", "Quartier Sud")
    assert await follows(stage, rosa) == {"sud"}

    samir = stage.person("Samir")
    await samir.starts()
    await samir.taps("D’accord")
    await samir.taps("15 ans ou plus")
    await samir.taps("Je ne sais pas")
    await samir.sees("Bienvenue, Samir")
    await samir.taps("Voir mon conseil")
    await samir.taps("Choisir")  # a way on, for who follows none
    await samir.taps("Quartier Nord")
    assert await follows(stage, samir) == {"nord"}
    check_manners(stage)


async def test_who_is_under_fifteen_is_sent_to_a_grown_up_and_leaves_no_trace(stage: Stage):
    lina = stage.person("Linalou")
    await lina.starts(await stage.council_link("nord"))
    await lina.taps("D’accord")
    await lina.taps("Moins de 15 ans")
    await lina.sees("parent", "dpo@essai.example")
    assert await traces_of(stage, lina) == []
    await lina.sends("mais je veux venir")
    await lina.taps("Commencer")
    await lina.sees("Êtes-vous d’accord")
    check_manners(stage)


async def test_a_language_chosen_on_the_way_is_spoken_from_then_on(stage: Stage):
    samir, rosa = stage.person("Samir"), stage.person("Rosa", language="en")
    await rosa.starts()
    assert "English" not in rosa.buttons()
    assert "Français" in rosa.buttons()
    await samir.starts("zzz")
    await samir.taps("العربية")
    since = len(samir.messages()) - 1
    check_speaks_arabic(samir, since)
    await samir.sends("/reunions")  # not yet: said in Arabic too
    await samir.sends("/aide")
    await samir.sends("/truc")
    await stage.advance(seconds=6)
    await samir.sends("ماذا؟")
    await samir.starts(await stage.council_link("sud"))
    message = samir.messages()[-1]
    for _ in range(2):  # agrees, is old enough
        await samir.taps(samir.buttons(message)[0], on=message)
    await samir.sees("Quartier Sud", "Samir")
    await samir.sends("/profil")
    check_speaks_arabic(samir, since)
    await stage.stop_bot()
    await stage.start_bot()
    await samir.sends("/privacy")
    check_speaks_arabic(samir, since)
    assert menu(stage, samir) == menu(stage, rosa, "ar"), "the menu of commands follows too"
    lists = stage.playground.world.first_bot().commands.values()
    own = next(each for each in lists if each.scope.get("chat_id") == samir.id)
    assert all(any("\u0600" <= letter <= "\u06ff" for letter in each["description"]) for each in own.commands)
    check_manners(stage)


@pytest.mark.parametrize("stranger", [True, False], ids=["newcomer", "known"])
async def test_links_that_give_nothing_say_why_and_stand_in_nobodys_way(stage: Stage, stranger: bool):
    rosa = stage.person("Rosa") if stranger else await stage.joined("Rosa", "sud")
    other = await stage.joined("Fatou", "nord")
    used_up = await stage.invitation(Role.LEAD, "nord")
    await other.starts(used_up)
    await other.sees("référent")
    expired = await stage.invitation(Role.ANIMATOR, "nord")
    revoked = await stage.invitation(Role.LEAD, "nord")
    coordinator = await stage.actor(await stage.joined("Claire", role=Role.COORDINATOR))
    async with stage.database.write() as session:
        newest = (await list_open(session, SystemClock(), coordinator))[0]
        await revoke_link(session, SystemClock(), coordinator, newest.invitation_id)

    forged = ("Ce lien n’est pas connu", ("x", "-" * 64, "a" * 43, "<b>&", "1 OR 1=1", "menu\u202e", "é"))
    for sentence, tokens in (
        forged,
        ("a déjà servi", (used_up,)),
        ("a été fermé", (revoked,)),
        ("n’est plus valable", (expired,)),
    ):
        if expired in tokens:
            await stage.advance(days=31)
        for token in tokens:
            before = len(rosa.messages())
            await rosa.sends(f"/start {token}")  # no link carries them: typed by hand
            assert any(sentence in each for each in rosa.texts()[before:]), (token, rosa.texts()[before:])
            assert rosa.buttons()
    assert await roles(stage, rosa) == []
    if stranger:
        await rosa.taps("D’accord")
        await rosa.taps("15 ans ou plus")
        await rosa.taps("Empalot")
        await rosa.sees("Bienvenue")
    assert await follows(stage, rosa) == {"sud"}
    check_manners(stage)


ROLE_WORDS = {
    Role.MEMBER: ("membre", set(), {"reunion", "annoncer", "membres", "equipe", "programme"}),
    Role.LEAD: ("référent", {"reunion", "annoncer", "membres"}, {"equipe", "programme"}),
    Role.ANIMATOR: ("accompagnez", {"reunion", "annoncer", "membres"}, {"programme"}),
    Role.COORDINATOR: ("coordonnez", {"reunion", "annoncer", "membres", "equipe", "programme"}, set()),
}


async def test_role_links_make_members_leads_animators_and_coordinators(stage: Stage):
    for role, (words, may, may_not) in ROLE_WORDS.items():
        council = None if role is Role.COORDINATOR else "nord"
        newcomer, known = stage.person(f"Nouvelle-{role}"), await stage.joined(f"Ancien-{role}", "sud")
        token = await stage.invitation(role, council, uses=2)
        welcome = await joins(newcomer, token)
        assert words in welcome.text
        await known.starts(token)
        await known.sees(words)
        for person in (newcomer, known):
            assert await roles(stage, person) == [role]
            assert ("nord" in await follows(stage, person)) is (council is not None)
            assert may <= set(menu(stage, person)), "the menu of commands shows at once what the role may do"
            assert not may_not & set(menu(stage, person))
            assert any("Créer une réunion" in each for each in person.buttons()) is (role is not Role.MEMBER)
        await known.starts(token)  # once more: nothing is lost, nothing is spent
        assert await roles(stage, known) == [role]
    check_manners(stage)


async def test_the_last_use_of_a_link_goes_to_one_of_those_who_open_it_at_once(stage: Stage):
    people = [await stage.joined(f"Voisin-{number}", "nord") for number in range(4)]
    token = await stage.invitation(Role.LEAD, "sud")
    for person in people:
        person.phone.starts(token)
    await stage.all_delivered()
    told = {person.id: person.texts()[-1] for person in people}
    winners = [person for person in people if "Vous êtes" in told[person.id]]
    assert len(winners) == 1, json.dumps(list(told.values()), ensure_ascii=False)
    assert all("a déjà servi" in told[person.id] for person in people if person not in winners)
    for person in people:
        assert await roles(stage, person) == ([Role.LEAD] if person in winners else [])
    async with stage.database.read() as session:
        uses = (await session.exec(select(InvitationUse))).all()
    assert len(uses) == 1
    check_manners(stage)
