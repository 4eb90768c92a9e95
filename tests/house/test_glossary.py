"""The glossary gives the code name of each state and kind of request, under the words that people read."""

from enum import StrEnum
from pathlib import Path

import pytest

from handlers.cards import interpellation_words, proposal_words, support_words
from locales.translator import REFERENCE, translator
from storage.interpellations import InterpellationState
from storage.proposals import ProposalState
from storage.support import SupportKind, SupportState

GLOSSARY = (Path(__file__).parents[2] / "GLOSSARY.md").read_text()
SAY = translator(REFERENCE)


@pytest.mark.parametrize(
    "words",
    [
        {each: support_words.state_words(each, SAY) for each in SupportState},
        {each: support_words.kind_words(each, SAY) for each in SupportKind},
        {each: proposal_words.state_words(each, SAY) for each in ProposalState},
        {each: interpellation_words.state_words(SAY, each) for each in InterpellationState},
    ],
)
def test_states_and_kinds_stand_in_the_glossary_as_people_read_them(words: dict[StrEnum, str]):
    rows = {tuple(line.split(" |")[:2]) for line in GLOSSARY.splitlines()}
    assert {(f"| {french}", f" `{code}`") for code, french in words.items()} - rows == set()
