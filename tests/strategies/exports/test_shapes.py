"""Documents of a shape that this release does not know: every format shows them, plainly."""

import copy
import json
import logging
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strategies.exports import api, outline, pdf
from strategies.exports.blocks import Heading, Items, Outline, Pairs, Paragraph, Table
from strategies.models import Strategy, Version
from tests.strategies import arbitrary, canonical
from tests.strategies.exports import samples

WHOLE = canonical.made(canonical.request("shortest")) | {"calendar": samples.calendar(2)}
DOCUMENTS = arbitrary.changed(WHOLE) | st.dictionaries(st.sampled_from(sorted(WHOLE)), arbitrary.shapes())
# The database is the same for all examples of a test, and none writes to it.
same_database = settings(suppress_health_check=[*HealthCheck])


@pytest.fixture
def strategy(owner: User) -> Strategy:
    return samples.store(owner, canonical.request("shortest")).strategy


def version(strategy: Strategy, document: Any) -> Version:
    made = timezone.now()
    return Version(strategy=strategy, number=1, document=document, score=1, engine="offline", created=made)


def with_part(path: str, value: Any) -> Any:
    *steps, last = path.split(".")
    whole = copy.deepcopy(WHOLE)
    place: Any = whole
    for step in steps:
        place = place[int(step) if step.isdecimal() else step]
    place[int(last) if last.isdecimal() else last] = value
    return whole


def words(found: Outline) -> str:
    """Everything that an outline says."""

    def say(block: Any) -> str:
        match block:
            case Heading() | Paragraph():
                return block.text
            case Pairs(pairs):
                return " ".join(f"{pair.label} {pair.text}" for pair in pairs)
            case Table(rows=rows):
                return " ".join(" ".join(row.cells) + " ".join(pair.text for pair in row.beneath) for row in rows)
            case Items(items):
                return " ".join(f"{item.label} {item.text} {say(Items(item.children))}" for item in items)
        raise AssertionError(block)

    return "\n".join(map(say, found.blocks))


@settings(same_database, max_examples=60)
@given(document=DOCUMENTS)
@pytest.mark.parametrize("format", ["md", "json"])
def test_any_document_is_a_text_file(strategy: Strategy, format: str, document: Any) -> None:
    body = api.DOCUMENTS[format].render(version(strategy, document), "https://example.com")

    assert "Your brief" in body.decode() or json.loads(body)["document"] == document


@settings(same_database, max_examples=8)
@given(document=DOCUMENTS)
def test_any_document_is_a_word_file(strategy: Strategy, document: Any) -> None:
    assert api.DOCUMENTS["docx"].render(version(strategy, document), "").startswith(b"PK")


@settings(same_database, max_examples=3)
@given(document=DOCUMENTS)
def test_any_document_is_typeset(strategy: Strategy, document: Any) -> None:
    assert pdf.render(outline.of(version(strategy, document)), made=timezone.now()).startswith(b"%PDF-")


@settings(same_database, max_examples=60)
@given(calendar=arbitrary.changed({"calendar": samples.calendar(3)}))
@pytest.mark.parametrize("format", ["csv", "ics"])
def test_any_calendar_is_a_file(strategy: Strategy, format: str, calendar: Any) -> None:
    body = api.CALENDARS[format].render(version(strategy, WHOLE | calendar), "")

    assert body.decode().startswith(("\ufeff", "BEGIN:VCALENDAR"))


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("sections", "sections"),
        ("sections.0", "sections"),
        ("sections.0.data", "strategic_insights"),
        ("sections.0.data.swot.strengths", "strategic_insights"),
        ("sections.1.data.competitors", "competitive_analysis"),
        ("sections.2.data.metrics.0.baseline", "performance_predictions"),
        ("sections.3.data.phases.0.goals", "implementation_roadmap"),
        ("sections.4.data.risks.0.score", "risk_assessment"),
        ("calendar.pieces.0", "calendar"),
        ("monitoring.tasks", "monitoring"),
        ("summary.objectives", "summary"),
        ("score.parts", "score"),
        ("foundation", None),
        ("brand_new", None),
    ],
)
def test_a_part_of_an_unknown_shape_is_shown_plainly_and_logged_without_its_text(
    strategy: Strategy, caplog: pytest.LogCaptureFixture, path: str, part: str | None
) -> None:
    odd = [{"heard of": "Ottakring", "twice": [{"told": "Favoriten"}]}, "Simmering"]

    with caplog.at_level(logging.WARNING, "strategies.exports"):
        said = words(outline.of(version(strategy, with_part(path, odd))))

    assert [word for word in ("Ottakring", "Favoriten", "Simmering") if word not in said] == []
    assert {record.part for record in caplog.records} == ({part} if part else set())  # type: ignore[attr-defined]
    assert "Ottakring" not in caplog.text


def test_the_other_chapters_stay_as_they_are_when_one_is_shown_plainly(strategy: Strategy) -> None:
    whole, changed = (
        outline.of(version(strategy, each)).blocks for each in (WHOLE, with_part("sections.4.data.risks", "?"))
    )

    def chapters(blocks: Any) -> dict[str, list[Any]]:
        told: dict[str, list[Any]] = {}
        for block in blocks:
            if isinstance(block, Heading) and block.level == 1:
                told[block.text] = []
            else:
                told[next(reversed(told))].append(block)
        return told

    before, after = chapters(whole), chapters(changed)
    assert list(after) == list(before)
    assert [title for title in before if after[title] != before[title]] == ["Risk assessment"]


def test_lists_within_lists_end_where_no_page_is_wide_enough(strategy: Strategy) -> None:
    deep: Any = "Hernals"
    for number in range(60):
        deep = {f"level {number}": [deep, deep]} if number > 55 else {f"level {number}": deep}

    made = pdf.render(outline.of(version(strategy, with_part("brand_new", deep))), made=timezone.now())

    assert made.startswith(b"%PDF-")
