"""What Word has and python-docx has no verbs for: fields, bookmarks, direction, heads that repeat."""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as DocxParagraph
from docx.text.run import Run
from lxml import etree


def element(kind: str, /, **values: str) -> Any:
    """Return an element of WordprocessingML with its attributes."""
    made: Any = OxmlElement(f"w:{kind}")
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def dress[T: DocxParagraph](paragraph: T, style: str) -> T:
    """Give an empty paragraph a style and return it; by id, since to look names up took two thirds of the time."""
    layout: Any = etree.SubElement(paragraph._p, qn("w:pPr"))
    etree.SubElement(layout, qn("w:pStyle")).set(qn("w:val"), style.replace(" ", ""))
    return paragraph


def add_field(paragraph: DocxParagraph, instruction: str, result: str) -> None:
    """Add a field with what it shows until somebody works it out."""
    text = element("instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {instruction} "
    for part in (element("fldChar", fldCharType="begin"), text, element("fldChar", fldCharType="separate")):
        paragraph.add_run()._r.append(part)
    paragraph.add_run(result)
    paragraph.add_run()._r.append(element("fldChar", fldCharType="end"))


def link(paragraph: DocxParagraph, name: str) -> None:
    """Make what stands in a paragraph so far lead to the bookmark of this name."""
    wrapped = element("hyperlink", anchor=name, history="1")
    runs = [run._r for run in paragraph.runs]
    runs[0].addprevious(wrapped)
    for run in runs:
        wrapped.append(run)


def add_page_numbers(paragraph: DocxParagraph, title: str) -> None:
    """Write a footer: title, page of pages."""
    short = title if len(title) <= 70 else title[:69] + "…"
    paragraph.add_run(f"{short} · ")
    add_field(paragraph, "PAGE", "1")
    paragraph.add_run(" of ")
    add_field(paragraph, "NUMPAGES", "1")


# What a paragraph's ``bidi`` has to stand before, by the schema's order.
_AFTER_BIDI = (
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:mirrorIndents",
    "w:jc",
    "w:textAlignment",
    "w:outlineLvl",
    "w:rPr",
    "w:sectPr",
)


def turn(paragraph: DocxParagraph, run: Run, *, bold: bool) -> None:
    """Write a run from right to left, and its paragraph too where it is the first."""
    if len(paragraph.runs) == 1:
        layout: Any = paragraph._p.get_or_add_pPr()
        layout.insert_element_before(element("bidi"), *_AFTER_BIDI)
    look: Any = run._r.get_or_add_rPr()
    if bold:
        run.font.cs_bold = True
    look.insert_element_before(element("rtl"), "w:cs", "w:em", "w:lang", "w:eastAsianLayout", "w:specVanish", "w:oMath")


def repeat(row: Any) -> None:
    """Make a table's row its head, on every page that the table goes over."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))


def shade(cell: Any, colour: str) -> None:
    """Colour a cell."""
    cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=colour))
