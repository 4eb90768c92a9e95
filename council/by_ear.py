"""How a French word sounds, roughly: two that are written by ear, and as the school has it, come to the same."""

import re
from functools import lru_cache

_KNOWN = 50_000
"""Words whose sound is remembered: a programme's proposals hold some thousands."""
_LEAST = 3
# In this order; what is written in capitals, or as "$", is a sound that later rules leave alone.
_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"s?ch", "$"),
        (r"h", ""),
        (r"qu?", "k"),
        (r"gn", "N"),
        (r"gu(?=[eiy])", "G"),
        (r"ge(?=[aou])|g(?=[eiy])", "j"),
        (r"sc(?=[eiy])|c(?=[eiy])|ss", "S"),
        (r"c", "k"),
        (r"(?<=[aeiouy])s(?=[aeiouy])", "z"),
        (r"([a-z])\1+", r"\1"),
        (r"(?:ain|ein|in|im|yn|ym|un|um)(?![aeiouynm])", "IN"),
        (r"(?:an|am|en|em)(?![aeiouynm])", "AN"),
        (r"(?:on|om)(?![aeiouynm])", "ON"),
        (r"(?<=.{2})[sxztdp]+$", ""),
        (r"(?<=.{2}N)k$", ""),
        (r"(?<=.{3})e$", ""),
        (r"(?<=.{2})e[rz]$", "e"),
        (r"eau|au", "o"),
        (r"oi", "Wa"),
        (r"ou", "W"),
        (r"ai|ei|ay|ey", "e"),
        (r"oeu", "eu"),
        (r"y", "i"),
        (r"S", "s"),
    )
)


@lru_cache(_KNOWN)
def sound_of(folded: str) -> str:
    """Of a word without accents and capitals (council.folding); one in another script is its own sound."""
    if not folded.isascii():
        return folded
    for pattern, sound in _RULES:
        folded = pattern.sub(sound, folded)
    return folded


@lru_cache(_KNOWN)
def _sounds(folded: str) -> frozenset[str]:
    """Its sound, and that without what was heard as its first letter: « lekol » for école, « zanfan » for enfants."""
    sounds = {sound_of(folded)}
    if re.match(r"[ldz]h?[aeiouy]\w{3}", folded):
        sounds.add(sound_of(folded[1:]))
    return frozenset(each for each in sounds if len(each) >= _LEAST)


def sound_alike(one: str, other: str) -> bool:
    """Whether one may be the other, written by ear; too short a sound is that of too many words."""
    return not _sounds(one).isdisjoint(_sounds(other))
