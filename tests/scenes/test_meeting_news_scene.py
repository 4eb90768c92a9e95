"""Words to who follows: each in the way they chose; who has blocked the bot costs nothing more."""

from playground.attachments import Attachment, sample
from storage.people import Role
from tests.scenes.meeting_steps import at, count, meeting_of, notices, opens_managed
from tests.scenes.stage import Stage


async def test_news_with_a_photo_reach_each_reader_as_they_chose_and_once(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    samir = await stage.joined("Samir", "nord", language="ar")
    muted, digest = await stage.joined("Muriel", "nord"), await stage.joined("Denis", "nord")
    blocked, paul = await stage.joined("Basile", "nord"), await stage.joined("Paul", "sud")
    for each, choice in ((muted, "Aucune"), (digest, "Un message par jour")):
        await each.sends("/profil")
        await each.taps("Nouvelles")
        await each.taps(choice)
    blocked.phone.blocks()
    await stage.quiet_moment()

    await fatou.sends("/annoncer")
    await fatou.sends("Vente <b>& troc</b> مرحبا", Attachment("photo", file=sample("photo")))
    await fatou.sees("3 personnes le recevront", "Faut-il l’envoyer")
    preview = fatou.messages()[-2]
    question = fatou.messages()[-1]
    presses = [fatou.phone.presses(question) for _ in range(2)]  # a double tap
    await stage.until(lambda: all(each.answer is not None for each in presses))
    await stage.all_delivered()
    await fatou.sees("C’est envoyé", "3 personnes le reçoivent")
    for each in (rosa, samir):
        got = await each.sees("Vente <b>& troc</b> مرحبا", "Quartier Nord")
        assert got.body["photo"]
        assert count(each, "troc") == 1
    assert (await rosa.sees("troc")).text == preview.text
    for each in (muted, digest, paul):
        await each.never_sees("troc")

    # A meeting too: the digest tells of both at six, with the way to answer.
    meeting = await meeting_of(stage, fatou, title="Grande fête & co")
    await rosa.sees("Grande fête")
    await muted.never_sees("Grande fête")
    await stage.go_to(at(stage, 0, 18, 1))
    told = await digest.sees("Les nouvelles du jour", "Grande fête & co", "Vente <b>& troc</b>")
    assert len(told.text.splitlines()) <= 5
    await digest.taps("Mes réunions", on=told)
    await digest.sees("Vos réunions à venir", "Grande fête")
    await digest.taps("Grande fête")
    await digest.taps("Oui")
    await muted.sends("/reunions")
    await muted.taps("Grande fête")
    await muted.taps("Peut-être")
    # About what they come to, they are told whatever they chose.
    await opens_managed(fatou, "Grande fête")
    await fatou.sees("1 inscrit", "1 peut-être")
    await fatou.taps("Modifier")
    await fatou.taps("Lieu")
    await fatou.sends("La mairie")
    await fatou.taps("Enregistrer")
    await stage.all_delivered()
    for each in (muted, digest, rosa):
        await each.sees("Une réunion a changé", "La mairie")
    assert count(digest, "Les nouvelles du jour") == 1
    assert meeting

    # Nothing was spent on who had blocked the bot; heard again, they hear again.
    calls = [each for each in stage.playground.world.calls if each.chat_id == blocked.id]
    assert not [each for each in calls if each.method.startswith("send")]
    blocked.phone.unblocks()
    await blocked.sends("/menu")
    await fatou.sends("/annoncer")
    await fatou.sends("De nouveau")
    await fatou.sees("4 personnes le recevront")
    await fatou.taps("✅ Envoyer")
    await stage.all_delivered()
    await blocked.sees("De nouveau")


async def test_who_blocks_while_words_are_on_their_way_costs_one_call(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    first = at(stage, 3, 18, 30)
    await meeting_of(stage, fatou, title="Un", starts_at=first)
    await rosa.taps("Oui")
    # Telegram refuses without having told us: the first refusal is the last call.
    stage.playground.world.faults.add("403", chat_id=rosa.id, times=50)
    before = len(stage.playground.world.calls)
    for title in ("Deux", "Trois", "Quatre"):
        await meeting_of(stage, fatou, title=title)
    await stage.go_to(first)
    refused = [
        each
        for each in list(stage.playground.world.calls)[before:]
        if each.chat_id == rosa.id and each.method.startswith(("send", "edit"))
    ]
    assert len(refused) == 1
    assert not [each for each in await notices(stage, "meeting_reminder") if each.chat_id == rosa.id]
    await fatou.sees("Deux")


async def test_words_written_at_night_wait_and_say_so_but_not_before_a_closed_door(stage: Stage):
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    rosa = await stage.joined("Rosa", "nord")
    await meeting_of(stage, fatou, title="Départ", starts_at=at(stage, 1, 7, 30))
    await rosa.taps("Oui")
    await stage.go_to(at(stage, 0, 22))
    await fatou.sends("/annoncer")
    await fatou.sends("Bonne nuit")
    await fatou.sees("2 personnes le recevront", "après la nuit", "8 h", "Faut-il l’envoyer")
    await fatou.taps("✅ Envoyer")
    await fatou.sees("C’est prêt", "2 personnes le recevront", "après la nuit")
    await rosa.never_sees("Bonne nuit")
    await opens_managed(fatou, "Départ")
    await fatou.taps("Écrire à ceux qui viennent")
    await fatou.sends("Prenez un pull")
    await fatou.sees("1 personne le recevra")
    assert "nuit" not in fatou.texts()[-1]
    await fatou.taps("✅ Envoyer")
    await stage.all_delivered()
    await rosa.sees("Prenez un pull", "Départ")
    await rosa.never_sees("Bonne nuit")
    await stage.go_to(at(stage, 1, 8, 1))
    await rosa.sees("Bonne nuit")
