"""Formatted words are cut into pieces of balanced HTML that say the whole text."""

import re
from dataclasses import dataclass
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from council.contents import seen_length
from handlers.formatted_text import html_pieces

TAG = re.compile(r"<(/?)([a-z-]+)([^>]*)>")
KINDS = ("bold", "italic", "underline", "strikethrough", "spoiler", "code", "text_link", "mention", "custom_emoji")


@dataclass(frozen=True)
class Entity:
    type: str
    offset: int
    length: int
    url: str | None = None


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def seen(piece: str) -> str:
    return unescape(TAG.sub("", piece))


def check_balanced(piece: str) -> None:
    opened: list[str] = []
    for closing, name, _ in TAG.findall(piece):
        if closing:
            assert opened.pop() == name
        else:
            opened.append(name)
    assert not opened


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n <>&"🙂é مرحبا'), max_size=300
)


@st.composite
def formatted(draw):
    text = draw(texts)
    whole = units(text)
    entities = []
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, whole))
        length = draw(st.integers(0, whole - start))
        entities.append(Entity(draw(st.sampled_from(KINDS)), start, length, 'https://a.example/?b="1"&c=2'))
    return text, entities


@given(formatted(), st.integers(2, 80))
def test_pieces_are_balanced_short_enough_and_say_everything(drawn, limit):
    text, entities = drawn
    pieces = html_pieces(text, entities, limit)
    for piece in pieces:
        check_balanced(piece)
        assert seen_length(piece) <= limit
        assert seen(piece).strip()
    assert "".join("".join(map(seen, pieces)).split()) == "".join(text.split())


@given(formatted())
def test_what_fits_is_one_piece_that_says_the_text_itself(drawn):
    text, entities = drawn
    pieces = html_pieces(text, entities, 10_000)
    assert [seen(each) for each in pieces] == ([text] if text.strip() else [])


def test_it_is_cut_between_paragraphs_lines_and_words_and_tags_go_on():
    text = "Un premier paragraphe.\n\nUn second, bien plus long que le premier."
    pieces = html_pieces(text, [Entity("bold", 3, len(text) - 3)], 40)
    assert pieces == (
        "Un <b>premier paragraphe.\n\n</b>",
        "<b>Un second, bien plus long que le </b>",
        "<b>premier.</b>",
    )


def test_formatting_that_crosses_is_closed_and_opened_again():
    assert html_pieces("abcdef", [Entity("bold", 0, 4), Entity("italic", 2, 4)], 100) == (
        "<b>ab<i>cd</i></b><i>ef</i>",
    )


def test_accounts_and_strange_links_are_left_out_and_signs_are_escaped():
    entities = [
        Entity("text_mention", 0, 3),
        Entity("text_link", 4, 3, "tg://user?id=7"),
        Entity("text_link", 8, 3, None),
    ]
    assert html_pieces("Ali ici <b>", entities, 100) == ("Ali ici &lt;b&gt;",)
    link = Entity("text_link", 0, 3, 'https://a.example/"><b>')
    assert html_pieces("ici", [link], 100) == ('<a href="https://a.example/&quot;&gt;&lt;b&gt;">ici</a>',)
