"""What goes with a letter: photos and papers at its end, small and freed of what a camera writes; documents beside it.

A document is taken for what its content is, and under a name of ours: that of its sender may name somebody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from council.contents import bare_words
from council.interpellation_letters import LetterFacts, papers_in
from council.mails import Attachment
from documents.answer_files import KINDS, Upload, kind_of, taken
from storage.interpellations import LetterWay
from storage.support import ContentKind

READ_LIMIT = 10 * 1024 * 1024
"""Bytes of one file that is looked at."""
ANNEX_LIMIT = 9 * 1024 * 1024
"""Bytes of all that goes with a letter: with the letter itself it fits into a mail of 10 MB (choice)."""
_LONGEST = 1_600
"""Pixels of a side: sharp on paper."""
_MOST_PIXELS = 80_000_000
_QUALITY = 82
_SHOWN = (ContentKind.PHOTO, ContentKind.DOCUMENT)
_FORMATS = ("JPEG", "PNG", "WEBP")
_DOCUMENTS = tuple(each for each in KINDS if each not in ("jpg", "png"))


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


@dataclass(frozen=True)
class Document:
    """Words or figures in a file; `kind` is one of documents.answer_files.KINDS."""

    kind: str
    content: bytes


@dataclass(frozen=True)
class Joined:
    """A document that goes beside the letter, and what its sender wrote of it, or ""."""

    file: Attachment
    words: str


@dataclass(frozen=True)
class Annex:
    pieces: tuple[Piece, ...] = ()
    joined: tuple[Joined, ...] = ()


Paper = Picture | Document


def paper_of(content: bytes) -> Paper | None:
    """A picture, else a document by its content alone; None: nothing that goes with a letter. Call it in a thread."""
    picture = picture_of(content)
    if picture is not None:
        return picture
    kind = kind_of(content)
    return Document(kind, content) if kind in _DOCUMENTS else None


def check_paper(name: str, content: bytes) -> None:
    """Whether a file goes with a letter. Raises what `documents.answer_files.taken` raises. Call it in a thread."""
    if picture_of(content) is None:
        taken(Upload(name, content))


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
    """Telegram's ids of the files that may be pictures or documents."""
    return tuple(each.file_id for each in papers_in(facts.evidence) if each.kind in _SHOWN and each.file_id is not None)


def annex_of(facts: LetterFacts, papers: Mapping[str, Paper | None]) -> Annex:
    """What fits, in the order in which it was given; `papers` are by Telegram's id. On paper no document is joined.

    Documents are numbered after the pictures, as the letter names them.
    """
    pieces: list[Piece] = []
    documents: list[tuple[Document, str]] = []
    room = ANNEX_LIMIT
    for given in papers_in(facts.evidence):
        paper, words = papers.get(given.file_id or ""), bare_words(given).strip()
        if isinstance(paper, Picture) and len(paper.jpeg) <= room:
            pieces.append(Piece(paper, words))
            room -= len(paper.jpeg)
        elif isinstance(paper, Document) and facts.way is LetterWay.MAIL and len(paper.content) <= room:
            documents.append((paper, words))
            room -= len(paper.content)
    joined = (_joined(number, *each) for number, each in enumerate(documents, len(pieces) + 1))
    return Annex(tuple(pieces), tuple(joined))


def _joined(number: int, document: Document, words: str) -> Joined:
    return Joined(Attachment(f"Pièce {number}.{document.kind}", KINDS[document.kind], document.content), words)
