"""A version as Markdown (CommonMark, with the tables that GitHub, GitLab and Pandoc read)."""

import re
from collections.abc import Iterator
from typing import Final

from strategies.exports.blocks import Block, Heading, Item, Items, Outline, Pair, Pairs, Paragraph, Table

# All that begins something inside a line: emphasis, code, links, HTML, entities, tables, mathematics, struck-out text.
_INSIDE: Final = re.compile(r"[\\`*_{}\[\]<>&#|~$^]")
# What makes a paragraph's line something else: list, heading, rule, table, quotation.
_BEGINNING: Final = re.compile(r"^(?:([-+=:.])|(\d+)([.)]))")
# Addresses that some readers make links of without being asked.
_ADDRESS: Final = re.compile(r"(?i)(?<=\w)(:)(?=//)|(?<=\bwww)(\.)|(?<=mailto)(:)|(?<=\w)(@)(?=\w)")


def render(outline: Outline) -> str:
    """Return the outline as text; what users and models wrote stays text, whatever it looks like."""
    parts = [f"# {within(outline.title)}", escape(outline.subtitle)]
    parts += ["\n".join(f"* {_pair(pair)}" for pair in outline.facts)]
    parts += [f"> {escape(outline.note)}"] if outline.note else []
    parts += [_block(block) for block in outline.blocks]
    return "\n\n".join(part for part in parts if part) + "\n"


def within(text: str) -> str:
    """Return text on one line that is shown as it is where something else stands before it."""
    line = " ".join(text.split())
    line = _INSIDE.sub(lambda found: "\\" + found[0], line)
    return _ADDRESS.sub(lambda found: "\\" + found[0], line)


def escape(text: str) -> str:
    """Return text on one line that a reader of Markdown shows as it is, wherever it stands."""
    line = within(text)
    return _BEGINNING.sub(lambda found: f"{found[2] or ''}\\{found[1] or found[3]}", line)


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * (block.level + 1)} {within(block.text)}"
        case Paragraph():
            return _paragraph(block)
        case Items():
            return "\n".join(_items(block.items, ordered=block.ordered))
        case Pairs():
            return "\n".join(f"* {_pair(pair, indent='  ')}" for pair in block.pairs)
        case Table():
            return _table(block)


def _paragraph(paragraph: Paragraph) -> str:
    lines = [escape(line) for line in paragraph.text.split("\n") if line.strip()]
    if paragraph.label:
        lines = [f"{_strong(paragraph.label)} {' '.join(lines)}".rstrip()]
    if paragraph.role in ("quote", "failed"):
        return "\n".join(f"> {line}\\" for line in lines).removesuffix("\\")
    if paragraph.role == "basis":
        lines = [_small(line) for line in lines]
    return "\\\n".join(lines)


def _strong(label: str) -> str:
    return f"**{within(label)}**" if label.endswith((".", ":", "?")) else f"**{within(label)}:**"


def _small(escaped: str) -> str:
    return f"*{escaped}*" if escaped else ""


def _pair(pair: Pair, indent: str = "") -> str:
    lines = [escape(line) for line in pair.text.split("\n") if line.strip()]
    if len(lines) < 2:
        return f"{_strong(pair.label)} {''.join(lines)}".rstrip()
    return "\n".join([_strong(pair.label), *(f"{indent}* {line}" for line in lines)])


def _items(items: tuple[Item, ...], *, ordered: bool = False, indent: str = "") -> Iterator[str]:
    for number, item in enumerate(items, 1):
        mark = f"{number}." if ordered else "*"
        inner = indent + " " * (len(mark) + 1)
        words = [_strong(item.label)] if item.label else []
        words += [escape(item.text)] if item.text else []
        lines = [" ".join(words), *(_small(escape(text)) for text in item.beneath)]
        yield f"{indent}{mark} " + f"\\\n{inner}".join(line for line in lines if line)
        yield from _items(item.children, indent=inner)


def _table(table: Table) -> str:
    lines = [_small(within(table.caption)), ""] if table.caption else []
    lines += [_cells(table.heads), "|" + " --- |" * len(table.heads)]
    lines += [_cells(row.cells) for row in table.rows]
    # A table of Markdown has no row that spans its columns: what belongs to a row as a whole follows as a list.
    beneath = [(row.cells[0].partition("\n")[0], pair) for row in table.rows for pair in row.beneath]
    told: dict[str, list[str]] = {}
    for name, pair in beneath:
        told.setdefault(name, []).append(f"  * {_pair(pair)}")
    for name, entries in told.items():
        lines += ["", f"* {escape(name)}", *entries] if name == next(iter(told)) else [f"* {escape(name)}", *entries]
    return "\n".join(lines)


def _cells(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(" · ".join(within(line) for line in cell.split("\n") if line) for cell in cells) + " |"
