"""Markdown that shows what was written, and nothing that was not."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from strategies.exports import markdown, outline
from strategies.exports.blocks import Heading, Item, Items, Outline, Pair, Pairs, Paragraph, Row, Table
from strategies.exports.text import legible
from tests.strategies import canonical
from tests.strategies.exports import samples

MILD = {
    "heading_open", "heading_close", "paragraph_open", "paragraph_close", "bullet_list_open", "bullet_list_close",
    "list_item_open", "list_item_close", "blockquote_open", "blockquote_close", "inline", "table_open", "table_close",
    "thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open", "tr_close", "th_open", "th_close", "td_open",
    "td_close", "text", "strong_open", "strong_close", "em_open", "em_close", "hardbreak", "ordered_list_open",
    "ordered_list_close", "softbreak",
}  # fmt: skip


def read(text: str) -> list[Token]:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)


def leaves(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from leaves(token.children or [])


def shown(tokens: list[Token]) -> str:
    return "".join(token.content for token in leaves(tokens) if token.type == "text")


def sample(text: str) -> Outline:
    """Every kind of block with the text in every place."""
    return Outline(
        title=text,
        subtitle=text,
        facts=(Pair("Fact", text),),
        note=text,
        blocks=(
            Heading(text, 2),
            Paragraph(text),
            Paragraph(text, "quote"),
            Paragraph(text, "basis", "Basis"),
            Paragraph(text, "failed", "Failed."),
            Items((Item(text, beneath=(text,), children=(Item(text, "Label"),)),)),
            Items((Item(text),), ordered=True),
            Pairs((Pair("Pair", f"{text}\n{text}"),)),
            Table(("Head", text), (Row((text, text), (Pair("Beneath", text),)),), (1, 1), text),
        ),
    )


def blocks_of(tokens: list[Token]) -> list[str]:
    return [token.type for token in tokens]


ANY = st.text(st.one_of(st.characters(), st.sampled_from("\n\\`*_{}[]()<>#+-.!|&~=:$^ 1")), max_size=40)


@pytest.mark.attack(18)
@settings(max_examples=150)
@given(ANY.map(legible).map(lambda text: " ".join(text.split())).filter(bool))
def test_any_text_comes_back_as_it_was_and_adds_no_structure(text: str) -> None:
    mild, wild = (read(markdown.render(sample(words))) for words in ("mild", text))

    assert blocks_of(wild) == blocks_of(mild)
    assert shown(wild).replace("mild", "") == shown(mild).replace("mild", text)


@pytest.mark.attack(18)
@pytest.mark.parametrize("text", samples.HOSTILE)
def test_hostile_text_makes_no_link_no_html_no_heading_and_no_code(text: str) -> None:
    tokens = read(markdown.render(sample(legible(text))))

    assert {token.type for token in leaves(tokens)} <= MILD
    assert blocks_of(tokens).count("heading_open") == 2


@pytest.mark.attack(18)
def test_a_whole_hostile_document_has_the_headings_of_a_mild_one(owner: User) -> None:
    version = samples.store(owner, canonical.request("full"))

    mild = read(markdown.render(outline.of(version)))
    version.document = samples.planted(version.document)
    wild = read(markdown.render(outline.of(version)))

    def levels(tokens: list[Token]) -> list[str]:
        return [token.tag for token in tokens if token.type == "heading_open"]

    assert {token.type for token in leaves(wild)} <= MILD
    assert levels(wild) == levels(mild)
