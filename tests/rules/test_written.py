"""What people write is kept as it can be read: no sign that prints nothing, none that turns other words around."""

import pytest

from council.errors import EmptyWords, TooLong
from council.written import no_longer, written


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Fête du quartier \n", "Fête du quartier"),
        ("Un banc\r\n\nPlace du marché", "Un banc\n\nPlace du marché"),
        ("\u202eabc", "abc"),
        ("\u2066a\u2069\u200b b\u0007", "a b"),
        ("un\tdeux\u2800trois", "un deux trois"),
        ("18\u202fh\u00a030", "18\u202fh\u00a030"),
        ("اجتماع \u200f12:30\u200e", "اجتماع \u200f12:30\u200e"),
        ("👩\u200d👧 می\u200cروم", "👩\u200d👧 می\u200cروم"),
    ],
)
def test_words_are_kept_as_they_can_be_read(typed, kept):
    assert written(typed, 100) == kept
    assert no_longer(typed, 100) == kept


@pytest.mark.parametrize("typed", ["", " \n", "\u200b", "\u2800", "\u202e\u2066", "\u200d\u200e \u200f", "\u3164"])
def test_nothing_to_read_is_no_words(typed):
    with pytest.raises(EmptyWords):
        written(typed, 100)
    assert no_longer(typed, 100) == ""


def test_the_limit_counts_what_is_kept_as_telegram_does():
    assert written("🎉" * 50 + "\u200b", 100) == "🎉" * 50
    with pytest.raises(TooLong):
        written("🎉" * 51, 100)
