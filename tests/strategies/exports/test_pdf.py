"""The PDF: whole, selectable, numbered, bounded."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from strategies.exports import outline, pdf
from strategies.exports.blocks import Heading, Items, Pairs, Paragraph, Table
from strategies.models import Version
from tests.strategies import canonical
from tests.strategies.exports import samples


def read(version: Version) -> PdfReader:
    return PdfReader(io.BytesIO(pdf.render(outline.of(version), made=version.created)))


def words_of(reader: PdfReader) -> str:
    """The text, without what line breaks and hyphens do to it."""
    text = "".join(page.extract_text() for page in reader.pages)
    return "".join(text.replace("\u00ad", "").replace("\u200b", "").split())


def tight(text: str) -> str:
    return "".join(text.split())


def statements(version: Version) -> Iterator[str]:
    """What stands in headings and in columns wide enough not to be hyphenated."""
    for block in outline.of(version).blocks:
        match block:
            case Heading() | Paragraph():
                yield block.text
            case Items():
                yield from (item.text for item in block.items)
            case Pairs():
                yield from (pair.label for pair in block.pairs)
            case Table():
                yield from block.heads


def test_all_that_the_outline_has_is_there_to_be_selected(owner: User) -> None:
    version = samples.store(owner, canonical.request("bakery"))

    words = words_of(read(version))

    assert [text for text in statements(version) if tight(text.replace("\n", "")) not in words] == []


def test_contents_name_each_chapter_with_the_page_that_it_is_on(owner: User) -> None:
    reader = read(samples.store(owner, canonical.request("pumpen")))

    contents = tight(reader.pages[1].extract_text()).replace(".", "").replace("\u2026", "")
    chapters = {entry.title: 1 + (reader.get_destination_page_number(entry) or 0) for entry in chapters_of(reader)}

    assert len(chapters) > 8
    assert [title for title, page in chapters.items() if f"{tight(title)}{page}" not in contents] == []


def chapters_of(reader: PdfReader) -> Iterator[Any]:
    yield from (entry for entry in reader.outline if not isinstance(entry, list))


def test_every_page_but_the_first_is_numbered_and_the_file_is_described(owner: User) -> None:
    version = samples.store(owner, canonical.request("pumpen"))

    reader = read(version)

    last = len(reader.pages)
    assert all(
        f"{number} of {last}" in page.extract_text() for number, page in enumerate(reader.pages, 1) if number > 1
    )
    assert reader.metadata is not None
    assert reader.metadata.title == outline.one_line(version.strategy.name)


@pytest.mark.attack(18)
def test_what_looks_like_markup_is_text_and_letters_of_other_scripts_have_a_font(owner: User) -> None:
    asked = samples.hostile()
    version = samples.store(owner, asked, samples.planted(canonical.made(asked)))

    reader = read(version)

    words = words_of(reader)
    fonts = {str(font["/BaseFont"]) for page in reader.pages for font in fonts_of(page)}
    assert tight('#let x = read("/etc/passwd"); $ #sys.inputs $ @ref <label>') in words
    assert "root:" not in words
    assert "Übergrößen" in words
    assert "مرحبا" in words  # what is copied is the text, not the strokes that the font draws it with
    assert "استراتيجية" in words
    assert not any("/URI" in str(page.get("/Annots", "")) for page in reader.pages)
    assert any("DejaVuSans" in font for font in fonts)
    assert any("NotoEmoji" in font for font in fonts)


def fonts_of(page: object) -> list[dict[str, object]]:
    resources = page["/Resources"]  # type: ignore[index]
    return [font.get_object() for font in resources.get("/Font", {}).values()]


def test_the_largest_document_is_typeset_with_every_piece_and_rival(owner: User) -> None:
    asked = samples.large()
    version = samples.store(owner, asked, canonical.made(asked) | {"calendar": samples.calendar(200)})

    words = words_of(read(version))

    assert all(f"Piece{number}:" in words for number in range(1, 201))
    assert all(f"Competitor{number}" in words for number in range(30))


def test_who_comes_when_all_places_are_taken_is_told_to_come_again(
    owner: User, mine: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = samples.store(owner, canonical.request("bakery"))
    monkeypatch.setattr(pdf, "WAIT_SECONDS", 0.01)
    for _ in range(pdf.AT_ONCE):
        pdf._places.acquire()

    try:
        response = mine.get(f"/api/strategies/{version.strategy_id}/export/pdf")
    finally:
        pdf._places.release(pdf.AT_ONCE)

    assert (response.status_code, response.json()["code"], response["Retry-After"]) == (503, "busy", "5")
    assert mine.get(f"/api/strategies/{version.strategy_id}/export/pdf").status_code == 200


def test_a_document_that_takes_too_long_is_given_up_and_leaves_its_place(
    owner: User, mine: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = samples.store(owner, canonical.request("bakery"))
    monkeypatch.setattr(pdf, "LIMIT_SECONDS", 0.01)

    answers = [mine.get(f"/api/strategies/{version.strategy_id}/export/pdf") for _ in range(pdf.AT_ONCE + 1)]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(503, "too_long")}


def test_the_same_version_is_the_same_file(owner: User) -> None:
    version = samples.store(owner, canonical.request("bakery"))
    told = outline.of(version)

    first, second = (pdf.render(told, made=timezone.now()) for _ in range(2))

    assert first == second
