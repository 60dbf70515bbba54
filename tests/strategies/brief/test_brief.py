"""The brief as a whole: its registry, its cleaning, its completeness."""

from typing import Any

import pytest
from hypothesis import given, settings

from strategies import brief
from strategies.brief import Field
from tests.strategies.brief import examples
from tests.strategies.brief.examples import errors, outcome, sentence

REQUIRED = {
    "business_objectives": ["Sell more"],
    "target_metrics": {"primary_metric": "Orders per week"},
    "content_preferences": ["Videos"],
    "audience_pain_points": ["Lack of Time"],
    "top_competitors": [{"name": "Fathom"}],
    "preferred_formats": ["Blog Posts"],
    "content_frequency": "Weekly",
    "brand_voice": ["Casual"],
}


# The registry


def test_there_are_thirty_fields_in_five_groups_and_eight_are_required() -> None:
    sizes = [sum(each.group == group.id for each in brief.FIELDS) for group in brief.GROUPS]

    assert sizes == [8, 6, 5, 7, 4]
    assert len({each.id for each in brief.FIELDS}) == 30
    assert tuple(REQUIRED) == brief.REQUIRED


def test_every_field_is_labelled_and_explained() -> None:
    assert all(each.label and each.help.endswith((".", "?", "”", "”.")) for each in brief.FIELDS)
    assert all(each.label and each.group == parent.group for parent in brief.FIELDS for each in parent.fields)


def test_only_what_has_options_offers_a_choice_and_no_option_holds_a_mark_that_separates() -> None:
    every = [each for parent in brief.FIELDS for each in (parent, *parent.fields)]

    assert all(bool(each.options) == (each.type in ("choice", "choices")) for each in every)
    assert all(bool(each.fields) == (each.type in ("object", "objects")) for each in every)
    assert not [option for each in every for option in each.options if set(option) & set(",;\n")]


def test_a_field_is_found_by_its_id() -> None:
    assert brief.field("team_size").unit == "people"
    assert brief.member(brief.field("target_metrics"), "target_value").type == "number"

    with pytest.raises(KeyError):
        brief.field("shoe_size")
    with pytest.raises(KeyError):
        brief.member(brief.field("target_metrics"), "shoe_size")


# The three real briefs


def test_the_brief_of_a_software_house_is_read_value_by_value() -> None:
    sent = examples.stored("analytics-saas")

    cleaned = brief.clean_strategy(sent)

    assert (cleaned.name, cleaned.industry) == ("Privacy analytics, growth 2027", "Web analytics software")
    assert (cleaned.timeline_months, cleaned.max_content_pieces) == (12, 50)
    assert cleaned.brief == {
        **sent["brief"],
        "content_budget": {"amount": 9000, "currency": ""},
        "optimal_timing": {"slots": ["Tuesday Midday"], "timezone": ""},
        "brand_voice": {"tones": ["Educational", "Friendly"]},
    }


def test_the_brief_of_two_bakeries_is_read_value_by_value() -> None:
    sent = examples.stored("bakery")

    cleaned = brief.clean_strategy(sent)

    assert cleaned.brief == {**sent["brief"], "brand_voice": {"tones": ["Casual", "Humorous"]}}
    assert cleaned.brief["seasonal_trends"] == ["Holiday Season", "Easter", "Summer Slowdown"]


def test_the_brief_of_a_maker_of_pumps_is_read_value_by_value() -> None:
    sent = examples.stored("pumpen")

    cleaned = brief.clean_strategy(sent)

    assert cleaned.name == 'Dosierpumpen für Wasserwerke – Übersee & "Zuhause"'
    assert cleaned.timeline_months == 24
    assert cleaned.brief == {
        **sent["brief"],
        "target_metrics": {**sent["brief"]["target_metrics"], "target_value": 10},
        "content_budget": {"amount": 2500, "currency": ""},
        "market_share": 4,
        "brand_voice": {"tones": ["Authoritative"]},
    }
    assert type(cleaned.brief["market_share"]) is int
    assert cleaned.brief["editorial_guidelines"]["prohibited_content"].endswith("<b>im Titel</b>")


# Whole briefs


def test_every_required_field_that_is_missing_is_named() -> None:
    with pytest.raises(brief.Invalid) as caught:
        brief.clean({})

    assert list(caught.value.errors) == list(REQUIRED)
    assert caught.value.errors["content_frequency"] == [
        "This is missing; accepted is one of: Daily; 2-3 times per week; Weekly; Bi-weekly; Monthly; Quarterly."
    ]


@pytest.mark.parametrize("nothing", [None, "", " \n", [], {}])
@pytest.mark.parametrize("each", brief.FIELDS, ids=lambda each: each.id)
def test_what_says_nothing_is_not_given(each: Field, nothing: object) -> None:
    assert brief.clean_partial({each.id: nothing}) == {}


@pytest.mark.parametrize("rows", [[None], [{}], ["", {"name": " ", "website": None}]])
def test_rows_that_say_nothing_are_not_given(rows: list[object]) -> None:
    assert brief.clean_partial({"top_competitors": rows}) == {}

    with pytest.raises(brief.Invalid) as caught:
        brief.clean({**REQUIRED, "top_competitors": rows})
    assert list(caught.value.errors) == ["top_competitors"]


def test_an_object_with_all_its_members_blank_is_missing_as_a_whole() -> None:
    with pytest.raises(brief.Invalid) as caught:
        brief.clean({**REQUIRED, "target_metrics": {"primary_metric": " ", "secondary_metrics": []}})

    assert list(caught.value.errors) == ["target_metrics"]


def test_an_object_or_row_that_is_begun_must_have_what_it_needs() -> None:
    raw = {
        **REQUIRED,
        "target_metrics": {"target_value": 5},
        "top_competitors": [{"name": "Fathom"}, {}, {"strength": "Cheap"}],
        "brand_voice": {"dos": ["Smile"]},
        "market_gaps": [{"priority": "High"}],
    }

    with pytest.raises(brief.Invalid) as caught:
        brief.clean(raw)

    assert list(caught.value.errors) == [
        "target_metrics.primary_metric",
        "top_competitors.2.name",
        "market_gaps.0.gap_description",
        "brand_voice.tones",
    ]


def test_a_draft_may_lack_all_that() -> None:
    raw = {"target_metrics": {"target_value": "5"}, "top_competitors": [{"strength": "Cheap"}]}

    assert brief.clean_partial({}) == {}
    assert brief.clean_partial(raw) == {
        "target_metrics": {"target_value": 5},
        "top_competitors": [{"strength": "Cheap"}],
    }


def test_all_faults_are_told_at_once() -> None:
    found = errors(
        {
            "content_mix": {"blog_posts": "6o", "email": "10k"},
            "top_competitors": [{"name": "A"}, "B", {"name": "C", "website": "javascript:alert(1)"}],
            "content_frequency": "Hourly",
            "team_size": 0,
            "shoe_size": 43,
        }
    )

    assert list(found) == [
        "shoe_size",
        "team_size",
        "top_competitors.1",
        "top_competitors.2.website",
        "content_mix.blog_posts",
        "content_mix.email",
        "content_frequency",
    ]


def test_the_message_of_the_error_tells_them_too() -> None:
    with pytest.raises(brief.Invalid, match=r"team_size: The number is out of range; accepted is .* from 1 to 100\."):
        brief.clean_partial({"team_size": 0})


@pytest.mark.parametrize("raw", [None, [], "brief", 5, True, [{}]])
def test_a_brief_that_is_no_object_is_refused(raw: object) -> None:
    assert "accepted is an object with business_objectives, target_metrics" in sentence(raw, "brief")


# Strategies


def test_a_strategy_has_a_name_an_industry_and_a_brief() -> None:
    cleaned = brief.clean_strategy({"name": " Spring ", "industry": "Bread", "brief": REQUIRED})

    assert cleaned == brief.Cleaned(
        name="Spring",
        industry="Bread",
        brief={**REQUIRED, "brand_voice": {"tones": ["Casual"]}},
        timeline_months=12,
        max_content_pieces=50,
    )


@pytest.mark.parametrize(
    ("timeline", "months"),
    [("3 months", 3), ("6 months", 6), ("1 year", 12), ("2 years", 24), ("Ongoing", 12), (None, 12)],
)
def test_the_months_to_plan_follow_the_timeline(timeline: str | None, months: int) -> None:
    raw = {"name": "a", "industry": "b", "brief": {**REQUIRED, "implementation_timeline": timeline}}

    assert brief.clean_strategy(raw).timeline_months == months
    assert brief.clean_strategy({**raw, "timeline_months": "18"}).timeline_months == 18


def test_the_faults_of_a_strategy_and_its_brief_are_told_together() -> None:
    raw = {
        "name": "n" * 201,
        "industry": "  ",
        "brief": {**REQUIRED, "team_size": "x", "top_competitors": [{}, {"website": "?"}]},
        "timeline_months": 37,
        "max_content_pieces": 0,
        "nmae": "x",
    }

    with pytest.raises(brief.Invalid) as caught:
        brief.clean_strategy(raw)

    assert list(caught.value.errors) == [
        "nmae",
        "name",
        "industry",
        "timeline_months",
        "max_content_pieces",
        "brief.team_size",
        "brief.top_competitors.1.name",
        "brief.top_competitors.1.website",
    ]
    assert "Did you mean name?" in caught.value.errors["nmae"][0]


@pytest.mark.parametrize("none", [{}, {"brief": None}, {"brief": {}}, {"brief": ""}])
def test_a_strategy_without_a_brief_is_told_what_is_required(none: dict[str, Any]) -> None:
    with pytest.raises(brief.Invalid) as caught:
        brief.clean_strategy({"name": "a", "industry": "b", **none})

    assert list(caught.value.errors) == [f"brief.{id}" for id in REQUIRED]


def test_a_strategy_or_brief_that_is_no_object_is_refused() -> None:
    with pytest.raises(brief.Invalid) as first:
        brief.clean_strategy([])  # type: ignore[arg-type]
    with pytest.raises(brief.Invalid) as second:
        brief.clean_strategy({"name": "a", "industry": "b", "brief": ["x"]})

    assert list(first.value.errors) == ["strategy"]
    assert list(second.value.errors) == ["brief"]


# Completeness


def test_completeness_is_counted_twice() -> None:
    nothing, some = brief.completeness({}), brief.completeness(brief.clean({**REQUIRED, "team_size": 3}))

    assert (nothing.required_given, nothing.required_total, nothing.given, nothing.total) == (0, 8, 0, 30)
    assert nothing.missing_required == tuple(REQUIRED)
    assert (some.required_given, some.given) == (8, 9)
    assert some.missing_required == ()
    assert len(some.missing) == 21
    assert "team_size" not in some.missing


def test_a_field_without_what_it_needs_is_not_complete() -> None:
    draft = brief.clean_partial(
        {
            "target_metrics": {"target_value": 5},
            "top_competitors": [{"name": "A"}, {"strength": "Cheap"}],
            "brand_voice": {"dos": ["Smile"]},
            "ab_testing_capabilities": False,
        }
    )

    found = brief.completeness(draft)

    assert (found.required_given, found.given) == (0, 1)
    assert {"target_metrics", "top_competitors", "brand_voice"} < set(found.missing_required)


@given(examples.valid())
def test_a_brief_that_is_accepted_has_all_that_is_required(raw: dict[str, Any]) -> None:
    assert brief.completeness(brief.clean(raw)).missing_required == ()


# Any input


@given(examples.valid())
def test_cleaning_what_is_clean_changes_nothing(raw: dict[str, Any]) -> None:
    cleaned = brief.clean(raw)

    assert brief.clean(cleaned) == cleaned
    assert cleaned.keys() == raw.keys()


@settings(max_examples=300)
@given(examples.near_misses() | examples.JSON)
def test_any_json_is_either_read_or_refused(raw: object) -> None:
    found = outcome(raw)

    if isinstance(found, brief.Invalid):
        assert found.errors
        assert str(found).encode()
    else:
        assert brief.clean_partial(found) == found
