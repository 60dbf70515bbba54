"""The places of a section, in the words of its page."""

import re
from typing import Final

# What pages call the parts of a section.
_NAMES: Final = {
    "mitigation": "Prevent it",
    "contingency": "If it happens",
    "indicator": "The sign to watch",
    "content_strategy": "What they publish",
    "response": "Your answer",
    "fields": "Rests on",
    "swot": "SWOT",
    "current": "Today",
    "target": "Where to",
}


def path_label(path: str) -> str:
    """Return a path for people: "risks[0].mitigation" is "Risk 1 · Prevent it"; a statement is its text."""
    return " · ".join(map(label, path.removesuffix(".text").split(".")))


def label(part: str) -> str:
    """Return one step of a path for people: "risks[0]" is "Risk 1"."""
    name, *places = part.replace("]", "").split("[")
    shown = _NAMES.get(name) or name.replace("_", " ")
    if places:
        shown = re.sub(r"(?<=ss)es$|s$", "", re.sub(r"ies$", "y", shown))
    return " ".join([shown[:1].upper() + shown[1:], *(str(int(place) + 1) for place in places if place.isdecimal())])
