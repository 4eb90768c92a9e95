"""The cards of moderators and of the council: nothing is missing from their tables, nothing grows beyond a message."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.messages import calls_for
from council.contents import Content
from council.proposal_desk import DeskView, Queue, Waiting
from council.proposal_flags import Flag
from council.proposal_near import NearProposal
from council.proposal_news import ProposalNews
from council.proposal_originals import Told
from council.proposal_stale import StaleProposal
from council.proposal_states import TALKED_OF_AGAIN, TRANSITIONS
from council.proposal_treatment import STEPS, AgendaChoice, OnAgenda
from handlers.cards.moderation import (
    DeskPress,
    JoinedPress,
    JoinPress,
    JoinWithPress,
    PublishPress,
    desk_card,
    desk_cards,
    join_card,
    join_sure_card,
    queue_card,
    sent_cards,
    waits_card,
    write_place_card,
    write_text_card,
    write_title_card,
)
from handlers.cards.proposal import ProposalMapPress
from handlers.cards.proposal_deciding import StepPress, photo_card, sure_card, words_card
from handlers.cards.proposal_news import news_card, to_correct_card
from handlers.cards.proposal_said import USUAL, decided_words, said_words
from handlers.cards.proposal_stale import stale_card, stale_notice_card
from handlers.cards.proposal_treatment import AgendaChosenPress
from handlers.cards.treatment import agenda_card, meeting_proposals_card, treat_card
from locales.translator import translator
from storage.proposals import NEVER_PUBLIC, ProposalAct, ProposalState, ReportReason
from storage.support import ContentKind
from tests.conftest import small_settings

SAY, SETTINGS = translator("fr"), small_settings()
LARGEST = 2**63 - 1
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def view(**changes) -> DeskView:
    values = {
        "id": LARGEST,
        "number": "P-2026-001",
        "revision": 2**31 - 1,
        "council": "Quartier Nord",
        "council_id": 1,
        "theme": "autre",
        "state": ProposalState.SUBMITTED,
        "title": "Un banc",
        "told": None,
        "words": "Un banc devant l’école",
        "place": "",
        "on_map": False,
        "author": "Rosa",
        "anonymous": False,
        "mine": False,
        "hidden": False,
        "public": False,
        "flags": (),
        "reports": {},
        "supporters": 3,
        "asked": None,
        "originals": (),
        "photo_file_id": None,
        "done_photo_file_id": None,
        "meeting_id": None,
        "act": ProposalAct.SUBMITTED,
        "decided_by": None,
        "nobody_else": False,
        "moved_at": NOW,
    }
    return DeskView(**{**values, **changes})


LONG = view(
    title="&" * 80,
    words="🌳" * 2_048,
    council="&" * 300,
    place="&" * 120,
    author="&" * 300,
    anonymous=True,
    flags=tuple(Flag),
    reports=dict.fromkeys(ReportReason, 1_000_000),
    asked="&" * 500,
    photo_file_id="photo",
    originals=(Content(ContentKind.VOICE, 1, 1, ("&amp;" * 1_000,), file_id="voice"),),
)


def labels(card) -> list[str]:
    return [button.label for row in card.rows for button in row]


def presses(card) -> list[object]:
    return [button.press for row in card.rows for button in row if button.press is not None]


def cards_of(seen: DeskView) -> list:
    """Every card on which this text is shown."""
    near = [NearProposal(LARGEST, "P-2026-002", "&" * 80)] * 5
    choice = AgendaChoice(LARGEST, "&" * 300, NOW)
    stale = [StaleProposal(LARGEST, "P-2026-002", "&" * 80, None, 1, ProposalState.RECEIVED, NOW)] * 30
    waits = Waiting(LARGEST, "P-2026-002", "&" * 80, None, "&" * 300, NOW, flagged=True, hidden=True)
    waiting = (waits,) * 30
    cards = [
        *desk_cards(SAY, seen, SETTINGS),
        waits_card(SAY, seen),
        join_card(SAY, seen, near, "Ennui"),
        join_sure_card(SAY, seen, seen),
        write_text_card(SAY, seen, "Ennui"),
        write_title_card(SAY, seen, "Ennui"),
        write_place_card(SAY, seen, "Ennui"),
        to_correct_card(SAY, seen.id, seen.number, "&" * 300, "&" * 500),
        treat_card(SAY, seen, choice),
        agenda_card(SAY, seen, [choice] * 30, 1),
        meeting_proposals_card(SAY, LARGEST, "&" * 300, [OnAgenda(1, "P-2026-002", "&" * 80, seen.state)] * 30, 1),
        stale_card(SAY, stale, LARGEST, 1),
        stale_notice_card(SAY, stale, "&" * 300, LARGEST),
        queue_card(SAY, Queue(waiting, ("P-2026-003",), ()), 1, "C’est fait."),
    ]
    for act in (*STEPS, ProposalAct.CORRECTION_ASKED, ProposalAct.SET_ASIDE):
        cards.append(words_card(SAY, seen.title, act, DeskPress(seen.id), may_skip=True, trouble="Ennui"))
        cards.append(sure_card(SAY, seen.title, act, "&" * 1_000, 10**6, "photo", "Ennui"))
    return [*cards, photo_card(SAY, seen.title, DeskPress(seen.id), "Ennui")]


@pytest.mark.parametrize("state", ProposalState)
@pytest.mark.parametrize("hidden", [True, False])
def test_every_card_of_every_state_fits_into_messages_and_buttons(state, hidden):
    for seen in (view(state=state, hidden=hidden), replace(LONG, state=state, hidden=hidden)):
        for card in cards_of(seen):
            assert calls_for(card, 1)
            assert all(each.pack() for each in presses(card))
            assert all(len(each) <= 64 for each in labels(card))
    assert calls_for(sent_cards(SAY, LONG)[0], 1)


def test_buttons_with_the_largest_numbers_fit():
    for made in (
        JoinedPress(LARGEST, LARGEST, LARGEST),
        JoinWithPress(LARGEST, LARGEST),
        PublishPress(LARGEST, LARGEST),
        AgendaChosenPress(LARGEST, LARGEST, LARGEST),
        *(StepPress(LARGEST, act, LARGEST) for act in ProposalAct),
    ):
        assert made.pack()


@pytest.mark.parametrize("act", ProposalAct)
def test_every_act_has_its_words_for_who_came_second(act):
    assert decided_words(SAY, "Fatou", act).startswith("Fatou ")


@pytest.mark.parametrize("act", [*STEPS, ProposalAct.CORRECTION_ASKED, ProposalAct.SET_ASIDE])
def test_every_step_has_usual_answers_which_others_read_in_their_language(act):
    assert USUAL[act]
    assert [said_words(SAY, each) for each in USUAL[act]] == list(USUAL[act])
    assert said_words(translator("ar"), "Mes mots à moi, {n} %s") == "Mes mots à moi, {n} %s"


@pytest.mark.parametrize("act", ProposalAct)
@pytest.mark.parametrize("to_author", [True, False])
def test_news_tell_each_step_to_those_whom_it_concerns(act, to_author):
    long = "&" * 300
    news = ProposalNews(1, "P-2026-001", long, "&" * 80, act, "&" * 1_000, to_author, 2, long, NOW, "photo", None)
    card = news_card(SAY, news)
    private = {ProposalAct.SUBMITTED, ProposalAct.CORRECTED, ProposalAct.WITHDRAWN}
    of_author = {ProposalAct.CORRECTION_ASKED, ProposalAct.HIDDEN, ProposalAct.SHOWN_AGAIN}
    if act in private or (act in of_author and not to_author):
        assert card is None
    else:
        assert card is not None
        assert "P-2026-001" in card.text
        assert calls_for(card, 1)


def test_a_moderator_publishes_only_what_is_written_and_never_their_own():
    waiting, voice, own = view(), view(words="", title=""), view(mine=True)
    assert "✅ Publier" in labels(desk_card(SAY, waiting, SETTINGS))
    assert "✅ Publier" not in labels(desk_card(SAY, voice, SETTINGS))
    assert "✍️ Écrire le texte" in labels(desk_card(SAY, voice, SETTINGS))
    assert labels(desk_card(SAY, own, SETTINGS)) == ["📋 À relire"]
    assert "Quelqu’un d’autre la lira" in desk_card(SAY, own, SETTINGS).text
    alone = desk_card(SAY, view(mine=True, nobody_else=True), SETTINGS)
    assert "Personne d’autre ne peut la lire" in alone.text


LEADS_TO = {
    PublishPress: ProposalState.RECEIVED,
    JoinPress: ProposalState.MERGED,
    ProposalAct.CORRECTION_ASKED: ProposalState.TO_CORRECT,
    ProposalAct.SET_ASIDE: ProposalState.SET_ASIDE,
    **STEPS,
}


@pytest.mark.parametrize("state", ProposalState)
@pytest.mark.parametrize("hidden", [True, False])
def test_no_button_leads_where_the_table_does_not(state, hidden):
    seen = view(state=state, hidden=hidden, public=not hidden and state not in NEVER_PUBLIC)
    for card in (desk_card(SAY, seen, SETTINGS), treat_card(SAY, seen, None)):
        offered = {each.act if isinstance(each, StepPress) else type(each) for each in presses(card)}
        if state in TALKED_OF_AGAIN:
            offered.discard(ProposalAct.DISCUSSED)
        assert {LEADS_TO[each] for each in offered & LEADS_TO.keys()} <= TRANSITIONS[state]


@pytest.mark.parametrize("state", [each for each in ProposalState if each not in NEVER_PUBLIC])
def test_what_is_public_can_be_set_aside_from_desk_and_menu(state):
    aside = StepPress(LARGEST, ProposalAct.SET_ASIDE, 2**31 - 1)
    assert aside in presses(treat_card(SAY, view(state=state, public=True), None))
    assert aside in presses(desk_card(SAY, view(state=state, hidden=True), SETTINGS))


def test_what_lies_with_its_author_can_be_set_aside_and_says_what_was_asked():
    card = desk_card(SAY, view(state=ProposalState.TO_CORRECT, asked="Où est-ce ?"), SETTINGS)
    assert StepPress(LARGEST, ProposalAct.SET_ASIDE, 2**31 - 1) in presses(card)
    assert "Il était demandé : « Où est-ce ? »" in card.text


def test_a_long_text_stands_whole_above_its_card_however_many_units_its_signs_take():
    photo, whole, desk = desk_cards(SAY, LONG, SETTINGS)
    assert photo.media is not None
    assert str(whole.text) == LONG.words
    assert desk.text.count("🌳") < 200
    (alone,) = desk_cards(SAY, view(words="é" * 3_000), SETTINGS)
    assert "é" * 3_000 in alone.text


@pytest.mark.parametrize(
    ("told", "heading", "said", "asked"),
    [
        (Told.SPOKEN, "Idée en vocal", "L’auteur a parlé.", "Écrivez ce que dit l’auteur."),
        (Told.SHOWN, "Idée en image", "a envoyé une image, sans un mot", "Écrivez ce que montre l’image."),
        (Told.BOTH, "Idée en vocal et en image", "L’auteur a parlé, et envoyé", "Écrivez ce que dit l’auteur."),
        (None, "Idée sans texte", "a envoyé un fichier", "Écrivez ce que dit l’auteur."),
    ],
)
def test_what_nobody_has_put_into_words_is_called_what_it_is(told, heading, said, asked):
    unwritten = view(title="", words="", told=told)
    desk, asking = desk_card(SAY, unwritten, SETTINGS).text, write_text_card(SAY, unwritten).text
    assert heading in desk
    assert said in desk
    assert asked in asking
    assert ("message vocal reste" in asking) == (told in (Told.SPOKEN, Told.BOTH))
    waiting = Waiting(1, "P-2026-002", "", told, "Nord", NOW, flagged=False, hidden=False)
    assert heading in labels(queue_card(SAY, Queue((waiting,), (), ()), 0))[0]


def test_a_desk_says_the_first_sentence_once():
    seen = view(title="Un banc devant l’école", words="Un banc devant l’école. Les parents attendent debout.")
    text = desk_card(SAY, seen, SETTINGS).text
    assert text.count("Un banc devant l’école") == 1
    assert "Les parents attendent debout." in text


def test_a_point_on_the_map_is_looked_at_before_it_is_published():
    card = desk_card(SAY, view(on_map=True), SETTINGS)
    assert "Lieu : un point sur la carte" in card.text
    assert ProposalMapPress(LARGEST) in presses(card)
    assert "Lieu : Le square" in desk_card(SAY, view(on_map=True, place="Le square"), SETTINGS).text
    assert "Lieu" not in desk_card(SAY, view(), SETTINGS).text
