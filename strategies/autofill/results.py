"""What a finished job found, and taking it over into a strategy."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop as _

from strategies import brief, texts
from strategies.autofill import checking, taking
from strategies.errors import Refused
from strategies.models import Job, Strategy
from strategies.start import changes

if TYPE_CHECKING:
    from django.contrib.auth.models import User

KIND = "autofill"
OWN = tuple(field.id for field in brief.STRATEGY_FIELDS)


def of(job: Job) -> dict[str, Any] | None:
    """Return ``{values, dropped, url, title}``; None while the job has no result, or is none of this kind."""
    if job.kind != KIND or job.status != Job.Status.SUCCEEDED:
        return None
    step = job.steps.filter(key="check", ok=True).first()
    return step.output if step else None


def of_user(user: "User", id: str) -> dict[str, Any] | None:
    """Return what a user's job of this id found; None where there is none."""
    try:
        job = Job.objects.filter(pk=uuid.UUID(id), owner=user).first()
    except ValueError:
        return None
    return of(job) if job else None


def typed(values: Sequence[taking.Value], chosen: Collection[str]) -> dict[str, list[str]]:
    """Return chosen values as the names and values of the form."""
    taken = taking.merge({}, {}, values, chosen)
    own = {name: [str(value)] for name, value in taken.own.items()}
    return own | brief.to_form(taken.brief)


def sources(found: Mapping[str, Any] | None) -> dict[str, list[taking.Value]]:
    """Return the values by the question that they answer."""
    beside: dict[str, list[taking.Value]] = {}
    for value in found["values"] if found else ():
        beside.setdefault(value["path"], []).append({**value, "shown": checking.show(value, texts.tongue())})
    return beside


def choices(found: Mapping[str, Any], strategy: Strategy | None) -> list[dict[str, Any]]:
    """Return the values as they are offered: with the user's own entry, and whether they are proposed."""
    own, answers = entries(strategy)
    offered = []
    for value in found["values"]:
        mine = taking.entry(value, own, answers)
        free = taking.fits(value, own, answers)
        proposed = free and value["confidence"] != "low"
        shown, label = checking.show(value, texts.tongue()), texts.told_row(value["label"], ": ")
        offered.append(
            {**value, "shown": shown, "label": label, "mine": "" if free else _show(value, mine), "proposed": proposed}
        )
    return offered


def _show(value: taking.Value, mine: Any) -> str:
    if value["own"]:
        return str(mine)
    ((id, part),) = value["part"].items()
    member = isinstance(part, Mapping) and "." in value["path"]
    told = brief.describe({id: {value["path"].partition(".")[2]: mine} if member else mine}, texts.tongue())
    return told[0][1].partition(": ")[2] if member else told[0][1]


def entries(strategy: Strategy | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a strategy's entries beside the brief, and in it."""
    if strategy is None:
        return {}, {}
    return {name: getattr(strategy, name) for name in OWN}, strategy.brief


def take(strategy: Strategy, found: Mapping[str, Any], chosen: Collection[str] | None) -> list[str]:
    """
    Take values over into a strategy; return the ids of those taken.

    Without ``chosen`` whatever has no entry yet. Raises ``Refused`` where it is archived, ``brief.Invalid`` where the
    entries would not go together; then nothing is stored.
    """
    known = {value["id"] for value in found["values"]}
    if strange := sorted(set(chosen or ()) - known):
        reason = (
            f"There is no value {', '.join(strange)[:100]}; there are {', '.join(sorted(known, key=int)) or 'none'}."
        )
        raise brief.Invalid({"values": [reason]})
    ids: list[str] = []

    def ask(held: Strategy) -> dict[str, Any]:
        taken = taking.merge(*entries(held), found["values"], chosen)
        ids.extend(taken.ids)
        return taken.own | {"brief": taken.brief}

    changes.change(strategy, ask)
    return ids


def ready(job: Job) -> dict[str, Any]:
    """Return what the job found; raises ``Refused`` while there is nothing."""
    found = of(job)
    if found is None:
        raise Refused(
            "no_values", _("This job has found no values: it is none of kind autofill, or has not succeeded.")
        )
    return found
