"""The card of a proposal, whatever its state and whoever reads it: short, whole, with the buttons that work."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import calls_for, holds_its_media, visible_length
from council.proposal_states import ReportedBack
from council.proposal_views import ProposalView
from council.proposals import title_from
from handlers.cards.card import CAPTION_LIMIT, TEXT_LIMIT, Card
from handlers.cards.proposal import (
    FollowProposalPress,
    ReportProposalPress,
    ShareProposalPress,
    SupportProposalPress,
    proposal_card,
    whole_cards,
)
from handlers.cards.proposal_treatment import DeskPress, TreatProposalPress
from locales.translator import available_languages, translator
from storage.proposals import ENDED, NEVER_PUBLIC, UNPUBLISHED, ProposalState
from tests.conftest import small_settings

SAY, SETTINGS = translator("fr"), small_settings()
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
VIEW = ProposalView(
    id=1,
    number="P-2026-014",
    council_id=1,
    council="Quartier Nord",
    theme="autre",
    state=ProposalState.RECEIVED,
    title="Une fontaine",
    told=None,
    words="Une fontaine.\nPour boire l’été.",
    place="Place Haute",
    latitude=43.6,
    longitude=1.4,
    photo_file_id=None,
    done_photo_file_id=None,
    author="Rosa",
    anonymous=False,
    supporters=2,
    mine=False,
    supports=False,
    follows=False,
    reason=None,
    outcome=None,
    reported_back=None,
    meeting=None,
    meeting_at=None,
    to_be_discussed=False,
    merged_into_id=None,
    merged_into=None,
    published_at=NOON,
    moved_at=NOON,
    hidden=False,
    public=True,
    takes_part=True,
    may_treat=False,
    may_moderate=False,
)
FULL = {
    "title": "É" * 80,
    "words": "😀" * 2_048,
    "place": "p" * 120,
    "author": "n" * 64,
    "council": "c" * 200,
    "meeting": "m" * 200,
    "meeting_at": NOON,
    "reason": "r" * 2_000,
    "outcome": "o" * 2_000,
    "supporters": 1_000_000,
}


def presses(card: Card) -> set[type]:
    return {type(button.press) for row in card.rows for button in row}


def seen(state: ProposalState, **changes) -> ProposalView:
    return replace(VIEW, state=state, public=state not in NEVER_PUBLIC, **changes)


@pytest.mark.parametrize("language", available_languages())
@pytest.mark.parametrize("photo", [None, "photo-id"])
@pytest.mark.parametrize("state", ProposalState)
def test_the_fullest_card_fits_telegram_and_stays_six_lines(state: ProposalState, photo: str | None, language: str):
    back = ReportedBack(ProposalState.REFUSED, "w" * 1_000) if state is ProposalState.REPORTED_BACK else None
    full = replace(seen(state, **FULL), photo_file_id=photo, reported_back=back)
    for own in ({"mine": True}, {"supports": True}, {"follows": True}, {"anonymous": True, "may_treat": True}):
        card = proposal_card(translator(language), replace(full, **own), SETTINGS)
        assert len(card.text.splitlines()) <= 6
        assert visible_length(card.text) <= (CAPTION_LIMIT if photo else TEXT_LIMIT)
        assert holds_its_media(card) == bool(photo), "text and picture are one message, which can be kept true"
        assert calls_for(card, 1)


@given(words=st.text(min_size=1, max_size=4_096), said=st.text(max_size=2_000))
def test_nothing_is_lost_when_it_is_read_whole(words: str, said: str):
    cards = whole_cards(SAY, replace(VIEW, words=words, outcome=said))
    for card in cards:
        assert visible_length(card.text) <= TEXT_LIMIT
    read = "".join(str(card.text.unescape()) for card in cards)
    for character in set(words) | set(said):
        assert character in read
    assert [bool(card.rows) for card in cards] == [False] * (len(cards) - 1) + [True]


@pytest.mark.parametrize("state", ProposalState)
def test_each_reader_has_the_buttons_that_work_for_them(state: ProposalState):
    public, ended = state not in NEVER_PUBLIC, state in ENDED
    reader = presses(proposal_card(SAY, seen(state), SETTINGS))
    assert (SupportProposalPress in reader) == (public and not ended)
    assert {FollowProposalPress, ReportProposalPress, ShareProposalPress} <= reader if public else True
    assert not {DeskPress, TreatProposalPress} & reader
    author = presses(proposal_card(SAY, seen(state, mine=True), SETTINGS))
    assert not {SupportProposalPress, FollowProposalPress, ReportProposalPress} & author
    assert (ShareProposalPress in author) == public
    lead = presses(proposal_card(SAY, seen(state, may_treat=True, may_moderate=True), SETTINGS))
    assert (DeskPress in lead) == (state in UNPUBLISHED)
    assert (TreatProposalPress in lead) == public
    own = presses(proposal_card(SAY, seen(state, mine=True, may_treat=True), SETTINGS))
    assert (TreatProposalPress in own) == (public and state is not ProposalState.REPORTED_BACK)
    hidden = proposal_card(SAY, replace(seen(state, may_moderate=True, hidden=True), public=False), SETTINGS)
    assert DeskPress in presses(hidden)


@pytest.mark.parametrize(
    ("supporters", "words"), [(0, "0 soutien."), (1, "1 soutien."), (2, "2 soutiens."), (1_000, "soutiens.")]
)
def test_support_is_said_with_the_right_number(supporters: int, words: str):
    assert words in proposal_card(SAY, replace(VIEW, supporters=supporters), SETTINGS).text


PLANNED = {"meeting": "Plénière", "meeting_at": NOON, "to_be_discussed": True}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "De : Rosa."),
        ({"author": None}, "De : Un habitant."),
        ({"author": None, "anonymous": True}, "De : Un habitant."),
        ({"anonymous": True}, "De : Rosa (nom caché aux autres)."),
        ({"mine": True, "anonymous": True}, "C’est votre proposition."),
        ({"place": ""}, "De : Rosa. 2 soutiens."),
        ({"state": ProposalState.REFUSED, "reason": "Trop cher", "outcome": "Dit en réunion"}, "Trop cher"),
        ({"state": ProposalState.REPORTED_BACK, "reason": "Trop cher", "outcome": "Dit en réunion"}, "Dit en réunion"),
        (PLANNED, "Le conseil en parle le lundi 2 mars 2026 : Plénière."),
        ({**PLANNED, "state": ProposalState.DISCUSSED}, "Le conseil en parle le lundi 2 mars 2026 : Plénière."),
        ({**PLANNED, "to_be_discussed": False, "state": ProposalState.DISCUSSED}, "en a parlé en réunion"),
        ({"state": ProposalState.MERGED, "merged_into": "P-2026-002"}, "réunie à la proposition P-2026-002"),
        ({"title": "<b>&", "words": "<i>"}, "&lt;b&gt;&amp;"),
    ],
)
def test_a_card_says_what_is_so(changes: dict, words: str):
    assert words in proposal_card(SAY, replace(VIEW, **changes), SETTINGS).text


def test_the_title_is_not_said_twice():
    assert proposal_card(SAY, VIEW, SETTINGS).text.count("Une fontaine") == 1
    assert proposal_card(SAY, replace(VIEW, words="Une fontaine"), SETTINGS).text.count("Une fontaine") == 1


@pytest.mark.parametrize("words", ["Un banc ici. Merci !", "Un banc ici\nMerci !", "  Un  banc ici.\n\nMerci !"])
def test_its_first_sentence_is_not_said_twice(words: str):
    text = proposal_card(SAY, replace(VIEW, title=title_from(words), words=words), SETTINGS).text
    assert text.count("banc ici") == 1
    assert "<blockquote>Merci !</blockquote>" in text


def test_a_long_first_sentence_goes_on_below_where_its_title_was_cut():
    words = "Il faudrait " + "mettre des bancs et des arbres " * 5 + "partout. Merci"
    title = title_from(words)
    text = proposal_card(SAY, replace(VIEW, title=title, words=words), SETTINGS).text
    said = title.removesuffix("…") + " " + text.split("<blockquote>…")[1].split("</blockquote>")[0]
    assert said == words


def test_under_a_title_of_its_own_all_of_the_words_stand():
    text = proposal_card(SAY, replace(VIEW, title="Un banc", words="Un bancal. Merci"), SETTINGS).text
    assert "<blockquote>Un bancal. Merci</blockquote>" in text


def test_a_card_is_kept_true_once_no_correction_can_bring_a_picture():
    assert proposal_card(SAY, VIEW, SETTINGS).live is not None
    assert proposal_card(SAY, seen(ProposalState.TO_CORRECT, published_at=None), SETTINGS).live is None
