"""Taking values over: into an empty form, or into a strategy that has entries of its own, which stay."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from strategies import brief
from strategies.brief.texts import blank

Value = Mapping[str, Any]
MIX = "content_mix"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A brief with what was taken, what stands beside it, and the ids of what was taken."""

    own: dict[str, Any]
    brief: dict[str, Any]
    ids: list[str]


def merge(
    own: Mapping[str, Any], answers: Mapping[str, Any], values: Sequence[Value], chosen: Collection[str] | None = None
) -> Taken:
    """
    Return entries with values taken over.

    Without ``chosen``, whatever has no entry yet. With it exactly those: lists get them added, and a single entry is
    replaced, since whoever named it saw both.
    """
    beside, whole, ids = dict(own), dict(answers), []
    for value in values:
        if not (fits(value, own, answers) if chosen is None else value["id"] in chosen):
            continue
        ids.append(value["id"])
        ((id, part),) = value["part"].items()
        if value["own"]:
            beside[id] = part
        else:
            # The mix is one answer: its shares make sense together only.
            whole[id] = part if id == MIX else _join(whole.get(id), part)
    return Taken(own=beside, brief=whole, ids=ids)


def fits(value: Value, own: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Tell whether the user has no entry of their own where the value would go."""
    return blank(entry(value, own, answers))


def entry(value: Value, own: Mapping[str, Any], answers: Mapping[str, Any]) -> Any:
    """Return the user's own entry where the value would go."""
    ((id, part),) = value["part"].items()
    given = (own if value["own"] else answers).get(id)
    if isinstance(part, Mapping) and isinstance(given, Mapping) and brief.field(id).type == "object":
        return given if id == MIX else given.get(next(iter(part)))
    return given


def _join(before: Any, part: Any) -> Any:
    if blank(before):
        return part
    if isinstance(before, list) and isinstance(part, list):
        return [*before, *(each for each in part if not _known(each, before))]
    if isinstance(before, Mapping) and isinstance(part, Mapping) and "amount" not in part:
        return {**before, **{id: _join_member(before.get(id), value) for id, value in part.items()}}
    return part


def _join_member(before: Any, value: Any) -> Any:
    return _join(before, value) if isinstance(value, list) else value


def _known(each: Any, before: list[Any]) -> bool:
    if not isinstance(each, Mapping):
        return each in before
    key = next(iter(each))
    return any(str(row.get(key, "")).casefold() == str(each[key]).casefold() for row in before)
