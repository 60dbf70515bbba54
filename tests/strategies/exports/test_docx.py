"""The Word document: real headings, fields, direction, and nothing that a program has to repair."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from pypdf import PdfReader

from strategies.exports import docx_, docx_fonts, outline
from strategies.exports.blocks import Heading
from strategies.models import Version
from tests.strategies import canonical
from tests.strategies.exports import samples


def rendered(version: Version) -> bytes:
    return docx_.render(outline.of(version), made=version.created)


def opened(version: Version) -> Any:
    return Document(io.BytesIO(rendered(version)))


@pytest.fixture
def hostile(owner: User) -> Version:
    asked = samples.hostile()
    return samples.store(owner, asked, samples.planted(canonical.made(asked)) | {"calendar": samples.calendar()})


def test_every_heading_of_the_outline_is_a_heading_of_its_level(owner: User) -> None:
    version = samples.store(owner, canonical.request("full"))

    found = [
        (int(paragraph.style.name[-1]), paragraph.text)
        for paragraph in opened(version).paragraphs
        if paragraph.style.name.startswith("Heading")
    ]

    assert found == [(block.level, block.text) for block in outline.of(version).blocks if isinstance(block, Heading)]


def test_each_entry_of_the_contents_leads_to_its_heading_and_refers_to_its_page(owner: User) -> None:
    version = samples.store(owner, canonical.request("bakery"))
    body = opened(version).element.body

    entries = [p for p in body.iter(qn("w:p")) if p.style is not None and p.style.startswith("toc")]
    targets = [p.find(qn("w:hyperlink")).get(qn("w:anchor")) for p in entries]
    pages = [node.text.split()[1] for p in entries for node in p.iter(qn("w:instrText"))]
    marked = {
        node.get(qn("w:name")): "".join(text.text or "" for text in node.getparent().iter(qn("w:t")))
        for node in body.iter(qn("w:bookmarkStart"))
    }
    wanted = [block.text for block in outline.of(version).blocks if isinstance(block, Heading) and block.level <= 2]
    assert [marked[target] for target in targets] == wanted
    assert pages == targets


def test_tables_have_heads_that_repeat_and_pages_their_numbers(owner: User) -> None:
    document = opened(samples.store(owner, canonical.request("full")))

    grids = [table for table in document.tables if table.style.name == "Table Grid"]
    footer = etree.tostring(document.sections[-1].footer._element).decode()
    assert len(grids) >= 5
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in grids)
    assert "PAGE" in footer
    assert "NUMPAGES" in footer


def test_the_file_says_what_it_is_and_names_no_program_that_made_it(owner: User) -> None:
    version = samples.store(owner, canonical.request("pumpen"))

    about = opened(version).core_properties

    assert about.title == outline.one_line(version.strategy.name)
    assert (about.language, about.comments) == ("en", "")


@pytest.mark.attack(19)
def test_control_characters_and_turned_text_are_not_in_the_file(hostile: Version) -> None:
    packed = zipfile.ZipFile(io.BytesIO(rendered(hostile)))

    for name in packed.namelist():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(packed.read(name))
    text = packed.read("word/document.xml").decode()
    assert not {sign for sign in text if (sign < " " and sign not in "\n\r\t") or "\u202a" <= sign <= "\u202e"}


@pytest.mark.attack(18)
def test_nothing_in_a_hostile_document_became_a_link_a_field_or_a_picture(hostile: Version) -> None:
    document = opened(hostile)

    kinds = {relation.reltype.rpartition("/")[2] for relation in document.part.rels.values()}
    instructions = {node.text.split()[0] for node in document.element.body.iter(qn("w:instrText"))}
    assert "hyperlink" not in kinds
    assert "image" not in kinds
    assert instructions == {"PAGEREF"}


def test_arabic_and_hebrew_paragraphs_run_from_right_to_left_and_others_do_not(hostile: Version) -> None:
    turned = {
        "".join(paragraph.itertext())
        for paragraph in opened(hostile).element.body.iter(qn("w:p"))
        if paragraph.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None
    }

    assert any(text.startswith("مرحبا") for text in turned)
    assert any(text.startswith("שלום") for text in turned)
    assert not any(text.startswith("Grüße") for text in turned)


def test_emoji_are_in_a_font_that_travels_with_the_file_and_no_other_text_is(hostile: Version) -> None:
    body = rendered(hostile)

    named = {
        "".join(node.text for node in run.iter(qn("w:t")))
        for run in Document(io.BytesIO(body)).element.body.iter(qn("w:r"))
        if run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}") is not None
    }
    packed = zipfile.ZipFile(io.BytesIO(body))
    table = etree.fromstring(packed.read("word/fontTable.xml"))
    (entry,) = (each for each in table if each.get(qn("w:name")) == docx_fonts.NAME)
    key = bytes.fromhex(re.sub("[{}-]", "", entry.find(qn("w:embedRegular")).get(qn("w:fontKey"))))[::-1]
    masked = packed.read("word/fonts/font1.odttf")
    assert named >= {"👩‍👩‍👧", "🇦🇹", "🚀"}
    assert not [text for text in named if re.search(r"[a-zßא-ת漢]", text)]
    assert bytes(a ^ b for a, b in zip(masked[:32], key * 2, strict=True)) + masked[32:] == docx_fonts.FILE.read_bytes()


def test_a_document_without_emoji_carries_no_font_and_no_picture_of_another(owner: User) -> None:
    packed = zipfile.ZipFile(io.BytesIO(rendered(samples.store(owner, canonical.request("bakery")))))

    assert not [name for name in packed.namelist() if "fonts/" in name or "thumbnail" in name]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [("", False)]),
        ("plain ©", [("plain ©", False)]),
        ("a 👩‍👩‍👧 b", [("a ", False), ("👩‍👩‍👧", True), (" b", False)]),
        ("🇦🇹🚀", [("🇦🇹🚀", True)]),
        ("no\u200djoin", [("no\u200djoin", False)]),
        ("❤️!", [("❤️", True), ("!", False)]),
    ],
)
def test_a_text_is_parted_at_its_emoji(text: str, parts: list[tuple[str, bool]]) -> None:
    assert list(docx_fonts.split(text)) == parts


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_opens_it_and_its_contents_name_the_page_of_every_chapter(hostile: Version, tmp_path: Path) -> None:
    file = tmp_path / "strategy.docx"
    file.write_bytes(rendered(hostile))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"

    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)],
        check=True,
        capture_output=True,
        timeout=150,
    )

    pages = [page.extract_text() for page in PdfReader(tmp_path / "strategy.pdf").pages]
    contents = re.sub(r"\s+", " ", "".join(pages[1:3]))
    for title in ("In short", "Content calendar", "Monitoring plan", "Groundwork", "Quality", "Your brief"):
        place = next(number for number, text in enumerate(pages[2:], 3) if text.startswith(title))
        assert f"{title} {place} " in contents, title
