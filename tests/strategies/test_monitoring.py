"""The monitoring plan: what is watched, and that nothing in it is made up."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given, settings

from strategies import arithmetic, brief, document, grounding, monitoring
from strategies.arithmetic.figures import Figure
from strategies.life import edits
from tests.strategies import canonical
from tests.strategies.arbitrary import requests
from tests.strategies.life import papers
from tests.strategies.pages import made, page


def planned(name: str, **answers: Any) -> dict[str, Any]:
    asked = canonical.request(name)
    asked["brief"] |= answers
    return canonical.made(asked)["monitoring"]  # type: ignore[no-any-return]


def task(plan: dict[str, Any], metric: str) -> dict[str, Any]:
    return next(task for task in plan["tasks"] if task["metric"] == metric)


def numbers(plan: dict[str, Any], metric: str) -> list[tuple[Any, Any]]:
    return [(threshold["month"], threshold["value"]) for threshold in task(plan, metric)["thresholds"]]


@given(requests())
@settings(max_examples=60)
def test_every_threshold_has_a_unit_and_a_basis_and_every_task_somebody_who_looks(asked: dict[str, Any]) -> None:
    cleaned = brief.clean_strategy(asked)
    found = arithmetic.found(
        cleaned.brief, timeline_months=cleaned.timeline_months, max_content_pieces=cleaned.max_content_pieces
    )

    plan = monitoring.plan(found, cleaned.brief, {})

    assert plan["tasks"]
    for each in plan["tasks"]:
        assert each["metric"]
        assert each["frequency"]
        assert each["owner"]
        assert each["bound"] in ("at least", "at most")
        watched = [threshold for threshold in each["thresholds"] if threshold["value"] is not None]
        # Either all of its thresholds are numbers, or it says what to add.
        assert (watched == each["thresholds"]) != each["note"].startswith("Not watched until you add ")
        for threshold in each["thresholds"]:
            figure = Figure.model_validate({name: part for name, part in threshold.items() if name != "month"})
            assert figure.unit
            assert figure.basis
            assert threshold["month"] is None or 1 <= threshold["month"] <= cleaned.timeline_months


def test_a_threshold_is_the_low_end_of_the_forecast(owner: User) -> None:
    compiled = made("analytics-saas")
    row = compiled["foundation"]["metrics"][0]

    watched = numbers(compiled["monitoring"], row["name"])

    assert watched == [(month, row[f"month_{month}"]["low"]) for month in (3, 6, 12)]
    assert (
        "low end of the forecast for that month" in task(compiled["monitoring"], row["name"])["thresholds"][0]["basis"]
    )


def test_a_rate_that_should_fall_is_watched_from_above() -> None:
    plan = planned(
        "full",
        target_metrics={"primary_metric": "Bounce rate", "target_value": 40},
        performance_metrics={"traffic": 100, "bounce_rate": 60},
    )

    watched = task(plan, "Bounce rate")

    assert watched["bound"] == "at most"
    values = [value for _, value in numbers(plan, "Bounce rate")]
    assert values == sorted(values, reverse=True)
    assert all(40 < value < 60 for value in values)


def test_without_a_baseline_the_stated_target_is_watched_at_the_end(owner: User) -> None:
    plan = planned("bakery")

    assert numbers(plan, "Online pre-orders per week") == [(12, 120)]
    assert task(plan, "Online pre-orders per week")["thresholds"][0]["basis"] == "your figure"
    assert task(plan, "Online pre-orders per week")["frequency"] == "Weekly"


def test_what_has_no_baseline_is_not_watched_and_says_what_to_add() -> None:
    plan = planned("bakery")

    assert task(plan, "Website traffic")["note"] == "Not watched until you add your monthly traffic."
    assert task(plan, "Hours spent on pieces")["note"] == "Not watched until you add your team size."
    assert numbers(plan, "Website traffic") == [(None, None)]


def test_a_metric_that_stands_without_a_target_must_not_fall() -> None:
    plan = planned("full", target_metrics={"primary_metric": "Refill orders per week"})

    assert numbers(plan, "Website traffic") == [(None, 31_000)]
    assert "below it something was lost" in task(plan, "Website traffic")["thresholds"][0]["basis"]


def test_the_pieces_of_each_phase_are_watched_at_its_end() -> None:
    compiled = made("full")

    watched = numbers(compiled["monitoring"], "Pieces published so far")

    phases = compiled["foundation"]["phases"]
    assert watched == [(phase["end_month"], phase["pieces_so_far"]) for phase in phases]
    assert watched[-1][1] == compiled["foundation"]["cadence"]["planned"]["value"]


@pytest.mark.parametrize(
    ("answer", "value", "metric", "number"),
    [
        ("content_budget", {"amount": 777, "currency": "EUR"}, "Spent on content", 777),
        ("team_size", 7, "Hours spent on pieces", 420),
        ("quality_metrics", {"readability_score": 41}, "Readability of a piece", 41),
        ("quality_metrics", {"seo_score": 83}, "SEO score of a piece", 83),
    ],
)
def test_another_answer_moves_its_threshold(answer: str, value: Any, metric: str, number: int) -> None:
    assert numbers(planned("full", **{answer: value}), metric) == [(None, number)]


@pytest.mark.parametrize(
    ("team_size", "owners"),
    [(None, {"Whoever runs the plan"}), (1, {"You"}), (2, {"Lead", "Editor"}), (9, {"Lead", "Editor", "Analyst"})],
)
def test_the_work_is_shared_out_over_the_team(team_size: int | None, owners: set[str]) -> None:
    plan = planned("full", team_size=team_size)

    assert {each["owner"] for each in plan["tasks"]} == owners
    assert ("add your team size" in plan["owners"]) == (team_size is None)


def test_each_risk_has_its_sign_and_what_is_done_when_it_shows() -> None:
    compiled = made("full")
    risks = compiled["sections"][4]["data"]["risks"]

    signs = compiled["monitoring"]["signs"]

    assert [(sign["sign"], sign["answer"]) for sign in signs] == [
        (risk["indicator"], risk["contingency"]) for risk in risks
    ]


def test_a_failed_risk_section_leaves_the_signs_out_and_keeps_the_figures() -> None:
    given_ = canonical.material(canonical.request("full"))
    written = canonical.write(given_) | {"risk_assessment": None}

    plan = document.compile(given_, written, {"risk_assessment": "No."})["monitoring"]

    assert plan["signs"] == []
    assert plan["tasks"] == made("full")["monitoring"]["tasks"]


def test_an_edited_risk_is_watched_by_its_new_sign(owner: User) -> None:
    strategy = papers.saved(owner)

    version = edits.edit(
        strategy, "risk_assessment", author=owner, number=1, texts={"risks[0].indicator": "A queue at seven."}
    )

    assert version.document["monitoring"]["signs"][0]["sign"] == "A queue at seven."


def test_the_plan_stands_on_the_strategys_page(mine: Client, owner: User) -> None:
    strategy = papers.saved(owner)

    shown = page(mine, strategy.get_absolute_url()).one("section", id="monitoring")

    assert "at least 120 a week in month 12" in shown.text
    assert "Not watched until you add your monthly traffic." in shown.text


def test_a_plan_names_no_number_that_is_not_the_users_or_computed() -> None:
    for name in [*canonical.REAL, "shortest", "full"]:
        compiled = made(name)
        cleaned = brief.clean_strategy(canonical.request(name))
        founded = grounding.collect(
            cleaned.brief, compiled["foundation"], {"months": list(range(37))}, compiled["monitoring"]
        )

        assert grounding.find_invented(compiled["monitoring"]["tasks"], founded) == []
