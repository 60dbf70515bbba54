"""The brief as the names and values of an HTML form."""

from typing import Any

import pytest
from hypothesis import given

from strategies import brief
from tests.strategies.brief import examples


def test_a_form_gives_a_raw_brief() -> None:
    sent = {
        "csrfmiddlewaretoken": ["x"],
        "name": ["Spring"],
        "business_objectives": ["Sell more, and sooner\r\n\r\nWaste less"],
        "audience_pain_points": ["Lack of Time", "Budget Constraints"],
        "audience_pain_points.other": ["No bread, no joy\r\nDark at six"],
        "content_mix.blog_posts": ["60"],
        "content_mix.email": ["40%"],
        "content_mix.videos": [""],
        "content_budget.amount": ["2,5k"],
        "content_budget.currency": ["EUR"],
        "content_frequency": ["Weekly"],
        "ab_testing_capabilities": ["false"],
        "brand_voice.tones": ["Casual"],
        "brand_voice.dos": ["Name prices\r\nSay thanks"],
        "optimal_timing.slots": ["Weekend"],
        "optimal_timing.timezone": ["Europe/Vienna"],
        "team_size": [""],
    }

    raw = brief.from_form(sent)

    assert raw == {
        "business_objectives": ["Sell more, and sooner", "Waste less"],
        "audience_pain_points": ["Lack of Time", "Budget Constraints", "No bread, no joy", "Dark at six"],
        "content_mix": {"blog_posts": "60", "email": "40%"},
        "content_budget": {"amount": "2,5k", "currency": "EUR"},
        "content_frequency": "Weekly",
        "ab_testing_capabilities": "false",
        "brand_voice": {"tones": ["Casual"], "dos": ["Name prices", "Say thanks"]},
        "optimal_timing": {"slots": ["Weekend"], "timezone": "Europe/Vienna"},
    }


def test_rows_keep_their_order_and_empty_ones_are_dropped() -> None:
    sent = {
        "top_competitors.10.name": ["Third"],
        "top_competitors.0.name": ["First"],
        "top_competitors.0.strength": [" "],
        "top_competitors.1.name": [""],
        "top_competitors.1.website": ["  "],
        "top_competitors.2.weakness": ["Slow"],
        "top_competitors.x.name": ["no row"],
        "top_competitors.٣.name": ["no row either"],
        "top_competitors.99999999999.name": ["nor this"],
        "top_competitors": ["nor that"],
    }

    raw = brief.from_form(sent)

    assert raw == {"top_competitors": [{"name": "First"}, {"weakness": "Slow"}, {"name": "Third"}]}


def test_the_short_form_may_send_bare_lists() -> None:
    raw = brief.from_form({"brand_voice": ["Casual"], "optimal_timing": ["Weekend"], "content_budget": ["9k"]})

    assert brief.clean_partial(raw) == {
        "content_budget": {"amount": 9000, "currency": ""},
        "optimal_timing": {"slots": ["Weekend"], "timezone": ""},
        "brand_voice": {"tones": ["Casual"]},
    }


def test_an_empty_form_is_an_empty_brief() -> None:
    assert brief.from_form({}) == {}
    assert brief.to_form({}) == {}


@pytest.mark.parametrize(
    "raw",
    [
        {"content_mix": {"blog_posts": "6o"}, "team_size": "many", "content_budget": {"amount": "a lot"}},
        {"content_preferences": ["Blog Posts", "Billboards"], "audience_pain_points": ["Lack of Time", "Rain"]},
        {"top_competitors": [{"website": "javascript:alert(1)"}, {"name": "Fathom"}]},
        {"optimal_timing": {"timezone": "Nowhere"}, "brand_voice": {"dos": ["Smile"]}},
    ],
)
def test_bad_input_is_shown_again_as_it_was_sent(raw: dict[str, Any]) -> None:
    assert brief.from_form(brief.to_form(raw)) == raw


def test_what_programs_send_is_shown_in_the_form_too() -> None:
    shown = brief.to_form({"content_budget": "2,5k", "market_share": 4, "brand_voice": ["Casual"], "team_size": True})

    assert shown == {
        "content_budget.amount": ["2,5k"],
        "market_share": ["4"],
        "brand_voice.tones": ["Casual"],
        "team_size": ["true"],
    }


@pytest.mark.parametrize("name", ["analytics-saas", "bakery", "pumpen"])
def test_a_stored_brief_goes_through_the_form_and_back(name: str) -> None:
    stored = brief.clean(examples.stored(name)["brief"])

    returned = brief.clean(brief.from_form(brief.to_form(stored)))

    assert returned == own_words_last(stored)


@given(examples.valid())
def test_any_brief_goes_through_the_form_and_back(raw: dict[str, Any]) -> None:
    stored = brief.clean(raw)

    returned = brief.clean(brief.from_form(brief.to_form(stored)))

    assert returned == own_words_last(stored)


@given(examples.near_misses())
def test_the_form_shows_whatever_it_is_given(raw: dict[str, Any]) -> None:
    shown = brief.to_form(raw)

    assert all(isinstance(value, str) for values in shown.values() for value in values)
    assert brief.from_form(shown).keys() <= raw.keys()


def own_words_last(stored: dict[str, Any]) -> dict[str, Any]:
    """Return the brief as the form orders it: boxes first, then the lines below them."""
    return {id: _ordered(brief.field(id), value) for id, value in stored.items()}


def _ordered(field: brief.Field, value: Any) -> Any:
    if field.type == "object":
        return {each.id: _ordered(each, value[each.id]) for each in field.fields if each.id in value}
    if field.free_entry:
        return sorted(value, key=lambda entry: entry not in field.options)
    return value
