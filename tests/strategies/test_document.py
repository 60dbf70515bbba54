"""The finished document: whole even where a section failed, and open about what it rests on."""

import json

from strategies import context, document, sections
from strategies.brief import registry

from . import canonical


def test_a_document_has_its_five_sections_in_order() -> None:
    made = canonical.made(canonical.request("full"))

    assert [entry["key"] for entry in made["sections"]] == list(sections.KEYS)
    assert [entry["title"] for entry in made["sections"]] == list(sections.TITLES.values())
    assert made["title"] == "Refill stations"


def test_a_failed_section_keeps_its_place_and_its_reason() -> None:
    given = canonical.material(canonical.request("full"))
    written = dict(canonical.write(given)) | {"competitive_analysis": None}

    made = document.compile(given, written, {"competitive_analysis": "The model did not answer in time."})

    failed = made["sections"][1]
    assert failed == {
        "key": "competitive_analysis",
        "title": "Competitive analysis",
        "status": "failed",
        "reason": "The model did not answer in time.",
        "data": None,
    }
    assert [entry["status"] for entry in made["sections"]].count("ready") == 4
    assert made["score"]["total"] < canonical.made(canonical.request("full"))["score"]["total"]


def test_a_document_of_failed_sections_is_still_a_document() -> None:
    given = canonical.material(canonical.request("shortest"))

    made = document.compile(given, {}, dict.fromkeys(sections.KEYS, "No key."))

    assert {entry["reason"] for entry in made["sections"]} == {"No key."}
    assert made["summary"]["statement"] == ""
    assert made["summary"]["objectives"] == ["Fill the early ferry"]
    assert made["score"]["total"] < 30


def test_the_document_says_who_wrote_it() -> None:
    given = canonical.material(canonical.request("shortest"))
    written = canonical.write(given)

    offline = document.compile(given, written, {})
    by_model = document.compile(given, written, {}, made_with="openai:some-model")

    assert offline["made_with"] == "offline"
    assert offline["engine_note"].startswith("Made without a language model")
    assert by_model["made_with"] == "openai:some-model"
    assert by_model["engine_note"].startswith("Words by a language model")


def test_the_summary_tells_aim_volume_and_first_steps() -> None:
    summary = canonical.made(canonical.request("analytics-saas"))["summary"]

    assert summary["aim"] == "“Trial sign-ups per month” to 1,400 in month 12, from 902"
    assert summary["volume"].startswith("50 pieces in 12 months: Blog Posts 25, Case Studies 3")
    assert len(summary["first_steps"]) == 3
    assert summary["risk_level"] == "High"


def test_the_document_is_json_and_its_texts_have_paths() -> None:
    made = canonical.made(canonical.request("bakery"))

    assert json.loads(json.dumps(made)) == made
    texts = dict(document.text_leaves(made))
    assert texts["title"] == "Two bakeries, one oven"
    assert texts["sections[0].data.positioning.target"].startswith("“Sell out of sourdough by noon on weekdays”")
    assert not any(path.endswith("].key") for path in texts)


def test_every_field_that_can_be_missing_says_what_that_means() -> None:
    assert context.CONSEQUENCES.keys() == {field.id for field in registry.FIELDS}


def test_the_context_tells_what_is_known_what_is_missing_and_what_lacks_inside() -> None:
    given = canonical.material(canonical.request("pumpen"))

    read = context.read(given.name, given.industry, given.brief, given.timeline_months, given.max_content_pieces)

    missing = {entry["field"]: entry["means"] for entry in read["missing"]}
    assert len(read["known"]) + len(missing) == 30
    assert "visits are not forecast" in missing["performance_metrics"]
    assert read["completeness"]["required"] == {"given": 8, "of": 8, "percent": 100}
    assert read["completeness"]["all"]["given"] == len(read["known"])
    assert [(gap["field"], gap["member"]) for gap in read["gaps"]] == [
        ("top_competitors", "strength"),
        ("content_budget", "currency"),
    ]
    assert "ProMinent" in read["gaps"][0]["means"]
