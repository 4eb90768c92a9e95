"""The letter as a PDF: all that it must say, nothing that people wrote taken for code, and no box in it."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from council.interpellation_letters import LetterFacts
from council.interpellation_passing import PassedOn
from council.interpellation_sending import LetterMail
from documents import interpellation_letter
from documents.interpellation_letter import HIDDEN, letter_pdf, shown
from documents.interpellation_mails import letter_mail
from documents.partner_mails import passed_on_mail
from storage.interpellations import InterpellationKind, LetterWay

FACTS = LetterFacts(
    interpellation_id=1,
    revision=3,
    way=LetterWay.MAIL,
    online=True,
    programme="Conseils citoyens d’Essai",
    contact=("Ville d’Essai", "dpo@ville.example"),
    council="Quartier Nord",
    number="I-2026-003",
    kind=InterpellationKind.INTERPELLATION,
    round=1,
    partner="Mairie d’Essai",
    on=date(2026, 3, 3),
    title="L’ascenseur du 12 rue Haute",
    facts="L’ascenseur est en panne.\nDes personnes âgées ne sortent plus.",
    place="12 rue Haute",
    since="Depuis novembre",
    people="Environ 40 familles",
    tried="Trois appels au gardien.",
    asked="Réparer l’ascenseur avant l’été.",
    files=3,
    signatures=12,
    names=("Rosa", "Élodie"),
    majority_position="Adopté par 8 voix pour, 2 contre.",
    dissenting_views=("Il faut d’abord un chiffrage.",),
    words="",
    first_sent_on=None,
    answer_days=30,
    acknowledgement_days=10,
)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(**changes: Any) -> str:
    pages = read(letter_pdf(replace(FACTS, **changes))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_it_says_all_that_it_must():
    text = text_of()
    for part in (
        "Conseil citoyen Quartier Nord",
        "Conseils citoyens d’Essai",
        "Le mardi 3 mars 2026",
        "Interpellation n° I-2026-003",
        "Mairie d’Essai",
        "Objet : L’ascenseur du 12 rue Haute",
        "signée par des habitants, puis adoptée par le conseil",
        "L’ascenseur est en panne. Des personnes âgées ne sortent plus.",
        "Où : 12 rue Haute",
        "Depuis quand : Depuis novembre",
        "Qui est concerné : Environ 40 familles",
        "Trois appels au gardien.",
        "Réparer l’ascenseur avant l’été.",
        "3 photos ou documents",
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
        place="", since="", people=" ", tried="", files=0, majority_position="", dissenting_views=(), names=()
    )
    for heading in ("Où :", "Depuis quand", "Qui est concerné", "déjà été fait", "Pièces", "position", "divergents"):
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


@settings(max_examples=25)
@given(st.text(max_size=300), st.text(max_size=80), st.lists(st.text(max_size=30), max_size=3))
def test_a_letter_is_drawn_whatever_people_write(words, title, names):
    facts = replace(FACTS, facts=words, title=title, names=tuple(names), dissenting_views=(words,))
    assert letter_pdf(facts).startswith(b"%PDF")


def test_mails_name_the_last_day_of_a_link_by_the_clock_of_the_programme():
    until = datetime(2026, 5, 31, 21, 30, tzinfo=UTC)  # in Saint-Denis of La Réunion it is 1:30 the day after
    where = "Indian/Reunion"
    said = (
        letter_mail(LetterMail(FACTS, where, "token", until), base_url="https://bot.ville.example"),
        passed_on_mail(
            PassedOn("Essai", where, "Nord", "I-2026-001", "Ascenseur", "Anne", "La mairie", "token", until),
            base_url="https://bot.ville.example",
        ),
    )
    for mail in said:
        assert "1er juin 2026" in mail.body
