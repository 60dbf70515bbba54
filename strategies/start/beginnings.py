"""What a form may be begun from: a template's decisions, a worked example, an earlier brief of one's own."""

import uuid
from typing import TYPE_CHECKING, Final

from strategies import basis, brief
from strategies.brief.examples import examples
from strategies.models import Strategy
from strategies.start import entries

if TYPE_CHECKING:
    from django.contrib.auth.models import User

EXAMPLE: Final = "example:"
EARLIER: Final = "strategy:"
# As many as a list to choose from may have.
MOST: Final = 50


def typed(id: str, user: "User") -> entries.Typed:
    """Return a beginning as the form's names and values; nothing for one that is none, or is somebody else's."""
    if id.startswith(EXAMPLE):
        found = examples().get(id.removeprefix(EXAMPLE))
        return _own(found) | brief.to_form(found["brief"]) if found else {}
    if id.startswith(EARLIER):
        strategy = _earlier(id.removeprefix(EARLIER), user)
        # Its name stays behind: the new one wants its own.
        return _own(basis.asked(strategy) | {"name": ""}) | brief.to_form(strategy.brief) if strategy else {}
    template = brief.templates().get(id)
    return brief.to_form(template["brief"]) if template else {}


def earlier(user: "User") -> list[tuple[str, str]]:
    """Return the user's strategies, the newest first, as ids of beginnings with names."""
    found = Strategy.objects.filter(owner=user).exclude(status=Strategy.Status.ARCHIVED).order_by("-created")
    return [(f"{EARLIER}{pk}", name) for pk, name in found.values_list("pk", "name")[:MOST]]


def is_example(id: str) -> bool:
    """Whether the figures of this beginning are invented."""
    return id.startswith(EXAMPLE) and id.removeprefix(EXAMPLE) in examples()


def _own(asked: dict[str, object]) -> dict[str, list[str]]:
    return {field.id: [str(asked[field.id])] for field in brief.STRATEGY_FIELDS if asked.get(field.id)}


def _earlier(id: str, user: "User") -> Strategy | None:
    try:
        return Strategy.objects.filter(pk=uuid.UUID(id), owner=user).first()
    except ValueError:
        return None
