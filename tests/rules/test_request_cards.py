"""Cards of requests at their largest: whatever was said, each still is one message."""

from datetime import UTC, datetime

import pytest

from council.support_history import Happening, HistoryPage, Said
from council.support_overview import Words
from handlers.cards.card import TEXT_LIMIT, utf16_length
from handlers.cards.request_history import A_PAGE, history_card
from locales.translator import available_languages, translator
from storage.support import ContentKind, SupportAct, SupportSide, SupportState

MOMENT = datetime(2026, 9, 30, 11, tzinfo=UTC)


@pytest.mark.parametrize("side", list(SupportSide))
@pytest.mark.parametrize("letter", ["a", "😀"])
@pytest.mark.parametrize("language", available_languages())
def test_a_page_of_the_whole_story_is_one_message(language, letter, side):
    long = letter * 4_000
    said = Said(
        MOMENT, Words(side, ContentKind.ANIMATION, (long,), long, MOMENT, edited=True), ((MOMENT, (long,)),) * 5
    )
    step = Happening(MOMENT, SupportAct.TRANSFERRED, SupportState.IN_PROGRESS, "a" * 64, "b" * 64, "")
    for entry in (said, step):
        page = HistoryPage(1, "D-2026-00001", (entry,) * A_PAGE, 1, more=True)
        card = history_card(translator(language), page)
        assert A_PAGE * 50 < utf16_length(str(card.text.striptags())) <= TEXT_LIMIT
