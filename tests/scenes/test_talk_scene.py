"""A resident and an animator talk through the bot: neither sees the other's account, and nothing is lost on the way."""

import pytest
from sqlmodel import col, select

from council.contents import Content
from council.support_talk import replay, write_note
from playground.attachments import Attachment
from storage.outbox import Notice
from storage.people import Role, RoleGrant
from storage.support import ContentKind, SupportCopy, SupportMessage, SupportState
from tests.scenes.manners import check_manners, refusals
from tests.scenes.stage import Person, Stage
from tests.scenes.support_steps import again
from tests.scenes.talk_steps import StageClock, asked, opens_talk, replies, talking


def with_kind(person: Person, kind: str):
    return [each for each in person.messages() if kind in each.body]


async def test_words_go_both_ways_and_replies_point_at_the_right_message(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, julien, request)
    await julien.sends("Bonjour Rosa, pour **quel jour** ?")
    await julien.sees("Je transmets à Rosa")
    heard = await rosa.sees("Julien, qui vous accompagne", "Bonjour Rosa, pour quel jour ?")
    # The sign before the heading is two of Telegram’s units.
    assert {"type": "bold", "offset": heard.text.index("quel") + 1, "length": 9} in heard.body["entities"]
    await stage.advance(seconds=6)
    await julien.sees("Remis à Rosa")
    answered = await again(stage, request)
    assert answered.state is SupportState.IN_PROGRESS
    assert answered.first_answer_at is not None

    await replies(rosa, heard, "Samedi 14 ! <b> & co")
    question = await julien.sees("Rosa", request.number, "Samedi 14 ! <b> & co")
    told = next(each for each in julien.phone.chat().messages.values() if "quel jour" in each.text)
    assert question.body["reply_to_message"]["message_id"] == told.id
    await rosa.sees("Je transmets à Julien")

    await julien.taps("J’ai fini")
    await replies(julien, question, "C’est noté")
    back = await rosa.sees("C’est noté")
    assert back.body["reply_to_message"]["text"] == "Samedi 14 ! <b> & co"
    await rosa.taps("Répondre", on=back)
    await rosa.sends("Merci")
    await julien.sees("💬 Rosa", "Merci")
    await stage.advance(seconds=6)
    await rosa.sees("Remis à Julien")
    for person, other in ((rosa, julien), (julien, rosa)):
        assert str(other.id) not in "".join(str(each.body) for each in person.messages())
    check_manners(stage, words_of_people=("Samedi 14 ! <b> & co",))


@pytest.mark.parametrize("kind", ["voice", "video", "document", "audio", "photo", "animation"])
async def test_files_go_with_their_words(stage: Stage, kind: str):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    await rosa.sends("Voilà", attachment=Attachment(kind))
    heard = await julien.sees("Rosa", "Voilà")
    assert kind in heard.body
    assert julien.buttons(heard) == ["✍️ Répondre", "📂 Ouvrir"]
    check_manners(stage)


@pytest.mark.parametrize(
    ("kind", "said", "details"),
    [
        ("sticker", "Un autocollant", {}),
        ("video_note", "Une vidéo", {}),
        ("location", "Un lieu", {"latitude": 43.6, "longitude": 1.44}),
        ("contact", "Un contact", {"phone_number": "+33600000000", "first_name": "Ali"}),
    ],
)
async def test_what_has_no_words_comes_behind_a_line_that_says_whose_it_is(stage: Stage, kind, said, details):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    await rosa.sends(attachment=Attachment(kind, details=details))
    line = await julien.sees("Rosa", said)
    await stage.all_delivered()
    (thing,) = with_kind(julien, kind)
    assert thing.id > line.id
    assert julien.buttons(thing) == ["✍️ Répondre", "📂 Ouvrir"]
    for answered, words in ((thing, "Bien reçu"), (line, "Et encore")):  # both lead back to it
        await replies(julien, answered, words)
        back = await rosa.sees(words)
        assert kind in back.body["reply_to_message"]
    check_manners(stage)


async def test_an_album_arrives_as_one_in_its_order(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    files = [(Attachment("photo"), "avant"), (Attachment("photo"), ""), (Attachment("video"), "après")]
    rosa.phone.sends_album(files)
    await stage.quiet_moment()
    await stage.until(lambda: len(with_kind(julien, "media_group_id")) == 3)
    await julien.sees("Rosa", "3 fichiers")
    photos = with_kind(julien, "media_group_id")
    assert [each.text for each in photos] == ["avant", "", "après"]
    assert len({each.body["media_group_id"] for each in photos}) == 1
    await replies(julien, photos[2], "Joli")
    back = await rosa.sees("Joli")
    assert back.body["reply_to_message"]["caption"] == "après"
    check_manners(stage)


async def test_the_longest_text_arrives_whole(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    words = ("Un 🙂 deux " * 380)[:4000].strip()
    words = words + "x" * (4096 - len(words.encode("utf-16-le")) // 2)
    await rosa.sends(words)
    await julien.sees("Rosa", "(2 sur 2)")
    said = [each.text.split("\n", 1)[1] for each in julien.messages() if " sur 2)" in each.text]
    assert "".join("".join(said).split()) == "".join(words.split())
    assert not refusals(stage)


async def test_a_flood_is_joined_and_nothing_of_it_is_lost(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    before = len(julien.messages())
    for number in range(20):
        rosa.phone.sends(f"mot numéro {number:02}")
    await stage.quiet_moment()
    await stage.advance(seconds=11)
    said = "\n".join(each.text for each in julien.messages()[before:])
    assert [f"mot numéro {number:02}" in said for number in range(20)] == [True] * 20
    assert said.index("numéro 05") < said.index("numéro 06") < said.index("numéro 19")
    assert len(julien.messages()) - before <= 8
    assert len([each for each in rosa.messages() if "Remis à Julien" in each.text or "transmets" in each.text]) == 1


async def test_right_to_left_names_and_words(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    layla = await stage.joined("ليلى", "nord", language="ar")
    request = await asked(stage, layla, "نحتاج قاعة")
    await stage.all_delivered()
    await opens_talk(stage, julien, request)
    await julien.sends("Bonjour !")
    await layla.sees("Julien", "Bonjour !")
    await replies(layla, layla.messages()[-1], "شكرا <3 & مرحبا")
    await julien.sees("ليلى", "شكرا <3 & مرحبا")
    assert not refusals(stage)


async def test_what_cannot_be_relayed_is_refused_with_a_sentence(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    before = len(julien.messages())
    for kind in ("poll", "dice"):
        await rosa.sends(attachment=Attachment(kind))
        await rosa.sees("Je ne sais pas transmettre cela")
    await stage.all_delivered()
    assert len(julien.messages()) == before


async def test_two_of_the_team_answer_at_once_and_both_are_heard(stage: Stage):
    rosa, julien, request = await talking(stage)
    nadia = await stage.joined("Nadia", "sud", role=Role.ANIMATOR)
    await nadia.sends("/start")
    await opens_talk(stage, julien, request)
    await opens_talk(stage, nadia, request)
    julien.phone.sends("De Julien")
    nadia.phone.sends("De Nadia")
    await stage.all_delivered()
    await rosa.sees("Julien, qui vous accompagne", "De Julien")
    await rosa.sees("Nadia, de l’équipe", "De Nadia")
    check_manners(stage)


async def test_strangers_leads_and_revoked_people_stay_outside(stage: Stage):
    rosa, julien, request = await talking(stage)
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    await fatou.sends("/start")
    toast = await fatou.forges(f"talk:{request.id}:", fatou.messages()[-1])
    assert "Vous ne pouvez pas ouvrir cela" in toast
    toast = await rosa.forges(f"talk:{request.id}:999999", rosa.messages()[-1])
    assert "Vous ne pouvez pas ouvrir cela" in toast
    await opens_talk(stage, julien, request)
    async with stage.database.write() as session:
        for grant in (await session.exec(select(RoleGrant).where(col(RoleGrant.role) == Role.ANIMATOR))).all():
            grant.revoked_at = stage.now()
    before = len(rosa.messages())
    await julien.sends("Encore moi")
    await julien.sees("Vous ne pouvez pas ouvrir cela")
    await stage.all_delivered()
    assert len(rosa.messages()) == before


async def test_a_talk_is_kept_once_however_often_its_updates_come(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    sent = await rosa.sends("Une fois")
    bot = stage.playground.world.first_bot()
    rosa.phone.world.tell_bots("message", sent)  # Telegram says it again, under another number
    await stage.all_delivered()
    assert bot is not None
    assert len([each for each in julien.messages() if "Une fois" in each.text]) == 1
    async with stage.database.read() as session:
        kept = (await session.exec(select(SupportMessage).where(col(SupportMessage.request_id) == request.id))).all()
        copies = (await session.exec(select(SupportCopy))).all()
        relays = (await session.exec(select(Notice).where(col(Notice.kind) == "support_relay"))).all()
    assert len(kept) == 2
    assert len(copies) == len(relays) == 1


async def test_at_night_words_wait_and_a_lively_talk_does_not(stage: Stage):
    rosa, julien, request = await talking(stage)
    await stage.go_to_next(1, 22)
    await opens_talk(stage, rosa, request)
    await rosa.sends("Bonsoir")
    await rosa.sees("Julien l’aura à 8 h")
    await julien.never_sees("Bonsoir")
    await stage.go_to_next(2, 9)
    await julien.sees("Bonsoir")
    await stage.go_to_next(2, 21, 30)
    await replies(julien, await julien.sees("Bonsoir"), "Je lis encore")  # the requester sleeps
    await rosa.never_sees("Je lis encore")
    await rosa.sends("Moi aussi")  # and is awake after all
    await julien.sees("Moi aussi")


async def test_the_talk_comes_back_after_a_pause(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    await stage.advance(hours=30)
    await stage.go_to_next(3, 10)
    await rosa.taps("Continuer")
    await rosa.sees("Vous écrivez à Julien")
    await rosa.sends("Me revoilà")
    await julien.sees("Me revoilà")


async def test_a_reply_to_the_card_of_a_request_is_an_answer(stage: Stage):
    rosa, julien, _request = await talking(stage)
    card = await julien.sees("Nouvelle demande")
    await replies(julien, card, "Je regarde cela")
    await rosa.sees("Julien, qui vous accompagne", "Je regarde cela")


async def test_a_note_never_reaches_the_requester(stage: Stage):
    rosa, julien, request = await talking(stage)
    sent = julien.phone.sends("Entre nous")
    await stage.quiet_moment()
    note = Content(ContentKind.TEXT, julien.id, sent.id, ("Entre nous",))
    async with stage.database.write() as session:
        await write_note(session, StageClock(stage), await stage.actor(julien), request.id, (note,))
    julien.phone.edits(sent, "Entre nous, vraiment")
    await stage.all_delivered()
    async with stage.database.write() as session:
        await replay(session, StageClock(stage), await stage.actor(rosa), request.id, "r")
        await replay(session, StageClock(stage), await stage.actor(julien), request.id, "j")
    await rosa.sees("Vous", "Il nous faut une salle")
    await rosa.never_sees("Entre nous")
    await julien.sees("Entre nous, vraiment")


async def test_what_an_animator_writes_out_of_any_dialogue_finds_whom_it_is_for(stage: Stage):
    rosa, julien, request = await talking(stage)
    await julien.sends("Bonjour, la salle est libre.")
    await julien.sends("", attachment=Attachment("voice"))
    question = await julien.sees("Que voulez-vous en faire ?")
    assert julien.buttons(question)[0] == f"✍️ Répondre à Rosa ({request.number})"
    await julien.taps(f"Répondre à Rosa ({request.number})")
    await stage.all_delivered()
    await rosa.sees("Julien, qui vous accompagne", "Bonjour, la salle est libre.")
    assert with_kind(rosa, "voice")
    await stage.advance(seconds=6)
    await julien.sees("Remis à Rosa")
    assert (await again(stage, request)).first_answer_at is not None
    check_manners(stage)


async def test_what_is_held_goes_to_no_request_of_somebody_else(stage: Stage):
    rosa, julien, request = await talking(stage)
    samir = await stage.joined("Samir", "nord")
    await samir.sends("Bonjour")
    question = await samir.sees("Que voulez-vous en faire ?")
    await samir.forges(f"hfor:{request.id}", question)
    await stage.all_delivered()
    await rosa.never_sees("Bonjour", "Samir")
    assert (await again(stage, request)).first_answer_at is None
    assert not any("Samir" in each for each in julien.texts())
    check_manners(stage)


async def test_an_answer_given_in_the_midst_of_asking_leaves_what_was_kept(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, julien, request)
    await julien.sends("Pour quel jour ?")
    heard = await rosa.sees("Pour quel jour ?")
    await rosa.sends("/demande")
    await rosa.sends("", attachment=Attachment("voice"))
    await rosa.sees("J’ai gardé 1 message", "De quoi avez-vous besoin")
    await rosa.taps("Répondre", on=heard)
    await rosa.sends("Samedi")
    await stage.all_delivered()
    await julien.sees("💬 Rosa", "Samedi")
    await rosa.taps("J’ai fini")
    await rosa.sees("Vous avez commencé une demande", "Tout est gardé")
    await rosa.taps("Continuer")
    await rosa.sees("J’ai gardé 1 message", "De quoi avez-vous besoin", times=2)
    await rosa.taps("Autre chose")
    await rosa.sees("Avec : 1 message vocal", "Voulez-vous l’envoyer")
    check_manners(stage)


async def test_a_file_of_fifty_megabytes_goes_on_without_passing_through_us(stage: Stage):
    """Telegram lets a bot read 20 MB and send 50; what is there already is sent by its name."""
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    plan = Attachment("document", file=bytes(50 * 1024 * 1024), file_name="plan.pdf")
    await rosa.sends("Le plan de la salle", attachment=plan)
    await stage.all_delivered()
    heard = await julien.sees("Le plan de la salle")
    given = with_kind(julien, "document")[-1]
    assert given.body["document"]["file_size"] == 50 * 1024 * 1024
    assert heard.id >= given.id
    assert not [call for call in stage.playground.world.calls if call.method == "getFile"]
