"""What people read: HTML, entities, lengths, and the words in which Telegram refuses them."""

import pytest

from playground.entities import Formatted, trimmed, typed, utf16_length, with_found_entities
from playground.errors import ApiError
from playground.html_text import parse_html


@pytest.mark.parametrize(
    ("html", "refusal"),
    [
        ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
        ("🏟 🏟&lt;<abac>", 'Unsupported start tag "abac" at byte offset 13'),
        ("I <3 Toulouse", 'Unsupported start tag "3" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 0'),
        ("<i    aba  =  ", 'Unclosed start tag "i" at byte offset 0'),
        ("<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 14"),
        ('<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 0"),
        ("</", "Unexpected end tag at byte offset 0"),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<i>a</i   ", "Unclosed end tag at byte offset 4"),
        ("<i>a</em   >", 'Unmatched end tag at byte offset 4, expected "</i>", found "</em>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji emoji-id='x'>y</tg-emoji>", "Invalid custom emoji identifier specified"),
    ],
)
def test_wrong_html_is_refused_in_telegrams_words(html: str, refusal: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(html)
    assert refused.value.description == f"Bad Request: can't parse entities: {refusal}"


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("&lt;&gt;&amp;&quot;&laquo;&#233;", '<>&"&laquo;é', []),
        ("<b>a</b><strong>b</strong>", "ab", [("bold", 0, 1), ("bold", 1, 1)]),
        ("😀<i>é</i>", "😀é", [("italic", 2, 1)]),
        (
            "<u>1</u><ins>2</ins><s>3</s><del>4</del>",
            "1234",
            [("underline", 0, 1), ("underline", 1, 1), ("strikethrough", 2, 1), ("strikethrough", 3, 1)],
        ),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
        ("<span class='tg-spoiler'>x</span>", "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<b></b>x", "x", []),
        ('<a href="nowhere">x</a>', "x", []),
    ],
)
def test_html_becomes_text_and_entities(html: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    read = parse_html(html)
    assert read.text == text
    assert [(e["type"], e["offset"], e["length"]) for e in read.entities] == entities


def test_a_link_keeps_its_address() -> None:
    assert parse_html('<a href="https://exemple.fr?a=1&amp;b=2">ici</a>').entities == [
        {"type": "text_link", "offset": 0, "length": 3, "url": "https://exemple.fr/?a=1&b=2"}
    ]


def test_code_with_a_language_is_one_entity() -> None:
    html = '<pre><code class="language-python">x</code></pre> <code class="language-c">y</code>'
    assert parse_html(html).entities == [
        {"type": "pre", "offset": 0, "length": 1, "language": "python"},
        {"type": "code", "offset": 2, "length": 1},
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start abc", [("bot_command", 0, 6)]),
        ("/aide@voix_bot", [("bot_command", 0, 14)]),
        ("a/b 1/2", []),
        ("voir https://exemple.fr/a?b=c.", [("url", 5, 24)]),
        ("voir exemple.fr et fin.de", [("url", 5, 10), ("url", 19, 6)]),
        ("écrire à jean.dupont@exemple.fr", [("email", 9, 22)]),
        ("bonjour @aicha_31 !", [("mention", 8, 9)]),
        ("#budget", [("hashtag", 0, 7)]),
        ("au +33 5 61 00 00 00 ou 05 61 00 00 00", [("phone_number", 3, 17), ("phone_number", 24, 14)]),
        ("😀 /menu", [("bot_command", 3, 5)]),
        ("en 2026, 12 personnes", []),
    ],
)
def test_telegram_marks_links_commands_and_numbers_by_itself(text: str, found: list[tuple[str, int, int]]) -> None:
    entities = with_found_entities(Formatted(text, [])).entities
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == found


def test_nothing_is_found_inside_code() -> None:
    assert [e["type"] for e in with_found_entities(parse_html("<code>/start</code> /menu")).entities] == [
        "code",
        "bot_command",
    ]


def test_what_people_type_is_formatted_as_their_app_does() -> None:
    read = typed("  **Oui** __non__ ~~si~~ ||chut|| `x = 1` a ** b  ")
    assert read.text == "Oui non si chut x = 1 a ** b"
    assert [(e["type"], e["offset"], e["length"]) for e in read.entities] == [
        ("bold", 0, 3),
        ("italic", 4, 3),
        ("strikethrough", 8, 2),
        ("spoiler", 11, 4),
        ("code", 16, 5),
    ]


def test_blanks_around_the_text_go_and_entities_move_along() -> None:
    assert trimmed(parse_html("\n <b> gras </b>")) == Formatted("gras", [{"type": "bold", "offset": 0, "length": 4}])


def test_lengths_count_utf16_units() -> None:
    assert [utf16_length(text) for text in ("abc", "é", "😀", "")] == [3, 1, 2, 0]
