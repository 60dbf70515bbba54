"""Strategies with saved documents, for tests of their life."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User

from strategies import document, sections, versions
from strategies.life import reviews
from strategies.models import Strategy, Version
from tests.strategies import canonical
from tests.strategies.pages import made, store

EDITED = Version.Origin.EDITED


def saved(owner: User, request: str = "bakery", /, *, failed: Iterable[str] = (), **changes: Any) -> Strategy:
    """A strategy with its first version; ``failed`` sections were not written."""
    strategy = store(owner, request, **changes)
    compiled = made(request)
    if failed:
        given = canonical.material(canonical.request(request))
        ready = {entry["key"]: None if entry["key"] in failed else entry["data"] for entry in compiled["sections"]}
        compiled = document.compile(given, ready, dict.fromkeys(failed, "The model said no."))
    versions.save(strategy, compiled, origin=Version.Origin.GENERATED, engine="offline", author=owner)
    return strategy


def newest(strategy: Strategy) -> Version:
    version = strategy.versions.first()
    assert version is not None
    return version


def data_of(strategy: Strategy, key: str) -> dict[str, Any]:
    """A section of the newest version, to change and give back."""
    data = newest(strategy).sections.get(key=key).data
    assert data is not None
    return copy.deepcopy(data)


def change(strategy: Strategy, key: str, data: Mapping[str, Any]) -> Version:
    """The next version, in which one section says something else."""
    changed = copy.deepcopy(newest(strategy).document)
    for entry in changed["sections"]:
        if entry["key"] == key:
            entry["data"] = data
    return versions.save(strategy, changed, origin=EDITED, engine="offline", author=strategy.owner)


def review_all(strategy: Strategy) -> Strategy:
    for key in sections.KEYS:
        reviews.review(strategy, key, reviewer=strategy.owner)
    return strategy


def json_of(client: Any, verb: str, path: str, body: Any = None) -> Any:
    """What the API answers: status, and the body read."""
    answer = getattr(client, verb)(path, **({} if body is None else {"data": body, "content_type": "application/json"}))
    return answer.status_code, answer.json()
