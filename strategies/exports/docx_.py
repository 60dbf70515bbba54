"""A version as a Word document: real headings, contents, tables with heads, page numbers."""

import io
from datetime import datetime
from typing import Any, Final

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.section import WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

from strategies.exports import docx_contents as contents
from strategies.exports import docx_fields as fields
from strategies.exports import docx_fonts as fonts
from strategies.exports import docx_styles as styles
from strategies.exports.blocks import Block, Heading, Item, Items, Outline, Pair, Pairs, Paragraph, Role, Table
from strategies.exports.docx_text import write

WIDTH_MM: Final = 162
ROLES: Final[dict[Role, str]] = {
    "body": "Normal",
    "quote": "Intense Quote",
    "note": styles.NOTE,
    "basis": styles.BASIS,
    "failed": styles.FAILED,
}


def render(outline: Outline, *, made: datetime) -> bytes:
    """Return the document as a file."""
    document = Document()
    styles.define(document)
    _describe(document, outline, made)
    _title_page(document, outline)
    listed = [block for block in outline.blocks if isinstance(block, Heading) and block.level <= 2]
    contents.add(document, listed)
    number = 0
    for block in outline.blocks:
        number += isinstance(block, Heading) and block.level <= 2
        _add(document, block, number)
    fonts.embed(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _describe(document: DocxDocument, outline: Outline, made: datetime) -> None:
    about = document.core_properties
    about.title, about.subject = outline.title[:255], outline.subtitle[:255]
    about.author = next((fact.text for fact in outline.facts if fact.label == "By"), "")[:255]
    about.comments, about.keywords, about.language = "", "", "en"
    about.created = about.modified = made.replace(tzinfo=None)
    # The template's own picture of an empty page would be shown for this document.
    relations = document.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[key]


def _title_page(document: DocxDocument, outline: Outline) -> None:
    write(fields.dress(document.add_paragraph(), "Title"), outline.title)
    write(fields.dress(document.add_paragraph(), "Subtitle"), outline.subtitle)
    _add_pairs(document, outline.facts)
    if outline.note:
        write(fields.dress(document.add_paragraph(), styles.NOTE), outline.note)
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.footer.is_linked_to_previous = False
    fields.add_page_numbers(section.footer.paragraphs[0], outline.title)


def _add(document: DocxDocument, block: Block, number: int) -> None:
    match block:
        case Heading():
            paragraph = fields.dress(document.add_paragraph(), f"Heading {block.level}")
            write(paragraph, block.text)
            if block.level <= 2:
                contents.mark(paragraph, number)
        case Paragraph():
            _add_paragraph(document, block)
        case Items():
            _add_items(document, block.items, "List Number" if block.ordered else "List Bullet", 1)
        case Pairs():
            _add_pairs(document, block.pairs)
        case Table():
            _add_table(document, block)


def _add_paragraph(document: DocxDocument, block: Paragraph) -> None:
    paragraph = fields.dress(document.add_paragraph(), ROLES[block.role])
    if block.label:
        write(paragraph, f"{_closed(block.label)} ", bold=True)
    write(paragraph, block.text)


def _closed(label: str) -> str:
    return label if label.endswith((".", ":", "?")) else f"{label}:"


def _add_items(document: DocxDocument, items: tuple[Item, ...], style: str, level: int) -> None:
    for item in items:
        # The template has styles for three levels; what lies deeper stays on the third.
        paragraph = fields.dress(document.add_paragraph(), style if level == 1 else f"{style} {min(level, 3)}")
        if item.label:
            write(paragraph, f"{_closed(item.label)} ", bold=True)
        write(paragraph, item.text)
        for text in item.beneath:
            paragraph.add_run().add_break()
            write(paragraph, text, style=styles.SMALL)
        _add_items(document, item.children, style, level + 1)


def _add_pairs(document: DocxDocument, pairs: tuple[Pair, ...]) -> None:
    """Terms stand beside what is said of them; a table without lines, since tabs would not wrap."""
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    table.columns[0].width, table.columns[1].width = Mm(42), Mm(WIDTH_MM - 42)
    for pair in pairs:
        label, said = table.add_row().cells
        _fill(label, pair.label, bold=True)
        _fill(said, pair.text)
    fields.dress(document.add_paragraph(), styles.GAP)


def _fill(cell: _Cell, text: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    fields.dress(paragraph, styles.CELL)
    for number, line in enumerate(text.split("\n")):
        if number:
            paragraph = fields.dress(cell.add_paragraph(), styles.CELL)
        write(paragraph, line, bold=bold)


def _add_table(document: DocxDocument, block: Table) -> None:
    if block.caption:
        write(fields.dress(document.add_paragraph(), "Caption"), block.caption)
    table: Any = document.add_table(rows=0, cols=len(block.heads), style="Table Grid")
    table.autofit = False
    widths = [Mm(WIDTH_MM * share / sum(block.widths)) for share in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    head = table.add_row()
    fields.repeat(head)
    for cell, text in zip(head.cells, block.heads, strict=True):
        fields.shade(cell, "1D4F73")
        _fill(cell, text, bold=True)
        for run in cell.paragraphs[0].runs:
            run.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
    for row in block.rows:
        cells = table.add_row().cells
        for place, (cell, text) in enumerate(zip(cells, row.cells, strict=True)):
            _fill(cell, text, bold=place == 0)
        if row.beneath:
            _add_beneath(table, row.beneath)
    fields.dress(document.add_paragraph(), styles.GAP)


def _add_beneath(table: Any, pairs: tuple[Pair, ...]) -> None:
    cells = table.add_row().cells
    whole = cells[0].merge(cells[-1]) if len(cells) > 1 else cells[0]
    fields.shade(whole, "F2F5F8")
    for number, pair in enumerate(pairs):
        paragraph = whole.add_paragraph() if number else whole.paragraphs[0]
        fields.dress(paragraph, styles.CELL)
        write(paragraph, f"{_closed(pair.label)} ", bold=True)
        write(paragraph, pair.text)
    whole.paragraphs[-1].paragraph_format.space_after = Pt(3)
