"""Text in a Word document: each run in its direction, emoji in a font that travels with the file."""

from typing import Any

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

from strategies.exports import docx_fields as fields
from strategies.exports import docx_fonts as fonts
from strategies.exports.text import is_right_to_left

_RUN, _TEXT, _BREAK = qn("w:r"), qn("w:t"), qn("w:br")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def write(paragraph: Paragraph, text: str, *, bold: bool = False, style: str | None = None) -> None:
    """Add text to a paragraph, which turns with the script of its first text."""
    is_turned = is_right_to_left(text)
    for part, is_emoji in fonts.split(text):
        run = _add(paragraph, part)
        if style:
            run._r.style = style.replace(" ", "")
        if is_emoji:
            fonts.dress(run)
        # Not False: that would take the boldness of a style away.
        if bold:
            run.bold = True
        if is_turned:
            fields.turn(paragraph, run, bold=bold)


def _add(paragraph: Paragraph, text: str) -> Run:
    """
    Add a run with this text, line by line.

    The library's way looks at each letter, which is a second for the largest document.
    """
    run: Any = etree.SubElement(paragraph._p, _RUN)
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, _BREAK)
        if line:
            words = etree.SubElement(run, _TEXT)
            words.text = line
            words.set(_SPACE, "preserve")
    return Run(run, paragraph)
