"""Whatever the code writes into the audit, the journal says it in words."""

import re

import pytest

from council.journal import UNNAMED, JournalKind, JournalLine, Somebody, kind_of
from documents.journal_words import ACTS, KINDS, act_words
from locales.translator import available_languages, translator
from storage.people import Role
from tests.conftest import FakeClock
from tests.house.audited import audited_acts

_SUBJECTS = {"support": "support_request", "post": "animator_post"}
"""Where it is not the first word of the act."""


def test_every_act_that_the_code_writes_has_its_words_and_no_other_has():
    assert audited_acts() == set(ACTS)
    assert len(ACTS) > 100


def test_every_act_is_of_one_kind_and_every_kind_has_acts_and_a_name():
    kinds = {act: kind_of(act) for act in ACTS}
    assert set(kinds.values()) == set(JournalKind) == set(KINDS)
    assert set(UNNAMED) <= set(ACTS)


@pytest.mark.parametrize("language", available_languages())
@pytest.mark.parametrize("name", ["P-2026-014", ""])
def test_an_act_is_a_whole_sentence_whatever_is_known_of_it(language: str, name: str):
    say, clock = translator(language), FakeClock()
    rosa = Somebody(7, "Rosa") if name else None
    for act in (*ACTS, "an.act_of_another_version"):
        feature = act.partition(".")[0]
        for subject in (_SUBJECTS.get(feature, feature), "Forged"):
            line = JournalLine(1, clock.now(), act, kind_of(act), subject, rosa, False, rosa, name, role=Role.LEAD)
            words = str(act_words(say, line))
            assert subject == "Forged" or not re.search(r"[{}]|  |None", words), (act, words)
            assert not name or "Rosa" in words, (act, words)
