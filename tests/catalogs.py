"""What is to be translated, read from the sources, and what is, read from the catalogues; without gettext's programs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import template

ROOT = Path(__file__).parents[1]
LOCALES = ROOT / "locale"
PARTS = ("config", "sse", "strategies", "templates")

CALLS = re.compile(r"(?<![\w.])(n?gettext(?:_lazy|_noop)?|n?pgettext(?:_lazy)?|_)\(")
SCRIPT_TEXT = re.compile(r'\bgettext\(\s*"((?:[^"\\]|\\.)*)"')


class Entry(NamedTuple):
    """A text of a catalogue: with its plural and its translations, as many as the language has forms."""

    text: str
    plural: str
    said: tuple[str, ...]
    fuzzy: bool


def wanted(domain: str) -> set[str]:
    """Return the texts that the sources ask for."""
    if domain == "djangojs":
        return {text for path in _files("*.js") for text in SCRIPT_TEXT.findall(path.read_text())}
    python = {text for path in _files("*.py") for text in _of_python(ast.parse(path.read_text()))}
    return python | {text for path in _files("*.html") for text in _of_template(path.read_text())}


def read(path: Path) -> dict[str, Entry]:
    """Return the entries of a catalogue in its written form, by their texts; the head is the one of ""."""
    found = (_entry(block) for block in path.read_text().strip().split("\n\n"))
    return {entry.text: entry for entry in found if entry}


def _files(pattern: str) -> Iterator[Path]:
    for part in PARTS:
        yield from (path for path in (ROOT / part).rglob(pattern) if "migrations" not in path.parts)


def _of_python(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and CALLS.match(f"{node.func.id}("):
            # A variable was marked where it got its text.
            yield from (text for text in (_text(node.args[:1]),) if text is not None)


def _of_template(source: str) -> Iterator[str]:
    code = template.templatize(source)
    for call in CALLS.finditer(code):
        yield (
            _text([ast.parse(code[call.end() :].lstrip()[: _end(code[call.end() :].lstrip())], mode="eval").body]) or ""
        )


def _end(code: str) -> int:
    """Return where the string ends that code begins with."""
    for end in (place for place, sign in enumerate(code, 1) if sign in "'\""):
        try:
            ast.parse(code[:end], mode="eval")
        except SyntaxError:
            continue
        return end
    raise ValueError(code[:80])


def _text(args: list[ast.expr]) -> str | None:
    return args[0].value if args and isinstance(args[0], ast.Constant) and isinstance(args[0].value, str) else None


def _entry(block: str) -> Entry | None:
    fields: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if line.startswith("#"):
            continue
        head, quoted = re.fullmatch(r'(\S+ )?(".*")', line).groups()  # type: ignore[union-attr]
        name = (head or name).strip()
        fields[name] = fields.get(name, "") + ast.literal_eval(quoted)
    if "msgid" not in fields:
        return None
    said = tuple(text for name, text in fields.items() if name.startswith("msgstr"))
    return Entry(fields["msgid"], fields.get("msgid_plural", ""), said, "#, fuzzy" in block)
