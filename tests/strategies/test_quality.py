"""The score: computed from the document, with reasons that are true and advice that would raise it."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings

from strategies import document, quality, sections

from . import arbitrary, canonical


def made(name: str = "full") -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a document and the brief it was made from."""
    return canonical.made(canonical.request(name)), dict(canonical.material(canonical.request(name)).brief)


def data_of(made_: dict[str, Any], key: str) -> dict[str, Any]:
    """Return a section's data."""
    data: dict[str, Any] = next(entry["data"] for entry in made_["sections"] if entry["key"] == key)
    return data


def test_the_total_is_the_parts_by_their_weights() -> None:
    score, _ = made()
    parts = score["score"]["parts"]

    assert {name: part["weight"] for name, part in parts.items()} == {
        "completeness": 0.25, "relevance": 0.30, "actionability": 0.25, "confidence": 0.20,
    }  # fmt: skip
    assert sum(part["weight"] for part in parts.values()) == 1
    assert score["score"]["total"] == round(sum(part["weight"] * part["value"] for part in parts.values()))


def test_the_reasons_state_what_was_counted() -> None:
    score = made("bakery")[0]["score"]["parts"]

    assert score["completeness"]["reasons"] == [
        "Sections that are there: 5 of 5.",
        "Fields of the brief that are filled in: 9 of 30.",
    ]
    assert score["completeness"]["value"] == 65
    assert score["relevance"]["counts"]["named"] == score["relevance"]["counts"]["names"] == 5


def test_more_answers_make_a_better_document() -> None:
    assert (
        made("shortest")[0]["score"]["total"] < made("bakery")[0]["score"]["total"] < made("full")[0]["score"]["total"]
    )


def test_a_missing_field_is_named_with_what_it_would_bring() -> None:
    advice = made("bakery")[0]["score"]["parts"]["completeness"]["advice"]

    assert advice[0] == (
        "Fill in “Content budget”. Without it: No split of the budget, no cost of a piece or of a result, no return."
    )


@pytest.mark.parametrize("key", sections.KEYS)
def test_a_failed_section_lowers_the_score_and_is_the_first_advice(key: str) -> None:
    given_ = canonical.material(canonical.request("full"))
    written: dict[str, Any] = dict(canonical.write(given_)) | {key: None}
    whole = made()[0]["score"]

    score = document.compile(given_, written, {key: "It timed out."})["score"]

    assert score["total"] < whole["total"]
    assert score["parts"]["completeness"]["advice"][0] == f"Write “{sections.TITLES[key]}” again: It timed out."


def test_statements_that_rest_on_nothing_lower_relevance() -> None:
    whole, brief = made()
    loose = copy.deepcopy(whole)
    for insight in data_of(loose, "strategic_insights")["insights"]:
        insight["fields"] = []

    before, after = (quality.score(each, brief)["parts"]["relevance"] for each in (whole, loose))

    assert after["value"] < before["value"]
    assert after["counts"]["statements"] == before["counts"]["statements"]
    assert after["counts"]["grounded"] == before["counts"]["grounded"] - len(
        data_of(whole, "strategic_insights")["insights"]
    )


def test_a_document_about_something_else_is_not_relevant() -> None:
    whole, _ = made("bakery")
    _, other = made("analytics-saas")

    score = quality.score(whole, other)["parts"]["relevance"]

    assert score["counts"]["named"] == 0
    assert any("Google Analytics" in line or "subscriptions" in line for line in score["advice"])


def test_an_invented_number_costs_confidence_and_is_named() -> None:
    whole, brief = made()
    false = copy.deepcopy(whole)
    data_of(false, "performance_predictions")["reading"]["text"] += " Expect a return of 20–30 %."

    before, after = (quality.score(each, brief)["parts"]["confidence"] for each in (whole, false))

    assert before["counts"]["invented"] == 0
    assert after["counts"]["invented"] > 0
    assert after["value"] < before["value"]
    assert after["advice"][0] == "Remove or explain “30 %” in “Performance predictions”."


def test_a_plan_without_tasks_is_not_actionable() -> None:
    whole, brief = made()
    idle = copy.deepcopy(whole)
    for phase in data_of(idle, "implementation_roadmap")["phases"]:
        phase["tasks"] = []

    score = quality.score(idle, brief)["parts"]["actionability"]

    assert score["counts"]["busy"] == 0
    assert "Write the roadmap again: not every phase has tasks and a milestone." in score["advice"]


def test_figures_that_lack_something_say_what_raises_confidence() -> None:
    advice = made("shortest")[0]["score"]["parts"]["confidence"]["advice"]

    assert advice[0] == "Add your monthly traffic and your conversion rate: 8 figures wait for it."


def points(score: dict[str, Any]) -> float:
    """Return the total before it is rounded."""
    return float(sum(part["weight"] * part["value"] for part in score["parts"].values()))


@pytest.mark.parametrize("name", ["shortest", "bakery", "pumpen", "analytics-saas"])
def test_advice_is_sorted_by_what_it_gains_and_the_first_gains_most(name: str) -> None:
    score = made(name)[0]["score"]

    gains = [piece["gain"] for piece in score["advice"]]
    assert gains == sorted(gains, reverse=True)
    assert gains[-1] > 0
    assert len(gains) <= 6
    assert points(score) + sum(gains) <= 101


@pytest.mark.parametrize("name", ["shortest", "bakery", "pumpen", "analytics-saas"])
def test_whoever_follows_a_piece_of_advice_has_a_better_score(name: str) -> None:
    before = made(name)[0]["score"]

    followed = [piece for piece in before["advice"] if piece["field"]]
    assert followed
    for piece in followed:
        asked = canonical.request(name)
        answer = canonical.FULL["brief"][piece["field"]]
        known = asked["brief"].get(piece["field"])
        asked["brief"][piece["field"]] = answer | known if isinstance(known, dict) else answer
        assert points(canonical.made(asked)["score"]) > points(before), piece["text"]


def test_whoever_follows_all_advice_comes_near_to_the_best_score() -> None:
    asked = canonical.request("shortest")

    for _ in range(10):
        for piece in canonical.made(asked)["score"]["advice"]:
            if piece["field"]:
                asked["brief"][piece["field"]] = canonical.FULL["brief"][piece["field"]]

    assert canonical.made(asked)["score"]["total"] >= 95


def test_what_no_answer_could_give_is_not_counted_against_a_document() -> None:
    asked = canonical.request("analytics-saas")

    before = canonical.made(asked)["score"]["parts"]["confidence"]
    asked["brief"]["target_metrics"]["secondary_metrics"] = ["Brand awareness", "ROI", "Revenue"]
    after = canonical.made(asked)["score"]["parts"]["confidence"]

    assert after["counts"]["figures"] == before["counts"]["figures"]
    assert not any("no field" in line for line in after["advice"])


def test_a_primary_metric_that_no_field_measures_is_counted_and_said() -> None:
    asked = canonical.request("bakery")
    asked["brief"]["target_metrics"] = {"primary_metric": "Instagram followers", "target_value": 900}

    advice = canonical.made(asked)["score"]["parts"]["confidence"]["advice"]

    assert advice[0] == (
        "Take a primary metric that visits and a rate lead to, or keep a count of this one yourself: "
        "4 figures wait for it."
    )


@settings(max_examples=20)
@given(asked=arbitrary.requests())
def test_every_score_is_within_its_bounds_and_has_reasons(asked: dict[str, Any]) -> None:
    score = canonical.made(asked)["score"]

    assert 0 <= score["total"] <= 100
    for part in score["parts"].values():
        assert 0 <= part["value"] <= 100
        assert part["reasons"]
        assert len(part["advice"]) <= quality.MOST_ADVICE
