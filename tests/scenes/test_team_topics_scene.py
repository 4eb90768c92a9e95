"""The team talks about its requests in a supergroup, one topic each, and nobody's words are lost whatever happens."""

from playground.attachments import Attachment
from playground.forum import delete_topic, set_closed
from playground.membership import set_status
from storage.people import Role
from storage.support import SupportState
from tests.inbound.takers import set_aside
from tests.scenes.stage import Stage
from tests.scenes.team_talk import LINK, Team, gathered


async def with_topic(stage: Stage) -> Team:
    team = await gathered(stage)
    await team.link()
    return team


async def test_the_coordinator_links_the_teams_group_and_each_request_has_its_topic(stage: Stage):
    team = await gathered(stage)
    rosa = await stage.joined("Rosa", "nord")
    assert "Vous ne pouvez pas" in await team.link(team.julien)
    assert await team.linked() == []
    await team.link()
    await team.sees(None, "Ce groupe est celui de l’équipe.")
    assert await team.linked() == [team.group.id]

    await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    assert topic.name.endswith("· Rosa · Trouver une salle")
    card = await team.sees(topic, "Rosa, Quartier Nord.")
    await team.sees(topic, "Il nous faut une salle.")
    await stage.until(lambda: team.group.pinned == [card.id])
    await stage.all_delivered()
    assert len(team.topics()) == 1
    assert await set_aside(stage) == []


async def test_a_whole_talk_goes_both_ways_with_two_animators(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    request_id = await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")

    first = await team.writes(team.nora, topic, "Pour combien de personnes ?")
    await rosa.sees("Pour combien de personnes ?")
    await team.signed(first, "👌")
    assert (await team.request(request_id)).first_answer_at is not None

    await team.adds(rosa, request_id, "Nous serons douze.")
    await team.sees(topic, "Nous serons douze.")
    await team.writes(team.julien, topic, "La salle des fêtes est libre.")
    await rosa.sees("La salle des fêtes est libre.")

    team.nora.phone.edits(first, "Pour combien de gens ?")
    await rosa.sees("Pour combien de gens ?")
    for animator in (team.julien, team.nora):
        await animator.never_sees("Nous serons douze.")
    assert await set_aside(stage) == []


async def test_a_note_stays_in_the_team(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")

    noted = await team.writes(team.julien, topic, "// Elle a déjà demandé en mars")
    await team.signed(noted, "✍")
    await team.presses(team.julien, "Note", topic)
    await team.sees(topic, "Julien, écrivez votre note.")
    by_button = await team.writes(team.julien, topic, "Je vois avec la mairie")
    await team.signed(by_button, "✍")
    album = [(Attachment("photo"), "// la salle"), (Attachment("photo"), ""), (Attachment("photo"), "")]
    team.julien.phone.sends_album(album, chat_id=team.group.id, thread_id=topic.thread_id)
    await stage.quiet_moment()
    await team.presses(team.nora, "Note", topic)
    await team.presses(team.nora, "Annuler", topic)
    await team.writes(team.nora, topic, "Bonjour Rosa.")
    await rosa.sees("Bonjour Rosa.")
    for words in ("en mars", "la mairie", "la salle"):
        await rosa.never_sees(words)
    assert not [each for each in rosa.messages() if "photo" in each.body]


async def test_a_note_that_was_asked_for_a_day_ago_never_goes_to_the_person_unasked(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")
    for number, label in enumerate(("Note", "C’est fait"), start=1):
        await team.presses(team.julien, label, topic)
        await team.sees(topic, "Julien, écrivez votre note." if number == 1 else "Julien, dites ce qui a été fait.")
        await stage.advance(hours=25)
        await team.writes(team.julien, topic, "Elle a déjà demandé en mars.")
        await team.sees(topic, "il y a longtemps. Appuyez de nouveau", "Ce message n’est pas parti.", times=number)
        album = [(Attachment("photo"), "déjà en mars"), (Attachment("photo"), "")]
        await team.writes(team.julien, topic, f"Bonjour Rosa, encore {number}.")
        await rosa.sees(f"Bonjour Rosa, encore {number}.")

    await team.presses(team.nora, "Note", topic)
    await stage.advance(hours=25)
    team.nora.phone.sends_album(album, chat_id=team.group.id, thread_id=topic.thread_id)
    await stage.quiet_moment()
    await team.sees(topic, "il y a longtemps. Appuyez de nouveau", times=3)
    await rosa.never_sees("en mars")
    assert not [each for each in rosa.messages() if "photo" in each.body]

    await team.presses(team.nora, "Note", topic)
    await stage.advance(hours=25)
    marked = await team.writes(team.nora, topic, "// Toujours en mars")
    await team.signed(marked, "✍")
    await team.writes(team.nora, topic, "Je vous appelle.")
    await rosa.sees("Je vous appelle.")
    assert await set_aside(stage) == []


async def test_an_album_goes_both_ways(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")
    album = [(Attachment("photo"), "Voici"), (Attachment("photo"), "")]
    sent = team.julien.phone.sends_album(album, chat_id=team.group.id, thread_id=topic.thread_id)
    await stage.quiet_moment()
    await stage.advance(seconds=5)
    await stage.until(lambda: len([each for each in rosa.messages() if "photo" in each.body]) == 2)
    await team.signed(sent[0], "👌")
    assert team.sign_on(sent[1]) is None


async def test_who_has_no_name_or_is_not_of_the_team_is_told_so_in_the_topic(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    sami = stage.person("Sami")
    lea = await stage.joined("Léa", "nord", role=Role.LEAD)
    world = stage.playground.world
    for each in (sami, lea):
        set_status(world, team.group, each.phone, "member", by=team.carole.phone)
    await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")

    for words in ("Je suis anonyme", "Toujours moi"):
        world.tell_bots("message", world.post(team.group, {"text": words}, sender=None, thread_id=topic.thread_id))
    await team.sees(topic, "Je ne sais pas qui écrit. Écrivez avec votre propre compte.")
    for person in (sami, lea):
        await team.writes(person, topic, f"Bonjour de {person.phone.first_name}")
    await team.sees(topic, "Seule l’équipe peut répondre ici.", times=2)
    await stage.all_delivered()
    assert len([each for each in team.shown(topic) if "Je ne sais pas qui écrit" in each.text]) == 1
    for words in ("anonyme", "Toujours", "Bonjour de"):
        await rosa.never_sees(words)
    for label in ("Note", "C’est fait"):
        assert await team.presses(lea, label, topic)
    assert await set_aside(stage) == []


async def test_the_general_topic_is_nobodys(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    await team.asks(rosa, "Il nous faut une salle.")
    await team.sees(await team.topic(), "Il nous faut une salle.")
    said = len(team.shown())
    team.julien.phone.sends("Qui déjeune ?", chat_id=team.group.id)
    await rosa.never_sees("déjeune")
    assert len(team.shown()) == said


async def test_what_cannot_be_relayed_is_refused_in_the_topic(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")
    poll = Attachment("poll", details={"question": "Quand ?", "options": ["Lundi", "Mardi"]})
    team.julien.phone.sends(attachment=poll, chat_id=team.group.id, thread_id=topic.thread_id)
    await team.sees(topic, "Je ne sais pas transmettre cela.", "Ce message n’est pas parti.")


async def test_buttons_on_the_card_take_wait_and_end_the_request(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa")
    request_id = await team.asks(rosa, "Une question.", council=None)
    topic = await team.topic()
    assert "C’est à vous." in await team.presses(team.nora, "Je prends", topic)
    assert await team.presses(team.julien, "Je prends", topic)
    request = await team.request(request_id)
    assert request.animator_id == (await stage.actor(team.nora)).person_id
    await team.writes(team.nora, topic, "Laquelle ?")
    await rosa.sees("Laquelle ?")
    await stage.advance(seconds=10)
    await team.sees(topic, "Nora s’en occupe.")
    await team.presses(team.nora, "J’attends sa réponse", topic)
    assert (await team.request(request_id)).state is SupportState.WAITING
    await team.presses(team.julien, "C’est fait", topic)
    await team.sees(topic, "Julien, dites ce qui a été fait.")
    await team.writes(team.julien, topic, "La réponse est donnée.")
    await rosa.sees("La réponse est donnée.")
    assert (await team.request(request_id)).state is SupportState.CARRIED_OUT


async def test_a_deleted_topic_is_made_again_once_and_words_follow(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    request_id = await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")
    await stage.all_delivered()
    delete_topic(stage.playground.world, team.group, topic.thread_id)

    await team.adds(rosa, request_id, "Vous êtes là ?")
    again = await team.topic()
    await team.sees(again, "Vous êtes là ?")
    await team.writes(team.julien, again, "Oui, je cherche.")
    await rosa.sees("Oui, je cherche.")

    await stage.all_delivered()
    delete_topic(stage.playground.world, team.group, again.thread_id)
    await team.adds(rosa, request_id, "Et maintenant ?")
    await team.julien.sees("Et maintenant ?")
    assert team.topics() == []
    await team.never_sees(None, "Et maintenant ?")


async def test_a_topic_that_is_closed_by_hand_is_opened_again(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    request_id = await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")
    set_closed(stage.playground.world, team.group, topic, closed=True, by=team.carole.phone)
    await team.sees(topic, "Cette demande n’est pas finie")
    await stage.until(lambda: not topic.closed)
    await team.adds(rosa, request_id, "Merci d’avance.")
    await team.sees(topic, "Merci d’avance.")


async def test_without_the_right_to_topics_the_coordinator_is_told_once_and_private_chats_go_on(stage: Stage):
    team = await gathered(stage, bot_admin=False)
    await team.link()
    rosa = await stage.joined("Rosa", "nord")
    for words in ("Il nous faut une salle.", "Il nous faut une sono."):
        request_id = await team.asks(rosa, words)
        await team.julien.sees(words)
    await team.adds(rosa, request_id, "Et des chaises.")
    await team.julien.sees("Et des chaises.")
    await team.carole.sees("Je ne peux pas ouvrir de sujet dans le groupe de l’équipe.")
    await stage.all_delivered()
    assert len([each for each in team.carole.texts() if "Je ne peux pas ouvrir de sujet" in each]) == 1
    assert team.topics() == []


async def test_put_out_of_the_group_the_bot_goes_on_in_private(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    request_id = await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")
    world = stage.playground.world
    set_status(world, team.group, world.first_bot(), "kicked", by=team.carole.phone)
    await stage.quiet_moment()
    assert await team.linked() == []
    await team.adds(rosa, request_id, "Vous êtes là ?")
    await team.julien.sees("Vous êtes là ?")
    await team.carole.sees("Je ne suis plus dans le groupe de l’équipe.")


async def test_put_out_unheard_the_words_follow_in_private(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    request_id = await team.asks(rosa, "Il nous faut une salle.")
    await team.sees(await team.topic(), "Il nous faut une salle.")
    await stage.all_delivered()
    world = stage.playground.world
    await stage.stop_bot()
    set_status(world, team.group, world.first_bot(), "kicked", by=team.carole.phone)
    world.first_bot().queue.clear()
    await stage.start_bot()
    await team.adds(rosa, request_id, "Vous êtes là ?")
    await team.julien.sees("Vous êtes là ?")
    await rosa.never_sees("pas arrivé")
    assert await team.linked() == []


async def test_a_group_that_gets_a_new_number_keeps_its_topics(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    request_id = await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")
    await stage.all_delivered()
    world, old = stage.playground.world, team.group
    new = world.add_group("Équipe", creator=team.carole.id, forum=True)
    new.members, new.topics = dict(old.members), dict(old.topics)
    new._last_id, new.messages = old._last_id, dict(old.messages)
    old.migrated_to = new.id

    await team.adds(rosa, request_id, "Vous êtes là ?")
    team.group = new
    await team.sees(topic, "Vous êtes là ?")
    assert await team.linked() == [new.id]
    await team.writes(team.julien, topic, "Oui.")
    await rosa.sees("Oui.")


async def test_while_the_setting_says_private_there_is_no_topic(stage: Stage):
    team = await gathered(stage, talk="private")
    assert not any(LINK in button["text"] for each in team.shown() for row in each.buttons for button in row)
    rosa = await stage.joined("Rosa", "nord")
    first = team.shown()[0]
    assert await team.answered(team.carole.phone.presses(first, data="grpteam"))
    await team.asks(rosa, "Il nous faut une salle.")
    await team.julien.sees("Il nous faut une salle.")
    await stage.all_delivered()
    assert team.topics() == []


async def test_a_council_group_never_becomes_the_teams_nor_one_without_topics(stage: Stage):
    team = await gathered(stage, forum=False)
    assert "Ce groupe n’a pas de sujets." in await team.link()
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    world = stage.playground.world
    council = world.add_group(
        "Les Izards", members=[fatou.id, team.carole.id], creator=team.carole.id, bot=world.first_bot(), forum=True
    )
    team.group = council
    await stage.quiet_moment()
    assert await team.answered(fatou.phone.presses(team.shown()[0], row=0)) == ""
    assert "Ce groupe est celui d’un conseil." in await team.answered(
        team.carole.phone.presses(team.shown()[0], data="grpteam")
    )
    assert await team.linked() == []


async def test_a_lost_answer_makes_at_most_one_empty_topic_and_the_talk_goes_on(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    stage.playground.world.faults.add(kind="lost_answer", method="createForumTopic", times=1)
    await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic(1)
    await team.sees(topic, "Il nous faut une salle.")
    assert len(team.topics()) == 2


async def test_a_forged_button_of_another_group_shows_nothing(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    request_id = await team.asks(rosa, "Il nous faut une salle.")
    await team.sees(await team.topic(), "Il nous faut une salle.")
    world = stage.playground.world
    other = world.add_group("Les Izards", creator=team.julien.id, bot=world.first_bot())
    await stage.quiet_moment()
    first = next(each for each in other.messages.values() if each.buttons)
    for prefix in ("tgnote", "tgdone", "tgtake", "tgwait"):
        for subject in (request_id, 99_999):
            toast = await team.answered(team.julien.phone.presses(first, data=f"{prefix}:{subject}"))
            assert "Vous ne pouvez pas" in toast
    assert await team.answered(team.julien.phone.presses(first, data="tgstop"))
    assert await set_aside(stage) == []


async def test_what_the_team_writes_in_private_stands_in_the_topic_too(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    request_id = await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")
    await team.answers(team.julien, request_id, "Je m’en occupe.")
    await rosa.sees("Je m’en occupe.")
    copy = await team.sees(topic, "Julien", "Je m’en occupe.")
    await team.answers(team.julien, request_id, "À rappeler lundi.", note=True)
    await team.sees(topic, "Julien", "note", "À rappeler lundi.")
    await rosa.never_sees("À rappeler lundi.")
    assert not any("Je ne sais pas" in text or "pas arrivé" in text for text in team.julien.texts())

    await team.writes(team.nora, topic, "Et moi aussi.", reply_to=copy.id)
    answered = (await rosa.sees("Et moi aussi.")).body["reply_to_message"]
    assert "Je m’en occupe." in answered["text"]


async def test_a_topic_is_closed_with_its_request_and_opened_with_it_again(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    request_id = await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")
    await team.ends(request_id, team.julien)
    await stage.until(lambda: topic.closed)
    await stage.advance(seconds=10)
    await team.sees(topic, "En ce moment : terminée.")
    await team.writes(team.nora, topic, "Encore un mot")
    await team.sees(topic, "Ce message n’est pas parti.")
    await rosa.never_sees("Encore un mot")
    await team.reopens(rosa, request_id)
    await stage.until(lambda: not topic.closed)


async def test_at_night_the_author_is_told_when_the_words_will_leave(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")
    await stage.go_to_next(0, 22)
    sent = await team.writes(team.julien, topic, "J’ai trouvé une salle.")
    await team.sees(topic, "Il est tard. Ce message partira à 8 h.")
    await rosa.never_sees("J’ai trouvé une salle.")
    await stage.go_to_next(1, 8, 5)
    await rosa.sees("J’ai trouvé une salle.")
    await team.signed(sent, "👌")


async def test_the_requesters_corrections_and_answers_follow_into_the_topic(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")
    asked = await team.writes(team.julien, topic, "Combien serez-vous ?")
    copy = await rosa.sees("Combien serez-vous ?")
    await stage.all_delivered()  # nobody answers within the milliseconds in which the copy is written down
    answer = rosa.phone.sends("Douze", reply_to=copy.id)
    shown = await team.sees(topic, "Douze")
    assert shown.body["reply_to_message"]["message_id"] == asked.id
    await stage.all_delivered()
    rosa.phone.edits(answer, "Quinze")
    await team.sees(topic, "Quinze", "modifié")
    assert "Douze" not in shown.text


async def test_the_coordinator_takes_the_talk_back_into_private_chats(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    request_id = await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")
    assert "Vous ne pouvez pas" in await team.presses(team.julien, "Ne plus relier ce groupe")
    await team.presses(team.carole, "Ne plus relier ce groupe")
    await team.sees(None, "Les demandes continuent en privé.")
    await team.adds(rosa, request_id, "Vous êtes là ?")
    await team.julien.sees("Vous êtes là ?")
    await team.never_sees(topic, "Vous êtes là ?")
    await team.writes(team.julien, topic, "Je parle dans le vide")
    await rosa.never_sees("dans le vide")


async def test_whose_role_was_taken_away_speaks_to_nobody(stage: Stage):
    team = await with_topic(stage)
    rosa = await stage.joined("Rosa", "nord")
    await team.asks(rosa, "Il nous faut une salle.")
    topic = await team.topic()
    await team.sees(topic, "Il nous faut une salle.")
    await team.dismisses(team.nora, "sud")
    await team.writes(team.nora, topic, "Je suis encore là")
    await team.sees(topic, "Seule l’équipe peut répondre ici.")
    await rosa.never_sees("encore là")
