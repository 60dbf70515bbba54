"""Doing nothing, named among the competitors, is argued with and never spoken of as a firm."""

import re
from typing import Any

import pytest

from strategies.brief import starts
from strategies.engines.offline import standstill

from .test_offline_words import BROKEN, OPEN, business, data, texts

PRICE, EASE = "The boiler fails in January", "Costs nothing today"
NOBODY = {"name": "Doing nothing", "strength": EASE, "weakness": PRICE}
FIRM = {"name": "QuickBooks", "weakness": "Too big for one person"}


def brief(*rivals: dict[str, str], **changes: Any) -> dict[str, Any]:
    return business(next(iter(starts.templates())), top_competitors=list(rivals), **changes)


@pytest.mark.parametrize(
    "name",
    [
        "doing nothing",
        "Doing nothing at all.",
        "“Do nothing”",
        "Nobody",
        "no-one",
        "No one",
        "the status quo",
        "None",
        "Nichts tun",
        "nichts",
        "Niemand",
        "einfach nichts tun",
        "Alles beim Alten lassen",
    ],
)
def test_whatever_it_is_called_it_is_no_firm(name: str) -> None:
    assert standstill.is_meant({"name": name})


@pytest.mark.parametrize("name", ["Nothing But Bread", "Nobody's Perfect Ltd", "Niemandsland", "Do", "Excel"])
def test_a_firm_with_such_a_word_in_its_name_stays_one(name: str) -> None:
    assert not standstill.is_meant({"name": name})


def test_what_has_a_website_is_a_firm_whatever_it_calls_itself() -> None:
    assert not standstill.is_meant({"name": "Nothing", "website": "https://nothing.example"})


def test_it_is_described_by_what_speaks_for_it_and_what_it_costs() -> None:
    first, second = data(brief(NOBODY, FIRM), "competitive_analysis")["competitors"]

    assert first["name"] == "Doing nothing"
    assert first["position"] == f"For it speaks “{EASE}”, against it “{PRICE}”."
    assert "No firm" in first["content_strategy"]
    assert PRICE in first["response"]
    assert second["name"] == "QuickBooks"
    assert "open on" in second["position"].lower()


# What is said of firms alone: that one looks at them, that they publish, are weak, leave something open.
OF_FIRMS = (
    r"new at {0}|weakness of {0}|{0} (?:is open|is weak|leaves|serves|alone|does|do|have|publishes)\b|looked at {0}|"
    r"who know {0}|apart from {0}|pieces of {0}|did not choose {0}|whether {0}|compared with {0}|read what {0}|on {0}"
)


@pytest.mark.parametrize("start", starts.templates())
@pytest.mark.parametrize("position", ["Niche Player", "Follower", "Challenger"])
@pytest.mark.parametrize(
    "rivals",
    [
        [NOBODY],
        [{"name": "Doing nothing"}],
        [{"name": "Doing nothing", "strength": EASE}],
        [{"name": "Doing nothing", "weakness": PRICE}, FIRM],
        [{"name": "Excel"}, NOBODY],
    ],
)
def test_no_sentence_takes_it_for_a_firm(start: str, position: str, rivals: list[dict[str, str]]) -> None:
    asked = business(start, top_competitors=rivals, competitive_position=position)

    told = texts(asked)

    wrong = re.compile(OF_FIRMS.format("(?:doing nothing|nobody)"), re.IGNORECASE)
    assert [line for line in told.splitlines() if wrong.search(line)] == []
    assert [line for line in re.sub(r"“[^”]*”", "“…”", told).splitlines() if BROKEN.search(line)] == []


def test_where_firms_are_named_too_they_are_written_about_as_before() -> None:
    alone, beside = (texts(brief(*rivals)) for rivals in ([FIRM], [FIRM, NOBODY]))

    about = [line for line in alone.splitlines() if "QuickBooks" in line]
    kept = [line for line in about if line in beside]
    assert len(kept) >= len(about) - 2
    assert "leaving things as they are" in beside
    assert "leaving things as they are" not in alone


def test_what_it_costs_is_a_subject_and_a_chance_and_what_makes_it_easy_a_threat() -> None:
    swot = data(brief(NOBODY), "strategic_insights")["swot"]

    assert f"Leaving things as they are has its price: “{PRICE}”." in [one["text"] for one in swot["opportunities"]]
    assert f"Leaving things as they are: “{EASE}”." in [one["text"] for one in swot["threats"]]


def test_no_advice_names_a_firm_that_is_not_named() -> None:
    told = texts(brief({"name": "Nobody"}))

    assert "has only the name" not in told
    assert OPEN["top_competitors"][0]["name"] not in told
