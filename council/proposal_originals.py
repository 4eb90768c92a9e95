"""What an author has sent for a proposal: which kinds of it there are, and how an idea is told beside words."""

from collections.abc import Iterable
from enum import StrEnum

from council.contents import Content
from storage.proposals import Proposal
from storage.support import ContentKind

SPOKEN = frozenset({ContentKind.VOICE, ContentKind.AUDIO, ContentKind.VIDEO_NOTE, ContentKind.VIDEO})
"""What may say an idea without a written word."""
_PICTURES = frozenset({ContentKind.PHOTO, ContentKind.ANIMATION})
SHOWN = _PICTURES | {ContentKind.DOCUMENT}
TAKEN = frozenset({ContentKind.TEXT, ContentKind.LOCATION}) | SPOKEN | SHOWN
"""What a proposal may hold: a contact is somebody else's, a sticker says nothing that could be published."""


class Told(StrEnum):
    """In which way an idea was told beside words."""

    SPOKEN = "spoken"
    SHOWN = "shown"
    BOTH = "both"


def told_by(contents: Iterable[Content]) -> Told | None:
    """None: in words alone, or by a file of which nobody knows what it holds."""
    kinds = {each.kind for each in contents}
    if kinds & SPOKEN:
        return Told.BOTH if kinds & _PICTURES else Told.SPOKEN
    return Told.SHOWN if kinds & _PICTURES else None


def originals_of(proposal: Proposal) -> tuple[Content, ...]:
    """What the author sent, for the author and the moderators alone: whoever calls has checked who reads it."""
    return tuple(Content.from_json(each) for each in proposal.originals)
