"""How words and figures become a section, whoever wrote the words."""

from typing import Any

import pytest
from pydantic import ValidationError

from strategies import sections
from strategies.engines.offline import Offline

from . import canonical

RISK = {
    "title": "It rains", "category": "market", "probability": 3, "impact": 4, "mitigation": "An umbrella",
    "contingency": "A taxi", "indicator": "Clouds",
}  # fmt: skip
MONITORING = {"indicators": ["Clouds"], "frequency": "Weekly", "escalation": ["Call"]}
RIVAL = {"content_strategy": "Many films", "position": "Ahead", "response": "Make a better film than they do"}
COMPETITION = {"recommendations": [{"text": "Do it"}], "differentiation": {"text": "Other"}}


def risks(*changes: dict[str, Any]) -> dict[str, Any]:
    """Return a draft of risks, one for each change."""
    return {"risks": [RISK | change for change in changes], "monitoring": MONITORING}


async def written(key: str, name: str = "full") -> dict[str, Any]:
    """Return a draft of the offline engine."""
    return (await Offline().write(key, canonical.material(canonical.request(name)))).draft


def test_competitors_come_from_the_brief_in_its_order_whatever_the_draft_says() -> None:
    material = canonical.material(canonical.request("full"))
    draft = COMPETITION | {"competitors": [{"name": "Invented Ltd"} | RIVAL, {"name": " kernseifenwerk "} | RIVAL]}

    section = sections.compose("competitive_analysis", draft, material)

    first, second = section["competitors"]
    assert [first["name"], second["name"]] == ["Froschteich", "Kernseifenwerk"]
    assert first["weaknesses"] == ["New plastic for each litre"]
    assert first["response"] == "Not written about."
    assert second["response"] == RIVAL["response"]


def test_figures_are_the_arithmetics_whatever_the_draft_says() -> None:
    material = canonical.material(canonical.request("full"))
    draft = {"reading": {"text": "Fine"}, "metrics": [{"name": "ROI", "month_12": "300 %"}], "roi": {"value": 300}}

    section = sections.compose("performance_predictions", draft, material)

    assert section["metrics"] == material.foundation["metrics"]
    assert section["roi"]["value"] is None


def test_phases_keep_their_computed_months_and_lack_no_milestone() -> None:
    material = canonical.material(canonical.request("full"))
    phase = {"key": "growth", "goals": ["Grow"], "tasks": ["Work"], "milestones": ["Half way"]}
    draft = {"phases": [phase], "critical_path": ["First this"], "success_metrics": ["Seen"]}

    section = sections.compose("implementation_roadmap", draft, material)

    growth = section["phases"][2]
    assert (growth["start_month"], growth["months"], growth["tasks"]) == (5, 12, ["Work"])
    assert [entry["month"] for entry in growth["milestones"]] == [6, 12, 16]
    assert [entry["title"] for entry in growth["milestones"]][:2] == [
        "Half way",
        "Figures of this month set beside the forecast",
    ]
    assert section["phases"][0]["tasks"] == []


@pytest.mark.parametrize(
    ("ratings", "level"),
    [([(5, 3)], "High"), ([(4, 2), (1, 1)], "Medium"), ([(3, 2)], "Low"), ([(1, 1), (4, 4)], "High")],
)
def test_the_overall_level_is_that_of_the_worst_risk(ratings: list[tuple[int, int]], level: str) -> None:
    draft = risks(*({"probability": probability, "impact": impact} for probability, impact in ratings))

    section = sections.compose("risk_assessment", draft, canonical.material(canonical.request("shortest")))

    assert section["overall_level"] == level
    assert section["risks"][0]["score"] == max(probability * impact for probability, impact in ratings)


@pytest.mark.parametrize(
    ("member", "said", "read"),
    [
        ("probability", "High", 4),
        ("probability", "4/5", 4),
        ("impact", 2.0, 2),
        ("category", "Market risk", "market"),
        ("mitigation", ["An umbrella", "and boots"], "An umbrella and boots"),
        ("fields", "top_competitors", ["top_competitors"]),
        ("fields", ["target_metrics.primary_metric", "nonsense"], ["target_metrics"]),
    ],
)
def test_what_a_model_says_another_way_is_understood(member: str, said: Any, read: Any) -> None:
    section = sections.compose(
        "risk_assessment", risks({member: said}), canonical.material(canonical.request("shortest"))
    )

    assert section["risks"][0][member] == read


@pytest.mark.parametrize(
    ("member", "said"),
    [("probability", 9), ("probability", "often"), ("category", "weather"), ("title", ""), ("title", None)],
)
def test_what_makes_no_sense_is_refused(member: str, said: Any) -> None:
    with pytest.raises(ValidationError):
        sections.compose("risk_assessment", risks({member: said}), canonical.material(canonical.request("shortest")))


def test_an_answer_without_substance_is_refused() -> None:
    with pytest.raises(ValidationError):
        sections.compose("risk_assessment", risks(), canonical.material(canonical.request("shortest")))


def test_lists_are_cut_to_what_a_reader_can_bear() -> None:
    draft = risks(*({"title": f"Risk {number}"} for number in range(40)))

    section = sections.compose("risk_assessment", draft, canonical.material(canonical.request("shortest")))

    assert len(section["risks"]) == 16


@pytest.mark.parametrize("key", sections.KEYS)
def test_every_member_of_a_draft_says_to_a_model_what_is_wanted(key: str) -> None:
    schema = sections.DRAFTS[key].model_json_schema()

    described = [
        (title, name)
        for title, part in {"": schema, **schema.get("$defs", {})}.items()
        for name, member in part.get("properties", {}).items()
        if member.get("type") == "string" and "description" not in member and "enum" not in member
    ]
    assert described == []


def test_a_stored_section_with_a_member_too_many_is_refused() -> None:
    given = canonical.material(canonical.request("shortest"))
    section = canonical.write(given)["risk_assessment"]

    with pytest.raises(ValidationError, match="Extra inputs"):
        sections.check("risk_assessment", section | {"certainty": "100 %"})
