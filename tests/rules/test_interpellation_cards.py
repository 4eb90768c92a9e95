"""Cards of interpellations at their largest: whatever people write, each still is one message."""

from dataclasses import replace

import pytest

from council.interpellation_answers import WORDS_LIMIT as ANSWER_LIMIT
from council.interpellation_drafts import WORDS_LIMIT, Question
from council.interpellation_opinions import AnswerView
from council.interpellation_views import InterpellationView, Step, Votes, view_interpellation
from council.interpellation_votes import POSITION_LIMIT, VIEW_LIMIT, Outcome
from handlers.cards.card import TEXT_LIMIT, Card, utf16_length
from handlers.cards.interpellation import ReadInterpellationPress, interpellation_card
from handlers.cards.interpellation_answer import AnswerPagePress, answer_card, answer_page_card
from handlers.cards.interpellation_asking import (
    Answer,
    Letter,
    SendWritingPress,
    WritingBackPress,
    change_card,
    preview_card,
    question_card,
)
from handlers.cards.interpellation_asking import Step as At
from handlers.cards.interpellation_more import confirm_card, history_card, read_card
from handlers.cards.interpellation_news import news_card
from handlers.cards.interpellation_words import signed_words, title_words
from locales.translator import translator
from storage.interpellations import (
    AnswerWay,
    Interpellation,
    InterpellationAct,
    InterpellationKind,
    InterpellationState,
    Opinion,
)

SAY = translator("fr")
FACE = "😀"
LONGEST = FACE * (WORDS_LIMIT // 2 - 1) + "a"


@pytest.fixture
async def view(programme) -> InterpellationView:
    """Public, in the words of somebody who writes as much as one may."""
    now = programme.clock.now()
    said = {each.value: LONGEST for each in Question}
    async with programme.database.write() as session:
        row = Interpellation(
            number="I-2026-001",
            kind=InterpellationKind.INTERPELLATION,
            state=InterpellationState.ADOPTED,
            council_id=programme.nord,
            partner_code="mairie",
            partner_name=FACE * 200,
            title=FACE * 90,
            majority_position=FACE * (POSITION_LIMIT // 2),
            dissenting_views=[FACE * (VIEW_LIMIT // 2)] * 30,
            created_at=now,
            changed_at=now,
            request_key="test",
            **said,
        )
        session.add(row)
    reader = await programme.person("Léa")
    async with programme.database.read() as session:
        return await view_interpellation(session, programme.clock, programme.settings, reader, row.id)


def seen(card: Card) -> str:
    return str(card.text.striptags())


def test_every_page_fits_and_together_they_hold_every_word(view: InterpellationView):
    texts, page = [], 0
    while True:
        card = read_card(SAY, view, page)
        texts.append(seen(card))
        assert utf16_length(texts[-1]) <= TEXT_LIMIT
        presses = [button.press for row in card.rows for button in row]
        if ReadInterpellationPress(view.id, page + 1) not in presses:
            break
        page += 1
    whole = "".join(texts)
    faces = len(Question) * LONGEST.count(FACE) + len(view.majority_position) + sum(map(len, view.dissenting_views))
    assert whole.count(FACE) == faces


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_result_with_many_views_that_differ_is_one_message(view: InterpellationView, outcome: Outcome):
    counted = replace(view, votes=Votes(9, 30, 2))
    card = confirm_card(SAY, counted, outcome, view.majority_position, view.dissenting_views, "Trop long.")
    assert utf16_length(seen(card)) <= TEXT_LIMIT
    assert "Il y a 30 avis différents" in seen(card)


def test_preview_question_history_and_news_fit(view: InterpellationView):
    answers = {each: Answer(LONGEST, 20) for each in Question}
    letter = Letter(InterpellationKind.INTERPELLATION, FACE * 200, FACE * 40, answers, 20, FACE * 60)
    steps = tuple(Step(n, view.as_of, act, None, FACE * 500) for n, act in enumerate(InterpellationAct))
    long_ago = replace(view, steps=steps)
    cards = [
        preview_card(SAY, letter, SendWritingPress(1, 1), None),
        change_card(SAY, list(At)[:-1]),
        interpellation_card(view, SAY),
        *(question_card(SAY, each, answers[each], 20, WritingBackPress(), None) for each in Question),
        *(history_card(SAY, long_ago, page) for page in range(9)),
        *(news_card(SAY, view, act, FACE * 1000) for act in InterpellationAct),
    ]
    for card in cards:
        assert utf16_length(seen(card)) <= TEXT_LIMIT
        assert all(button.press is None or button.press.pack() for row in card.rows for button in row)


def test_who_waits_for_an_answer_hears_by_when_it_should_come(view: InterpellationView):
    sent = replace(view, state=InterpellationState.SENT, partner="Ville d’Essai", due_at=view.as_of)
    due = f"Réponse attendue avant le {SAY.date(view.as_of)} (délai local)."
    for act in (InterpellationAct.SENT, InterpellationAct.HANDED_OVER, InterpellationAct.ACKNOWLEDGED):
        assert due in seen(news_card(SAY, sent, act, ""))
    assert due not in seen(news_card(SAY, replace(sent, due_at=None), InterpellationAct.SENT, ""))
    answered = replace(sent, state=InterpellationState.ANSWERED)
    assert due not in seen(news_card(SAY, answered, InterpellationAct.SENT, ""))


def test_a_partner_is_named_once_and_behind_no_preposition(view: InterpellationView):
    """« à Ville d’Essai » and « à Le bailleur » are no French."""
    named = replace(view, partner="Ville d’Essai")
    assert title_words(SAY, named) == "Question I-2026-001 – Ville d’Essai"
    assert seen(news_card(SAY, named, InterpellationAct.ACKNOWLEDGED, "Ville d’Essai")).count("Ville d’Essai") == 1
    assert "Service technique" in seen(news_card(SAY, named, InterpellationAct.ACKNOWLEDGED, "Service technique"))


def test_signatures_are_counted_against_what_is_needed_until_there_are_enough(view: InterpellationView):
    said = {n: signed_words(SAY, replace(view, signatures=n, threshold=3)) for n in (2, 3, 5)}
    assert said == {2: "2 signatures sur 3.", 3: "3 signatures.", 5: "5 signatures."}


@pytest.mark.parametrize("letter", ["a", FACE])
def test_every_page_of_an_answer_fits_and_together_they_hold_every_word(view: InterpellationView, letter: str):
    words = (letter * ANSWER_LIMIT)[: ANSWER_LIMIT // utf16_length(letter)]
    answer = AnswerView(
        id=1,
        interpellation_id=view.id,
        number=view.number,
        title=FACE * 90,
        signed=FACE * 60,
        words=words,
        way=AnswerWay.PAGE,
        answered_on=view.as_of.date(),
        files=5,
        mine=Opinion.NO,
        authors=Opinion.NO,
        opinions=dict.fromkeys(Opinion, 10_000),
        is_author=True,
        may_judge=True,
        may_ask_again=True,
        carries=True,
        wished=FACE * 500,
        earlier=1,
    )
    assert utf16_length(seen(answer_card(SAY, answer, "Merci."))) <= TEXT_LIMIT
    texts, presses = [], [AnswerPagePress(1, 0)]
    while AnswerPagePress(1, len(texts)) in presses:
        card = answer_page_card(SAY, answer, len(texts))
        texts.append(seen(card))
        assert utf16_length(texts[-1]) <= TEXT_LIMIT
        presses = [button.press for row in card.rows for button in row]
    assert "".join(texts) == words


def test_no_vote_asks_a_lead_for_a_reason(view: InterpellationView):
    assert "Vous pouvez écrire pourquoi" in seen(confirm_card(SAY, view, Outcome.NO_VOTE, "", []))
