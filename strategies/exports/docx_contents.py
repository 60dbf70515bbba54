"""The contents of a Word document, and what their entries lead to."""

from collections.abc import Sequence
from typing import Final

from docx.document import Document as DocxDocument
from docx.text.paragraph import Paragraph

from strategies.exports import docx_fields as fields
from strategies.exports import docx_styles as styles
from strategies.exports.blocks import Heading
from strategies.exports.docx_text import write

# A TOC field would be worked out by Word alone, after a question that frightens, and by LibreOffice not at all. A
# reference to a page is worked out by LibreOffice as it lays the document out; by Word when it prints, or is told to.
HINT: Final = "Where page numbers are missing: select all (Ctrl+A) and press F9."


def add(document: DocxDocument, headings: Sequence[Heading]) -> None:
    """
    Add a list of contents: each entry leads to its heading and refers to its page.

    No page number is written here: whoever lays the document out knows it, and nobody else.
    """
    title = document.add_paragraph()
    run = title.add_run("Contents")
    run.bold, run.font.size = True, document.styles["Heading 2"].font.size
    for number, heading in enumerate(headings, 1):
        paragraph = fields.dress(document.add_paragraph(), f"toc {heading.level}")
        write(paragraph, heading.text)
        fields.link(paragraph, _name(number))
        paragraph.add_run().add_tab()
        fields.add_field(paragraph, f"PAGEREF {_name(number)} \\h", "")
    write(fields.dress(document.add_paragraph(), styles.NOTE), HINT)


def mark(paragraph: Paragraph, number: int) -> None:
    """Make a heading the one that entry ``number`` of the contents means."""
    opening = fields.element("bookmarkStart", id=str(number), name=_name(number))
    place = 1 if paragraph._p.pPr is not None else 0
    paragraph._p.insert(place, opening)
    paragraph._p.append(fields.element("bookmarkEnd", id=str(number)))


def _name(number: int) -> str:
    return f"_Toc{number:08}"
