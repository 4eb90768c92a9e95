"""What a text holds that a moderator should look at: numbers, addresses, links, and what nobody can read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.proposal_flags import Flag, flags_of

FLAGGED = {
    "Appelez le 06 12 34 56 78": {Flag.PHONE},
    "05.61.22.33.44 pour venir": {Flag.PHONE},
    "tél : +33 (0)6 12 34 56 78": {Flag.PHONE},
    "mon numéro 0033612345678": {Flag.PHONE},
    "mon numéro 0612345678, merci": {Flag.PHONE},
    "au maroc +212 6 12 34 56 78": {Flag.PHONE},
    "رقمي ٠٦ ١٢ ٣٤ ٥٦ ٧٨": {Flag.PHONE},
    "le 06\u200b12345678 le soir": {Flag.PHONE},
    "écrivez à rosa@exemple.fr": {Flag.MAIL},
    "rosa.dupont (at) exemple.fr": {Flag.MAIL},
    "rosa arobase exemple point fr": {Flag.MAIL},
    "voir https://exemple.org/banc": {Flag.LINK},
    "voir WWW.exemple.net": {Flag.LINK},
    "sur exemple.fr il y a tout": {Flag.LINK},
    "rejoignez t.me/groupe": {Flag.LINK},
    "tout est sur bit.ly/x": {Flag.LINK},
    "allez sur site.app": {Flag.LINK},
    "voir jardin.paris": {Flag.LINK},
    "telegram.me/x": {Flag.LINK},
    "www . jardin . fr": {Flag.LINK},
    "notre site : jardin . fr": {Flag.LINK},
    "notre site : jardin point fr": {Flag.LINK},
    "demandez @pseudo": {Flag.HANDLE},
    "snap: rosa31": {Flag.HANDLE},
    "mon insta : rosa": {Flag.HANDLE},
    "mon snap rosa31": {Flag.HANDLE},
    "appelez 06,12,34,56,78": {Flag.PHONE},
    "mon numéro 06_12_34_56_78": {Flag.PHONE},
    "Un jardin pour Paris. Le site est beau.": set(),
    "Au parc.Paris est loin": set(),
    "Le parc est beau. Com-me le square": set(),
    "Entre 12,50 et 13,40 euros, 0,12 de plus, 0,15 de moins": set(),
    "Les enfants sont au point d’eau et/ou au square": set(),
    "Instaurer un marché. Snack du parc 2": set(),
    "a@b.fr, 0612345678, http://c": {Flag.MAIL, Flag.PHONE, Flag.LINK},
    "😀😀😀": {Flag.UNREADABLE},
    "👩‍👩‍👧‍👦🔥": {Flag.UNREADABLE},
    "?!…": {Flag.UNREADABLE},
    "\u200b": set(),
    "12345": {Flag.UNREADABLE},
    "Un banc devant le 12, rue des Lilas": set(),
    "De 2024 à 2026, 1 000 euros pour 250 habitants": set(),
    "Le 14 juillet 2026 à 18 h 30": set(),
    "Un arbre.Des fleurs aussi": set(),
    "مقاعد في الحديقة": set(),
    "": set(),
}


@pytest.mark.parametrize("text", FLAGGED)
def test_what_is_to_be_looked_at_is_named_and_nothing_else(text):
    assert set(flags_of(text)) == {each.value for each in FLAGGED[text]}


def test_each_flag_stands_once_whatever_part_holds_it():
    assert flags_of("0612345678", "0612345678 encore", "chez 0712345678") == [Flag.PHONE.value]


@given(st.text(max_size=300))
def test_whatever_is_written_flags_are_known_and_each_once(text):
    flags = flags_of(text)
    assert len(flags) == len(set(flags))
    assert {Flag(each) for each in flags} <= set(Flag)


def test_a_long_text_made_to_be_slow_is_read_at_once():
    for piece in ("0 ", "a@", "a.", "1.", "+", "at)", "www", "a .", "@a", "snap ", "a.b/", "0,"):
        flags_of(piece * 20_000)
