"""
The form of a small model's answer: what it can't do well by itself is left no room.

A small model seldom knows when to stop, so each text and each list has an end; and what can only be one of a few things
(the ids of answers, the names of competitors, the phases) is offered as a choice. Servers that turn a schema into a
grammar (llama.cpp, Ollama, LM Studio, vLLM) hold the model to that while it writes.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from strategies.engines import Material

from . import answers


class Room(NamedTuple):
    """How much a text, a line in a list and a list may hold: characters, characters, entries."""

    text: int
    line: int
    entries: int


# What a section says once, and what it says of each phase, rival, insight or risk. There are several of these: no answer
# may grow past 4,000 characters, which a small model writes in about 1,500 tokens.
ONCE: Final = Room(text=220, line=120, entries=3)
EACH: Final = Room(text=120, line=64, entries=2)
LONGEST: Final = 4_000
WORD: Final = 40
SHORTEST: Final = 3
MOST_FIELDS: Final = 2
# Of phases and competitors, each of which is written about.
MOST_EACH: Final = 4
# The lists that a section is about: one entry is none.
_MAIN: Final = frozenset({"insights", "risks"})
_WORDS: Final = frozenset({"type", "affects"})


# llguidance (llama.cpp built with it, vLLM) would let blanks go on for ever between two members; others pass over this.
_DENSE: Final = {"x-guidance": {"whitespace_flexible": False}}

# Lists with one entry for each of what is known, and the member that says which.
_ONE_EACH: Final = {"phases": "key", "competitors": "name"}


def schema(section: str, material: Material, *, places: bool) -> dict[str, Any]:
    """
    Return the JSON schema of what is to be answered about this material.

    ``places`` says whether the server knows lists whose every place has a schema of its own (``prefixItems``).
    """
    whole = answers.schema(section)
    choices = _choices(material)
    defs = {name: _bound(entry, choices, EACH) for name, entry in whole.get("$defs", {}).items()}
    bounded = _bound({key: value for key, value in whole.items() if key != "$defs"}, choices, ONCE)
    for name, member in _ONE_EACH.items():
        if name in bounded["properties"] and choices[member]:
            entry = defs[bounded["properties"][name]["items"]["$ref"].rpartition("/")[2]]
            bounded["properties"][name] = _one_each(entry, member, choices[member][:MOST_EACH], places=places)
    return bounded | ({"$defs": defs} if defs else {}) | (_DENSE if places else {})


def _one_each(entry: dict[str, Any], member: str, values: list[str], *, places: bool) -> dict[str, Any]:
    bounds = {"type": "array", "minItems": len(values), "maxItems": len(values)}
    if not places:
        return bounds | {"items": entry}
    own = [{"properties": entry["properties"] | {member: {"type": "string", "enum": [value]}}} for value in values]
    return bounds | {"prefixItems": [entry | one for one in own]}


def _choices(material: Material) -> dict[str, list[str]]:
    """Return what the members of these names may be; an empty list is no choice."""
    return {
        "fields": list(material.brief),
        "name": [rival["name"] for rival in material.brief.get("top_competitors", [])],
        "key": [phase["key"] for phase in material.foundation["phases"]],
    }


def _bound(
    node: Mapping[str, Any], choices: Mapping[str, list[str]], room: Room, name: str = "", *, line: bool = False
) -> dict[str, Any]:
    node = {key: value for key, value in node.items() if key != "description"}
    match node.get("type"):
        case "object":
            members = {key: _bound(value, choices, room, key) for key, value in node["properties"].items()}
            return node | {"properties": members}
        case "array":
            longest = MOST_FIELDS if name == "fields" else room.entries
            bounds = {"minItems": 2 if name in _MAIN else 1, "maxItems": min(longest, node.get("maxItems", longest))}
            return node | bounds | {"items": _bound(node["items"], choices, room, name, line=True)}
        case "string" if choices.get(name):
            return {"type": "string", "enum": choices[name]}
        case "string" if "enum" not in node:
            longest = WORD if name in _WORDS else room.line if line else room.text
            return node | {"minLength": SHORTEST, "maxLength": longest}
    return node
