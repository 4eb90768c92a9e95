"""The author's side of proposals: what is taken, what is refused, who may, and what is left after an erasure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from proposal_scenes import kept, moderated, proposed, standing
from sqlmodel import col, select

from council.contents import Content, SharedContact
from council.errors import EmptyWords, NotAllowed, OutOfDate, TooLong
from council.privacy import erase_person
from council.proposal_flags import Flag
from council.proposal_mine import followed, mine, to_correct
from council.proposal_moderation import ask_author, publish, set_aside
from council.proposal_originals import Told, told_by
from council.proposal_support import support
from council.proposals import (
    NotForAProposal,
    ProposalDraft,
    SameProposal,
    beyond_title,
    correct_proposal,
    submit_proposal,
    title_from,
    withdraw_proposal,
    write_words,
)
from storage.people import Role
from storage.proposals import Proposal, ProposalAct, ProposalEvent, ProposalState
from storage.support import ContentKind

VOICE = Content(ContentKind.VOICE, 1, 2, file_id="voice")
PHOTO = Content(ContentKind.PHOTO, 1, 3, ("Le parc",), file_id="photo")
POINT = Content(ContentKind.LOCATION, 1, 4, ("Place du marché\n1 rue A",), latitude=43.6, longitude=1.44)


def text(words: str) -> Content:
    return Content(ContentKind.TEXT, 1, 1, (words,))


@pytest.fixture
async def rosa(programme):
    return await programme.person("Rosa", follows=(programme.nord,))


@pytest.fixture
async def fatou(programme):
    return await programme.person("Fatou", roles=((Role.LEAD, programme.nord),))


async def submit(programme, actor, *contents, key="k", council=None, **changes) -> Proposal:
    draft = ProposalDraft(council or programme.nord, changes.pop("theme", "autre"), contents, **changes)
    async with programme.database.write() as session:
        return await submit_proposal(session, programme.clock, programme.settings, actor, draft, key)


async def does(programme, act, *values):
    async with programme.database.write() as session:
        return await act(session, programme.clock, *values)


async def test_what_was_sent_is_kept_and_the_first_words_are_the_title(programme, rosa):
    made = await submit(programme, rosa, text("Un banc ici. Merci &amp; à bientôt"), PHOTO, POINT, VOICE)
    now = await kept(programme, made)
    assert (now.number, now.state) == ("P-2026-001", ProposalState.SUBMITTED)
    assert now.title == "Un banc ici"
    assert now.words == "Un banc ici. Merci & à bientôt\nLe parc"
    assert now.folded.startswith("un banc ici un banc ici merci a bientot")
    assert (now.photo_file_id, now.place, now.latitude) == ("photo", "Place du marché 1 rue A", 43.6)
    assert len(now.originals) == 4


async def test_the_same_key_is_the_same_proposal(programme, rosa):
    first, second = [await submit(programme, rosa, text("Un banc"), key="same") for _ in range(2)]
    assert first.id == second.id


async def test_the_same_words_ten_times_are_one_proposal_and_its_number_is_told(programme, rosa):
    first = await submit(programme, rosa, text("Un banc, svp !"), key="0")
    for number in range(1, 10):
        with pytest.raises(SameProposal) as refusal:
            await submit(programme, rosa, text("UN BANC  svp"), key=str(number))
        assert (refusal.value.number, refusal.value.proposal_id) == (first.number, first.id)
    tom = await programme.person("Tom", follows=(programme.nord,))
    assert (await submit(programme, tom, text("Un banc, svp !"), key="tom")).flags == []


async def test_what_was_set_aside_and_comes_again_is_flagged(programme, rosa, fatou):
    first = await proposed(programme, rosa, "Un banc")
    await moderated(programme, set_aside, fatou, first, "Cela existe déjà.")
    again = await submit(programme, rosa, text("un banc"), key="again")
    assert again.flags == [Flag.AGAIN]
    await moderated(programme, write_words, fatou, again, "un banc", "Le banc du 06 12 34 56 78")
    assert (await kept(programme, again)).flags == [Flag.PHONE, Flag.AGAIN]


@pytest.mark.parametrize(
    ("contents", "refusal"),
    [
        ((), EmptyWords),
        ((text(" \n "),), EmptyWords),
        ((POINT,), EmptyWords),
        ((text("é" * 4097),), TooLong),
        ((text("Un banc"), Content(ContentKind.STICKER, 1, 5, file_id="s")), NotForAProposal),
        ((Content(ContentKind.CONTACT, 1, 5, contact=SharedContact("A", "06")),), NotForAProposal),
    ],
    ids=["nothing", "blanks", "a point", "too long", "sticker", "contact"],
)
async def test_what_is_no_proposal_is_refused_and_leaves_nothing(programme, rosa, contents, refusal):
    with pytest.raises(refusal):
        await submit(programme, rosa, *contents)
    async with programme.database.read() as session:
        assert not (await session.exec(select(Proposal))).all()


@pytest.mark.parametrize("changes", [{"title": "é" * 81}, {"place": "é" * 121}])
async def test_a_title_or_a_place_that_is_too_long_is_refused(programme, rosa, changes):
    with pytest.raises(TooLong):
        await submit(programme, rosa, text("Un banc"), **changes)


async def test_who_follows_another_council_alone_cannot_propose_here(programme, rosa):
    for council in (programme.sud, 999):
        with pytest.raises(NotAllowed):
            await submit(programme, rosa, text("Un banc"), council=council)


async def test_a_theme_that_is_not_offered_is_something_else(programme, rosa):
    assert (await submit(programme, rosa, text("Un banc"), theme="nope")).theme == "autre"


async def test_only_emoji_are_taken_and_flagged(programme, rosa):
    assert (await submit(programme, rosa, text("🔥🔥🔥"))).flags == [Flag.UNREADABLE]


async def test_the_text_of_a_voice_is_written_by_its_author_or_a_moderator_and_nobody_else(programme, rosa, fatou):
    made = await submit(programme, rosa, VOICE)
    tom = await programme.person("Tom", follows=(programme.nord,))
    with pytest.raises(NotAllowed):
        await moderated(programme, write_words, tom, made, "À moi")
    with pytest.raises(EmptyWords):
        await moderated(programme, write_words, rosa, made, "  ")
    await moderated(programme, write_words, fatou, made, "Un banc au parc. Vite")
    await moderated(programme, write_words, rosa, made, "Deux bancs. Mon numéro : 0612345678", "Des bancs")
    now = await kept(programme, made)
    assert (now.title, now.words) == ("Des bancs", "Deux bancs. Mon numéro : 0612345678")
    assert now.flags == [Flag.PHONE]
    assert [each["kind"] for each in now.originals] == ["voice"]
    await moderated(programme, publish, fatou, made)
    with pytest.raises(OutOfDate):
        await moderated(programme, write_words, rosa, made, "Autre chose")


async def test_what_was_sent_back_is_corrected_once_and_waits_again(programme, rosa, fatou):
    made = await proposed(programme, rosa, "Un banc pour M. Durand")
    draft = ProposalDraft(programme.nord, "autre", (text("Un banc"),), anonymous=True)
    with pytest.raises(OutOfDate):
        await does(programme, correct_proposal, programme.settings, rosa, made.id, draft)
    await moderated(programme, ask_author, fatou, made, "Sans nom, svp")
    async with programme.database.read() as session:
        assert (await to_correct(session, rosa, made.id)).reason == "Sans nom, svp"
        with pytest.raises(NotAllowed):
            await to_correct(session, fatou, made.id)
    with pytest.raises(NotAllowed):
        await does(programme, correct_proposal, programme.settings, fatou, made.id, draft)
    await does(programme, correct_proposal, programme.settings, rosa, made.id, draft)
    now = await kept(programme, made)
    assert (now.state, now.words, now.title, now.anonymous, now.reason) == (
        ProposalState.SUBMITTED, "Un banc", "Un banc", True, None
    )  # fmt: skip
    with pytest.raises(OutOfDate):
        await does(programme, correct_proposal, programme.settings, rosa, made.id, draft)


async def test_writing_the_text_of_a_voice_that_was_sent_back_sends_it_again(programme, rosa, fatou):
    made = await submit(programme, rosa, VOICE)
    await moderated(programme, ask_author, fatou, made, "Dites où c’est")
    await moderated(programme, write_words, rosa, made, "Un banc rue des Lilas")
    assert (await kept(programme, made)).state is ProposalState.SUBMITTED


async def test_the_author_alone_withdraws_and_only_before_it_is_published(programme, rosa, fatou):
    first, second = await proposed(programme, rosa, "Un banc"), await proposed(programme, rosa, "Un arbre")
    with pytest.raises(NotAllowed):
        await does(programme, withdraw_proposal, fatou, first.id)
    for _ in range(2):
        await does(programme, withdraw_proposal, rosa, first.id)
    assert (await kept(programme, first)).state is ProposalState.WITHDRAWN
    await moderated(programme, publish, fatou, second)
    with pytest.raises(OutOfDate):
        await does(programme, withdraw_proposal, rosa, second.id)
    async with programme.database.read() as session:
        assert [each.id for each in await mine(session, rosa)] == [second.id]
        assert [each.id for each in await mine(session, rosa, past=True)] == [first.id]
        assert await mine(session, fatou) == []
        query = select(ProposalEvent.act).where(col(ProposalEvent.proposal_id) == first.id)
        acts = (await session.exec(query)).all()
    assert list(acts) == [ProposalAct.SUBMITTED, ProposalAct.WITHDRAWN]


async def test_what_is_supported_is_listed_as_long_as_it_is_public(programme, rosa, fatou):
    tom = await programme.person("Tom", follows=(programme.nord,))
    made = await proposed(programme, rosa, "Un banc")
    await moderated(programme, publish, fatou, made)
    await does(programme, support, tom, made.id)
    async with programme.database.read() as session:
        assert [each.number for each in await followed(session, tom)] == [made.number]
    await moderated(programme, set_aside, fatou, made, "Cela existe déjà.")
    async with programme.database.read() as session:
        assert await followed(session, tom) == []


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Un banc", "Un banc"),
        ("Un banc. Et un arbre", "Un banc"),
        ("Un banc ? Et un arbre", "Un banc ?"),
        ("Un banc pour M. Durand. Vite", "Un banc pour M. Durand"),
        ("Des arbres av. Foch, devant le n° 3. Et des bancs", "Des arbres av. Foch, devant le n° 3. Et des bancs"),
        ("Un lieu pour lire etc. Merci", "Un lieu pour lire etc. Merci"),
        ("Le parc est sale !!! Venez", "Le parc est sale !!!"),
        ("\n\n  Un banc\nici", "Un banc"),
        ("a" * 200, "a" * 79 + "…"),
        ("", ""),
        ("...", "..."),
    ],
)
def test_a_title_is_the_first_sentence_or_line(words, title):
    assert title_from(words) == title


@pytest.mark.parametrize(
    ("contents", "told"),
    [
        ((text("Un banc"), POINT), None),
        ((VOICE,), Told.SPOKEN),
        ((Content(ContentKind.VIDEO, 1, 5, file_id="v"),), Told.SPOKEN),
        ((PHOTO,), Told.SHOWN),
        ((PHOTO, VOICE), Told.BOTH),
        ((Content(ContentKind.DOCUMENT, 1, 5, file_id="d"),), None),
    ],
    ids=["words", "voice", "video", "photo", "both", "file"],
)
def test_how_an_idea_was_told_beside_words(contents, told):
    assert told_by(contents) is told


@given(words=st.text(min_size=1, max_size=300))
def test_title_and_what_is_beyond_it_say_all_of_the_words(words):
    title, rest = title_from(words), beyond_title(title_from(words), words)
    assert set("".join(words.split())) <= set(title + rest + " .")
    assert len(rest) <= len(words) + 1


def test_a_long_sentence_is_cut_between_words():
    title = title_from("mot " * 60)
    assert title.endswith(" mot…")
    assert len(title) <= 80


async def test_after_an_erasure_published_texts_stay_and_all_else_is_empty(programme, rosa, fatou):
    public = await submit(programme, rosa, text("Un banc"), VOICE, PHOTO, key="public", place="Le parc")
    waiting = await submit(programme, rosa, text("Mon secret"), POINT, key="waiting")
    gone = await proposed(programme, rosa, "Mon autre secret")
    back = await proposed(programme, rosa, "Mon dernier secret")
    await moderated(programme, publish, fatou, public)
    await moderated(programme, set_aside, fatou, gone, "Rosa parle d’elle")
    await moderated(programme, ask_author, fatou, back, "Sans votre nom, Rosa")
    tom = await programme.person("Tom", follows=(programme.nord,))
    await does(programme, support, tom, public.id)
    async with programme.database.write() as session:
        await erase_person(session, programme.clock, rosa)
    stays = await kept(programme, public)
    assert (stays.title, stays.words, stays.place, stays.photo_file_id) == (
        "Un banc",
        "Un banc\nLe parc",
        "Le parc",
        "photo",
    )
    assert (stays.author_id, stays.anonymous, stays.originals, stays.state) == (None, True, [], ProposalState.RECEIVED)
    assert await standing(programme, public) == {tom.person_id: True}
    for each, state in (
        (waiting, ProposalState.WITHDRAWN),
        (gone, ProposalState.SET_ASIDE),
        (back, ProposalState.WITHDRAWN),
    ):
        now = await kept(programme, each)
        assert (now.title, now.words, now.folded, now.place, now.originals) == ("", "", "", "", [])
        assert (now.reason, now.latitude, now.author_id, now.state) == (None, None, None, state)
    async with programme.database.read() as session:
        said = (await session.exec(select(ProposalEvent.words))).all()
    assert not any("Rosa" in each for each in said)
