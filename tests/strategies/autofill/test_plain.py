"""A page as plain text: what a reader sees, whatever the bytes are."""

import time

import pytest

from strategies.autofill import plain
from strategies.autofill.fetching import Page


def page(content: bytes, *, type: str = "text/html", charset: str = "") -> Page:
    return Page(url="https://example.com/", type=type, charset=charset, content=content)


def text(source: str) -> str:
    return plain.read_html(source)[1]


def test_title_description_headings_and_paragraphs_are_kept_each_on_its_line() -> None:
    title, said = plain.read_html(
        "<!doctype html><html><head><title>Bread &amp; more</title><meta name='description' content='We bake.'></head>"
        "<body><header><h1>Our <em>bakery</em></h1></header><p>Sourdough\n  since 1998.<br>Every day.</p>"
        "<ul><li>Rye<li>Spelt</ul>At noon</body></html>"
    )

    assert title == "Bread & more"
    assert said.split("\n") == [
        *("Bread & more", "We bake.", "Our bakery", "Sourdough since 1998.", "Every day.", "Rye", "Spelt", "At noon")
    ]


def test_what_no_reader_sees_is_left_out() -> None:
    said = text(
        "<body><nav>Home</nav><script>steal()</script><style>p{}</style><noscript>on</noscript><template>t</template>"
        "<p hidden>one</p><p style='color:red; DISPLAY : none'>two</p><p aria-hidden='true'>three</p><!-- four -->"
        "<svg><text>five</text></svg><form><input value='six'><button>seven</button></form><?php eight ?>"
        "<iframe src='x'>nine</iframe><p style='visibility:hidden'>ten</p><p>Seen"
    )

    assert said == "Seen"


def test_a_row_of_a_table_is_a_label_with_its_value() -> None:
    said = text("<table><tr><th>Budget</th><td>5,000 EUR</td></tr><tr><td>A</td><td>B</td></tr></table>")

    assert said.split("\n") == ["Budget: 5,000 EUR", "A | B"]


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        ("Größe".encode(), "utf-8"),
        ("Größe".encode(), ""),
        ("Größe".encode("windows-1252"), "iso-8859-1"),
        ("Größe".encode("latin-1"), "latin1"),
        (b"\xef\xbb\xbf" + "Größe".encode(), "iso-8859-1"),
        ("\ufeffGröße".encode("utf-16-le"), "utf-8"),
        (b"<meta charset='windows-1252'>" + "Größe".encode("windows-1252"), ""),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-15">' + "Größe".encode("latin-1"), ""),
        # None that pages have, and one of which decoding takes time that grows with the square.
        ("Größe".encode(), "punycode"),
        ("Größe".encode(), "rot13"),
        ("Größe".encode(), "x-nonsense"),
    ],
)
def test_characters_are_read_by_what_the_page_says_of_them(content: bytes, charset: str) -> None:
    assert plain.read(page(content, charset=charset))[1] == "Größe"


def test_bytes_that_are_no_characters_are_replaced() -> None:
    assert plain.read(page(b"<p>a\xff\xfeb\xc3"))[1] == "a\ufffd\ufffdb\ufffd"


def test_plain_text_is_taken_as_it_is() -> None:
    assert plain.read(page(b"<p>one</p>\r\n\r\n two  three", type="text/plain")) == ("", "<p>one</p>\ntwo three")


def test_what_no_database_holds_and_what_turns_text_around_is_left_out() -> None:
    assert plain.tidy("a\x00b\x0cc\ud800 d\u202ee\u202cf\u200bg\u00a0h\u2028i 👩‍👩‍👧") == "a b\nc? defg h\ni 👩‍👩‍👧"


def test_text_is_cut_at_a_line() -> None:
    said = plain.tidy("word " * 9 + "\n" + "next line\n" * 10_000)

    assert 49_000 < len(said) <= plain.LENGTH
    assert said.endswith("next line")
    assert len(plain.tidy("x" * 100_000)) == plain.LENGTH


@pytest.mark.parametrize(
    "source",
    [
        *("", " ", "\x00", "<", "<!doctype", "<html", "</p></div>", "<![CDATA[x]]>", "<a b=c", "<frameset><frame>"),
        *("<?xml version='1.0' encoding='utf-16'?><html>", "<title></title>", "<title><title><title>"),
    ],
)
def test_half_a_page_is_no_error(source: str) -> None:
    plain.read_html(source)


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 400_000 + "deep",
        "<b>" * 600_000,
        "<p>a&amp;b" * 200_000,
        "<a " + " ".join(f"x{number}=1" for number in range(200_000)),
        "<meta charset" * 150_000,
        "<table>" * 200_000,
        "&" * 2_000_000,
        " " * 2_000_000,
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><p>&b;',
    ],
)
def test_a_page_made_to_cost_time_costs_little(source: str) -> None:
    began = time.monotonic()

    said = plain.read(page(source.encode()[:2_000_000]))[1]

    assert len(said) <= plain.LENGTH
    assert time.monotonic() - began < 20
