"""The brief as JSON Schema."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from strategies import brief
from tests.strategies.brief import examples

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}
PROSE = {"title", "description", "examples"}
RULES: dict[str, Callable[[Any, Any], bool]] = {
    "anyOf": lambda rule, value: any(fits(option, value) for option in rule),
    "enum": lambda rule, value: value in rule,
    "type": lambda rule, value: isinstance(value, TYPES[rule]) and (rule == "boolean" or not isinstance(value, bool)),
    "maxLength": lambda rule, value: len(value) <= rule,
    "minimum": lambda rule, value: value >= rule,
    "maximum": lambda rule, value: value <= rule,
    "items": lambda rule, value: all(fits(rule, item) for item in value),
    "maxItems": lambda rule, value: len(value) <= rule,
    "properties": lambda rule, value: all(fits(rule[name], value[name]) for name in rule.keys() & value.keys()),
    "required": lambda rule, value: set(rule) <= value.keys(),
    "additionalProperties": lambda rule, value: rule,
}


def fits(schema: dict[str, Any], value: Any) -> bool:
    """Tell whether the value keeps the schema: those rules of JSON Schema that the brief's has, and no others."""
    if "type" in schema and not RULES["type"](schema["type"], value):
        return False
    if schema.get("additionalProperties") is False and not value.keys() <= schema["properties"].keys():
        return False
    rest = schema.keys() - PROSE - {"additionalProperties"}
    return all(RULES[name](schema[name], value) for name in rest)


def test_the_schema_is_json_and_has_every_field_and_member() -> None:
    found = json.loads(json.dumps(brief.schema()))

    assert list(found["properties"]) == [each.id for each in brief.FIELDS]
    assert found["required"] == list(brief.REQUIRED)
    assert list(found["properties"]["buying_journey"]["properties"]) == [
        "awareness",
        "consideration",
        "decision",
        "retention",
    ]


@pytest.mark.parametrize("name", ["analytics-saas", "bakery", "pumpen"])
def test_the_real_briefs_keep_the_schema_as_sent_and_as_stored(name: str) -> None:
    sent = examples.stored(name)["brief"]

    assert fits(brief.schema(), sent)
    assert fits(brief.schema(), brief.clean(sent))


@given(examples.valid())
def test_every_canonical_brief_keeps_the_schema(raw: dict[str, Any]) -> None:
    assert fits(brief.schema(), brief.clean(raw))


@pytest.mark.parametrize(
    "wrong",
    [
        {"content_frequency": "Hourly"},
        {"team_size": 0},
        {"team_size": True},
        {"shoe_size": 1},
        {"top_competitors": [{"strength": "x"}]},
        {"top_competitors": [{"name": "x", "zzz": 1}]},
        {"business_objectives": ["x"] * 51},
        {"content_budget": {"currency": "EUR"}},
        {"brand_voice": {"tones": ["Loud"]}},
    ],
)
def test_what_is_refused_breaks_the_schema_where_a_schema_can_tell(wrong: dict[str, Any]) -> None:
    right = examples.stored("bakery")["brief"]

    assert fits(brief.schema(), right)
    assert not fits(brief.schema(), {**right, **wrong})


def test_units_and_what_is_accepted_are_described() -> None:
    described = brief.schema()["properties"]["team_size"]["description"]

    assert "Unit: people." in described
    assert "a whole number from 1 to 100" in described
