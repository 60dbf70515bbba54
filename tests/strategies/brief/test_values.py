"""Single values of the brief, read through the fields that have them."""

from typing import Any

import pytest

from strategies import brief
from strategies.brief import Field, field, member, values
from strategies.brief.words import Rejected

PROSE = Field("prose", "Prose", "text")
NAME = Field("name", "Name", "text", max=brief.NAME_LENGTH)
NUMBER = Field("number", "Number", "number", min=0, max=100)
WEBSITE = member(field("top_competitors"), "website")
ZONE = member(field("optimal_timing"), "timezone")
OBJECTIVES = field("business_objectives")
FORMATS = field("content_preferences")
SEASONS = field("seasonal_trends")
BUDGET = field("content_budget")


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
    assert values.text(PROSE, f"  {said}\n ") == said


def test_the_line_ends_of_a_form_become_line_feeds() -> None:
    assert values.text(PROSE, "one\r\ntwo") == "one\ntwo"


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\r", "\x1b", "\x1f", "\ud800"])
def test_a_character_that_cannot_be_stored_is_named(character: str) -> None:
    with pytest.raises(Rejected, match=rf"U\+{ord(character):04X}"):
        values.text(PROSE, f"a{character}b")


@pytest.mark.parametrize("character", ["\x00", "\x1c", "\x0b", "\ud800"])
def test_such_a_character_alone_is_an_error_and_not_a_blank(character: str) -> None:
    with pytest.raises(brief.Invalid) as caught:
        brief.clean_partial({"buying_journey": {"awareness": character}})

    assert list(caught.value.errors) == ["buying_journey.awareness"]


@pytest.mark.parametrize("raw", [None, "", "  ", "\n\t", "\N{NO-BREAK SPACE}", "\u200b\ufeff", "\u202e", [], {}, ()])
def test_what_shows_nothing_is_blank(raw: object) -> None:
    assert values.blank(raw)


@pytest.mark.parametrize("raw", ["x", "0", "\x00", 0, False, [None], {"a": None}])
def test_anything_else_is_not_blank(raw: object) -> None:
    assert not values.blank(raw)


def test_text_has_a_length() -> None:
    assert values.text(PROSE, "ü" * 2_000) == "ü" * 2_000

    with pytest.raises(Rejected, match="2,001 characters are too many; accepted is text of up to 2,000"):
        values.text(PROSE, "ü" * 2_001)


def test_a_name_is_short_and_on_one_line() -> None:
    assert values.text(NAME, "n" * 200) == "n" * 200

    with pytest.raises(Rejected, match="201 characters"):
        values.text(NAME, "n" * 201)
    with pytest.raises(Rejected, match="line break; accepted is one line"):
        values.text(NAME, "a\nb")


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
    assert values.texts(OBJECTIVES, raw) == entries


def test_a_list_has_a_length() -> None:
    most = [f"Objective {number}" for number in range(50)]

    assert values.texts(OBJECTIVES, most) == most
    for raw in ([*most, "x"], ";".join([*most, "x"]), "\n".join([*most, "x"]), ["\n".join([*most, "x"])]):
        with pytest.raises(Rejected, match="51 entries are too many; accepted is a list of up to 50"):
            values.texts(OBJECTIVES, raw)


@pytest.mark.parametrize(
    ("raw", "found"),
    [([1], "Entry 1 is a number"), (["a", ["b"]], "Entry 2 is a list"), ([{}], "Entry 1 is an object")],
)
def test_an_entry_that_is_not_text_is_named_by_its_place(raw: object, found: str) -> None:
    with pytest.raises(Rejected, match=found):
        values.texts(OBJECTIVES, raw)


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
    assert values.choices(FORMATS, raw) == ["Blog Posts", "Videos"]


def test_the_dash_and_apostrophe_of_an_option_may_be_plain_or_typographic() -> None:
    length = member(field("consumption_patterns"), "content_length_preference")
    times = member(field("consumption_patterns"), "preferred_times")

    assert values.choice(length, "short 1-3 min") == "Short 1–3 min"
    assert values.choices(times, ["6-9 o’clock"]) == ["6–9 o'clock"]
    assert values.choice(field("content_frequency"), "2–3 times per week") == "2-3 times per week"


def test_unknown_options_are_named_and_the_known_ones_listed() -> None:
    with pytest.raises(Rejected) as caught:
        values.choices(FORMATS, ["Blog Posts", "Billboards", "Radio"])

    assert "“Billboards, Radio” is not among the options" in str(caught.value)
    assert all(option in str(caught.value) for option in FORMATS.options)


def test_own_words_are_welcome_where_the_field_says_so() -> None:
    raw = ["holiday season", "Easter", "Mother's Day, in May", "Easter"]

    assert values.choices(SEASONS, raw) == ["Holiday Season", "Easter", "Mother's Day, in May"]


def test_own_words_are_as_short_as_a_name() -> None:
    with pytest.raises(Rejected, match="201 characters"):
        values.choices(SEASONS, ["x" * 201])


@pytest.mark.parametrize("raw", ["Hourly", ["Weekly"], 7, True, {"Weekly": 1}])
def test_a_choice_is_one_of_its_options(raw: object) -> None:
    with pytest.raises(Rejected, match="accepted is one of: Daily; 2-3 times per week; Weekly"):
        values.choice(field("content_frequency"), raw)


@pytest.mark.parametrize(("raw", "value"), [(5, 5), (5.0, 5), (-0.0, 0), ("5,0", 5), (0.1 + 0.2, 0.3), ("2,5", 2.5)])
def test_a_number_is_whole_where_it_can_be(raw: object, value: float) -> None:
    found = values.number(NUMBER, raw)

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "raw",
    [
        *(float("nan"), float("inf"), -float("inf"), 10**400, -(10**400), True, False, [], {}, [5], None),
        *("NaN", "1e1", "0x10", "1_0", "٣", "5%", "-3", "101", 100.1, -1),
    ],
)
def test_a_number_out_of_range_or_no_number_at_all_is_refused(raw: object) -> None:
    with pytest.raises(Rejected, match="accepted is a number from 0 to 100"):
        values.number(NUMBER, raw)


def test_a_number_without_bounds_still_ends_somewhere() -> None:
    target = Field("balance", "Balance", "number")

    assert values.number(target, "-3") == -3
    with pytest.raises(Rejected, match="up to 1,000,000,000,000"):
        values.number(target, 1e13)


@pytest.mark.parametrize("raw", [4, 4.0, "4", "4.0", "+4"])
def test_a_whole_number_may_be_written_with_decimals_that_are_none(raw: object) -> None:
    assert values.integer(field("team_size"), raw) == 4


@pytest.mark.parametrize("raw", [4.5, "4,5", 0, 101, "10k", True, "four"])
def test_a_team_is_whole_people(raw: object) -> None:
    with pytest.raises(Rejected, match="accepted is a whole number from 1 to 100"):
        values.integer(field("team_size"), raw)


@pytest.mark.parametrize(
    ("raw", "amount", "currency"),
    [
        (9000, 9000, ""),
        (9.5, 9.5, ""),
        ("2,5k", 2500, ""),
        ("€9,000", 9000, "EUR"),
        ({"amount": 9000, "currency": "chf"}, 9000, "CHF"),
        ({"amount": "9k", "currency": "€"}, 9000, "EUR"),
        ({"amount": "€9k", "currency": "EUR"}, 9000, "EUR"),
        ({"amount": "9k EUR", "currency": None}, 9000, "EUR"),
        ({"amount": 0}, 0, ""),
    ],
)
def test_a_budget_is_an_amount_with_or_without_a_currency(raw: object, amount: float, currency: str) -> None:
    assert values.money(BUDGET, raw) == {"amount": amount, "currency": currency}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ({"currency": "EUR"}, "amount is missing"),
        ({"amount": "", "currency": "EUR"}, "amount is missing"),
        ("EUR", "amount is missing"),
        ({"amount": "€9", "currency": "USD"}, "Two currencies"),
        ("€9 USD", "wo currencies"),
        ({"amount": 9, "currency": "gold"}, "not a currency"),
        ({"amount": 9, "currency": 5}, "currency is a number"),
        ({"amount": 9, "per": "week"}, "other members"),
        ({"amount": [9]}, "This is a list"),
        ({"amount": 10**5000, "currency": "gold"}, "not a currency"),
        ("25%", "percent sign"),
        (1_000_001, "out of range"),
        (-1, "out of range"),
        (True, "true or false"),
        ([9], "a list"),
    ],
)
def test_a_budget_that_is_unclear_is_refused(raw: object, reason: str) -> None:
    with pytest.raises(Rejected, match=reason) as caught:
        values.money(BUDGET, raw)

    assert "accepted is an amount from 0 to 1,000,000" in str(caught.value)


def test_a_budget_without_amount_and_currency_is_none() -> None:
    assert values.money(BUDGET, {"amount": "", "currency": ""}) is None


@pytest.mark.parametrize("raw", [True, "true", "TRUE", " yes ", "1", 1])
def test_yes_has_many_spellings(raw: object) -> None:
    assert values.boolean(field("ab_testing_capabilities"), raw) is True


@pytest.mark.parametrize("raw", [False, "false", "No", "0", 0])
def test_so_has_no(raw: object) -> None:
    assert values.boolean(field("ab_testing_capabilities"), raw) is False


@pytest.mark.parametrize("raw", [2, 1.0, "maybe", [True], {}, "yes and no"])
def test_maybe_is_refused(raw: object) -> None:
    with pytest.raises(Rejected, match="accepted is true or false, yes or no"):
        values.boolean(field("ab_testing_capabilities"), raw)


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("https://matomo.org", "https://matomo.org"),
        ("HTTP://localhost:8000/x?y=1#z", "HTTP://localhost:8000/x?y=1#z"),
        ("matomo.org", "https://matomo.org"),
        ("www.example.com:8080/a", "https://www.example.com:8080/a"),
        ("example.com/?next=http://other.example", "https://example.com/?next=http://other.example"),
        ("//example.com/a", "https://example.com/a"),
        ("müller.de", "https://müller.de"),
        ("xn--mller-kva.de.", "https://xn--mller-kva.de."),
        ("http://192.168.0.1/", "http://192.168.0.1/"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]:80/"),
    ],
)
def test_a_web_address_may_lack_its_scheme(raw: str, address: str) -> None:
    assert values.url(WEBSITE, raw) == address
    assert values.url(WEBSITE, address) == address


@pytest.mark.parametrize(
    "raw",
    [
        *("javascript:alert(1)", "JavaScript://%0aalert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x"),
        *("file:///etc/passwd", "ftp://example.com", "mailto:a@example.com", "https://", "https:///x", "http:example"),
        *("https://user:pass@example.com", "https://bank.example@evil.example", "https://a b.com", "https://a.com/<b>"),
        *(
            "https://..",
            "https://-a.com",
            "https://a_.com-",
            "example",
            "1.5",
            "https://[::1",
            "http://[x]/",
            "a.com:port",
        ),
        *(
            "https://a.com:99999",
            "https:\\\\a.com",
            'https://a.com/"x',
            "https://a.com/\u202egpj",
            "https://a.com\n.b",
            "?",
        ),
        *("javascript:1", "example.com" + "/x" * 300, "https://" + "a" * 64 + ".com"),
    ],
)
def test_what_does_not_lead_to_a_site_is_refused(raw: str) -> None:
    with pytest.raises(Rejected, match=r"accepted is a web address such as https://example\.com"):
        values.url(WEBSITE, raw)


def test_an_address_that_fits_only_without_its_scheme_is_refused_now_and_not_at_the_next_edit() -> None:
    raw = "example.com/" + "x" * (500 - len("example.com/"))

    with pytest.raises(Rejected):
        values.url(WEBSITE, raw)


@pytest.mark.parametrize(
    ("raw", "zone"), [("Europe/Vienna", "Europe/Vienna"), ("europe/vienna", "Europe/Vienna"), ("utc", "UTC")]
)
def test_a_time_zone_is_found_whatever_its_case(raw: str, zone: str) -> None:
    assert values.timezone(ZONE, raw) == zone


@pytest.mark.parametrize(
    "raw", ["Europe/Wien", "../../etc/passwd", "CET+1", "Europe", "localtime", "/etc/localtime", "Factory"]
)
def test_an_unknown_time_zone_is_refused(raw: str) -> None:
    with pytest.raises(Rejected, match="is not a time zone; accepted is an IANA time zone such as Europe/Berlin"):
        values.timezone(ZONE, raw)


def test_a_time_zone_that_is_nearly_right_is_suggested() -> None:
    with pytest.raises(Rejected, match=r"Did you mean Europe/Berlin\?"):
        values.timezone(ZONE, "Europe/Berlinn")


@pytest.mark.parametrize("reader", values.READERS.values(), ids=values.READERS)
@pytest.mark.parametrize("raw", [{"a": {}}, object(), {1}, b"bytes", 3 + 4j], ids=lambda raw: type(raw).__name__)
def test_no_reader_fails_on_a_type_it_has_never_seen(reader: Any, raw: object) -> None:
    with pytest.raises(Rejected, match="accepted is"):
        reader(NUMBER, raw)
