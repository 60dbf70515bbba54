"""What this project says in a document, in the reader's language; what somebody wrote there stays, whatever it says."""

import copy
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from strategies import spoken, texts
from strategies.life import edits, pieces
from tests.strategies import canonical
from tests.strategies.kinds import works
from tests.strategies.life import papers
from tests.strategies.pages import page


@pytest.fixture
def document() -> dict[str, Any]:
    return canonical.made(canonical.request("full"))


def german(document: dict[str, Any]) -> dict[str, Any]:
    with translation.override("de"):
        return spoken.document(document)


def section(document: dict[str, Any], key: str) -> Any:
    return next(entry["data"] for entry in document["sections"] if entry["key"] == key)


def test_figures_say_in_german_what_they_rest_on(document: dict[str, Any]) -> None:
    read = german(document)

    lines = section(read, "implementation_roadmap")["budget"]
    assert lines[0]["unit"] == "EUR pro Monat"
    assert lines[0]["item"] == "Erstellung: Videos"
    assert lines[0]["basis"].startswith("berechnet: Ihr Monatsbudget × ")
    assert read["summary"]["aim"] == "„Refill orders per week“ von 93 auf 300 in Monat 18"
    assert "Blogbeiträge 15" in read["summary"]["volume"]


def test_a_document_in_english_is_the_one_that_is_stored(document: dict[str, Any]) -> None:
    with translation.override("en"):
        assert spoken.document(document) == document


def test_a_document_is_not_changed_by_being_read(document: dict[str, Any]) -> None:
    before = copy.deepcopy(document)

    german(document)

    assert document == before


def test_a_metric_that_its_owner_calls_like_one_of_ours_keeps_its_name() -> None:
    asked = canonical.request("full")
    asked["brief"]["target_metrics"]["primary_metric"] = "Website traffic"
    asked["brief"]["business_objectives"] = ["Pieces published so far"]

    read = german(canonical.made(asked))

    assert read["foundation"]["metrics"][0]["name"] == "Website traffic"
    assert read["foundation"]["kpi_tree"]["name"] == "Pieces published so far"
    assert read["foundation"]["metrics"][0]["baseline"]["basis"] == "Ihre Angabe"


def test_the_words_of_a_writer_stay_also_where_they_are_some_of_ours(document: dict[str, Any]) -> None:
    said = "Your conversion rates stay as they are while visits change."
    section(document, "strategic_insights")["insights"][0]["insight"] = said
    section(document, "strategic_insights")["positioning"]["statement"] = "By 2026-12-01 “Done.”"
    risks = section(document, "risk_assessment")
    risks["risks"][0]["mitigation"] = "The days of the week are your best times to publish."

    read = german(document)

    assert section(read, "strategic_insights")["insights"][0]["insight"] == said
    assert section(read, "strategic_insights")["positioning"]["statement"] == "By 2026-12-01 “Done.”"
    assert section(read, "risk_assessment")["risks"][0]["mitigation"] == risks["risks"][0]["mitigation"]


def test_what_a_person_wrote_over_one_of_ours_stays(document: dict[str, Any]) -> None:
    insights = section(document, "strategic_insights")["insights"]
    assumptions = section(document, "performance_predictions")["assumptions"]
    insights[0]["estimated_impact"] = insights[1]["estimated_impact"] = "High: Blog"
    document["own_words"] = {"strategic_insights": ["High: Blog"], "performance_predictions": [assumptions[0]["text"]]}

    read = german(document)

    assert section(read, "strategic_insights")["insights"][0]["estimated_impact"] == "High: Blog"
    assert section(read, "performance_predictions")["assumptions"][0] == assumptions[0]
    assert section(read, "performance_predictions")["assumptions"][1] != assumptions[1]


@pytest.mark.parametrize(
    "note",
    [
        "From A to B.",
        "No field holds this",
        "A: B",
        "Some figures wait",
        "“A” and “B”",
        "“Done.” was deleted.",
        "High",
        "2026-13-45",
        "From 2026-02-30 to here.",
        "many pieces in the calendar.",
        "More of it …",
    ],
)
def test_a_sentence_that_only_looks_like_one_of_ours_keeps_what_is_not_ours(note: str) -> None:
    with translation.override("de"):
        told = texts.told(texts.Theirs(note))
        known = texts.told(note)

    assert told == note
    # Where it is told it is our sentence to the letter: what stands in its braces stays.
    assert known in (note, "„Done.“ wurde gelöscht.", "Hoch")


def test_somebodys_note_is_shown_as_it_is_and_ours_in_german(mine: Client, owner: User) -> None:
    strategy = papers.review_all(papers.saved(owner))
    works.done(strategy, "calendar", start="2026-12-07")
    piece = papers.newest(strategy).document["calendar"]["pieces"][0]["id"]
    theirs = "Calendar from 2026-12-07 to 2027-12-06, 12 pieces"
    pieces.change(strategy, piece, author=owner, number=2, values={"title": "Bread at eleven"}, note=theirs)
    risk = papers.data_of(strategy, "risk_assessment")["risks"][0]["title"]
    edits.edit(
        strategy,
        "risk_assessment",
        author=owner,
        number=3,
        texts={"risks[0].title": f"{risk}!"},
        note="“Calendar” edited",
    )
    edits.edit(strategy, "risk_assessment", author=owner, number=4, texts={"risks[0].title": risk})
    mine.cookies["django_language"] = "de"

    shown = page(mine, f"/strategies/{strategy.pk}/versions").one("ol").text

    assert "„Risikobewertung“ bearbeitet" in shown
    assert "“Calendar” edited" in shown
    assert theirs in shown
    assert "Kalender vom 7. Dezember 2026 bis zum 6. Dezember 2027, " in shown
