"""What is found is checked against the text and the brief, whoever found it."""

from typing import Any

import pytest

from strategies import brief
from strategies.autofill import checking, quotes

TEXT = (
    "Two bakeries, one oven. Our budget is 2,500 EUR a month; four people make content. We compete with Backwerk and "
    "Ditsch, “the chain”. Sell out by noon. Half of what we make is video, half is social. "
    "The site has 12k visits a month."
)


def finding(
    field: str, value: str, quote: str = "Sell out by noon.", confidence: str = "high", of: str = ""
) -> dict[str, str]:
    return {"field": field, "of": of, "value": value, "quote": quote, "confidence": confidence}


def check(*findings: dict[str, str], text: str = TEXT, url: str = "") -> dict[str, Any]:
    return checking.check(findings, text=text, url=url)


def reasons(result: dict[str, Any]) -> list[str]:
    return [each["reason"] for each in result["dropped"]]


def test_a_value_has_its_part_of_a_brief_its_words_and_its_source() -> None:
    result = check(
        finding("content_budget", "2,500 EUR", "Our budget is 2,500 EUR a month"), url="https://example.com/about"
    )

    assert result == {
        "url": "https://example.com/about",
        "dropped": [],
        "values": [
            {
                "id": "1",
                "path": "content_budget",
                "label": "Content budget",
                "own": False,
                "part": {"content_budget": {"amount": 2_500, "currency": "EUR"}},
                "shown": "2,500 EUR per month",
                "sources": [{"quote": "Our budget is 2,500 EUR a month", "url": "https://example.com/about"}],
                "confidence": "high",
            }
        ],
    }


@pytest.mark.parametrize(
    "quote",
    [
        "Our budget is 2,500 EUR a month",
        "our  budget\nis 2,500 eur a month",
        'four people make content. We compete with Backwerk and Ditsch, "the chain".',
        "‘the chain’",
    ],
)
def test_case_blanks_and_quotation_marks_of_a_quote_do_not_matter(quote: str) -> None:
    assert reasons(check(finding("business_objectives", "Sell out", quote))) == []


@pytest.mark.parametrize("quote", ["", "x", "Our budget is 9,999 EUR a month", "Sell out by one.", "…"])
def test_what_is_quoted_and_does_not_stand_in_the_text_is_dropped(quote: str) -> None:
    result = check(finding("business_objectives", "Sell out", quote))

    assert result["values"] == []
    assert reasons(result) == ["The words quoted for it do not stand in the text."]


@pytest.mark.parametrize(
    ("field", "value", "quote"),
    [
        ("content_budget", "9,999 EUR", "Our budget is 2,500 EUR a month"),
        ("team_size", "40", "four people make content"),
        ("performance_metrics.traffic", "1,200", "The site has 12k visits a month."),
        ("market_share", "12%", "Sell out by noon."),
        ("top_competitors.name", "Lidl", "We compete with Backwerk and Ditsch"),
    ],
)
def test_a_figure_or_a_name_that_its_quote_does_not_say_is_dropped(field: str, value: str, quote: str) -> None:
    result = check(finding(field, value, quote))

    assert result["values"] == []
    assert reasons(result) == ["The words quoted for it do not say this."]


@pytest.mark.parametrize(
    ("field", "value", "quote"),
    [
        ("team_size", "4", "four people make content"),
        ("team_size", "4", "3, 4 or 5 people, 6"),
        ("performance_metrics.traffic", "12000", "The site has 12k visits a month."),
        ("top_competitors.name", "backwerk", "We compete with Backwerk and Ditsch"),
    ],
)
def test_a_figure_may_be_said_in_another_spelling(field: str, value: str, quote: str) -> None:
    assert len(check(finding(field, value, quote), text=f"{TEXT} 3, 4 or 5 people, 6")["values"]) == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("nonsense", "x", "The brief has no such field."),
        ("top_competitors", "Backwerk", "The brief has no such field."),
        ("content_frequency", "Hourly", "accepted is one of: Daily"),
        ("brand_voice.tones", "Rude", "is not among the options"),
        ("team_size", "4.5", "whole number"),
        ("business_objectives", "x" * 2_001, "too many"),
        ("optimal_timing.timezone", "Mars/Base", "is not a time zone"),
    ],
)
def test_what_the_brief_does_not_take_is_dropped_and_named(field: str, value: str, said: str) -> None:
    result = check(finding(field, value))

    assert result["values"] == []
    assert said in reasons(result)[0]
    assert (result["dropped"][0]["field"], result["dropped"][0]["value"]) == (field, value[:200])


def test_a_row_takes_what_is_said_of_it() -> None:
    quote = "We compete with Backwerk and Ditsch"

    result = check(
        finding("top_competitors.weakness", "Baked from frozen", quote, of="Ditsch"),
        finding("top_competitors.name", "Backwerk", quote),
        finding("top_competitors.name", "Ditsch", quote),
        finding("top_competitors.website", "ditsch.example", quote, of="ditsch"),
        finding("top_competitors.strength", "Everywhere", quote),
    )

    assert [value["shown"] for value in result["values"]] == [
        "Name: Ditsch; Website: https://ditsch.example; Weakness: Baked from frozen",
        "Name: Backwerk",
    ]
    assert reasons(result) == ["It is not said what it belongs to."]


def test_shares_count_as_one_answer_and_only_if_they_are_whole() -> None:
    quote = "Half of what we make is video, half is social."
    text = f"{TEXT} videos 50%, social 50%, e-mail 20%"

    whole = check(
        finding("content_mix.videos", "50", "videos 50%, social 50%"),
        finding("content_mix.social_media", "50", "videos 50%, social 50%"),
        text=text,
    )
    half = check(finding("content_mix.videos", "50", "videos 50%, social 50%"), text=text)
    unsaid = check(finding("content_mix.videos", "50", quote))

    assert [value["path"] for value in whole["values"]] == ["content_mix"]
    assert "add up to 50" in reasons(half)[0]
    assert reasons(unsaid) == ["The words quoted for it do not say this."]


def test_the_same_said_twice_is_one_value_as_sure_as_the_surer_word() -> None:
    result = check(
        finding("business_objectives", "Sell out by noon", "Sell out by noon."),
        finding("business_objectives", "sell out by noon", "Two bakeries, one oven."),
        finding("team_size", "4", "four people make content"),
        finding("team_size", "4", "four people make content", "low"),
    )

    assert [len(value["sources"]) for value in result["values"]] == [2, 1]
    assert [value["confidence"] for value in result["values"]] == ["high", "high"]


def test_words_of_the_engines_own_are_never_sure() -> None:
    result = check(
        finding("business_objectives", "Sell out by noon"), finding("business_objectives", "Become the best bakery")
    )

    assert [value["confidence"] for value in result["values"]] == ["high", "medium"]


def test_no_list_grows_longer_than_the_brief_takes() -> None:
    text = " ".join(f"Goal number {number}." for number in range(60))

    result = check(
        *(finding("business_objectives", f"Goal number {n}", f"Goal number {n}.") for n in range(60)), text=text
    )

    assert len(result["values"]) == brief.LIST_LENGTH
    assert reasons(result) == ["There are more than 50 already."] * 10


def test_values_come_in_the_order_of_the_form() -> None:
    result = check(
        finding("team_size", "4", "four people make content"),
        finding("business_objectives", "Sell out by noon"),
        finding("name", "Two bakeries, one oven", "Two bakeries, one oven."),
    )

    assert [value["path"] for value in result["values"]] == ["name", "business_objectives", "team_size"]
    assert [value["id"] for value in result["values"]] == ["1", "2", "3"]


def test_a_long_quote_is_shortened_between_words() -> None:
    text = "word " * 100 + "end"

    (value,) = check(finding("business_objectives", "word word", text), text=text)["values"]

    quote = value["sources"][0]["quote"]
    assert len(quote) <= quotes.QUOTE_LENGTH
    assert quote.endswith("word…")
