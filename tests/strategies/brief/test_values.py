"""Single values of the brief, read through the fields that have them."""

from typing import Any

import pytest

from strategies.brief import Field, field, values
from strategies.brief.words import Rejected

NUMBER = Field("number", "Number", "number", min=0, max=100)
BUDGET = field("content_budget")


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


@pytest.mark.parametrize("reader", values.READERS.values(), ids=values.READERS)
@pytest.mark.parametrize("raw", [{"a": {}}, object(), {1}, b"bytes", 3 + 4j], ids=lambda raw: type(raw).__name__)
def test_no_reader_fails_on_a_type_it_has_never_seen(reader: Any, raw: object) -> None:
    with pytest.raises(Rejected, match="accepted is"):
        reader(NUMBER, raw)
