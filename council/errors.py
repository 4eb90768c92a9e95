"""Refusals: a rule said no. Each type has its sentence for the person in handlers/cards/refusals.py."""


class Refusal(Exception):
    """Parent of all answers "no" that a person may meet."""


class NotAllowed(Refusal):
    """Not this person's to do. Unknown, forged and foreign ids say the same, so that nobody learns what exists."""


class OutOfDate(Refusal):
    """The thing has changed since the button was shown."""


class NotJoined(Refusal):
    """Somebody who has not agreed to the privacy notice yet."""


class EmptyWords(Refusal):
    """Nothing readable was written."""


class TooLong(Refusal):
    """More characters than the thing may hold."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit
