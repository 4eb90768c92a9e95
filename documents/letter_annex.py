"""Photos and papers at the end of a letter: small enough for paper and mail, and freed of what a camera writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from council.contents import Content, bare_words
from council.interpellation_letters import LetterFacts, papers_in
from storage.support import ContentKind

READ_LIMIT = 10 * 1024 * 1024
"""Bytes of one file that is looked at."""
ANNEX_LIMIT = 9 * 1024 * 1024
"""Bytes of all pictures of a letter: with the letter itself it fits into a mail of 10 MB (choice)."""
_LONGEST = 1_600
"""Pixels of a side: sharp on paper."""
_MOST_PIXELS = 80_000_000
_QUALITY = 82
_SHOWN = (ContentKind.PHOTO, ContentKind.DOCUMENT)
_FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True)
class Picture:
    """A JPEG without metadata."""

    jpeg: bytes
    width: int
    height: int

    @property
    def is_tall(self) -> bool:
        return self.height > self.width


@dataclass(frozen=True)
class Piece:
    """A picture as it stands in the annex, under what its sender wrote of it, or ""."""

    picture: Picture
    words: str


def picture_of(content: bytes) -> Picture | None:
    """What is to be seen on it, upright; None when it is no picture that could be shown. Call it in a thread."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # takes a while, and few letters have pictures

    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            opened.draft("RGB", (_LONGEST, _LONGEST))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((_LONGEST, _LONGEST))
            seen = upright.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    paper = Image.new("RGB", seen.size, "white")  # a new one holds nothing but what is seen
    paper.paste(seen, mask=seen)
    written = BytesIO()
    paper.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(written.getvalue(), *paper.size)


def files_to_show(facts: LetterFacts) -> tuple[str, ...]:
    """Telegram's ids of the files that may be pictures."""
    return tuple(each.file_id for each in papers_in(facts.evidence) if each.kind in _SHOWN and each.file_id is not None)


def annex_of(facts: LetterFacts, pictures: Mapping[str, Picture | None]) -> list[Piece]:
    """The pictures that fit, in the order in which they were given; `pictures` are by Telegram's id."""
    pieces: list[Piece] = []
    room = ANNEX_LIMIT
    for paper in papers_in(facts.evidence):
        picture = pictures.get(paper.file_id or "")
        if picture is not None and len(picture.jpeg) <= room:
            pieces.append(Piece(picture, _words_of(paper)))
            room -= len(picture.jpeg)
    return pieces


def _words_of(paper: Content) -> str:
    return bare_words(paper).strip()
