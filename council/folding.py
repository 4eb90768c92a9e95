"""Words as they are compared and searched: without accents, capitals or punctuation."""

import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})


def fold(text: str) -> str:
    """« Éco-quartier d’Empalot » and "eco quartier d empalot" become the same; words stand one blank apart."""
    plain = _apart(_apart(text).casefold()).translate(_LIGATURES)
    return " ".join("".join(each if each.isalnum() else _gap(each) for each in plain).split())


def _apart(text: str) -> str:
    """Letters and their accents apart, and signs that stand for several letters spelled out: « ㏗ » holds a capital."""
    return unicodedata.normalize("NFKD", text)


def _gap(character: str) -> str:
    """An accent leaves no gap behind, all else that is no letter and no figure does."""
    return "" if unicodedata.combining(character) else " "
