"""The table of contents of a Word document, and what its entries lead to."""

from collections.abc import Sequence

from docx.document import Document as DocxDocument
from docx.text.paragraph import Paragraph

from strategies.exports import docx_fields as fields
from strategies.exports.blocks import Heading
from strategies.exports.docx_text import write


def add(document: DocxDocument, headings: Sequence[Heading]) -> None:
    """Add a table of contents, whole as it stands; Word and LibreOffice can bring it up to date."""
    title = document.add_paragraph()
    run = title.add_run("Contents")
    run.bold, run.font.size = True, document.styles["Heading 2"].font.size
    for number, heading in enumerate(headings, 1):
        paragraph = fields.dress(document.add_paragraph(), f"toc {heading.level}")
        if number == 1:
            fields.begin(paragraph, 'TOC \\o "1-2" \\h \\z', dirty=True)
        write(paragraph, heading.text)
        paragraph.add_run().add_tab()
        fields.add_field(paragraph, f"PAGEREF {_name(number)}", "")
        if number == len(headings):
            fields.end(paragraph)


def mark(paragraph: Paragraph, number: int) -> None:
    """Make a heading the one that entry ``number`` of the contents means."""
    opening = fields.element("bookmarkStart", id=str(number), name=_name(number))
    place = 1 if paragraph._p.pPr is not None else 0
    paragraph._p.insert(place, opening)
    paragraph._p.append(fields.element("bookmarkEnd", id=str(number)))


def _name(number: int) -> str:
    return f"_Toc{number:08}"
