"""What is corrected after it was sent: both versions are kept, and the other side reads the new one where it stood."""

from sqlmodel import col, select

from playground.attachments import Attachment
from storage.support import SupportMessage, SupportVersion
from tests.scenes.manners import check_manners, refusals
from tests.scenes.stage import Stage
from tests.scenes.talk_steps import opens_talk, talking


async def versions(stage: Stage) -> list[list[str]]:
    async with stage.database.read() as session:
        return list((await session.exec(select(col(SupportVersion.parts)).order_by(col(SupportVersion.id)))).all())


async def test_a_corrected_text_is_corrected_where_it_stands(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    sent = await rosa.sends("Rendez-vous mardi")
    heard = await julien.sees("Rendez-vous mardi")
    count = len(julien.messages())
    rosa.phone.edits(sent, "Rendez-vous **jeudi**")
    await stage.all_delivered()
    await julien.sees("modifié", "Rendez-vous jeudi")
    assert "jeudi" in heard.text
    assert "mardi" not in heard.text
    assert julien.buttons(heard) == ["✍️ Répondre", "📂 Ouvrir"]
    assert len(julien.messages()) == count
    assert await versions(stage) == [["Rendez-vous mardi"]]
    rosa.phone.edits(sent, "Rendez-vous vendredi")
    await stage.all_delivered()
    assert "vendredi" in heard.text
    rosa.phone.edits(sent, "Rendez-vous vendredi")  # Telegram tells of reactions and previews as of edits
    await stage.all_delivered()
    assert len(await versions(stage)) == 2
    check_manners(stage)


async def test_a_correction_before_the_words_left_leaves_in_their_place(stage: Stage):
    rosa, julien, request = await talking(stage)
    await stage.go_to_next(1, 22)
    await opens_talk(stage, rosa, request)
    sent = await rosa.sends("Première idée")
    rosa.phone.edits(sent, "Meilleure idée")
    await stage.go_to_next(2, 9)
    heard = await julien.sees("Meilleure idée")
    assert "modifié" not in heard.text
    await julien.never_sees("Première idée")
    check_manners(stage)


async def test_captions_are_corrected_alone_and_in_albums(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    photo = await rosa.sends("La salle", attachment=Attachment("photo"))
    heard = await julien.sees("Rosa", "La salle")
    rosa.phone.edits(photo, "La grande salle")
    await stage.all_delivered()
    assert "La grande salle" in heard.text
    assert "photo" in heard.body

    first, second = rosa.phone.sends_album([(Attachment("photo"), "un"), (Attachment("photo"), "deux")])
    await stage.quiet_moment()
    await stage.until(lambda: len([each for each in julien.messages() if "media_group_id" in each.body]) == 2)
    rosa.phone.edits(second, "deux <bis>")
    await stage.all_delivered()
    texts = [each.text for each in julien.messages() if "media_group_id" in each.body]
    assert texts == ["un", "deux <bis>\n✏️ modifié"]
    assert not refusals(stage)
    assert first.id != second.id


async def test_a_copy_that_can_no_longer_be_edited_is_followed_by_a_new_message(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    sent = await rosa.sends("Version une")
    heard = await julien.sees("Version une")
    julien.phone.deletes(julien.phone.chat(), [heard.id])
    rosa.phone.edits(sent, "Version deux")
    await stage.all_delivered()
    anew = await julien.sees("modifié", "Version deux")
    assert anew.id != heard.id
    rosa.phone.edits(sent, "Version trois")
    await stage.all_delivered()
    assert "Version trois" in anew.text


async def test_a_text_that_grows_beyond_one_message_and_shrinks_again(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    sent = await rosa.sends("Court")
    await julien.sees("Court")
    rosa.phone.edits(sent, "long " * 800)
    await stage.all_delivered()
    await julien.sees("(2 sur 2)")
    rosa.phone.edits(sent, "Court de nouveau")
    await stage.all_delivered()
    await julien.sees("Court de nouveau")
    await julien.sees("Ce passage a été retiré")
    assert not refusals(stage)


async def test_a_word_of_a_flood_is_corrected_among_the_others(stage: Stage):
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    sent = [rosa.phone.sends(f"mot {number}") for number in range(9)]
    await stage.quiet_moment()
    await stage.advance(seconds=11)
    joined = await julien.sees("mot 6", "mot 8")
    rosa.phone.edits(sent[7], "mot corrigé")
    await stage.all_delivered()
    assert "mot 6\nmot corrigé\nmot 8" in joined.text


async def test_what_the_team_writes_to_itself_never_leaves_even_when_corrected(stage: Stage):
    rosa, julien, _request = await talking(stage)
    async with stage.database.read() as session:
        before = len((await session.exec(select(SupportMessage))).all())
    await julien.sends("/start")
    sent = await julien.sends("Une phrase sans demande")
    julien.phone.edits(sent, "Une autre phrase sans demande")
    await rosa.never_sees("phrase sans demande")
    async with stage.database.read() as session:
        assert len((await session.exec(select(SupportMessage))).all()) == before


async def test_a_correction_at_the_very_moment_of_arrival_is_not_missed(stage: Stage):
    """Whichever is written down first, the copy or the correction."""
    rosa, julien, request = await talking(stage)
    await opens_talk(stage, rosa, request)
    for number in range(6):
        sent = rosa.phone.sends(f"essai {number}")
        await julien.sees(f"essai {number}")
        rosa.phone.edits(sent, f"réussi {number}")
        await stage.advance(seconds=11)
    await stage.all_delivered()
    said = "\n".join(each.text for each in julien.messages())
    assert [f"réussi {number}" in said for number in range(6)] == [True] * 6
    assert "essai" not in said
