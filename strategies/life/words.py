"""Two texts word by word: what stayed, what went, what came. Bounded, whatever the texts are."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal, NamedTuple

Op = Literal["same", "del", "ins"]

# A word with the blanks behind it; and a sentence or line, as words.
_WORD: Final = re.compile(r"\s+|\S+\s*")
_SENTENCE_END: Final = re.compile(r"[.!?…:;]\s|\n")

# What matching the passages of a text may cost together, in steps of about a microsecond. Words that repeat take time by
# the square of them, so a passage beyond this is shown as replaced, whole.
MOST_STEPS: Final = 400_000


# Of so many words one has to stay, or the passage is shown as replaced.
LEAST_KEPT: Final = 5


class Piece(NamedTuple):
    """Some words, and what became of them."""

    op: Op
    text: str


def mark(before: str, after: str) -> list[Piece]:
    """
    Return both texts as pieces: those that are not "ins" are ``before``, those that are not "del" are ``after``.

    Sentences are matched first and words inside those that changed.
    """
    budget = [MOST_STEPS]
    pieces: list[Piece] = []
    for op, old, new in _match(_sentences(before), _sentences(after), budget):
        if op == "replace":
            pieces += _mark_words(_WORD.findall("".join(old)), _WORD.findall("".join(new)), budget)
        else:
            pieces += [Piece("same", "".join(old))] if op == "equal" else _replace(old, new)
    return _join(pieces)


def _mark_words(old: Sequence[str], new: Sequence[str], budget: list[int]) -> list[Piece]:
    pieces: list[Piece] = []
    blocks = list(_match(old, new, budget))
    kept = sum(len(stayed) for op, stayed, _ in blocks if op == "equal")
    # A "the" in common does not make a sentence the same one: islands like that are harder to read than two texts.
    if kept * LEAST_KEPT < max(len(old), len(new)):
        return _replace(old, new)
    for op, gone, come in blocks:
        pieces += [Piece("same", "".join(gone))] if op == "equal" else _replace(gone, come)
    return pieces


def _replace(old: Sequence[str], new: Sequence[str]) -> list[Piece]:
    return [Piece("del", "".join(old)), Piece("ins", "".join(new))]


def _sentences(text: str) -> list[str]:
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    starts = [0, *ends]
    return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True) if start < end]


def _match(
    old: Sequence[str], new: Sequence[str], budget: list[int]
) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """Yield stretches that are equal or replaced, in order; ``budget`` is what may still be spent, and shrinks."""
    head = _alike(zip(old, new, strict=False))
    tail = _alike(zip(reversed(old[head:]), reversed(new[head:]), strict=False))
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield "equal", old[:head], new[:head]
    cost = _cost(a, b)
    if not a or not b or cost > budget[0]:
        yield "replace", a, b
    else:
        budget[0] -= cost
        for op, i1, i2, j1, j2 in SequenceMatcher(None, a, b).get_opcodes():
            yield ("equal" if op == "equal" else "replace"), a[i1:i2], b[j1:j2]
    if tail:
        yield "equal", old[len(old) - tail :], new[len(new) - tail :]


def _cost(a: Sequence[str], b: Sequence[str]) -> int:
    """Return about how many steps a matcher takes: the pairs of equal words, and the ways to cut between them."""
    there = Counter(b)
    return sum(there[word] for word in a) + len(a) * len(b) // 20


def _alike(pairs: Iterator[tuple[str, str]]) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _join(pieces: list[Piece]) -> list[Piece]:
    """Join neighbours of the same kind and drop what is empty; within a change what went comes first."""
    joined: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if joined and joined[-1].op == piece.op:
            joined[-1] = Piece(piece.op, joined[-1].text + piece.text)
        elif piece.op == "del" and len(joined) > 1 and joined[-1].op == "ins" and joined[-2].op == "del":
            joined[-2] = Piece("del", joined[-2].text + piece.text)
        else:
            joined.append(piece)
    return joined
