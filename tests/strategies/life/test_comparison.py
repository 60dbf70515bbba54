"""Two versions side by side."""

import copy
import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import Http404
from django.test import Client

from strategies import versions
from strategies.errors import Refused
from strategies.life import comparison, labels
from strategies.life.changes import find
from strategies.models import Strategy, Version
from tests.strategies import canonical
from tests.strategies.life import papers
from tests.strategies.pages import HOSTILE, page, store

KEY = "risk_assessment"


def changes(before: Any, after: Any) -> list[tuple[str, str | None, str | None]]:
    return [(change.path, change.before, change.after) for change in find(before, after)]


def edit(strategy: Strategy, text: str = "Something else.") -> Version:
    data = papers.data_of(strategy, KEY)
    data["risks"][0]["mitigation"] = text
    return papers.change(strategy, KEY, data)


def test_a_changed_text_is_named_by_its_place(strategy: Strategy) -> None:
    before = papers.newest(strategy)
    old = papers.data_of(strategy, KEY)["risks"][0]["mitigation"]

    told = {part.key: part for part in comparison.compare(before, edit(strategy))}

    (change,) = told[KEY].changes
    assert (change.path, change.label) == ("risks[0].mitigation", "Risk 1 · Prevent it")
    assert (change.before, change.after) == (old, "Something else.")
    assert told[KEY].summary == "1 text changed"
    assert [key for key, part in told.items() if part.summary] == [KEY]


def test_figures_are_compared_with_their_unit_range_and_basis() -> None:
    before = {"roi": {"value": 1200, "unit": "EUR", "low": 1, "high": 2, "basis": "your figure"}}
    after = {"roi": {"value": None, "unit": "EUR", "low": None, "high": None, "basis": "not estimated: add it"}}

    (change,) = find(before, after)

    assert (change.kind, change.path) == ("figure", "roi")
    assert (change.before, change.after) == ("1,200 EUR (1 to 2), your figure", "not estimated: add it")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": ["x", "y"]}, {"a": ["new", "x", "y"]}, [("a[0]", None, "new")]),
        ({"a": ["x", "y"]}, {"a": ["y"]}, [("a[0]", "x", None)]),
        ({"a": [{"name": "B", "n": 1}]}, {"a": [{"name": "A", "n": 2}, {"name": "B", "n": 3}]},
         [("a[0]", None, "Name: A\nN: 2"), ("a[1].n", "1", "3")]),
        ({"fields": ["team_size"]}, {"fields": ["brand_voice"]}, [("fields", "Team size", "Brand voice")]),
        ({"n": 1}, {"n": 1.5}, [("n", "1", "1.5")]),
        ({"n": False}, {"n": True}, [("n", "no", "yes")]),
        ({"a": "x"}, {"a": ["x"]}, [("a", "x", '["x"]')]),
        ({"a": None}, {"a": []}, []),
        ({}, {"a": {"b": "c"}}, [("a.b", None, "c")]),
    ],
)  # fmt: skip
def test_what_differs_is_told_and_nothing_else(before: Any, after: Any, told: list[Any]) -> None:
    assert changes(before, after) == told


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("risks[1]", "Risk 2"),
        ("swot.weaknesses[0].text", "SWOT · Weakness 1"),
        ("opportunities[9].text", "Opportunity 10"),
        ("phases[0].milestones[2].title", "Phase 1 · Milestone 3 · Title"),
        ("critical_path[0]", "Critical path 1"),
        ("positioning.statement", "Positioning · Statement"),
        ("basis[0]", "Basis 1"),
        ("news[1]", "News 2"),
    ],
)
def test_a_place_is_named_for_people(path: str, label: str) -> None:
    assert labels.path_label(path) == label


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"name": "Bread", "stages": ["awareness", "decision"]}, "Name: Bread\nStages: awareness, decision"),
        ({"name": "Bread", "formats": {"Videos": 2, "Blog Posts": 1}}, "Name: Bread\nFormats: Videos: 2; Blog Posts: 1"),
        ({"name": "Bread", "milestones": [{"title": "Open", "month": 3}, {"title": "Full"}]},
         "Name: Bread\nMilestones: Title: Open; Month: 3 / Title: Full"),
        ({"name": "Bread", "amount": {"value": 9, "unit": "EUR", "basis": "your figure"}},
         "Name: Bread\nAmount: 9 EUR, your figure"),
    ],
)  # fmt: skip
def test_a_row_that_came_is_told_in_words_whatever_is_in_it(row: dict[str, Any], told: str) -> None:
    assert changes({"rows": []}, {"rows": [row]}) == [("rows[0]", None, told)]


def test_a_row_that_went_is_one_change_with_all_that_it_said(strategy: Strategy) -> None:
    before = papers.newest(strategy)
    data = papers.data_of(strategy, KEY)
    gone = data["risks"].pop(1)

    told = {part.key: part for part in comparison.compare(before, papers.change(strategy, KEY, data))}

    (change,) = told[KEY].changes
    assert (change.label, change.after) == ("Risk 2", None)
    assert change.before is not None
    assert all(gone[name] in change.before for name in ("title", "mitigation", "contingency", "indicator"))
    assert told[KEY].summary == "1 text removed"


def test_a_section_that_was_written_or_failed_is_told_as_a_whole(owner: User) -> None:
    strategy = papers.saved(owner, failed=[KEY])
    before = papers.newest(strategy)
    whole = canonical.made(canonical.request("bakery"))
    after = versions.save(strategy, whole, origin=Version.Origin.GENERATED, engine="offline")

    assert {part.summary for part in comparison.compare(before, after) if part.key == KEY} == {
        "was written; before, it had failed"
    }
    assert {part.summary for part in comparison.compare(after, before) if part.key == KEY} == {
        "failed; before, it was there"
    }


def test_a_calendar_that_came_is_told(strategy: Strategy) -> None:
    before = papers.newest(strategy)
    with_calendar = before.document | {"calendar": {"pieces": [{"id": "1", "title": "Rye"}]}}
    after = versions.save(strategy, with_calendar, origin=Version.Origin.CALENDAR, engine="offline")

    assert {part.title: part.summary for part in comparison.compare(before, after) if part.summary} == {
        "Calendar": "is new"
    }


def test_a_piece_that_moved_is_the_same_piece_and_its_new_day_is_told() -> None:
    first, second = (
        {"id": "p1", "title": "Rye", "date": "2027-01-04"},
        {"id": "p2", "title": "Spelt", "date": "2027-01-11"},
    )
    moved = first | {"date": "2027-01-18"}

    assert changes({"pieces": [first, second]}, {"pieces": [second, moved]}) == [
        ("pieces[1].date", "2027-01-04", "2027-01-18")
    ]
    assert changes({"pieces": [first, second]}, {"pieces": [second]}) == [
        ("pieces[0]", "Title: Rye\nDate: 2027-01-04", None)
    ]


def test_another_brief_shows_its_other_figures(owner: User) -> None:
    strategy = papers.saved(owner, "analytics-saas")
    before = papers.newest(strategy)
    asked = canonical.request("analytics-saas")
    asked["brief"]["content_budget"] = {"amount": 1, "currency": "EUR"}
    after = versions.save(strategy, canonical.made(asked), origin=Version.Origin.GENERATED, engine="offline")

    told = {part.key: part for part in comparison.compare(before, after)}

    assert any(change.kind == "figure" for change in told["implementation_roadmap"].changes)
    assert "figures changed" in told["foundation"].summary


def deep(levels: int, end: str) -> Any:
    value: Any = end
    for _ in range(levels):
        value = [value]
    return value


def named(text: str) -> list[dict[str, str]]:
    return [{"name": f"{number}", "text": text} for number in range(2_000)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (deep(500, "x"), deep(500, "y")),
        ([f"{n}" for n in range(20_000)], [f"{n}" for n in range(20_000, 0, -1)]),
        (["same"] * 20_000, ["same"] * 10_000 + ["other"] * 10_000),
        (named("a b c"), named("a x c")),
    ],
)  # fmt: skip
def test_a_hostile_document_is_compared_in_bounded_time(before: Any, after: Any) -> None:
    began = time.process_time()
    found = list(find({"rows": before}, {"rows": after}))

    assert time.process_time() - began < 1
    assert found


def test_the_versions_are_the_newest_and_the_one_before_unless_named(strategy: Strategy) -> None:
    for text in ("Second.", "Third."):
        edit(strategy, text)

    def numbers(before: int | None, to: int | None) -> list[int]:
        return [version.number for version in comparison.chosen(strategy, before, to)]

    assert [numbers(None, None), numbers(1, None), numbers(None, 2), numbers(3, 1)] == [[2, 3], [1, 3], [1, 2], [3, 1]]
    with pytest.raises(Http404):
        comparison.chosen(strategy, 1, 9)
    with pytest.raises(Refused, match="change it first"):
        comparison.chosen(strategy, None, 1)


def test_without_a_document_there_is_nothing_to_compare(owner: User) -> None:
    with pytest.raises(Refused, match="create the strategy first"):
        comparison.chosen(store(owner), None, None)


# --- over the API ------------------------------------------------------------------------------------------------------


def test_the_api_tells_each_change_with_its_words(mine: Client, strategy: Strategy) -> None:
    old = papers.data_of(strategy, KEY)["risks"][0]["mitigation"]
    edit(strategy, f"{old} Twice.")

    status, told = papers.json_of(mine, "get", f"/api/strategies/{strategy.pk}/versions/compare?from=1&to=2")

    (section,) = [section for section in told["sections"] if section["summary"]]
    (change,) = section["changes"]
    assert (status, told["from"], told["to"]) == (200, 1, 2)
    assert "".join(text for op, text in change["words"] if op != "ins") == change["before"] == old
    assert "".join(text for op, text in change["words"] if op != "del") == change["after"] == f"{old} Twice."


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [("from=1&to=9", 404, "not_found"), ("from=x", 422, "invalid"), ("to=0", 422, "invalid"), ("", 409, "one_version")],
)
def test_the_api_answers_what_is_wrong(mine: Client, strategy: Strategy, query: str, status: int, code: str) -> None:
    answered, told = papers.json_of(mine, "get", f"/api/strategies/{strategy.pk}/versions/compare?{query}")

    assert (answered, told["code"]) == (status, code)


@pytest.mark.attack(10)
@pytest.mark.parametrize("path", ["versions", "versions/compare"])
def test_anothers_versions_are_not_there(mine: Client, other: User, path: str) -> None:
    theirs = papers.saved(other)
    edit(theirs)

    assert papers.json_of(mine, "get", f"/api/strategies/{theirs.pk}/{path}")[0] == 404
    assert mine.get(f"{theirs.get_absolute_url()}{path.rpartition('/')[2]}").status_code == 404


# --- on pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_the_page_marks_the_words_and_lets_no_text_act(mine: Client, strategy: Strategy, text: str) -> None:
    edit(strategy, text)

    shown = page(mine, f"{strategy.get_absolute_url()}compare?from=1&to=2").one("section", id=KEY)

    assert text in shown.one("dd").raw
    assert shown.one("dd").all("ins")
    assert {element.tag for element in shown.one("dl").all()} <= {"dt", "dd", "ins", "del"}


def test_the_strategys_page_says_in_one_line_a_section_what_changed(mine: Client, strategy: Strategy) -> None:
    first = page(mine, strategy.get_absolute_url())
    edit(strategy)

    shown = page(mine, strategy.get_absolute_url()).one("section", id="versions")

    assert "What changed" not in first.one("section", id="versions").text
    assert "What changed since version 1" in shown.text
    assert [line.text for line in shown.one("ul", class_="changed").all("li")] == ["Risk assessment: 1 text changed"]
    link = shown.one("ul", class_="changed").one("a")["href"]
    assert page(mine, link.partition("#")[0]).one("section", id=link.partition("#")[2])


def test_the_pages_of_a_history_are_german_for_a_german_reader(mine: Client, strategy: Strategy) -> None:
    data = papers.data_of(strategy, KEY)
    data["risks"][0] |= {"mitigation": "Something else.", "category": "market", "probability": 5}
    papers.change(strategy, KEY, data)
    mine.cookies["django_language"] = "de"

    compared = page(mine, f"{strategy.get_absolute_url()}compare?from=1&to=2").one("section", id=KEY)
    versions_page = page(mine, f"{strategy.get_absolute_url()}versions").one("ol", class_="list").text
    edited = page(mine, f"{strategy.get_absolute_url()}sections/{KEY}/edit")

    assert "Risiko 1 · Vorbeugen" in [term.text for term in compared.all("dt")]
    assert "geändert" in compared.one("p").text
    assert "changed" not in compared.one("p").text
    assert "Erzeugt" in versions_page
    assert "Generated" not in versions_page
    assert "Risiko 1" in [legend.text for legend in edited.all("legend")]
    # What is sent stays in the words that are stored.
    assert {"technical", "market"} <= {option["value"] for option in edited.all("option")}


def test_each_version_is_linked_also_when_there_are_newer_ones(mine: Client, strategy: Strategy) -> None:
    edit(strategy)

    strategy_page = page(mine, strategy.get_absolute_url()).one("section", id="versions")
    every = page(mine, f"{strategy.get_absolute_url()}versions")

    assert strategy_page.all("a")[0]["href"] == "?version=1"
    assert f"{strategy.get_absolute_url()}?version=1" in [link["href"] for link in every.all("a", class_="name")]
    for link in every.all("a", class_="name"):
        page(mine, link["href"])


@pytest.mark.parametrize("query", ["from=x", "from=1&to=-1", "from=" + "9" * 40, "from=²"])
def test_a_version_that_is_no_number_is_not_there(mine: Client, strategy: Strategy, query: str) -> None:
    assert mine.get(f"{strategy.get_absolute_url()}compare?{query}").status_code == 404


def test_with_one_version_the_page_leads_to_the_list_and_says_why(mine: Client, strategy: Strategy) -> None:
    response = mine.get(f"{strategy.get_absolute_url()}compare", follow=True)

    assert response.redirect_chain == [(f"{strategy.get_absolute_url()}versions", 302)]
    assert "nothing to compare it with" in response.content.decode()


def test_what_is_compared_is_left_as_it_is(strategy: Strategy) -> None:
    before = papers.newest(strategy)
    after = edit(strategy)
    kept = copy.deepcopy((before.document, after.document))

    comparison.compare(before, after)

    assert (before.document, after.document) == kept
