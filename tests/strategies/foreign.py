"""What a page in German still says in English: found by its words, whatever wrote them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tests import catalogs
from tests.strategies import markup

# What stands in these is for programs.
UNSEEN = {"script", "style", "head"}
# Attributes that people read or hear.
READ = ("aria-label", "alt", "placeholder", "title", "data-label", "data-before")
# What people typed, shown to be typed on.
TYPED = {"textarea"}

WORD = re.compile(r"[^\W\d_]{2,}")
# Marks of values in a text of the catalogue.
PLACE = re.compile(r"%\(\w+\)s|\{\w*\}|<[^>]+>|&\w+;")


def words(text: str) -> set[str]:
    return {word.casefold() for word in WORD.findall(PLACE.sub(" ", text))}


def _vocabularies() -> tuple[set[str], set[str]]:
    english, german = set[str](), set[str]()
    for domain in ("django", "djangojs", "lessons"):
        for entry in catalogs.read(catalogs.LOCALES / "de" / "LC_MESSAGES" / f"{domain}.po").values():
            if entry.text:
                english |= words(entry.text) | words(entry.plural)
                german |= set().union(*(words(said) for said in entry.said))
    return english, german


ENGLISH, GERMAN = _vocabularies()


def shown(element: markup.Element) -> Iterator[str]:
    """Yield each text that somebody sees, hears or presses."""
    if element.tag in UNSEEN or (element.tag == "input" and element.get("type") == "hidden"):
        return
    for name in READ:
        if said := element.get(name):
            yield said
    if element.tag == "input" and element.get("type") in ("submit", "button"):
        yield element["value"]
    if element.tag in TYPED:
        return
    for child in element.children:
        if isinstance(child, str):
            yield " ".join(child.split())
        else:
            yield from shown(child)


def leaves(value: Any) -> Iterator[str]:
    """Yield each text in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from leaves(part)


def without(text: str, data: Sequence[str]) -> str:
    """Return a text without what somebody's data say in it; ``data`` begins with the longest."""
    if text.endswith("…") and begins(text.removesuffix("…"), data):
        return ""
    for known in data:
        if known in text:
            text = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", " … ", text)
    return text


def begins(text: str, data: Sequence[str]) -> bool:
    """Whether a text is the beginning of one of these, or of several with blanks between them."""
    said = text.strip()
    whole = [known for known in data if said.startswith(known)]
    return any(known.startswith(said) for known in data) or any(begins(said[len(known) :], data) for known in whole)


def left(english: markup.Element, german: markup.Element, *, data: Iterable[str]) -> list[str]:
    """
    Return the texts of a page in German that are English yet.

    Those in which a word stands that only the English texts of the catalogue have, and those that are the same on the
    English page although no text of the catalogue says so in German.
    """
    known = sorted({" ".join(text.split()) for text in data} - {""}, key=len, reverse=True)
    same = set(shown(english))
    found = []
    for text in dict.fromkeys(shown(german)):
        said = words(without(text, known))
        if said & (ENGLISH - GERMAN) or (text in same and said - GERMAN):
            found.append(text)
    return found
