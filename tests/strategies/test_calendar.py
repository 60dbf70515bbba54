"""The calendar by arithmetic: dates, formats, stages and hours that hold for whatever brief may come."""

import inspect
import sys
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.arithmetic import assignments, calendar, days, effort, seasons
from strategies.engines import Material

from . import arbitrary, canonical

STARTS = st.dates(date(2026, 1, 1), date(2031, 12, 31))
MONDAY = date(2026, 11, 30)


def schedule(material: Material, start: date = MONDAY) -> dict[str, Any]:
    return calendar.schedule(material.brief, material.foundation, start=start)


def asked(name: str = "shortest", *, months: int = 12, most: int = 200, **answers: Any) -> Material:
    """The material of a request with other answers."""
    request = canonical.request(name)
    request["brief"] |= answers
    return canonical.material(request | {"timeline_months": months, "max_content_pieces": most})


def dates_of(dated: dict[str, Any]) -> list[date]:
    return [date.fromisoformat(piece["date"]) for piece in dated["pieces"]]


def hours_by_month(dated: dict[str, Any], start: date, months: int) -> list[float]:
    """The hours of all pieces that have appeared by the end of each month of the timeline."""
    ends = [days.add_months(start, month) for month in range(1, months + 1)]
    return [
        sum(float(effort.hours_of(p["format"])) for p in dated["pieces"] if date.fromisoformat(p["date"]) < end)
        for end in ends
    ]


# --- whatever the brief ------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(request=arbitrary.requests(), start=STARTS)
def test_formats_stages_and_dates_are_those_of_the_plan(request: dict[str, Any], start: date) -> None:
    material = canonical.material(request)
    dated = schedule(material, start)

    pieces = dated["pieces"]
    planned = {entry["format"]: entry["pieces"] for entry in material.foundation["formats"] if entry["pieces"]}
    stages = {entry["stage"]: entry["pieces"] for entry in material.foundation["funnel"] if entry["pieces"]}
    assert Counter(piece["format"] for piece in pieces) == planned
    assert Counter(piece["funnel_stage"] for piece in pieces) == stages
    assert len(pieces) <= material.max_content_pieces
    dates = dates_of(dated)
    assert dates == sorted(dates)
    assert all(start <= day <= date.fromisoformat(dated["end"]) for day in dates)
    assert days.add_months(start, material.timeline_months) == date.fromisoformat(dated["end"]) + timedelta(1)
    assert [piece["id"] for piece in pieces] == [f"piece_{number:03}" for number in range(1, len(pieces) + 1)]
    assert schedule(material, start) == dated


@settings(max_examples=60)
@given(request=arbitrary.requests(), start=STARTS, team=st.integers(1, 3))
def test_no_piece_appears_before_the_team_had_the_hours_for_it(request: dict[str, Any], start: date, team: int) -> None:
    request["brief"]["team_size"] = team
    material = canonical.material(request)
    dated = schedule(material, start)

    hours = effort.monthly_hours(material.brief)
    assert hours is not None
    if len(dated["pieces"]) > 1:  # a single piece is planned even where it takes longer than there is time
        used = hours_by_month(dated, start, material.timeline_months)
        assert all(spent <= hours * month for month, spent in enumerate(used, 1))


@settings(max_examples=60)
@given(request=arbitrary.requests(), team=st.integers(1, 3))
def test_no_phase_of_the_roadmap_holds_more_work_than_the_team_has_hours_up_to_its_end(
    request: dict[str, Any], team: int
) -> None:
    request["brief"]["team_size"] = team
    material = canonical.material(request)

    spent = 0.0
    for phase in material.foundation["phases"]:
        spent += sum(float(effort.hours_of(form)) * pieces for form, pieces in phase["formats"].items())
        assert spent <= 60 * team * phase["end_month"] or material.foundation["cadence"]["planned"]["value"] == 1


@settings(max_examples=60)
@given(request=arbitrary.requests(), start=STARTS, slots=st.sets(st.sampled_from(list(days.SLOT_DAYS)), min_size=1))
def test_other_days_of_the_week_are_used_only_where_the_best_do_not_suffice(
    request: dict[str, Any], start: date, slots: set[str]
) -> None:
    request["brief"]["optimal_timing"] = {"slots": sorted(slots), "timezone": "Europe/Vienna"}
    material = canonical.material(request)
    dated = schedule(material, start)

    wanted = {day for slot in slots for day in days.SLOT_DAYS[slot]}
    end = date.fromisoformat(dated["end"])
    every = [start + timedelta(offset) for offset in range((end - start).days + 1)]
    enough = sum(day.weekday() in wanted for day in every) >= len(dated["pieces"])
    assert not enough or all(day.weekday() in wanted for day in dates_of(dated))
    for piece, day in zip(dated["pieces"], dates_of(dated), strict=True):
        assert (piece["slot"] in slots) == (day.weekday() in wanted)


# --- rhythm ------------------------------------------------------------------------------------------------------------


def test_a_weekly_rhythm_on_a_fixed_day_has_one_piece_each_week() -> None:
    timing = {"slots": ["Thursday Evening"], "timezone": "Europe/Vienna"}
    dates = dates_of(schedule(asked(content_frequency="Weekly", optimal_timing=timing)))

    assert len(dates) == 52
    assert {day.weekday() for day in dates} == {3}
    assert all((later - day).days in (7, 14) for day, later in pairwise(dates))
    assert len({day.isocalendar()[:2] for day in dates}) == 52


def test_a_monthly_rhythm_has_one_piece_in_each_month() -> None:
    dates = dates_of(schedule(asked(content_frequency="Monthly")))

    months = [days.add_months(MONDAY, month) for month in range(13)]
    counts = [sum(first <= day < last for day in dates) for first, last in pairwise(months)]
    assert counts == [1] * 12


def test_a_daily_rhythm_has_a_piece_each_day_and_two_only_where_days_run_out() -> None:
    dates = dates_of(schedule(asked(content_frequency="Daily", months=1), date(2027, 2, 1)))

    assert len(dates) == 30  # an average month's, in a February of 28 days
    assert len(set(dates)) == 28


@pytest.mark.parametrize(("day", "months", "then"), [("2027-01-31", 1, "2027-02-28"), ("2026-11-30", 36, "2029-11-30")])
def test_a_month_later_is_the_same_day_or_the_last(day: str, months: int, then: str) -> None:
    assert days.add_months(date.fromisoformat(day), months).isoformat() == then


@pytest.mark.parametrize(
    ("formats", "months"),
    [
        (["Email Newsletters", "Interactive Content"], 3),
        (["Whitepapers", "Interactive Content", "Infographics", "Social Media Posts"], 6),
        (["Whitepapers", "Social Media Posts"], 3),
    ],
)
def test_long_pieces_wait_where_the_first_months_have_too_few_hours(formats: list[str], months: int) -> None:
    material = asked(preferred_formats=formats, content_frequency="Daily", team_size=1, months=months)

    used = hours_by_month(schedule(material), MONDAY, months)
    spent = 0.0
    for phase in material.foundation["phases"]:
        spent += sum(float(effort.hours_of(form)) * pieces for form, pieces in phase["formats"].items())
        assert spent <= 60 * phase["end_month"]
    assert all(hours <= 60 * month for month, hours in enumerate(used, 1))
    assert material.foundation["cadence"]["bound_by"] == "capacity"


# --- seasons -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("season", "spans"),
    [
        ("Q1 Planning", [("2026-12-01", "2027-01-31")]),
        ("Holiday Season", [("2026-11-30", "2026-12-24"), ("2027-11-01", "2027-11-29")]),
        ("Easter", [("2027-03-07", "2027-03-28")]),
        ("Ostern und Pfingsten", [("2027-03-07", "2027-03-28")]),
        ("Black Friday", [("2027-11-12", "2027-11-26")]),
        ("Frühjahrsputz", [("2027-03-01", "2027-05-31")]),
        ("Trade fair in May", [("2027-05-01", "2027-05-31")]),
        ("We may fall silent", []),
        ("Harvest", []),
    ],
)
def test_a_season_has_the_days_it_is_known_by(season: str, spans: list[tuple[str, str]]) -> None:
    found = seasons.find(season, MONDAY, date(2027, 11, 29))

    assert [(first.isoformat(), last.isoformat()) for first, last in found] == spans


def test_pieces_within_a_season_are_given_to_it_and_none_outside() -> None:
    dated = schedule(asked(content_frequency="Weekly", seasonal_trends=["Holiday Season", "Easter"]))

    easter = [piece for piece in dated["pieces"] if piece["season"] == "Easter"]
    assert easter
    assert all("2027-03-07" <= piece["date"] <= "2027-03-28" for piece in easter)
    assert any(piece["season"] == "Holiday Season" for piece in dated["pieces"])
    assert "“Easter” is taken for 2027-03-07 to 2027-03-28." in dated["basis"]


def test_a_season_without_a_known_date_is_said_and_not_guessed() -> None:
    dated = schedule(asked(seasonal_trends=["Harvest"]))

    assert not any(piece["season"] for piece in dated["pieces"])
    assert any(line.startswith("“Harvest” has no date that is known here") for line in dated["basis"])


def test_a_summer_slowdown_gets_fewer_pieces_where_the_rhythm_leaves_room() -> None:
    answers: dict[str, Any] = {"content_frequency": "2-3 times per week", "most": 60}
    usual = dates_of(schedule(asked(**answers)))
    slow = dates_of(schedule(asked(seasonal_trends=["Summer Slowdown"], **answers)))

    def summer(dates: list[date]) -> int:
        return sum(date(2027, 7, 1) <= day <= date(2027, 8, 31) for day in dates)

    assert len(usual) == len(slow) == 60
    assert summer(slow) < summer(usual)


# --- themes ------------------------------------------------------------------------------------------------------------


def test_themes_that_matter_more_get_more_pieces_and_serve_their_stages() -> None:
    pieces = schedule(asked("full", content_frequency="Weekly"))["pieces"]
    themes: list[dict[str, Any]] = [
        {"name": "Main", "priority": "High", "stages": [], "season": ""},
        {"name": "Side", "priority": "Low", "stages": [], "season": ""},
        {"name": "Proof", "priority": "Medium", "stages": ["decision"], "season": ""},
    ]
    for theme in themes[:2]:
        theme["stages"] = ["awareness", "consideration", "retention"]

    assignments.assign_themes(pieces, themes, goal="decision")

    counts = Counter(piece["theme"] for piece in pieces)
    assert counts["Main"] > 2 * counts["Side"] > 0
    assert {piece["theme"] for piece in pieces if piece["funnel_stage"] == "decision"} == {"Proof"}
    assert {piece["priority"] for piece in pieces if piece["theme"] == "Main"} <= {"Medium", "High"}


# --- size --------------------------------------------------------------------------------------------------------------


def test_two_hundred_pieces_in_three_years_take_no_more_steps_than_four_times_fifty() -> None:
    """Work grows with the pieces, not with their square: counted as lines run, which no busy machine changes."""
    small, large = (asked(content_frequency="Daily", months=36, most=most, team_size=100) for most in (50, 200))

    few, many = (count_lines(lambda material=material: schedule(material)) for material in (small, large))

    assert len(schedule(large)["pieces"]) == 200
    assert many < 5 * few


def count_lines(work: Any) -> int:
    """Return how many lines of our arithmetic run in it."""
    count = 0
    files = {inspect.getfile(module) for module in (assignments, calendar, days, effort, seasons)}

    def local(frame: Any, event: str, _: Any) -> Any:
        nonlocal count
        count += event == "line"
        return local

    before = sys.gettrace()
    sys.settrace(lambda frame, event, _: local if frame.f_code.co_filename in files else None)
    try:
        work()
    finally:
        sys.settrace(before)
    return count
