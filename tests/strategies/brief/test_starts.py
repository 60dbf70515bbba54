"""The five starting templates."""

from strategies import brief

# What only the user can know: a figure here would pass for measured.
FACTS = {
    "content_budget",
    "team_size",
    "market_share",
    "performance_metrics",
    "engagement_metrics",
    "conversion_rates",
    "competitor_content_strategies",
    "market_gaps",
    "industry_trends",
    "emerging_trends",
    "ab_testing_capabilities",
}


def test_there_are_five_and_each_says_what_it_is_for() -> None:
    labels = [each["label"] for each in brief.templates().values()]

    assert labels == ["Growth", "Brand", "Sales", "Niche", "Repurposing"]
    assert all(each["description"].endswith(".") for each in brief.templates().values())


def test_each_is_canonical() -> None:
    for template in brief.templates().values():
        assert brief.clean_partial(template["brief"]) == template["brief"]


def test_each_fills_decisions_and_leaves_facts_and_required_fields_to_the_user() -> None:
    decisions = {each.id for each in brief.FIELDS} - FACTS - set(brief.REQUIRED)

    for template in brief.templates().values():
        assert template["brief"].keys() <= decisions
        assert len(template["brief"]) >= 9


def test_no_two_are_alike_in_any_thing_that_shapes_the_plan() -> None:
    mixes = [tuple(each["brief"]["content_mix"].values()) for each in brief.templates().values()]

    assert len(set(mixes)) == 5


def test_changing_one_does_not_change_the_next_one_served() -> None:
    brief.templates()["growth"]["brief"]["content_mix"]["blog_posts"] = 0

    assert brief.templates()["growth"]["brief"]["content_mix"]["blog_posts"] == 45
