"""
Emoji in a Word document: runs in a font that travels with the file.

Which fonts a reader's machine has is not known, and where none has emoji, LibreOffice and older Words show boxes. All
other scripts are left to the machine, which has fonts for the languages it is used in.
"""

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from docx.document import Document as DocxDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.text.run import Run

from strategies.exports.docx_fields import element

NAME: Final = "Noto Emoji"
FILE: Final = Path(__file__).parent / "fonts" / "NotoEmoji-Regular.ttf"
# Where a program does not read fonts in files, it knows one of these.
INSTEAD: Final = "Segoe UI Emoji,Apple Color Emoji,Noto Color Emoji"
# Any will do; it is no secret, and the same document is to be the same file.
KEY: Final = "{7C4D5E9A-31B2-4F0E-9A6D-2B8E51C0F37D}"
# The first bytes of a font are masked, by the standard (ECMA-376 part 1, 17.8.1), so that no browser takes it for one.
MASKED: Final = 32

_SIGN: Final = "[\U0001f000-\U0001fbff\u2600-\u27bf\u2b05-\u2b55\u231a-\u23ff\ufe0f\u20e3\U000e0020-\U000e007f]"
_EMOJI: Final = re.compile(f"{_SIGN}(?:\u200d?{_SIGN})*")


def split(text: str) -> Iterator[tuple[str, bool]]:
    """Yield a text in parts, each with whether it is emoji."""
    end = 0
    for found in _EMOJI.finditer(text):
        if found.start() > end:
            yield text[end : found.start()], False
        yield found[0], True
        end = found.end()
    if end < len(text) or not text:
        yield text[end:], False


def dress(run: Run) -> None:
    """Have a run shown in the font that travels with the file."""
    look: Any = run._r.get_or_add_rPr()
    look.insert(1 if look.find(qn("w:rStyle")) is not None else 0, _names())


def _names() -> Any:
    return element("rFonts", ascii=NAME, hAnsi=NAME, eastAsia=NAME, cs=NAME)


def embed(document: DocxDocument) -> None:
    """Put the font into the file, where anything is shown in it."""
    if next(document.element.body.iter(qn("w:rFonts")), None) is None:
        return
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    kind = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
    font = Part(PackURI("/word/fonts/font1.odttf"), kind, _masked(), document.part.package)
    entry = (
        f'<w:font w:name="{NAME}"><w:altName w:val="{INSTEAD}"/><w:charset w:val="00"/><w:family w:val="auto"/>'
        f'<w:pitch w:val="variable"/><w:embedRegular r:id="{table.relate_to(font, RELATIONSHIP_TYPE.FONT)}" '
        f'w:fontKey="{KEY}"/></w:font></w:fonts>'
    )
    table._blob = table.blob.replace(b"</w:fonts>", entry.encode())
    # Whoever saves the file again keeps the font in it.
    document.settings.element.insert_element_before(element("embedTrueTypeFonts"), *_AFTER_EMBED)


# What ``embedTrueTypeFonts`` has to stand before, by the schema's order, of what a settings part of ours holds.
_AFTER_EMBED: Final = ("w:proofState", "w:defaultTabStop", "w:characterSpacingControl", "w:compat", "w:rsids")


@functools.cache
def _masked() -> bytes:
    font = FILE.read_bytes()
    key = bytes.fromhex(KEY.strip("{}").replace("-", ""))[::-1]
    head = bytes(byte ^ key[place % len(key)] for place, byte in enumerate(font[:MASKED]))
    return head + font[MASKED:]
