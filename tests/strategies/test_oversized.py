"""Briefs that are too much: too large, too long, too deep, or with two readings. Attack 26."""

import json
from typing import Any

import pytest

from strategies.models import Strategy
from tests import live
from tests.strategies import canonical

pytestmark = pytest.mark.live


@pytest.fixture
def visitor(site: live.Site) -> live.Visitor:
    return site.visitor()


def posted(visitor: live.Visitor, text: str) -> Any:
    return visitor.http.post("/api/strategies", content=text, headers={"Content-Type": "application/json"})


def strategy(**brief: Any) -> dict[str, Any]:
    return {"name": "N", "industry": "I", "brief": canonical.request("full")["brief"] | brief}


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.attack(26)
def test_a_brief_of_ten_megabytes_is_413_and_nothing_is_stored(visitor: live.Visitor) -> None:
    answer = posted(visitor, json.dumps(strategy(business_objectives=["x" * 10_000_000])))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert not Strategy.objects.filter(owner=visitor.user).exists()


@pytest.mark.attack(26)
@pytest.mark.parametrize("field", ["business_objectives", "preferred_formats", "top_competitors", "market_gaps"])
def test_ten_thousand_items_are_422_that_names_the_field(visitor: live.Visitor, field: str) -> None:
    item = {"name": "x", "gap_description": "x"} if field in ("top_competitors", "market_gaps") else "x"

    answer = posted(visitor, json.dumps(strategy(**{field: [item] * 10_000})))

    assert answer.status_code == 422
    assert any(name.startswith(f"brief.{field}") for name in answer.json()["errors"])
    assert len(answer.content) < 20_000
    assert not Strategy.objects.filter(owner=visitor.user).exists()


@pytest.mark.attack(26)
@pytest.mark.parametrize("levels", [50, 5_000, 400_000])
def test_json_nested_deeply_is_refused_and_the_server_goes_on(visitor: live.Visitor, levels: int) -> None:
    text = json.dumps(strategy(target_metrics="DEEP")).replace('"DEEP"', deep(levels))

    answer = posted(visitor, text)

    assert answer.status_code in (400, 422)
    assert not Strategy.objects.filter(owner=visitor.user).exists()
    assert visitor.http.get("/health/live").status_code == 200


@pytest.mark.attack(26)
@pytest.mark.parametrize("name", ["name", "team_size"])
def test_a_member_that_is_given_twice_is_422_that_names_it(visitor: live.Visitor, name: str) -> None:
    text = json.dumps(strategy(team_size=3))
    pair = f'"{name}": ' + json.dumps("N" if name == "name" else 3)
    assert pair in text

    answer = posted(visitor, text.replace(pair, f"{pair}, {pair}", 1))

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [name]
    assert not Strategy.objects.filter(owner=visitor.user).exists()
