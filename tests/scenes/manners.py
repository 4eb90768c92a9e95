"""What holds for every message that people see, whatever the scene was about."""

import re
from collections.abc import Collection, Iterator

from playground.calls import CallRecord
from playground.chats import Chat
from playground.messages import Message
from tests.scenes.stage import TOKEN, Person, Stage

LINES_AT_MOST = 6
"""Five, and the title above them: what leads and residents write themselves is not counted here."""
LONG_BY_NATURE = ("RGPD", "GDPR", "اللائحة", "Toute la demande", "Toute la question", "Voici votre lettre")
# What a program says of itself, and a blank that nobody filled.
_OURS_ALONE = re.compile(r"Traceback|Exception|Error\b|\bNone\b|\bNull\b|<b>|&lt;|&amp;|\{\w+\}")
_FRENCH = re.compile(r"\b(vous|votre|vos|je|le|les|une|est|pas|pour|réunions?|avec|conseil|que)\b", re.IGNORECASE)
_COMMAND = re.compile(r"/\w+")
_ARABIC = re.compile(r"[\u0600-\u06ff]")


def everything_said(stage: Stage) -> Iterator[tuple[Chat, Message]]:
    """All messages of the bot, in private chats and groups."""
    bot = stage.playground.world.first_bot()
    for chat in stage.playground.world.chats():
        for message in chat.messages.values():
            if message.sender_id == bot.id:
                yield chat, message


def check_manners(stage: Stage, *, words_of_people: Collection[str] = (), refused: int = 0) -> None:
    """Short messages, nothing of the program's inner life, and no call that Telegram refused but `refused`."""
    for _, message in everything_said(stage):
        text = message.text
        for words in words_of_people:
            text = text.replace(words, "…")
        assert not _OURS_ALONE.search(text), text
        if not any(each in text for each in LONG_BY_NATURE):
            assert len(text.splitlines()) <= LINES_AT_MOST, text
    assert len(refusals(stage)) == refused, refusals(stage)


def refusals(stage: Stage) -> list[CallRecord]:
    """Calls that Telegram could not take as they were: a fault of ours."""
    calls = [each for each in stage.playground.world.calls if each.token == TOKEN and each.status == 400]
    return [each for each in calls if "message is not modified" not in each.error]


def check_speaks_arabic(person: Person, since: int = 0) -> None:
    """From the message of that number on, all that the person reads is Arabic, buttons too."""
    for message in person.messages()[since:]:
        assert _ARABIC.search(message.text), message.text
        assert not _FRENCH.search(_COMMAND.sub("", message.text)), message.text
        for label in person.buttons(message):
            assert not _FRENCH.search(label), label


def check_speaks_french(person: Person, since: int = 0) -> None:
    for message in person.messages()[since:]:
        assert not _ARABIC.search(message.text), message.text
        assert _FRENCH.search(f"{message.text} {' '.join(person.buttons(message))}"), message.text
