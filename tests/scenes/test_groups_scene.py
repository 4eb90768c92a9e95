"""A council's group chat: linked by who runs the council, told what is announced, followed wherever it goes."""

import re
from datetime import timedelta

import structlog
from sqlmodel import col, select

from council.announcements import announce
from council.clock import SystemClock
from council.groups import move_group
from playground.chats import Group
from playground.forum import create_topic, delete_topic
from playground.membership import set_status, upgrade
from storage.groups import CouncilGroup
from storage.people import Role
from tests.inbound.takers import set_aside
from tests.scenes.stage import NotSeen, Person, Stage, _plain

LINK = "Relier ce groupe au conseil"


def said_in(stage: Stage, group: Group) -> list[str]:
    bot = stage.playground.world.first_bot()
    return [each.text for each in group.messages.values() if each.sender_id == bot.id and each.text]


async def group_sees(stage: Stage, group: Group, *parts: str, times: int = 1) -> None:
    def found() -> list[str]:
        return [text for text in said_in(stage, group) if all(_plain(part) in _plain(text) for part in parts)]

    try:
        await stage.until(lambda: len(found()) >= times)
    except TimeoutError:
        raise NotSeen(f"the group does not see {parts}: {said_in(stage, group)}") from None
    assert len(found()) == times


def new_group(stage: Stage, *people: Person, **kind: object) -> Group:
    world = stage.playground.world
    members = [each.id for each in people]
    return world.add_group("Les Izards", members=members, creator=members[0], bot=world.first_bot(), **kind)


async def link(stage: Stage, group: Group, person: Person) -> str:
    """Presses the button under the bot's first word; the toast."""
    await group_sees(stage, group, "Je peux annoncer ici les réunions du conseil.")
    first_word = next(each for each in group.messages.values() if each.buttons)
    press = person.phone.presses(first_word)
    await stage.until(lambda: press.answer is not None)
    await stage.quiet_moment()
    return press.answer.text if press.answer else ""


async def linked_groups(stage: Stage) -> list[int]:
    async with stage.database.read() as session:
        query = select(col(CouncilGroup.chat_id)).where(col(CouncilGroup.unlinked_at).is_(None))
        return list((await session.exec(query)).all())


async def news(stage: Stage, lead: Person, words: str) -> None:
    async with stage.database.write() as session:
        north = frozenset({stage.councils["nord"]})
        await announce(session, SystemClock(), await stage.actor(lead), north, words, None, words)
    await stage.all_delivered()


async def test_a_lead_links_the_group_and_it_hears_what_is_announced(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    amina = await stage.joined("Amina", "nord")
    group = new_group(stage, fatou, amina)

    assert "Vous ne pouvez pas" in await link(stage, group, amina)
    assert await linked_groups(stage) == []

    await link(stage, group, fatou)
    await group_sees(stage, group, "Les réunions du conseil Quartier Nord seront annoncées ici.")
    await news(stage, fatou, "Le local ouvre demain.")
    await group_sees(stage, group, "Le local ouvre demain.")


async def test_who_talks_in_the_group_is_left_alone_and_who_asks_is_shown_the_way(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    amina = await stage.joined("Amina", "nord")
    group = new_group(stage, fatou, amina, bot_admin=True)
    await group_sees(stage, group, "Je peux annoncer ici")
    with structlog.testing.capture_logs() as logs:
        amina.phone.edits(amina.phone.sends("Qui vient samedi ?", chat_id=group.id), "Qui vient dimanche ?")
        amina.phone.sends("/profil", chat_id=group.id)
        await group_sees(stage, group, "Écrivez-moi en privé.")
        await stage.quiet_moment()
    assert len(said_in(stage, group)) == 2
    assert [each for each in logs if each["log_level"] != "info"] == []

    url = next(
        button["url"]
        for message in group.messages.values()
        for row in message.buttons
        for button in row
        if "url" in button
    )
    payload = re.fullmatch(r"https://t\.me/porte_voix_bot(?:\?start=(.*))?", url)
    assert payload is not None
    await amina.starts(payload[1] or "")
    await amina.sees("Bonjour Amina.", "Que voulez-vous faire ?")


async def test_a_group_that_is_upgraded_goes_on_hearing_each_news_once(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    group = new_group(stage, fatou, kind="group")
    await link(stage, group, fatou)
    supergroup = upgrade(stage.playground.world, group)
    await stage.quiet_moment()
    assert await linked_groups(stage) == [supergroup.id]

    await news(stage, fatou, "Le local ouvre demain.")
    await group_sees(stage, supergroup, "Le local ouvre demain.")


async def test_an_upgrade_that_nobody_told_us_of_is_learnt_from_the_refusal(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    group = new_group(stage, fatou, kind="group")
    await link(stage, group, fatou)
    await stage.stop_bot()
    supergroup = upgrade(stage.playground.world, group)
    stage.playground.world.first_bot().queue.clear()
    await stage.start_bot()

    await news(stage, fatou, "Le local ouvre demain.")
    await group_sees(stage, supergroup, "Le local ouvre demain.")
    assert await linked_groups(stage) == [supergroup.id]


async def test_a_group_that_was_linked_anew_before_we_heard_of_its_upgrade_hears_once(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    group = new_group(stage, fatou, kind="group")
    await link(stage, group, fatou)
    supergroup = upgrade(stage.playground.world, group)
    await stage.quiet_moment()
    async with stage.database.write() as session:
        session.add(CouncilGroup(chat_id=group.id, council_id=stage.councils["nord"], linked_at=stage.now()))
        await session.flush()
        await move_group(session, group.id, supergroup.id)
    assert await linked_groups(stage) == [supergroup.id]


async def test_when_its_topic_is_deleted_the_group_is_told_in_the_general_one(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    world = stage.playground.world
    group = new_group(stage, fatou, forum=True, bot_admin=True)
    await group_sees(stage, group, "Je peux annoncer ici")
    topic = create_topic(world, group, "Réunions", by=fatou.phone)
    async with stage.database.write() as session:
        session.add(
            CouncilGroup(
                chat_id=group.id,
                council_id=stage.councils["nord"],
                thread_id=topic.thread_id,
                linked_at=stage.now() - timedelta(days=1),
            )
        )
    await news(stage, fatou, "Le local ouvre demain.")
    told = [each for each in group.messages.values() if "Le local" in each.text]
    assert [each.body.get("message_thread_id") for each in told] == [topic.thread_id]

    delete_topic(world, group, topic.thread_id)
    for words in ("Le parc ouvre lundi.", "La fête est samedi."):
        await news(stage, fatou, words)
        await group_sees(stage, group, words)


async def test_put_out_of_the_group_the_bot_writes_there_no_more(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    world = stage.playground.world
    group = new_group(stage, fatou)
    await link(stage, group, fatou)
    set_status(world, group, world.first_bot(), "kicked", by=fatou.phone)
    await stage.quiet_moment()
    assert await linked_groups(stage) == []

    await news(stage, fatou, "Le local ouvre demain.")
    await fatou.sees("Le local ouvre demain.")
    assert not [each for each in world.calls if each.status >= 400]


async def test_an_anonymous_admin_is_nobody_in_particular(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    group = new_group(stage, fatou)
    await group_sees(stage, group, "Je peux annoncer ici")
    world = stage.playground.world
    world.tell_bots("message", world.post(group, {"text": "/annoncer"}, sender=None))
    await group_sees(stage, group, "Écrivez-moi en privé.")
    assert await set_aside(stage) == []


async def test_a_persons_own_affairs_are_never_shown_in_a_group(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    group = new_group(stage, fatou, bot_admin=True)
    await group_sees(stage, group, "Je peux annoncer ici")
    first_word = next(each for each in group.messages.values() if each.buttons)
    for data in ("home", "rsvp:1:yes:told", "mgd:0", "data", "erase"):
        press = fatou.phone.presses(first_word, data=data)
        await stage.until(lambda asked=press: asked.answer is not None)
        assert press.answer.text == "Écrivez-moi en privé."
    for command in ("/menu", "/reunions", "/mesdonnees", "/supprimer", "/equipe"):
        fatou.phone.sends(command, chat_id=group.id)
    await group_sees(stage, group, "Écrivez-moi en privé.", times=5)
    assert len(said_in(stage, group)) == 6


async def test_a_forged_button_links_no_other_council(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    group = new_group(stage, fatou)
    await group_sees(stage, group, "Je peux annoncer ici")
    first_word = next(each for each in group.messages.values() if each.buttons)
    for data in (f"grp:{stage.councils['sud']}", "grp:99999", f"grp:{2**80}", "grp:x"):
        press = fatou.phone.presses(first_word, data=data)
        await stage.until(lambda asked=press: asked.answer is not None)
    assert await linked_groups(stage) == []
    assert await set_aside(stage) == []


async def test_an_id_that_no_row_can_have_is_refused_like_any_other(stage: Stage):
    amina = await stage.joined("Amina", "nord")
    await amina.starts()
    shown = await amina.sees("Que voulez-vous faire ?")
    for data in (f"mtg:{'9' * 30}", f"mtg:-{'9' * 30}", f"rsvp:{2**63}:yes:told"):
        assert await amina.forges(data, on=shown)
    assert await set_aside(stage) == []
