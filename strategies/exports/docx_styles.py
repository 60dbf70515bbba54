"""How a Word document looks: its page, and the styles that paragraphs are given."""

from typing import Any, Final

from docx.document import Document as DocxDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt, RGBColor

NOTE: Final = "Strategy Note"
BASIS: Final = "Strategy Basis"
FAILED: Final = "Strategy Failed"
CELL: Final = "Strategy Cell"
GAP: Final = "Strategy Gap"
SMALL: Final = "Strategy Small"
INK, MUTED, ACCENT, BAD = (RGBColor.from_string(code) for code in ("1F2933", "5B6773", "1D4F73", "A33030"))


def define(document: DocxDocument) -> None:
    """Set the page and the styles."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(24)
    page.top_margin, page.bottom_margin = Mm(24), Mm(24)
    _set(document.styles["Normal"], size=10.5, colour=INK, after=6)
    for level, size, before in ((1, 20, 0), (2, 14, 16), (3, 11.5, 12), (4, 10.5, 8)):
        _set(document.styles[f"Heading {level}"], size=size, colour=ACCENT, before=before, after=4, bold=level > 1)
    document.styles["Heading 1"].paragraph_format.page_break_before = True
    _set(document.styles["Title"], size=30, colour=ACCENT, before=110, after=6)
    _set(document.styles["Subtitle"], size=14, colour=MUTED, after=24)
    _set(document.styles["Caption"], size=9, colour=MUTED, after=4, bold=False)
    document.styles["Caption"].paragraph_format.keep_with_next = True
    _set(document.styles["Intense Quote"], size=11, colour=ACCENT, before=4, after=8)
    for kind, size, colour, after in (
        (NOTE, 9.5, MUTED, 6),
        (BASIS, 9, MUTED, 8),
        (FAILED, 10.5, BAD, 8),
        (CELL, 9, INK, 2),
        (GAP, 6, INK, 4),
        ("toc 1", 10.5, INK, 2),
        ("toc 2", 10, MUTED, 1),
    ):
        style = document.styles.add_style(kind, WD_STYLE_TYPE.PARAGRAPH, builtin=kind.startswith("toc"))
        _set(style, size=size, colour=colour, after=after, italic=kind == BASIS)
    for level in (1, 2):
        form = document.styles[f"toc {level}"].paragraph_format
        form.left_indent = Mm(6 * (level - 1))
        form.tab_stops.add_tab_stop(Mm(162), WD_TAB_ALIGNMENT.RIGHT)
    small: Any = document.styles.add_style(SMALL, WD_STYLE_TYPE.CHARACTER)
    small.font.size, small.font.italic, small.font.color.rgb = Pt(9), True, MUTED


def _set(
    style: Any,
    *,
    size: float,
    colour: RGBColor,
    before: float = 0,
    after: float = 0,
    bold: bool | None = None,
    italic: bool = False,
) -> None:
    style.font.size, style.font.color.rgb = Pt(size), colour
    style.font.italic = italic or None
    if bold is not None:
        style.font.bold = bold
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
