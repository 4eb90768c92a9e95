"""The letter as a PDF: all that it must say, nothing that people wrote taken for code, and no box in it."""

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image
from pypdf import PdfReader

from council.contents import Content
from council.interpellation_letters import DrawnLetter, LetterFacts, fingerprint_of
from council.interpellation_passing import PassedOn
from council.interpellation_sending import LetterMail
from council.mails import Attachment
from documents import interpellation_letter
from documents.interpellation_letter import HIDDEN, draw_letter, shown
from documents.interpellation_mails import letter_mail
from documents.letter_annex import ANNEX_LIMIT, Document, Picture, files_to_show, paper_of, picture_of
from documents.partner_mails import passed_on_mail
from storage.interpellations import InterpellationKind, LetterWay
from storage.support import ContentKind

FACTS = LetterFacts(
    interpellation_id=1,
    revision=3,
    way=LetterWay.MAIL,
    online=True,
    programme="Conseils citoyens d’Essai",
    contact=("Ville d’Essai", "dpo@ville.example"),
    council="Quartier Nord",
    town="Essai-sur-Garonne",
    number="I-2026-003",
    kind=InterpellationKind.INTERPELLATION,
    round=1,
    partner="Mairie d’Essai",
    on=date(2026, 3, 3),
    theme="Logement",
    title="L’ascenseur du 12 rue Haute",
    facts="L’ascenseur est en panne.\nDes personnes âgées ne sortent plus.",
    place="12 rue Haute",
    since="Depuis novembre",
    people="Environ 40 familles",
    tried="Trois appels au gardien.",
    asked="Réparer l’ascenseur avant l’été.",
    evidence=(),
    signatures=12,
    names=("Rosa", "Élodie"),
    majority_position="Adopté par 8 voix pour, 2 contre.",
    dissenting_views=("Il faut d’abord un chiffrage.",),
    words="",
    first_sent_on=None,
    answer_days=30,
    acknowledgement_days=10,
)


def letter_pdf(facts: LetterFacts, pictures: Mapping[str, Picture | None] | None = None) -> bytes:
    return draw_letter(facts, pictures or {}).pdf


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(**changes: Any) -> str:
    pages = read(letter_pdf(replace(FACTS, **changes))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_it_says_all_that_it_must():
    text = text_of()
    for part in (
        "Conseil citoyen Quartier Nord",
        "Essai-sur-Garonne",
        "Conseils citoyens d’Essai",
        "Le mardi 3 mars 2026",
        "Interpellation n° I-2026-003",
        "Mairie d’Essai",
        "Objet : L’ascenseur du 12 rue Haute",
        "signée par des habitants, puis adoptée par le conseil",
        "L’ascenseur est en panne. Des personnes âgées ne sortent plus.",
        "Thème : Logement",
        "Où : 12 rue Haute",
        "Depuis quand : Depuis novembre",
        "Qui est concerné : Environ 40 familles",
        "Trois appels au gardien.",
        "Réparer l’ascenseur avant l’été.",
        "Adopté par 8 voix pour, 2 contre.",
        "Avis divergents",
        "Il faut d’abord un chiffrage.",
        "12 personnes ont signé",
        "Rosa, Élodie",
        "Délai convenu localement",
        "10 jours ouvrés",
        "30 jours ouvrés",
        "Ce n’est pas un délai légal",
        "répondre en ligne",
        "dpo@ville.example",
    ):
        assert part in text, part
    assert HIDDEN not in text


def test_it_is_one_page_tagged_and_for_the_archive():
    reader = read(letter_pdf(FACTS))
    assert len(reader.pages) == 1
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("fr")
    metadata = root["/Metadata"].get_data().decode()
    assert "pdfuaid" in metadata
    assert "pdfaid" in metadata
    assert reader.metadata is not None
    assert reader.metadata.title == "Interpellation n° I-2026-003 – L’ascenseur du 12 rue Haute"


def test_the_same_facts_give_the_same_bytes():
    assert letter_pdf(FACTS) == letter_pdf(replace(FACTS))
    assert letter_pdf(FACTS) != letter_pdf(replace(FACTS, on=date(2026, 3, 4)))


def test_what_was_not_said_has_no_heading():
    text = text_of(
        theme="", place="", since="", people=" ", tried="", majority_position="", dissenting_views=(), names=(), town=""
    )
    for heading in (
        "Thème",
        "Garonne",
        "Où :",
        "Depuis quand",
        "Qui est concerné",
        "déjà été fait",
        "Pièces",
        "position",
        "divergents",
    ):
        assert heading not in text, heading
    assert "Ont choisi d’apparaître" not in text


@pytest.mark.parametrize(("signatures", "said"), [(0, "portée par le conseil"), (1, "Une personne a signé")])
def test_few_signatures(signatures, said):
    text = text_of(signatures=signatures, names=())
    assert said in text
    assert ("signée par des habitants" in text) is bool(signatures)


def test_the_saisine_has_its_own_words():
    text = text_of(kind=InterpellationKind.SAISINE, number="I-2026-004", answer_days=60)
    for part in (
        "Saisine n° I-2026-004",
        "loi du 27 janvier 2017",
        "Les difficultés rencontrées",
        "demandons au préfet",
    ):
        assert part in text, part
    assert "60 jours ouvrés. Ce n’est pas un délai légal." in text


def test_a_follow_up_adds_words_and_recalls_the_first_letter():
    text = text_of(round=2, words="Aucune date n’est donnée.", first_sent_on=date(2026, 1, 5))
    assert "vous a écrit le lundi 5 janvier 2026" in text
    assert "Ce que nous ajoutons aujourd’hui Aucune date n’est donnée." in text
    assert "Interpellation n° I-2026-003, lettre 2" in text


def test_on_paper_it_names_no_link():
    text = text_of(way=LetterWay.BY_HAND, online=False)
    assert "en ligne" not in text
    assert "Pour répondre, vous pouvez écrire à : Ville d’Essai" in text


def test_what_people_write_is_never_code():
    nasty = (
        '#panic("x") #read("/etc/passwd") *gras* _it_ $x^2$ `code` @ref <label> <b>&# \\ //non /*non*/ [a] {b} ~ -- "q"'
    )
    text = text_of(facts=nasty + "\n= titre\n- liste\n+ liste\n/ terme: x", title=nasty, names=(nasty,))
    squeezed = text.replace(" ", "")
    assert squeezed.count(nasty.replace(" ", "")) == 3
    for line in ("= titre", "- liste", "+ liste", "/ terme: x"):
        assert line in text
    assert "root:" not in text


def test_four_thousand_characters_take_a_second_page():
    text = text_of(facts="Un long récit. " * 273)
    assert text.count("Un long récit.") == 273
    assert len(read(letter_pdf(replace(FACTS, facts="Un long récit. " * 273))).pages) == 2


def test_a_word_without_end_stays_on_the_page():
    page = read(letter_pdf(replace(FACTS, facts="a" * 4096))).pages[0]
    lines = [line for line in page.extract_text().split("\n") if re.fullmatch("a+", line)]
    assert lines
    assert max(map(len, lines)) <= 90


def test_arabic_names_are_letters_and_no_boxes():
    pdf = letter_pdf(replace(FACTS, names=("محمد", "فاطمة الزهراء", "Rosa"), facts="المصعد معطل منذ الشتاء."))
    assert HIDDEN not in " ".join(page.extract_text() for page in read(pdf).pages)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in read(pdf).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert any("DejaVu" in each for each in fonts)


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("Bonjour 🌞🏠 !", f"Bonjour {HIDDEN} !"),
        ("👨‍👩‍👧‍👦", HIDDEN),
        ("李雷", HIDDEN),
        ("e\u0301te\u0301", "été"),
        ("a\u202eb\u202c", "ab"),
        ("a\x00\x07b", f"a{HIDDEN}b"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("« oui » – n° 3 € ½ →", "« oui » – n° 3 € ½ →"),
    ],
)
def test_what_no_font_shows_is_marked(words, seen):
    assert shown(words) == seen


def test_marks_are_explained_only_where_there_are_any():
    assert "remplace un signe" in text_of(facts="Un 🌞 brille.")
    assert "remplace un signe" not in text_of()


def test_the_fonts_show_every_sign_that_is_let_through():
    """Asked of typst with the standard that refuses boxes, a few hundred signs at once."""
    pattern = re.compile(f"[{interpellation_letter._SHOWN}]")
    signs = [chr(code) for code in range(0x20, 0xFB10) if pattern.fullmatch(chr(code)) and chr(code).isprintable()]
    signs = [each for each in signs if not 0x300 <= ord(each) < 0x370 and not 0x64B <= ord(each) <= 0x652]  # combining
    assert len(signs) > 2000
    source = (
        b'#set document(title: "x")\n#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"))\n'
        b"#json(bytes(sys.inputs.words))"
    )
    words = '"' + " ".join(each for each in signs if each not in '"\\') + '"'
    typst.compile(source, format="pdf", sys_inputs={"words": words}, ignore_system_fonts=True, pdf_standards=["ua-1"])


# --- photos and papers


def paper(file_id: str, kind: ContentKind = ContentKind.PHOTO, words: str = "") -> Content:
    return Content(kind, 0, 0, (words,) if words else (), file_id)


def image(width: int = 400, height: int = 300, form: str = "JPEG", **options: Any) -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(made, form, **options)
    return made.getvalue()


def camera(orientation: int) -> bytes:
    """As a telephone writes it: turned, with the place where it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.ImageDescription] = "chez Rosa"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (43.0, 36.0, 16.0)
    return image(exif=exif, comment=b"chez Rosa", xmp=b"<x>chez Rosa</x>")


def test_a_picture_holds_nothing_but_what_is_seen():
    picture = picture_of(camera(orientation=6))
    assert picture is not None
    assert (picture.width, picture.height, picture.is_tall) == (300, 400, True)
    with Image.open(io.BytesIO(picture.jpeg)) as seen:
        assert not seen.getexif()
        assert set(seen.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Rosa" in camera(orientation=6)
    assert b"Rosa" not in picture.jpeg


@pytest.mark.parametrize(("width", "height"), [(4000, 3000), (1000, 9000)])
def test_a_large_picture_is_made_small(width, height):
    picture = picture_of(image(width, height))
    assert picture is not None
    assert max(picture.width, picture.height) == 1600


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_pictures_of_other_kinds_become_photos(form):
    picture = picture_of(image(form=form))
    assert picture is not None
    assert picture.jpeg.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ",
        b"%PDF-1.7",
        image()[:400],
        image(form="PNG")[:60],
        image(form="GIF"),
        # a PNG of a few hundred bytes that says it is 60,000 pixels wide and high
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0" + bytes(300),
    ],
)
def test_what_is_no_picture_is_none(content):
    assert picture_of(content) is None


@given(st.binary(max_size=400), st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"]))
def test_whatever_comes_is_a_picture_or_none(content, mark):
    picture = picture_of(mark + content)
    assert picture is None or picture.jpeg


def test_photos_stand_at_the_end_under_what_was_written_of_them():
    flat, tall = picture_of(image()), picture_of(image(300, 400))
    evidence = (
        paper("flat", words="Le hall &amp; l’escalier"),
        paper("clip", ContentKind.VIDEO),
        Content(ContentKind.LOCATION, 0, 0, latitude=43.6045, longitude=1.4442),
        paper("tall", ContentKind.DOCUMENT),
        paper("gone"),
    )
    facts = replace(FACTS, evidence=evidence)
    assert files_to_show(facts) == ("flat", "tall", "gone")
    drawn = draw_letter(facts, {"flat": flat, "tall": tall})
    assert (drawn.enclosed, drawn.left_out) == (2, 2)
    pages = [" ".join(each.extract_text().split()) for each in read(drawn.pdf).pages]
    *letter, first, second = pages
    assert "2 photos ou papiers sont à la fin de cette lettre." in " ".join(letter)
    assert "Le conseil tient 2 autres documents à votre disposition." in " ".join(letter)
    assert "Point sur la carte : 43.60450, 1.44420" in " ".join(letter)
    assert "Pièce 1 Le hall & l’escalier" in first
    assert "Pièce 2" in second
    assert [len(each.images) for each in read(drawn.pdf).pages][-2:] == [1, 1]
    assert "pdfuaid" in read(drawn.pdf).trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
    assert drawn == draw_letter(facts, {"flat": flat, "tall": tall})


def test_documents_go_beside_the_letter_under_names_of_ours_and_the_letter_names_them():
    flat, budget, words = picture_of(image()), b"%PDF-1.7\n%%EOF\n" + bytes(3000), "Nous étions douze.".encode()
    evidence = (
        paper("budget", ContentKind.DOCUMENT, words="Le devis &amp; ses pages"),
        paper("flat"),
        paper("words", ContentKind.DOCUMENT),
        paper("clip", ContentKind.VIDEO),
    )
    facts = replace(FACTS, evidence=evidence, way=LetterWay.MAIL)
    found = {"flat": flat, "budget": paper_of(budget), "words": paper_of(words)}
    drawn = draw_letter(facts, found)
    assert drawn.attached == (
        Attachment("Pièce 2.pdf", "application/pdf", budget),
        Attachment("Pièce 3.txt", "text/plain", words),
    )
    assert (drawn.enclosed, drawn.left_out) == (1, 1)
    said = " ".join(" ".join(each.extract_text() for each in read(drawn.pdf).pages).split())
    assert "Pièce jointe : Pièce 2.pdf (2 Ko). Le devis & ses pages" in said
    assert "Pièce jointe : Pièce 3.txt (1 Ko)" in said
    assert "Le conseil tient un autre document à votre disposition." in said
    by_hand = draw_letter(replace(facts, way=LetterWay.BY_HAND), found)
    assert (by_hand.attached, by_hand.left_out) == ((), 3), "nothing goes beside a paper"
    until = datetime(2027, 3, 3, tzinfo=UTC)
    mail = letter_mail(LetterMail(drawn, "Europe/Paris", None, until), base_url=None).body
    assert "2 documents sont joints à ce message : Pièce 2.pdf et Pièce 3.txt." in mail
    assert "1 document n’a pas pu être joint." in mail


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90\0", b"#!/bin/sh\nrm", b"PK\x03\x04", image()[:400], image(form="GIF")]
)
def test_what_is_neither_picture_nor_document_goes_with_no_letter(content):
    assert paper_of(content) is None


def test_documents_and_pictures_together_fit_into_a_mail():
    large = Picture(image() + bytes(ANNEX_LIMIT // 2), 400, 300)
    half, small = Document("pdf", bytes(ANNEX_LIMIT // 2)), Document("txt", b"Bonjour")
    given = tuple(paper(each, ContentKind.DOCUMENT) for each in ("a", "b", "c"))
    drawn = draw_letter(replace(FACTS, evidence=given, way=LetterWay.MAIL), {"a": large, "b": half, "c": small})
    assert (drawn.enclosed, [each.file_name for each in drawn.attached], drawn.left_out) == (1, ["Pièce 2.txt"], 1)


def test_however_much_is_written_of_a_photo_it_stays_on_the_page():
    tall = picture_of(image(300, 400))
    drawn = draw_letter(replace(FACTS, evidence=(paper("a", words="Un long mot. " * 78),)), {"a": tall})
    words, photo = read(drawn.pdf).pages[-2:]
    assert " ".join(words.extract_text().split()).count("Un long mot.") == 78
    assert len(photo.images) == 1


def test_without_any_picture_the_council_holds_them():
    facts = replace(FACTS, evidence=(paper("gone"),))
    drawn = draw_letter(facts, {"gone": None})
    assert (drawn.enclosed, drawn.left_out, len(read(drawn.pdf).pages)) == (0, 1, 1)
    assert "Le conseil tient un document à votre disposition." in text_of(evidence=facts.evidence)


def test_all_together_fit_into_a_mail():
    large = Picture(image() + bytes(ANNEX_LIMIT // 3), 400, 300)
    facts = replace(FACTS, evidence=tuple(paper(each) for each in ("a", "b", "c", "d")))
    small = picture_of(image())
    drawn = draw_letter(facts, {"a": large, "b": large, "c": large, "d": small})
    assert (drawn.enclosed, drawn.left_out) == (3, 1)
    assert len(drawn.pdf) < 10 * 1024 * 1024


def test_the_mail_says_what_is_enclosed_and_what_could_not_be():
    facts = replace(FACTS, evidence=tuple(paper(each) for each in ("a", "b", "c")))
    until = datetime(2027, 3, 3, tzinfo=UTC)
    words = letter_mail(LetterMail(DrawnLetter(facts, b"", 2), "Europe/Paris", None, until), base_url=None).body
    assert "2 photos ou papiers sont à la fin de la lettre." in words
    assert "1 document n’a pas pu être joint." in words
    bare = letter_mail(LetterMail(DrawnLetter(FACTS, b""), "Europe/Paris", None, until), base_url=None).body
    assert "photo" not in bare


def test_two_papers_of_one_fingerprint_say_the_same_on_whatever_day():
    same = replace(FACTS, on=date(2026, 4, 1), revision=9)
    assert fingerprint_of(same) == fingerprint_of(FACTS)
    for other in (
        replace(FACTS, names=("Rosa",)),
        replace(FACTS, signatures=13),
        replace(FACTS, words="Et quand ?"),
        replace(FACTS, evidence=(paper("a"),)),
    ):
        assert fingerprint_of(other) != fingerprint_of(FACTS)


@settings(max_examples=25)
@given(st.text(max_size=300), st.text(max_size=80), st.lists(st.text(max_size=30), max_size=3))
def test_a_letter_is_drawn_whatever_people_write(words, title, names):
    facts = replace(FACTS, facts=words, title=title, names=tuple(names), dissenting_views=(words,))
    assert letter_pdf(facts).startswith(b"%PDF")


def test_mails_name_the_last_day_of_a_link_by_the_clock_of_the_programme():
    until = datetime(2026, 5, 31, 21, 30, tzinfo=UTC)  # in Saint-Denis of La Réunion it is 1:30 the day after
    where = "Indian/Reunion"
    said = (
        letter_mail(LetterMail(DrawnLetter(FACTS, b""), where, "token", until), base_url="https://bot.ville.example"),
        passed_on_mail(
            PassedOn("Essai", where, "Nord", "I-2026-001", "Ascenseur", "Anne", "La mairie", "token", until),
            base_url="https://bot.ville.example",
        ),
    )
    for mail in said:
        assert "1er juin 2026" in mail.body
