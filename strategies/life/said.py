"""Values of a document as people read them: numbers, lists, rows and figures, never as they are stored."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from strategies import brief
from strategies.arithmetic import figures
from strategies.life import labels

# Deeper than any document of ours; beyond it a value is said as it is stored.
MOST_LEVELS: Final = 40
# What holds a word of ours, not a text of the writer's.
CHOSEN: Final = frozenset(
    {
        *("bound", "category", "channel", "confidence", "format", "frequency", "funnel_stage", "kind", "overall_level"),
        *("owner", "period", "priority", "slot", "stage", "stages", "unit", "implementation_time"),
    }
)
# What holds a day, as ISO writes it.
DAYS: Final = frozenset({"date", "start", "end"})

_LABELS: Final = {field.id: field.label for field in brief.FIELDS}


@dataclass(frozen=True)
class Teller:
    """Says values: ``say`` puts words of ours into a language, ``mark`` a number and ``day`` a day into its writing."""

    say: Callable[[str], str] = str
    mark: Callable[[str], str] = str
    day: Callable[[str], str] = str

    def value(self, value: Any, name: str = "", *, level: int = 0) -> str | None:
        """Return a value that stands under ``name``; None for nothing."""
        if value is None or value == []:
            return None
        match value:
            case str():
                return self.day(value) if name in DAYS else self.say(value) if name in CHOSEN else value
            case bool():
                return self.say("yes" if value else "no")
            case int() | float():
                return self.number(value)
        if level >= MOST_LEVELS:
            return stored(value)
        if name == "fields" and isinstance(value, list):
            return ", ".join(self.say(_LABELS.get(str(field), str(field))) for field in value)
        return self._many(value, name, level=level + 1)

    def row(self, value: Any, name: str = "") -> str | None:
        """Return a row of ``name`` that came or went as a whole, with a line for each of its parts."""
        if not isinstance(value, Mapping) or is_figure(value):
            return self.value(value, name)
        return "\n".join(self._parts(value, level=1)) or None

    def figure(self, value: Any) -> str | None:
        """Return a figure in one line: its number, unit, range and basis."""
        if not is_figure(value):
            return self.value(value)
        basis = self.say(str(value["basis"]))
        if value["value"] is None:
            return basis
        span = ""
        if value.get("low") is not None and value.get("high") is not None:
            span = f" ({self.number(value['low'])} {self.say('to')} {self.number(value['high'])})"
        return f"{self.number(value['value'])} {self.say(value['unit'])}".rstrip() + f"{span}, {basis}"

    def number(self, value: Any) -> str:
        """Return a number as prose writes it."""
        return self.mark(figures.number(value))

    def _many(self, value: Any, name: str, *, level: int) -> str | None:
        if is_figure(value):
            return self.figure(value)
        if isinstance(value, Mapping):
            return "; ".join(self._parts(value, level=level)) or None
        if isinstance(value, list):
            said = [self.value(entry, name, level=level) for entry in value]
            # Rows of several parts need more than a comma between them.
            mark = " / " if any(isinstance(entry, Mapping | list) for entry in value) else ", "
            return mark.join(text for text in said if text) or None
        return stored(value)

    def _parts(self, row: Mapping[str, Any], *, level: int) -> list[str]:
        said = ((str(name), self.value(part, str(name), level=level)) for name, part in row.items() if name != "id")
        return [
            text if name == "text" else f"{labels.label(name, say=self.say)}: {text}" for name, text in said if text
        ]


def stored(value: Any) -> str | None:
    """Return a value as it is stored."""
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def is_figure(value: Any) -> bool:
    """Whether a value is a number with its unit and its basis."""
    return isinstance(value, Mapping) and {"value", "unit", "basis"} <= value.keys()
