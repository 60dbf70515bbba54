"""Engines write the words of a section. What all of them know, what they return, and the one method they have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

# Told what an engine has written so far: the beginning of its answer, as it comes. Cheap, and never raises.
Show = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Material:
    """All that an engine may know: the brief, what was computed from it, and the sections finished so far."""

    name: str
    industry: str
    brief: Mapping[str, Any]
    timeline_months: int
    max_content_pieces: int
    foundation: Mapping[str, Any]
    earlier: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    instruction: str = ""
    # The section as it stood before, where one is written again.
    previous: Mapping[str, Any] = field(default_factory=dict)
    # The calendar as far as it is settled, where its words are asked for.
    calendar: Mapping[str, Any] = field(default_factory=dict)
    # What values are to be found in, where that is asked for.
    text: str = ""

    @classmethod
    def of_text(cls, text: str) -> "Material":
        """Return what is known where there is no brief yet: a text that values are to be found in."""
        return cls(name="", industry="", brief={}, timeline_months=0, max_content_pieces=0, foundation={}, text=text)


@dataclass(frozen=True, kw_only=True)
class Usage:
    """
    What an engine used for a section, whether it could be used or not.

    ``cost`` is in US dollars, and absent where nobody knows it; ``prompt`` is the version of what was asked.
    """

    engine: str
    model: str = ""
    prompt: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None


@dataclass(frozen=True, kw_only=True)
class Written(Usage):
    """
    One section as an engine wrote it.

    ``draft`` is valid against ``sections.DRAFTS``; ``raw`` is what the engine said, verbatim.
    """

    draft: dict[str, Any]
    raw: str


class Engine(Protocol):
    """Whoever writes sections: "offline", or a provider and its model."""

    @property
    def name(self) -> str:
        """How it is named in settings and records: ``offline`` or ``openai:NAME``."""

    def most_tokens(self, section: str, material: Material) -> int:
        """Return how many tokens writing the section may use at most; more where that can only be guessed."""

    async def write(self, section: str, material: Material, *, show: Show | None = None) -> Written:
        """Return the section's words; ``show`` is told of them while they are written, where an engine takes its time."""
