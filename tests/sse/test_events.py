"""Events: their JSON form and their frames."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sse import events
from sse.errors import EventTooLarge


def parse(stream: bytes) -> list[tuple[str, str, str]]:
    """Read a stream as the HTML standard, 9.2.6, says; return (event, data, id) of each event dispatched."""
    lines = stream.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found: list[tuple[str, str, str]] = []
    data: list[str] = []
    event, last_id = "", ""
    for line in lines[:-1]:
        if line == "":
            if data:
                found.append((event or "message", "\n".join(data), last_id))
            data, event = [], ""
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            data.append(value)
        elif name == "event":
            event = value
        elif name == "id" and "\0" not in value:
            last_id = value
    return found


@pytest.mark.attack(1, 3)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_from_the_wire_with_line_ends_as_newlines(text: str) -> None:
    wire = events.encode(data=text.encode(), event="status", id="7")

    assert parse(wire) == [("status", text.replace("\r\n", "\n").replace("\r", "\n"), "7")]


@pytest.mark.attack(2)
@pytest.mark.parametrize("bad", ["a\nb", "a\rb", "a\0b", "\r\n"])
@pytest.mark.parametrize("place", ["event", "id"])
def test_a_line_end_or_nul_in_a_type_or_id_is_refused(place: str, bad: str) -> None:
    with pytest.raises(ValueError, match=place):
        events.encode(data=b"x", **{place: bad})  # type: ignore[arg-type]


@pytest.mark.parametrize("retry", [-1, True, 1.5, "5"])
def test_a_retry_that_is_no_whole_number_is_refused(retry: object) -> None:
    with pytest.raises(ValueError, match="retry"):
        events.encode(data=b"", retry=retry)  # type: ignore[arg-type]


@pytest.mark.attack(3)
def test_a_megabyte_on_one_line_stays_one_line() -> None:
    wire = events.encode(data=b"x" * 1_000_000)

    assert wire == b"data: " + b"x" * 1_000_000 + b"\n\n"


@pytest.mark.attack(4)
@pytest.mark.parametrize(
    "data",
    [{"x": float("nan")}, {"x": float("inf")}, {"x": b"bytes"}, {"x": {1, 2}}, {"x": "\ud800"}, {"x": "a\0b"},
     {"a\0b": 1}, {"x": [{"y": "\0"}]}],
)  # fmt: skip
def test_what_cannot_be_told_is_an_error_of_the_publisher(data: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        events.compose("job:1", 1, "status", data, final=False)


@pytest.mark.attack(4)
def test_recursion_is_an_error_of_the_publisher() -> None:
    data: dict[str, object] = {}
    data["self"] = data

    with pytest.raises(ValueError, match="Circular"):
        events.compose("job:1", 1, "status", data, final=False)


def test_a_backslash_before_u0000_is_text_and_no_nul() -> None:
    text = events.compose("job:1", 1, "status", {"x": "\\u0000"}, final=False)

    assert json.loads(text)["x"] == "\\u0000"


@pytest.mark.attack(5)
def test_an_event_over_the_limit_names_the_limit(settings: object) -> None:
    settings.SSE_MAX_EVENT_BYTES = 200  # type: ignore[attr-defined]

    with pytest.raises(EventTooLarge, match="200"):
        events.compose("job:1", 1, "status", {"x": "y" * 200}, final=False)


def test_an_unknown_type_lists_those_there_are() -> None:
    with pytest.raises(ValueError, match="status, progress, educational, complete, error"):
        events.check("news", {})


@pytest.mark.parametrize("name", events.RESERVED)
def test_what_publishing_fills_in_cannot_be_given(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        events.check("status", {name: 1})


@pytest.mark.attack(27)
@pytest.mark.parametrize(
    "payload",
    [b"", b"no json", b"\xff\xfe", b"[]", b"1", b"null", b'{"topic":"job:2","seq":1,"type":"status"}',
     b'{"topic":"job:1","seq":"1","type":"status"}', b'{"topic":"job:1","seq":true,"type":"status"}',
     b'{"topic":"job:1","seq":0,"type":"status"}', b'{"topic":"job:1","seq":9223372036854775808,"type":"status"}',
     b'{"topic":"job:1","seq":1,"type":"news"}', b'{"topic":"job:1","seq":1,"type":["status"]}',
     b'{"topic":"job:1","seq":1,"type":"status","final":"yes"}', b"[" * 100_000, b'{"a":' * 100_000],
)  # fmt: skip
def test_what_is_no_event_of_the_topic_is_a_value_error(payload: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any: the reader drops and counts them alike
        events.read("job:1", payload)


def test_a_timestamp_is_utc_with_milliseconds() -> None:
    stamp = events.timestamp()

    assert len(stamp) == len("2026-01-31T12:00:00.000Z")
    assert stamp.endswith("Z")
