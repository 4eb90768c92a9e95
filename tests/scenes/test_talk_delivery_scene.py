"""Words on bad days: blocked phones, lost answers, a crash; the author always knows what became of them."""

from sqlmodel import col, select

from council.support_talk import replay
from playground.attachments import Attachment
from storage.outbox import Notice, NoticeState
from storage.people import Role
from storage.support import SupportMessage, SupportRequest, SupportState
from tests.scenes.manners import check_manners
from tests.scenes.stage import Stage
from tests.scenes.talk_steps import StageClock, opens_talk, replies, talking


async def relays(stage: Stage) -> list[Notice]:
    async with stage.database.read() as session:
        query = select(Notice).where(col(Notice.kind) == "support_relay").order_by(col(Notice.id))
        return list((await session.exec(query)).all())


async def test_who_blocks_in_the_middle_of_a_talk_is_said_to_be_gone_once(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, julien, request)
    await julien.sends("Bonjour Rosa")
    await rosa.sees("Bonjour Rosa")
    rosa.phone.blocks()
    await stage.all_delivered()
    await julien.sees("Rosa ne reçoit plus mes messages", request.number)
    await stage.advance(minutes=1)
    await julien.sends("Vous êtes là ?")
    await julien.sees("Rosa ne reçoit plus mes messages", "Vos mots sont gardés")
    await stage.advance(hours=1)
    said = [each for each in julien.messages() if "Vos mots restent dans la demande" in each.text]
    assert len(said) == 1
    check_manners(stage)


async def test_a_block_that_was_never_heard_of_is_found_by_the_words_themselves(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, julien, request)
    rosa.phone.chat().blocked = True
    await julien.sends("Bonjour Rosa")
    await stage.advance(seconds=7)
    await julien.sees("Rosa ne reçoit plus mes messages", request.number)
    await julien.sees("Pas remis à Rosa")
    await julien.never_sees("Voulez-vous le renvoyer ?")


async def test_after_a_lost_answer_the_author_decides_whether_to_send_again(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, julien, request)
    stage.playground.world.faults.add("lost_answer", method="sendMessage", chat_id=rosa.id)
    await julien.sends("Venez samedi")
    question = await julien.sees("Je ne sais pas si votre message est arrivé", "Voulez-vous le renvoyer ?")
    assert question.body["reply_to_message"]["text"] == "Venez samedi"
    await stage.advance(seconds=7)
    await julien.sees("Je ne sais pas si Rosa l’a reçu")
    await julien.taps("Renvoyer")
    await julien.sees("Je le renvoie")
    await stage.advance(seconds=7)
    await julien.sees("Remis à Rosa")
    assert len([each for each in rosa.messages() if "Venez samedi" in each.text]) == 2
    toast = await julien.forges(f"again:{(await relays(stage))[0].subject_id}:0", question)
    assert "Quelque chose a changé" in toast
    assert "Vous ne pouvez pas" in await rosa.forges(
        f"again:{(await relays(stage))[0].subject_id}:1", rosa.messages()[-1]
    )
    await stage.all_delivered()
    assert len(await relays(stage)) == 2


async def test_words_that_telegram_refuses_are_said_not_to_have_arrived(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    stage.playground.world.faults.add("400", method="sendMessage", chat_id=julien.id)
    await rosa.sends("Allô ?")
    await rosa.sees("Votre message n’est pas arrivé", "Julien")
    await rosa.taps("Renvoyer")
    await julien.sees("Allô ?")


async def test_a_pause_of_telegrams_delays_words_and_keeps_their_order(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    stage.playground.world.faults.add("429", method="sendMessage", chat_id=julien.id, retry_after=1)
    for word in ("un", "deux", "trois"):
        rosa.phone.sends(f"d’abord {word}")
    await stage.quiet_moment()
    await julien.sees("d’abord trois")
    said = [each.text.split()[-1] for each in julien.messages() if "d’abord" in each.text]
    assert said == ["un", "deux", "trois"]


async def test_what_a_crash_leaves_in_doubt_is_asked_about(stage: Stage):
    """As a killed sender leaves it: attempted, and never settled."""
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, julien, request)
    await julien.sends("Bonjour")
    await rosa.sees("Bonjour")
    await stage.all_delivered()
    async with stage.database.write() as session:
        notice = (await session.exec(select(Notice).where(col(Notice.kind) == "support_relay"))).one()
        notice.state, notice.lease_until = NoticeState.LEASED, stage.now()
    await stage.advance(minutes=2)
    await julien.sees("Je ne sais pas si votre message est arrivé")
    await stage.advance(hours=2)
    asked = [each for each in julien.messages() if "Voulez-vous le renvoyer" in each.text]
    assert len(asked) == 1


async def test_closed_talks_begin_again_or_lead_to_a_new_one(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, julien, request)
    await julien.sends("Voilà, c’est fait")
    heard = await rosa.sees("Voilà, c’est fait")
    await julien.taps("J’ai fini")
    async with stage.database.write() as session:
        row = await session.get_one(SupportRequest, request.id)
        row.state, row.closed_at = SupportState.CLOSED, stage.now()
    toast = await julien.forges(f"talk:{request.id}:", julien.messages()[-1])
    assert "terminée" in toast
    await replies(rosa, heard, "Pas tout à fait")
    await stage.all_delivered()
    await julien.sees("Pas tout à fait")
    async with stage.database.read() as session:
        kept = (await session.exec(select(SupportMessage).where(col(SupportMessage.request_id) == request.id))).all()
    assert len(kept) == 3


async def test_everything_can_be_seen_again_files_and_all(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    await rosa.sends("Le plan", attachment=Attachment("document"))
    await julien.sees("Le plan")
    nadia = await stage.joined("Nadia", "sud", role=Role.ANIMATOR)
    await nadia.sends("/start")
    async with stage.database.write() as session:
        shown = await replay(session, StageClock(stage), await stage.actor(nadia), request.id, "1")
    assert shown == 2
    await nadia.sees("Rosa", request.number, "Il nous faut une salle")
    again = await nadia.sees("Rosa", "Le plan")
    assert "document" in again.body
    await replies(nadia, again, "Je m’en occupe aussi")
    back = await rosa.sees("Nadia", "Je m’en occupe aussi")
    assert back.body["reply_to_message"]["caption"] == "Le plan"
