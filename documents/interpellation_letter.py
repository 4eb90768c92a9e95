"""The formal letter of a council to a partner, as a PDF: drawn by typst, from data alone.

typst is imported when the first letter is drawn. The fonts are those that it brings along, so that a letter looks the
same everywhere; what they cannot show is marked, and said.
"""

import json
import re
import unicodedata
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any, Literal, cast

from council.contents import Content
from council.interpellation_letters import DrawnLetter, LetterFacts, papers_in, points_in
from documents.letter_annex import Annex, Joined, Paper, Picture, Piece, annex_of
from locales.translator import REFERENCE, isolated, translator
from storage.interpellations import InterpellationKind

HIDDEN = "[…]"
"""Stands for signs that no font here can show, such as emoji."""
_TEMPLATE = "interpellation_letter.typ"
_TEMPLATE_NAME = "main.typ"
_INPUT = "letter"
_STANDARDS: Sequence[Literal["a-2a", "ua-1"]] = ("a-2a", "ua-1")
"""Readable for years (PDF/A), and tagged, so that it can be read aloud (PDF/UA)."""
_LONGEST_WORD = 40
"""Signs after which a word without end may be broken, so that it stays on the page."""
# What the fonts of typst can show, found by asking them sign by sign; a test asks again.
_SHOWN = (
    r"\t -~\u00a0-\u036f\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0482\u048a-\u04ff"
    r"\u05d0-\u05ea\u060c\u061b\u061f\u0621-\u063a\u0640-\u0652\u0660-\u066d\u0679-\u067b\u067e-\u0680\u0686\u0687"
    r"\u0691\u0698\u06a4\u06a9\u06af\u06be\u06cc\u06f0-\u06f9\u1e00-\u1eff\u2000-\u200a\u2010-\u2027\u202f-\u2040"
    r"\u2044-\u2052\u2070\u2071\u2074-\u208e\u20a0-\u20c0\u2100-\u211e\u2122\u2126\u2190-\u22ff\u2500-\u262f"
    r"\u2701-\u2704\u2706-\u2709\u270c-\u2727\ufb00-\ufb06"
)
_NOT_SHOWN = re.compile(rf"[^{_SHOWN}\n]+")
# Joiners, shades of emoji and marks of direction show nothing by themselves; the last could turn round the letter.
_SILENT = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_WORD = re.compile(rf"(\S{{{_LONGEST_WORD}}})(?=\S)")
_BREAK = "\u200b"
_LAW = (
    "La loi du 27 janvier 2017 relative à l’égalité et à la citoyenneté permet aux conseils citoyens de saisir le "
    "préfet de difficultés particulières rencontrées par les habitants."
)
_ONLINE = (
    "Vous pouvez répondre en ligne, sans compte ni mot de passe : l’adresse de votre page est dans l’e-mail qui "
    "accompagne cette lettre. Ce lien est personnel."
)
_THEME, _WHERE, _SINCE, _WHO = _SHORT = ("Thème", "Où", "Depuis quand", "Qui est concerné")
_SHORT_LIMIT = 70
_RIGHT_TO_LEFT = ("R", "AL")


def draw_letter(facts: LetterFacts, papers: Mapping[str, Paper | None]) -> DrawnLetter:
    """The letter with its photos at its end, and documents beside it, as far as they are among `papers` and fit.

    `papers` are by Telegram's id. The same facts and papers give the same bytes. Takes some tens of milliseconds: call
    it in a thread.
    """
    annex = annex_of(facts, papers)
    return DrawnLetter(facts, _pdf(facts, annex), len(annex.pieces), tuple(each.file for each in annex.joined))


def _pdf(facts: LetterFacts, annex: Annex) -> bytes:
    import typst

    data = json.dumps(_data(facts, annex), ensure_ascii=False)
    pictures = {_file_of(n): _as_text(each.picture) for n, each in enumerate(annex.pieces, 1)}
    files = {_TEMPLATE_NAME: _template(), **pictures}
    compiled: Any = typst.compile  # its stubs do not know that it takes several files
    draw = partial(compiled, files, format="pdf", sys_inputs={_INPUT: data}, ignore_system_fonts=True)
    try:
        return cast("bytes", draw(pdf_standards=list(_STANDARDS)))
    except typst.TypstError:
        # Some rare mixture of signs that only a box can show: the letter must leave all the same.
        return cast("bytes", draw())


def shown(words: str) -> str:
    """`words` with what the letter cannot show marked as HIDDEN, and nothing in it that shows nothing."""
    clean = unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n"))
    visible = _NOT_SHOWN.sub(HIDDEN, _SILENT.sub("", clean))
    return _WORD.sub(rf"\1{_BREAK}", visible)


@cache
def _template() -> bytes:
    return files("documents").joinpath(_TEMPLATE).read_bytes()


def _file_of(number: int) -> str:
    """The name under which the template finds a picture."""
    return f"{number}.svg"


def _as_text(picture: Picture) -> bytes:
    """An SVG around it, since typst takes files that are given in memory for text alone; the JPEG stays as it is."""
    size = f'width="{picture.width}" height="{picture.height}"'
    link = f"data:image/jpeg;base64,{b64encode(picture.jpeg).decode('ascii')}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="{link}"/></svg>'.encode()


def _data(facts: LetterFacts, annex: Annex) -> dict[str, Any]:
    say = translator(REFERENCE)
    is_saisine = facts.kind is InterpellationKind.SAISINE
    what = "Saisine" if is_saisine else "Interpellation"
    reference = f"{what} n° {facts.number}" + (f", lettre {facts.round}" if facts.round > 1 else "")
    council = shown(facts.council)
    data = {
        "sender": f"Conseil citoyen {council}",
        "sender_within": f"conseil citoyen {council}",
        "town": shown(facts.town),
        "programme": shown(facts.programme),
        "dated": f"Le {say.date(facts.on)}",
        "day": [facts.on.year, facts.on.month, facts.on.day],
        "reference": reference,
        "document_title": f"{reference} – {shown(facts.title)}",
        "partner": shown(facts.partner),
        "subject": f"Objet : {isolated(shown(facts.title))}",
        "opening": _opening(facts, is_saisine),
        "sections": _sections(facts, is_saisine, annex),
        "dissent": [_lines(each) for each in facts.dissenting_views if each.strip()],
        "signatures": _signatures(facts.signatures),
        "names": [shown(" ".join(each.split())) for each in facts.names],
        "answering": _answering(facts),
        "annex": [_annexed(n, each) for n, each in enumerate(annex.pieces, 1)],
    }
    return {**data, "hidden": HIDDEN in json.dumps(data, ensure_ascii=False)}


def _opening(facts: LetterFacts, is_saisine: bool) -> list[str]:
    council = f"Le conseil citoyen {shown(facts.council)}"
    adopted = "signée par des habitants, puis adoptée par le conseil" if facts.signatures else "adoptée par le conseil"
    if facts.round > 1:
        since = f" le {translator(REFERENCE).date(facts.first_sent_on)}" if facts.first_sent_on else ""
        return [f"{council} vous a écrit{since}. Nous revenons vers vous à ce sujet."]
    if is_saisine:
        return [
            f"{council} vous saisit des difficultés particulières décrites ci-dessous.",
            _LAW,
            f"Cette saisine a été {adopted}.",
        ]
    return [f"{council} vous adresse la question suivante. Elle a été {adopted}."]


def _sections(facts: LetterFacts, is_saisine: bool, annex: Annex) -> list[dict[str, Any]]:
    what = "Les difficultés rencontrées" if is_saisine else "Ce qui se passe"
    asked = "Ce que nous demandons au préfet" if is_saisine else "Ce que nous demandons"
    told = (
        (_THEME, facts.theme),
        ("Ce que nous ajoutons aujourd’hui", facts.words),
        (what, facts.facts),
        (_WHERE, "\n".join(filter(None, (facts.place, *map(point_words, points_in(facts.evidence)))))),
        (_SINCE, facts.since),
        (_WHO, facts.people),
        ("Ce qui a déjà été fait", facts.tried),
        (asked, facts.asked),
        ("Pièces", _papers(facts, annex)),
        ("La position du conseil", facts.majority_position),
    )
    return [
        {"heading": heading, "lines": lines, "short": heading in _SHORT and _is_short(lines)}
        for heading, words in told
        if (lines := _lines(words))
    ]


def _is_short(lines: Sequence[dict[str, Any]]) -> bool:
    """Fits behind its heading on the same line."""
    return len(lines) == 1 and not lines[0]["rtl"] and len(lines[0]["words"]) <= _SHORT_LIMIT


def _papers(facts: LetterFacts, annex: Annex) -> str:
    enclosed, joined = len(annex.pieces), len(annex.joined)
    left_out = len(papers_in(facts.evidence)) - enclosed - joined
    lines = []
    if enclosed == 1:
        lines.append("Une photo ou un papier est à la fin de cette lettre.")
    elif enclosed:
        lines.append(f"{enclosed} photos ou papiers sont à la fin de cette lettre.")
    lines += [_joined_words(each) for each in annex.joined]
    other = "autre " if enclosed or joined else ""
    if left_out == 1:
        lines.append(f"Le conseil tient un {other}document à votre disposition.")
    elif left_out:
        lines.append(
            f"Le conseil tient {left_out} {'autres ' if enclosed or joined else ''}documents à votre disposition."
        )
    return "\n".join(lines)


def _joined_words(joined: Joined) -> str:
    size = translator(REFERENCE).number(max(1, len(joined.file.content) // 1024))
    words = " ".join(joined.words.split())
    return f"Pièce jointe : {joined.file.file_name} ({size} Ko)" + (f". {words}" if words else "")


def point_words(point: Content) -> str:
    """A point on the map in degrees, as maps take them."""
    return f"Point sur la carte : {point.latitude:.5f}, {point.longitude:.5f}"


def _annexed(number: int, piece: Piece) -> dict[str, Any]:
    heading = f"Pièce {number}"
    words = shown(" ".join(piece.words.split()))
    return {
        "heading": heading,
        "lines": _lines(piece.words),
        "file": _file_of(number),
        "told": f"{heading} : {words}" if words else heading,
        "tall": piece.picture.is_tall,
    }


def _signatures(count: int) -> str:
    if not count:
        return "Cette lettre est portée par le conseil citoyen."
    said = "Une personne a signé cette lettre." if count == 1 else f"{count} personnes ont signé cette lettre."
    return f"{said} Une signature est comptée sans nom, sauf choix de la personne."


def _answering(facts: LetterFacts) -> list[str]:
    name, contact = (shown(each) for each in facts.contact)
    delay = (
        "Délai convenu localement, à partir de l’envoi de cette lettre : un accusé de réception sous "
        f"{_working_days(facts.acknowledgement_days)}, une réponse sous {_working_days(facts.answer_days)}. "
        "Ce n’est pas un délai légal."
    )
    by_post = f"écrire à : {name}, {contact}."
    if facts.online:
        return [
            delay,
            _ONLINE,
            f"Vous pouvez aussi {by_post}",
        ]
    return [delay, f"Pour répondre, vous pouvez {by_post}"]


def _working_days(count: int) -> str:
    return f"{count} jour ouvré" if count == 1 else f"{count} jours ouvrés"


def _lines(words: str) -> list[dict[str, Any]]:
    """Each line with the direction of its first sign that has one."""
    lines = (" ".join(each.split(" ")).strip() for each in shown(words).split("\n"))
    return [{"words": each, "rtl": _runs_right_to_left(each)} for each in lines if each]


def _runs_right_to_left(line: str) -> bool:
    directions = (unicodedata.bidirectional(each) for each in line)
    first = next((each for each in directions if each in ("L", *_RIGHT_TO_LEFT)), "L")
    return first in _RIGHT_TO_LEFT
