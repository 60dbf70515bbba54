"""When the seasons of a brief are: those it may choose from, and those in its own words that name a time of the year."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

# From one day of the year to another; past the turn of the year where the second is the earlier one.
Span = tuple[tuple[int, int], tuple[int, int]]

OPTIONS: Mapping[str, Span] = {
    "Q1 Planning": ((12, 1), (1, 31)),
    "Q2 Execution": ((4, 1), (6, 30)),
    "Q3 Optimization": ((7, 1), (9, 30)),
    "Q4 Review": ((10, 1), (12, 31)),
    "Holiday Season": ((11, 1), (12, 24)),
    "Back to School": ((8, 15), (9, 15)),
    "Summer Slowdown": ((7, 1), (8, 31)),
}
# Seasons in which less is published, where the rhythm leaves room for it.
SLUMPS = ("Summer Slowdown",)

# In the user's own words, in English and German. Whole words; months as they are written, since one may march.
NAMED: Mapping[str, Span] = {
    r"(?i:christmas|xmas|advent\w*|weihnacht\w*)": ((11, 15), (12, 24)),
    r"(?i:valentin\w*)": ((1, 25), (2, 14)),
    r"(?i:halloween)": ((10, 10), (10, 31)),
    r"(?i:new year\w*|neujahr\w*|silvester)": ((12, 20), (1, 10)),
    r"(?i:spring|frühling\w*|frühjahr\w*)": ((3, 1), (5, 31)),
    r"(?i:summer|sommer\w*)": ((6, 1), (8, 31)),
    r"(?i:autumn|herbst\w*)|Fall": ((9, 1), (11, 30)),
    r"(?i:winter\w*)": ((12, 1), (2, 28)),
    "January|Januar|Jänner": ((1, 1), (1, 31)),
    "February|Februar": ((2, 1), (2, 28)),
    "March|März": ((3, 1), (3, 31)),
    "April": ((4, 1), (4, 30)),
    "May|Mai": ((5, 1), (5, 31)),
    "June|Juni": ((6, 1), (6, 30)),
    "July|Juli": ((7, 1), (7, 31)),
    "August": ((8, 1), (8, 31)),
    "September": ((9, 1), (9, 30)),
    "October|Oktober": ((10, 1), (10, 31)),
    "November": ((11, 1), (11, 30)),
    "December|Dezember": ((12, 1), (12, 31)),
}
# Those that move from year to year, with their last day.
MOVING: Mapping[str, tuple[int, Callable[[int], date]]] = {
    r"(?i:easter|ostern|oster\w+)": (21, lambda year: easter(year)),
    r"(?i:black friday|cyber (week|monday))": (14, lambda year: black_friday(year)),
}


def find(season: str, start: date, end: date) -> list[tuple[date, date]]:
    """Return the days of a season within the timeline, year by year; empty where no time of the year is known for it."""
    return [
        (max(first, start), min(last, end))
        for year in range(start.year - 1, end.year + 1)
        for first, last in _in_year(season, year)
        if first <= end and last >= start
    ]


def is_known(season: str) -> bool:
    """Whether a season's time of the year is known."""
    return bool(_in_year(season, 2000))


def _in_year(season: str, year: int) -> list[tuple[date, date]]:
    if season in OPTIONS:
        return [_days(OPTIONS[season], year)]
    for words, (days, last) in MOVING.items():
        if _names(words, season):
            return [(last(year) - timedelta(days), last(year))]
    return [_days(span, year) for words, span in NAMED.items() if _names(words, season)][:1]


def _names(words: str, season: str) -> bool:
    return re.search(rf"(?<!\w)(?:{words})(?!\w)", season) is not None


def _days(span: Span, year: int) -> tuple[date, date]:
    first, last = span
    return date(year, *first), date(year + (last < first), *last)


def easter(year: int) -> date:
    """Return Easter Sunday (the anonymous Gregorian algorithm)."""
    century, place = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (place // 4) - moon - place % 4) % 7
    shift = (year % 19 + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def black_friday(year: int) -> date:
    """Return the day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta((3 - first.weekday()) % 7 + 22)
