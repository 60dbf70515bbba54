"""Text in a Word document: each run in its direction, emoji in a font that travels with the file."""

from docx.text.paragraph import Paragraph

from strategies.exports import docx_fields as fields
from strategies.exports import docx_fonts as fonts
from strategies.exports.text import is_right_to_left


def write(paragraph: Paragraph, text: str, *, bold: bool = False, style: str | None = None) -> None:
    """Add text to a paragraph, which turns with the script of its first text."""
    for part, is_emoji in fonts.split(text):
        run = paragraph.add_run(part)
        if style:
            run._r.style = style.replace(" ", "")
        if is_emoji:
            fonts.dress(run)
        # Not False: that would take the boldness of a style away.
        run.bold = bold or None
        if is_right_to_left(text):
            fields.turn(paragraph, run, bold=bold)
