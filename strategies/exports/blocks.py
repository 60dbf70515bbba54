"""What a document for reading is made of, whatever file it ends in: headings, paragraphs, lists, pairs and tables."""

from dataclasses import dataclass
from typing import Literal

# A statement that the document quotes; a word beside the matter; where a figure or a statement comes from; a section
# that is not there, and why.
Role = Literal["body", "quote", "note", "basis", "failed"]


@dataclass(frozen=True)
class Heading:
    """A heading; 1 is a chapter of the document, 4 the lowest. Level 0 does not occur: the title is the outline's."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        """Keep it on one line: a line's end would be an entry of its own in a list of contents."""
        object.__setattr__(self, "text", " ".join(self.text.split()))


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; where it has a label, that comes first and stands out."""

    text: str
    role: Role = "body"
    label: str = ""


@dataclass(frozen=True)
class Item:
    """An entry of a list, what stands beneath it in small, and the entries below it."""

    text: str
    label: str = ""
    beneath: tuple[str, ...] = ()
    children: "tuple[Item, ...]" = ()


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Item, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Pair:
    """A term and what is said of it."""

    label: str
    text: str
    beneath: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pairs:
    """Terms with what is said of each."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Row:
    """A row of a table: a text for each column, and what belongs to the row as a whole."""

    cells: tuple[str, ...]
    beneath: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table with a head. ``widths`` are shares; a line end in a cell begins a new line in it."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    widths: tuple[int, ...]
    caption: str = ""


Block = Heading | Paragraph | Items | Pairs | Table


@dataclass(frozen=True)
class Outline:
    """A document as it is read from the first page to the last."""

    title: str
    subtitle: str
    facts: tuple[Pair, ...]
    note: str
    blocks: tuple[Block, ...]
