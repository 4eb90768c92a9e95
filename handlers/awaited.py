"""What a step of a dialogue waits for, when something else came: each is told in a sentence, and the question again."""

from council.errors import Refusal


class ButtonsAwaited(Refusal):
    """The question is answered by its buttons alone."""


class WordsAwaited(Refusal):
    """The question is answered in writing: a voice, a picture or a sticker cannot be read here."""


class NoLongerAwaited(Refusal):
    """A note or a result was asked for so long ago that its words may be meant for the person, or never for them."""


class SpeechAwaited(Refusal):
    """The question is answered in one's own words, written or spoken."""


class FileAwaited(Refusal):
    """The question is answered by a picture or a document."""


class DocumentAwaited(Refusal):
    """The question is answered by a document, sent as a file."""


class PlaceAwaited(Refusal):
    """The question is answered by an address or a point on the map."""


class NumberNotFound(Refusal):
    """No number could be read."""


class SeveralNumbers(Refusal):
    """More than one number could be read: which one is meant is asked, not guessed."""


class LengthNotUnderstood(Refusal):
    """No duration could be read."""
