"""
Kinds of jobs. A kind is a list of steps in one file of this folder; nothing else has to change for a new one.

Every module here that sets ``KIND`` is found when the app loads.
"""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop as _

from strategies.engines import Usage
from strategies.errors import UnknownKind

if TYPE_CHECKING:
    from strategies.models import Job, Strategy
    from strategies.run import Run


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a step made: ``output`` is stored as JSON and given to later steps, ``summary`` is its result in one line."""

    output: Any
    summary: str
    # The count its lesson's achievement names.
    count: int = 0
    # What an engine used for it, where one did.
    usage: Usage | None = None


@dataclass(frozen=True, kw_only=True)
class StepSpec:
    """One step of a kind."""

    key: str
    title: str
    # Does the work. Raises ``StepFailed`` or ``JobFailed``; anything else counts as ``StepFailed``, code ``internal``.
    work: Callable[["Run"], Awaitable[Outcome]]
    # Its share of the whole while no run has been measured.
    weight: float = 1.0
    # Whether the job can go on, and end as partial, without it.
    optional: bool = False
    # Whether a retry does it anew although it had succeeded, because it joins what others made.
    joins: bool = False


@dataclass(frozen=True, kw_only=True)
class Words:
    """What pages say of a kind's jobs; each stands for itself, so that a kind may leave it as it is."""

    # While it is at work, as in "…: 35 %. Watch it".
    doing: str = _("A job is at work")
    # A heading; where parts failed it goes on: "…, but for 2 parts".
    ready: str = _("It is ready")
    # What remains where nothing was made.
    untouched: str = _("Nothing was changed.")
    # On links and buttons.
    read: str = _("See the result")
    cancel: str = _("Cancel this job:")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of job: its name in the API, its title for people, its steps in order."""

    key: str
    title: str
    steps: tuple[StepSpec, ...]
    # Called in the transaction that ends the job with a result: stores it, and returns the address to tell of it.
    finish: Callable[["Job", Mapping[str, Any]], str]
    # Returns what the job works from, frozen when it is asked for.
    freeze: Callable[["Job"], dict[str, Any]] = field(default=lambda job: {})
    # Returns the parameters it was asked with, checked; raises ``brief.Invalid`` naming each bad one, or ``Refused``
    # where the strategy is not in a state for it. None takes any unless its kind says so.
    check: Callable[["Strategy | None", Mapping[str, Any]], dict[str, Any]] = field(default=lambda *_: {})
    # The names of the parameters it takes.
    params: tuple[str, ...] = ()
    # Whether it works on a strategy. One that does not is asked for at /api/jobs; with None it may be either.
    of_strategy: bool | None = True
    # The page its result is read on; asked once it has one. None: its strategy's, and the job's own page shows plainly
    # what the steps made.
    result_url: Callable[["Job"], str | None] | None = None
    words: Words = Words()

    def number(self, key: str) -> int:
        """Return the 1-based number of a step."""
        return next(number for number, step in enumerate(self.steps, 1) if step.key == key)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known."""
    _kinds[kind.key] = kind
    return kind


def get(key: str) -> Kind:
    """Return a kind; raises ``UnknownKind`` that lists those there are."""
    try:
        return _kinds[key]
    except KeyError:
        listed = ", ".join(sorted(_kinds))
        said = _("There is no kind of job {key}; the kinds are: {kinds}.").format(key=f"{key!r:.60}", kinds=listed)
        raise UnknownKind("unknown_kind", said) from None


def keys() -> list[str]:
    """Return the names of all kinds."""
    return sorted(_kinds)


def listed() -> list[Kind]:
    """Return all kinds, by their names."""
    return [_kinds[key] for key in keys()]


def schema() -> dict[str, Any]:
    """Return the JSON schema of what a job is asked for with: the kinds there are, and which takes which parameter."""
    takers: dict[str, list[str]] = {}
    for kind in listed():
        for name in kind.params:
            takers.setdefault(name, []).append(kind.key)
    params = {name: {"description": f"For {' and '.join(kinds)}."} for name, kinds in takers.items()}
    return {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string", "enum": keys()}, **params},
        "additionalProperties": False,
    }


def discover() -> None:
    """Import every module of this folder and register its ``KIND``."""
    for module in pkgutil.iter_modules(__path__):
        kind = getattr(importlib.import_module(f"{__name__}.{module.name}"), "KIND", None)
        if isinstance(kind, Kind):
            register(kind)
