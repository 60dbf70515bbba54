"""Texts of the brief, read through the fields that have them."""

import pytest

from strategies import brief
from strategies.brief import Field, field, member, texts
from strategies.brief.words import Rejected

PROSE = Field("prose", "Prose", "text")
NAME = Field("name", "Name", "text", max=brief.NAME_LENGTH)
OBJECTIVES = field("business_objectives")
FORMATS = field("content_preferences")
SEASONS = field("seasonal_trends")


@pytest.mark.parametrize(
    "said",
    [
        'Überall – „Zuhause“ & "dort"',
        "🇦🇹🇵🇱 👩‍🔧",
        "<script>alert(1)</script>",
        '=HYPERLINK("x")',
        "+1 -1 @x",
        "one\u2028two\u2029three\u0085four",
        "שלום \u202eevil\u202c",
        "tab\tand\nline",
        "‘’“”…\N{NO-BREAK SPACE}x",
        "{{ x }} {% y %} %s ${z}",
        "a\N{ZERO WIDTH JOINER}b",
    ],
)
def test_text_survives_whole(said: str) -> None:
    assert texts.text(PROSE, f"  {said}\n ") == said


def test_the_line_ends_of_a_form_become_line_feeds() -> None:
    assert texts.text(PROSE, "one\r\ntwo") == "one\ntwo"


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\r", "\x1b", "\x1f", "\ud800"])
def test_a_character_that_cannot_be_stored_is_named(character: str) -> None:
    with pytest.raises(Rejected, match=rf"U\+{ord(character):04X}"):
        texts.text(PROSE, f"a{character}b")


@pytest.mark.parametrize("character", ["\x00", "\x1c", "\x0b", "\ud800"])
def test_such_a_character_alone_is_an_error_and_not_a_blank(character: str) -> None:
    with pytest.raises(brief.Invalid) as caught:
        brief.clean_partial({"buying_journey": {"awareness": character}})

    assert list(caught.value.errors) == ["buying_journey.awareness"]


@pytest.mark.parametrize("raw", [None, "", "  ", "\n\t", "\N{NO-BREAK SPACE}", "\u200b\ufeff", "\u202e", [], {}, ()])
def test_what_shows_nothing_is_blank(raw: object) -> None:
    assert texts.blank(raw)


@pytest.mark.parametrize("raw", ["x", "0", "\x00", 0, False, [None], {"a": None}])
def test_anything_else_is_not_blank(raw: object) -> None:
    assert not texts.blank(raw)


def test_text_has_a_length() -> None:
    assert texts.text(PROSE, "ü" * 2_000) == "ü" * 2_000

    with pytest.raises(Rejected, match="2,001 characters are too many; accepted is text of up to 2,000"):
        texts.text(PROSE, "ü" * 2_001)


def test_a_name_is_short_and_on_one_line() -> None:
    assert texts.text(NAME, "n" * 200) == "n" * 200

    with pytest.raises(Rejected, match="201 characters"):
        texts.text(NAME, "n" * 201)
    with pytest.raises(Rejected, match="line break; accepted is one line"):
        texts.text(NAME, "a\nb")


@pytest.mark.parametrize(
    ("raw", "entries"),
    [
        ("Sell more, and sooner\nWaste less; sleep", ["Sell more, and sooner", "Waste less", "sleep"]),
        (["Sell more; and sooner", "", None, " Waste less "], ["Sell more; and sooner", "Waste less"]),
        (["one\r\ntwo", "one"], ["one", "two"]),
        (("one",), ["one"]),
        (["a\u2028b"], ["a\u2028b"]),
        ([None, " "], None),
        (";\n;", None),
    ],
)
def test_a_list_of_texts_has_an_entry_on_each_line(raw: object, entries: list[str] | None) -> None:
    assert texts.texts(OBJECTIVES, raw) == entries


def test_a_list_has_a_length() -> None:
    most = [f"Objective {number}" for number in range(50)]

    assert texts.texts(OBJECTIVES, most) == most
    for raw in ([*most, "x"], ";".join([*most, "x"]), "\n".join([*most, "x"]), ["\n".join([*most, "x"])]):
        with pytest.raises(Rejected, match="51 entries are too many; accepted is a list of up to 50"):
            texts.texts(OBJECTIVES, raw)


@pytest.mark.parametrize(
    ("raw", "found"),
    [([1], "Entry 1 is a number"), (["a", ["b"]], "Entry 2 is a list"), ([{}], "Entry 1 is an object")],
)
def test_an_entry_that_is_not_text_is_named_by_its_place(raw: object, found: str) -> None:
    with pytest.raises(Rejected, match=found):
        texts.texts(OBJECTIVES, raw)


@pytest.mark.parametrize(
    "raw",
    [
        ["Blog Posts", "Videos"],
        [" blog posts ", "VIDEOS", "Videos", ""],
        "Blog Posts, videos",
        "blog  posts; Videos",
        "Blog Posts\r\nVideos",
    ],
)
def test_options_are_found_however_they_are_written(raw: object) -> None:
    assert texts.choices(FORMATS, raw) == ["Blog Posts", "Videos"]


def test_the_dash_and_apostrophe_of_an_option_may_be_plain_or_typographic() -> None:
    length = member(field("consumption_patterns"), "content_length_preference")
    times = member(field("consumption_patterns"), "preferred_times")

    assert texts.choice(length, "short 1-3 min") == "Short 1–3 min"
    assert texts.choices(times, ["6-9 o’clock"]) == ["6–9 o'clock"]
    assert texts.choice(field("content_frequency"), "2–3 times per week") == "2-3 times per week"


def test_unknown_options_are_named_and_the_known_ones_listed() -> None:
    with pytest.raises(Rejected) as caught:
        texts.choices(FORMATS, ["Blog Posts", "Billboards", "Radio"])

    assert "“Billboards, Radio” is not among the options" in str(caught.value)
    assert all(option in str(caught.value) for option in FORMATS.options)


def test_own_words_are_welcome_where_the_field_says_so() -> None:
    raw = ["holiday season", "Easter", "Mother's Day, in May", "Easter"]

    assert texts.choices(SEASONS, raw) == ["Holiday Season", "Easter", "Mother's Day, in May"]


def test_own_words_are_as_short_as_a_name() -> None:
    with pytest.raises(Rejected, match="201 characters"):
        texts.choices(SEASONS, ["x" * 201])


@pytest.mark.parametrize("raw", ["Hourly", ["Weekly"], 7, True, {"Weekly": 1}])
def test_a_choice_is_one_of_its_options(raw: object) -> None:
    with pytest.raises(Rejected, match="accepted is one of: Daily; 2-3 times per week; Weekly"):
        texts.choice(field("content_frequency"), raw)
