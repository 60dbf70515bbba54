"""What a request for a stream was answered with."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Told:
    """One event as it came: its name, its JSON object, and the cursor to come back with (empty: control events)."""

    event: str
    data: dict[str, Any]
    id: str = ""


@dataclass
class Answer:
    """What a request for a stream was answered with: the HTTP status, and what was told until it was left or ended."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    body: bytes = b""

    @property
    def events(self) -> list[dict[str, Any]]:
        """The numbered events alone."""
        return [told.data for told in self.told if "seq" in told.data]

    @property
    def cursor(self) -> str:
        """What to come back with."""
        return next((told.id for told in reversed(self.told) if told.id), "")


def read(body: bytes) -> Iterator[Told]:
    """Yield the events in what our own encoder wrote."""
    for frame in body.decode().split("\n\n")[:-1]:
        fields = [line.partition(": ") for line in frame.split("\n")]
        named = {name: value for name, _, value in fields}
        data = "\n".join(value for name, _, value in fields if name == "data")
        yield Told(named.get("event", "message"), json.loads(data), named.get("id", ""))
