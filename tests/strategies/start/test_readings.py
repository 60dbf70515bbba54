"""How numbers are read that were typed with marks: said beside the input, or refused with what is accepted."""

import pytest
from django.test import Client

from strategies.start import form
from tests.strategies import markup
from tests.strategies.pages import page, typed

SAID = [
    ("content_budget.amount", "9.000", "content_budget", "Read as 9,000 per month."),
    ("content_budget.amount", "2,5k €", "content_budget", "Read as 2,500 EUR per month."),
    ("content_budget.amount", "9000", "content_budget", ""),
    ("performance_metrics.traffic", "12,000", "performance_metrics.traffic", "Read as 12,000 visits per month."),
    ("performance_metrics.traffic", "12000", "performance_metrics.traffic", ""),
    ("performance_metrics.traffic", "2,5k", "performance_metrics.traffic", "Read as 2,500 visits per month."),
    ("market_share", "2,5", "market_share", "Read as 2.5%."),
    ("market_share", "2.5", "market_share", ""),
    ("target_metrics.target_value", "1,400", "target_metrics.target_value", "Read as 1,400."),
    ("market_share", " ", "market_share", ""),
]


@pytest.mark.parametrize(("name", "text", "place", "said"), SAID)
def test_a_number_with_marks_says_how_it_is_read(mine: Client, name: str, text: str, place: str, said: str) -> None:
    told = mine.post("/strategies/drafts", {"name": "A", "form": "long", name: text}).json()

    shown = page(mine, told["url"])
    assert told["read"].get(place, "") == said
    assert shown.one("p", data_read=place).text == said


def test_a_point_that_may_mean_two_numbers_is_said_to_at_once(mine: Client) -> None:
    sent = {"name": "A", "performance_metrics.traffic": "12.000"}

    said = mine.post("/strategies/drafts", sent).json()["read"]["performance_metrics.traffic"]

    assert "that may be 12,000 or 12, so write 12000 or 12;" in said


@pytest.mark.parametrize("text", ["-5", "-0.5"])
def test_a_target_below_nothing_is_refused(mine: Client, text: str) -> None:
    response = mine.post("/strategies/new", typed() | {"target_metrics.target_value": text})

    assert response.status_code == 422
    assert "from 0 to" in markup.read(response.content.decode()).one("div", id="faults").text


def test_every_number_on_the_form_has_a_place_for_it_that_its_input_names(mine: Client) -> None:
    shown = page(mine, "/strategies/new?form=long")

    hints = shown.all("p", class_="help read")
    described = {id for each in shown.all() for id in (each.get("aria-describedby") or "").split()}

    assert len(hints) >= 30
    assert {hint["id"] for hint in hints} <= described


def test_what_was_not_typed_is_not_read() -> None:
    assert form.readings({}) == {}
