"""Numbers and money as people type them."""

from decimal import Decimal

import pytest

from strategies.brief import numbers


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12", "12"),
        ("007", "7"),
        ("+5", "5"),
        ("-3", "-3"),
        ("−3", "-3"),
        (" 12 ", "12"),
        ("12,000", "12000"),
        ("1,234,567", "1234567"),
        ("1,234.56", "1234.56"),
        ("1234,567", "1234567"),
        ("2,5", "2.5"),
        ("12,0005", "12.0005"),
        (",5", "0.5"),
        ("0,125", "0.125"),
        ("1.5", "1.5"),
        (".5", "0.5"),
        ("1.2340", "1.234"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        ("1.234.567", "1234567"),
        ("1.234,56", "1234.56"),
        ("1.234.567,8", "1234567.8"),
        ("12 000", "12000"),
        ("12\N{NO-BREAK SPACE}000", "12000"),
        ("1\N{NARROW NO-BREAK SPACE}234\N{THIN SPACE}567", "1234567"),
        ("1 234,56", "1234.56"),
        ("1 234,567", "1234.567"),
        ("12'000.5", "12000.5"),
        ("12’000", "12000"),
        ("10k", "10000"),
        ("10 K", "10000"),
        ("5m", "5000000"),
        ("2,5k", "2500"),
        ("1.5k", "1500"),
        ("12,000k", "12000000"),
        ("1.234k", "1234"),
    ],
)
def test_a_number_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert numbers.number(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "ten", "1e9", "0x10", "1_000", "NaN", "Infinity", "-", "+", ".", ",", "5.", "5,", "--5", "+-5"),
        *("٣", "１２", "12k5", "k", "5b", "5kk", "1 2", "12 00", "1,23,456.7", "12,000,5", "1,,5", "1..5", "1.2,3.4"),
        *("1,234,56", "12.34.567", "1.234.56", "5 %%", "%5", "5\n5", "9" * 61, " " * 61 + "5", "½", "²", "5 €"),
    ],
)
def test_what_is_not_plainly_one_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"number|marks"):
        numbers.number(typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12.000", "may be 12,000 or 12, so write 12000 or 12"),
        ("12.500", "may be 12,500 or 12.5, so write 12500 or 12.5"),
        ("1.234", "may be 1,234 or 1.234, so write 1234 or 1.2340"),
        ("-1.234", "may be -1,234 or -1.234, so write -1234 or -1.2340"),
        ("100.000", "may be 100,000 or 100, so write 100000 or 100"),
    ],
)
def test_a_point_before_three_digits_has_two_readings_and_is_refused_with_both(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        numbers.number(typed)

    for written in said.partition("so write ")[2].split(" or "):
        assert numbers.number(written) is not None


def test_a_point_before_three_digits_of_a_percentage_is_decimal() -> None:
    assert numbers.number("1.234%", percent=True) == Decimal("1.234")


@pytest.mark.parametrize(("typed", "meant"), [("25%", "25"), ("2,5 %", "2.5"), ("25", "25"), ("-3%", "-3")])
def test_a_percentage_may_have_its_sign(typed: str, meant: str) -> None:
    assert numbers.number(typed, percent=True) == Decimal(meant)


def test_a_percent_sign_elsewhere_is_refused() -> None:
    with pytest.raises(ValueError, match="percent sign"):
        numbers.number("25%")


@pytest.mark.parametrize("typed", ["10k", "10k%", "5m"])
def test_a_percentage_has_no_thousands(typed: str) -> None:
    with pytest.raises(ValueError, match="thousands"):
        numbers.number(typed, percent=True)


@pytest.mark.parametrize(
    ("typed", "amount", "currency"),
    [
        ("9000", "9000", ""),
        ("€9,000", "9000", "EUR"),
        ("9.000 €", "9000", "EUR"),
        ("9.000,50 €", "9000.5", "EUR"),
        ("9.50", "9.5", ""),
        ("9000 EUR", "9000", "EUR"),
        ("eur 9000", "9000", "EUR"),
        ("9000eur", "9000", "EUR"),
        ("9000 Euro", "9000", "EUR"),
        ("$10k", "10000", "USD"),
        ("10k$", "10000", "USD"),
        ("US$ 10k", "10000", "USD"),
        ("10kEUR", "10000", "EUR"),
        ("10 k€", "10000", "EUR"),
        ("5 MXN", "5", "MXN"),
        ("£1.5m", "1500000", "GBP"),
        ("CHF 12'000", "12000", "CHF"),
        ("Fr. 500", "500", "CHF"),
        ("500 zł", "500", "PLN"),
        ("€ 9\N{NO-BREAK SPACE}000", "9000", "EUR"),
        ("€9,000 EUR", "9000", "EUR"),
        ("€-5", "-5", "EUR"),
    ],
)
def test_money_is_an_amount_and_its_currency(typed: str, amount: str, currency: str) -> None:
    assert numbers.money(typed) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "typed", ["EUR", "€", "", "€9000 USD", "9000 EURO ZONE", "9000 ?", "25%", "10 20 EUR", "x" * 99]
)
def test_money_that_is_unclear_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"amount|number|currencies|percent|marks"):
        numbers.money(typed)


@pytest.mark.parametrize(("named", "code"), [("€", "EUR"), ("usd", "USD"), (" chf ", "CHF"), ("Euro", "EUR")])
def test_a_currency_is_a_sign_or_a_code(named: str, code: str) -> None:
    assert numbers.currency(named) == code


@pytest.mark.parametrize("named", ["EURO!", "E", "12", "ＥＵＲ", "bitcoin"])
def test_another_currency_is_refused(named: str) -> None:
    with pytest.raises(ValueError, match="currency"):
        numbers.currency(named)


@pytest.mark.parametrize("value", [0, 7, -3, 1_000_000_000_000, 0.125, 0.000001, 1.234, -12.345, 999_999.999999, -0.5])
def test_a_number_that_was_shown_is_read_back(value: float) -> None:
    assert float(numbers.number(numbers.typed(value))) == value
