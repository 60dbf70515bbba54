"""The calendar as CSV and as iCalendar."""

import csv
import io
import unicodedata
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from strategies.exports import calendar_csv, calendar_ics
from strategies.models import Version
from tests.strategies import canonical
from tests.strategies.exports import samples


def table(calendar: dict[str, Any]) -> list[list[str]]:
    text = calendar_csv.render(calendar).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_each_piece_is_a_row_in_the_order_of_dates_and_excel_sees_utf_8() -> None:
    calendar = samples.calendar(3, theme="Größe, 漢字; “Zitat”")
    calendar["pieces"].reverse()

    heads, *rows = table(calendar)

    assert calendar_csv.render(calendar).startswith(b"\xef\xbb\xbf")
    assert heads == list(calendar_csv.HEADS)
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert {row[5] for row in rows} == {"Größe, 漢字; “Zitat”"}


def test_lines_end_as_rfc_4180_has_it_and_breaks_inside_a_cell_stay_inside() -> None:
    body = calendar_csv.render(samples.calendar(1, description='one\r\ntwo "three"')).decode("utf-8-sig")

    assert body.count("\r\n") == 2
    assert '"one\ntwo ""three"""' in body


@pytest.mark.attack(19)
@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "  =1",
        "\n=1",
        "\u202e=1",
        "\x00=1",
        "\ufeff=1",
        "＝1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_a_cell_that_a_spreadsheet_would_compute_is_text(text: str) -> None:
    for row in table(samples.calendar(1, title=text, channel=text, theme=text, priority=text))[1:]:
        for place in (1, 4, 5, 7):
            assert row[place].startswith("'")


@pytest.mark.attack(19)
@given(st.text(max_size=30))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = calendar_csv.cell(text)

    seen = "".join(sign for sign in cell if unicodedata.category(sign)[0] not in "ZC")
    assert not seen.startswith(("=", "+", "-", "@"))
    assert not set(cell) & set("\t\r\x00")


@pytest.fixture
def version(owner: User) -> Version:
    document = canonical.made(canonical.request("bakery")) | {"calendar": samples.calendar(3)}
    return samples.store(owner, canonical.request("bakery"), document)


def events(body: bytes) -> list[Any]:
    return list(Calendar.from_ical(body).walk("VEVENT"))


def test_each_piece_is_an_event_of_a_whole_day(version: Version) -> None:
    found = events(calendar_ics.render(version))

    pieces = version.document["calendar"]["pieces"]
    assert [event.decoded("dtstart").isoformat() for event in found] == [piece["date"] for piece in pieces]
    assert [str(event["summary"]) for event in found] == [piece["title"] for piece in pieces]
    assert all((event.decoded("dtend") - event.decoded("dtstart")).days == 1 for event in found)


def test_a_piece_keeps_its_uid_in_later_versions_and_none_shares_it(version: Version, other: User) -> None:
    later = samples.add(version.strategy, version.document | {"calendar": samples.calendar(4, title="Anew")})
    theirs = samples.store(other, canonical.request("bakery"), version.document)

    first, second, third = (
        [str(event["uid"]) for event in events(calendar_ics.render(each))] for each in (version, later, theirs)
    )

    assert first == second[:3]
    assert len({*first, *second, *third}) == 7
    assert calendar_ics.render(version) == calendar_ics.render(version)


@pytest.mark.attack(19)
@pytest.mark.parametrize("text", [*samples.HOSTILE, "x" * 500, "é" * 200, "👩‍👩‍👧" * 40, "a\r\nEND:VEVENT"])
def test_any_text_keeps_the_rules_of_rfc_5545(version: Version, text: str) -> None:
    hostile = samples.calendar(2, title=text, description=text, theme=text, channel=text)
    version.document = version.document | {"calendar": hostile}
    version.strategy.name = text

    body = calendar_ics.render(version)

    lines = body.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    assert not {byte for byte in body if byte < 32 or byte == 127} - {13, 10}
    unfolded = body.replace(b"\r\n ", b"").decode().split("\r\n")
    assert [line for line in unfolded if line.startswith(("BEGIN:", "END:"))] == [
        "BEGIN:VCALENDAR",
        *["BEGIN:VEVENT", "END:VEVENT"] * 2,
        "END:VCALENDAR",
    ]
    assert {"VERSION:2.0"} <= set(unfolded)
    for event in events(body):
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event)
        assert "\u202e" not in str(event["summary"])


def test_a_piece_without_a_day_is_left_out_and_the_others_are_there(version: Version) -> None:
    version.document["calendar"]["pieces"][1]["date"] = "soon"

    assert len(events(calendar_ics.render(version))) == 2
