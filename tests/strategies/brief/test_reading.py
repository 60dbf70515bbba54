"""Reading raw input: objects with rules of their own, unknown names, and the limits that hold against hostile ones."""

import itertools
import time
from typing import Any

import pytest

from strategies import brief
from strategies.brief import Field
from strategies.brief.words import quote
from tests.strategies.brief.examples import errors, outcome, sentence


@pytest.mark.parametrize(
    "mix",
    [
        {"blog_posts": 100},
        {"blog_posts": "33.33", "videos": "33,33%", "email": 33.33},
        {"blog_posts": 50, "videos": 50.01},
        {"blog_posts": 100, "videos": 0, "email": ""},
    ],
)
def test_shares_that_make_a_whole_are_a_mix(mix: dict[str, Any]) -> None:
    assert brief.clean_partial({"content_mix": mix})["content_mix"]["blog_posts"] > 0


@pytest.mark.parametrize(
    ("mix", "total"),
    [
        ({"blog_posts": 50}, "50"),
        ({"email": 0}, "0"),
        ({"email": 60, "videos": 40.5}, "100.5"),
        ({"email": 99.98}, "99.98"),
    ],
)
def test_shares_that_do_not_are_refused_with_their_sum(mix: dict[str, Any], total: str) -> None:
    assert f"add up to {total};" in sentence({"content_mix": mix}, "content_mix")


def test_a_mix_with_a_share_that_cannot_be_read_is_not_summed_up() -> None:
    sentence({"content_mix": {"blog_posts": "6o", "email": 40}}, "content_mix.blog_posts")


def test_a_mix_in_which_nothing_is_given_is_not_given() -> None:
    assert brief.clean_partial({"content_mix": {"blog_posts": "", "videos": None}}) == {}


@pytest.mark.parametrize(
    ("raw", "timing"),
    [
        (["weekend"], {"slots": ["Weekend"], "timezone": ""}),
        ("Weekend, Monday Morning", {"slots": ["Weekend", "Monday Morning"], "timezone": ""}),
        ({"slots": ["Weekend"]}, {"slots": ["Weekend"], "timezone": ""}),
        ({"timezone": "Asia/Tokyo"}, {"slots": [], "timezone": "Asia/Tokyo"}),
        ({"slots": "Weekend", "timezone": "asia/tokyo"}, {"slots": ["Weekend"], "timezone": "Asia/Tokyo"}),
    ],
)
def test_timing_is_always_slots_and_a_time_zone(raw: object, timing: dict[str, Any]) -> None:
    assert brief.clean_partial({"optimal_timing": raw}) == {"optimal_timing": timing}


@pytest.mark.parametrize("raw", [[], "", {"slots": [], "timezone": ""}, [""], {"slots": [None]}])
def test_timing_that_says_nothing_is_not_given(raw: object) -> None:
    assert brief.clean_partial({"optimal_timing": raw}) == {}


@pytest.mark.parametrize("raw", ["casual", ["Casual"], {"tones": "Casual"}, {"tones": ["Casual"], "dos": ""}])
def test_a_voice_may_be_just_its_tones(raw: object) -> None:
    assert brief.clean_partial({"brand_voice": raw}) == {"brand_voice": {"tones": ["Casual"]}}


def test_the_fault_of_a_bare_list_is_the_field_s_own() -> None:
    assert "“Loud”" in sentence({"brand_voice": ["Loud"]}, "brand_voice")
    assert "“Loud”" in sentence({"brand_voice": {"tones": ["Loud"]}}, "brand_voice.tones")


# Unknown names


@pytest.mark.parametrize(
    ("unknown", "suggested"),
    [("bussiness_objectives", "business_objectives"), ("Team_Size", "team_size"), ("brandvoice", "brand_voice")],
)
def test_an_unknown_field_is_named_and_a_close_one_suggested(unknown: str, suggested: str) -> None:
    found = sentence({unknown: "x"}, unknown)

    assert f"“{unknown}” is not known here. Did you mean {suggested}" in found


def test_an_unknown_member_is_named_with_those_there_are() -> None:
    found = sentence({"target_metrics": {"primary_metric": "x", "zzz": None}}, "target_metrics.zzz")

    assert found == "“zzz” is not known here. Accepted are primary_metric, target_value, secondary_metrics."


def test_a_hundred_thousand_unknown_fields_cost_no_more_than_twenty() -> None:
    raw = {f"business_objective_{number:06}": number for number in range(100_000)}

    began = time.process_time()
    found = errors(raw)

    assert len(found) == 21
    assert found["brief"] == ["99,980 more fields are unknown."]
    assert time.process_time() - began < 2


# Limits


def test_rows_are_limited_and_those_past_the_limit_not_even_read() -> None:
    rows = [{"name": f"Rival {number}"} for number in range(30)]

    assert len(brief.clean_partial({"top_competitors": rows})["top_competitors"]) == 30
    assert "31 entries are too many" in sentence({"top_competitors": [*rows, {"zzz": 1}]}, "top_competitors")


@pytest.mark.parametrize("each", brief.FIELDS, ids=lambda each: each.id)
def test_ten_thousand_entries_are_refused_by_a_sentence_that_names_the_field(each: Field) -> None:
    found = errors({each.id: ["x"] * 10_000})

    assert list(found) == [each.id]


@pytest.mark.parametrize("each", brief.FIELDS, ids=lambda each: each.id)
@pytest.mark.parametrize("wrong", [[[["x"]]], {"a": {"b": {}}}, 1e300, [7]], ids=str)
def test_a_value_of_the_wrong_type_names_the_field_and_what_it_takes(each: Field, wrong: object) -> None:
    found = errors({each.id: wrong})

    assert all(path.split(".")[0] == each.id for path in found)
    assert "ccepted" in str(found)


def test_json_as_deep_as_it_comes_is_refused_like_any_other() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = {"target_metrics": [deep]}

    found = errors({"business_objectives": deep, **deep})

    assert list(found) == ["business_objectives", "target_metrics"]


@pytest.mark.parametrize("each", brief.FIELDS, ids=lambda each: each.id)
def test_no_error_quotes_more_than_sixty_characters(each: Field) -> None:
    long = "Z" * 300
    raws = [{each.id: long}, {each.id: [long] * 60}, {each.id: {long: 1}}, {each.id: [{long: 1}]}, {long: 1}]
    inner = [{each.id: {member.id: long}} for member in each.fields]

    refused = [found for raw in (*raws, *inner) if isinstance(found := outcome(raw), brief.Invalid)]
    assert refused
    assert not [found for found in refused if "Z" * 61 in str(found)]


def test_an_error_is_harmless_wherever_it_is_shown() -> None:
    found = errors({"\ud800\x1b[2J\u202e\n": 1, "content_frequency": "\u202eylkeeW\u202c"})

    assert str(found).encode()
    assert all(character.isprintable() for text in (*found, *itertools.chain(*found.values())) for character in text)


def test_a_quotation_is_cut_at_sixty_characters() -> None:
    assert quote("Z" * 60) == f"“{'Z' * 60}”"
    assert quote("Z" * 61) == f"“{'Z' * 59}…”"
