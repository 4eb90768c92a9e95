"""Marks a French sentence that is said later, so that extraction finds it where it is written."""


def sentence(french: str) -> str:
    """The sentence itself; `say(...)` translates it when there is a reader."""
    return french
