"""Finding values by rules: what stands in a text in so many words, and nothing else."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies import brief
from strategies.autofill import checking, plain, quotes, rules
from strategies.autofill.places import PLACES
from strategies.autofill.rules import figures, sentences


def found(text: str) -> dict[str, list[str]]:
    """What is found, as it reads, by its place."""
    text = plain.tidy(text)
    values: dict[str, list[str]] = {}
    for value in checking.check(rules.find(text), text=text, url="")["values"]:
        values.setdefault(value["path"], []).append(value["shown"])
    return values


@pytest.mark.parametrize(
    ("text", "path", "shown"),
    [
        # Labels, in words of the form or others, with a colon or in a table.
        ("Budget: 2,500 EUR per month", "content_budget", ["2,500 EUR per month"]),
        ("Monatsbudget: 2,5k EUR", "content_budget", ["2,500 EUR per month"]),
        ("Content budget | $9,000 monthly", "content_budget", ["9,000 USD per month"]),
        ("- **Team size**: 4 people", "team_size", ["4 people"]),
        (
            "Our goals: Win 30 contracts; Open a second shop",
            "business_objectives",
            ["Win 30 contracts", "Open a second shop"],
        ),
        (
            "Goals\n- Win 30 contracts\n- Open a shop\nOther words",
            "business_objectives",
            ["Win 30 contracts", "Open a shop"],
        ),
        (
            "Ziele:\n1. Zehn Anfragen im Monat\n2. Händler finden",
            "business_objectives",
            ["Zehn Anfragen im Monat", "Händler finden"],
        ),
        ("Marktanteil: 4 %", "market_share", ["4%"]),
        ("Visits per month: 82,000", "performance_metrics.traffic", ["82,000 visits per month"]),
        ("Besucher pro Monat: 1.200", "performance_metrics.traffic", ["1,200 visits per month"]),
        (
            "Formats: blog posts, videos and a newsletter",
            "preferred_formats",
            ["Blog Posts", "Videos", "Email Newsletters"],
        ),
        ("Frequency: twice a week", "content_frequency", ["2-3 times per week"]),
        ("Tone of voice: friendly, educational", "brand_voice.tones", ["Friendly", "Educational"]),
        ("Pain points: no time; Cookie banners", "audience_pain_points", ["Lack of Time", "Cookie banners"]),
        ("Timeline: 6 months", "implementation_timeline", ["6 months"]),
        ("Position: challenger", "competitive_position", ["Challenger"]),
        ("Zeitzone: Europe/Vienna", "optimal_timing.timezone", ["Europe/Vienna"]),
        ("A/B tests: yes", "ab_testing_capabilities", ["yes"]),
        ("A/B-Tests möglich", "ab_testing_capabilities", ["yes"]),
        ("Key messages: Prices stand on the door", "brand_voice.key_messages", ["Prices stand on the door"]),
        (
            "Competitors: Matomo, Fathom and Google Analytics",
            "top_competitors",
            ["Name: Matomo", "Name: Fathom", "Name: Google Analytics"],
        ),
        ("Competitors:\n- Matomo (matomo.org)", "top_competitors", ["Name: Matomo; Website: https://matomo.org"]),
        ("Industry trends: New drinking water rules", "industry_trends", ["Trend: New drinking water rules"]),
        ("Blog posts: 60%\nVideos: 40%", "content_mix", ["Blog posts: 60%\nVideos: 40%"]),
        # Sentences.
        ("We compete with Backwerk and the Ditsch chain.", "top_competitors", ["Name: Backwerk", "Name: Ditsch chain"]),
        ("Unsere Wettbewerber sind ProMinent und Grundfos.", "top_competitors", ["Name: ProMinent", "Name: Grundfos"]),
        ("The best alternatives to Matomo.", "top_competitors", ["Name: Matomo"]),
        ("Plausible vs. Google Analytics", "top_competitors", ["Name: Google Analytics"]),
        ("We want to win 30 new contracts by autumn.", "business_objectives", ["Win 30 new contracts by autumn"]),
        ("Unser Ziel ist es, mehr Anfragen zu bekommen.", "business_objectives", ["Mehr Anfragen zu bekommen"]),
        ("There is a team of four writers.", "team_size", ["4 people"]),
        ("Ein Team aus drei Leuten arbeitet daran.", "team_size", ["3 people"]),
        ("The site gets 12k visitors a month.", "performance_metrics.traffic", ["12,000 visits per month"]),
        ("The bounce rate is 54 %, the conversion rate 1.1%.", "performance_metrics.bounce_rate", ["54%"]),
        ("The bounce rate is 54 %, the conversion rate 1.1%.", "performance_metrics.conversion_rate", ["1.1%"]),
        ("We publish an article every week.", "content_frequency", ["Weekly"]),
        ("Wir veröffentlichen monatlich ein Whitepaper.", "preferred_formats", ["Whitepapers"]),
        ("Our readers love videos.", "content_preferences", ["Videos"]),
        ("Unsere Kunden haben keine Zeit.", "audience_pain_points", ["Lack of Time"]),
        ("Demand peaks before Christmas.", "seasonal_trends", ["Holiday Season"]),
        ("Most visitors come from Google and from ads.", "traffic_sources", ["Organic Search", "Paid Advertising"]),
        ("Wir sind ein Nischenanbieter.", "competitive_position", ["Niche Player"]),
        ("We spend about €2,500 a month.", "content_budget", ["2,500 EUR per month"]),
    ],
)
def test_what_stands_there_is_found(text: str, path: str, shown: list[str]) -> None:
    assert found(text).get(path) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The weather was fine, and the bread was good.",
        # Another period, or none that a month's budget could be made of without arithmetic.
        "Budget: 60,000 EUR per year",
        "Our annual budget is 60,000 EUR.",
        "We spent 4,000 EUR in total on the new oven budget.",
        # Figures of something else.
        "Founded in 1998, 40 people work in our three shops.",
        "Call us at 0170 1234567.",
        "Conversion of 5 barns took 2 years.",
        "https://example.com/team:4",
        "We bake every week.",
        "Google was founded in 1998.",
        "Videos are made by others, every day.",
        "He is a friendly man.",
        "12:30 Lunch",
        "Note: nothing.",
    ],
)
def test_what_does_not_stand_there_is_not_found(text: str) -> None:
    assert found(text) == {}


def test_a_budget_without_a_period_is_doubtful() -> None:
    text = "Our budget is 2,500 EUR."

    (value,) = checking.check(rules.find(text), text=text, url="")["values"]

    assert value["confidence"] == "low"


def test_of_two_budgets_the_first_is_kept_as_doubtful_and_the_other_named() -> None:
    text = "Budget: 2,500 EUR a month\nWe spend 4,000 EUR a month."

    result = checking.check(rules.find(text), text=text, url="")

    assert [(value["shown"], value["confidence"]) for value in result["values"]] == [("2,500 EUR per month", "low")]
    assert [(each["field"], each["value"]) for each in result["dropped"]] == [("content_budget", "4,000 EUR")]


def test_sentences_end_where_they_do() -> None:
    said = sentences.split("We have approx. 4 vs. 5 shops. It is fine! Really?\nYes. „Ja.“ Nr. 5 lebt.")

    assert said == [*("We have approx. 4 vs. 5 shops.", "It is fine!", "Really?", "Yes.", "„Ja.“", "Nr. 5 lebt.")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Matomo, Fathom and Google Analytics.", ["Matomo", "Fathom", "Google Analytics"]),
        ("Matomo, but nobody knows it", ["Matomo"]),
        ("die LEWA GmbH und Grundfos", ["LEWA GmbH", "Grundfos"]),
        ("others in the market", []),
        ("Matomo and many others", ["Matomo"]),
        ("", []),
    ],
)
def test_names_are_read_out_of_a_list(text: str, names: list[str]) -> None:
    assert figures.names(text) == names


SCRAPS = st.sampled_from(
    [
        *(
            "Budget:",
            "we",
            "publish",
            "every",
            "week",
            "team of",
            "5",
            "EUR",
            "a month",
            ":",
            "|",
            "\n",
            "- ",
            "%",
            "1.200",
        ),
        *(
            "competitors are",
            "Matomo",
            "and",
            "vs",
            "conversion rate",
            "Goals",
            ".",
            "visits",
            "A/B test",
            "not",
            "💡",
            "“",
        ),
        *(
            "audience",
            "likes",
            "videos",
            "website",
            "(",
            ")",
            "9" * 30,
            "k",
            "-5",
            "Website: x",
            "Europe/Vienna",
            "<b>",
        ),
    ]
)


@settings(max_examples=300)
@given(st.lists(SCRAPS, max_size=60).map(" ".join) | st.text(max_size=300))
def test_whatever_is_found_stands_in_the_text_and_fits_the_brief(text: str) -> None:
    text = plain.tidy(text)

    result = checking.check(rules.find(text), text=text, url="")

    for value in result["values"]:
        assert all(quotes.flat(source["quote"]).rstrip("…") in quotes.flat(text) for source in value["sources"])
        if not value["own"]:
            assert brief.clean_partial(value["part"])
    assert all(each["reason"] for each in result["dropped"])


def test_each_place_of_the_brief_can_be_named_by_a_label() -> None:
    """No field of the registry is out of the rules' reach by its own label, but where two have the same."""
    reached = {place.path for place in rules.vocabulary.labels().values()}

    missing = {place.whole.id for place in PLACES.values()} - {path.partition(".")[0] for path in reached}
    assert missing == set()


@pytest.mark.parametrize(
    "scrap",
    [
        *(
            "we publish ",
            "Formats: blog video ",
            "1 ",
            "111 ",
            "conversion rate ",
            "competitors ",
            "A, ",
            "Aa ",
            ":",
            "a: ",
        ),
        *(
            "budget ",
            "budget $",
            "A. ",
            "A vs B ",
            "- ",
            "a/b ",
            "1,",
            "team ",
            "our goal is to ",
            "not ",
            "we ",
            "(",
            "“",
        ),
    ],
)
def test_a_text_made_to_cost_time_costs_little(scrap: str) -> None:
    line = (scrap * 2_000)[:1_900]
    text = plain.tidy("\n".join([line] * 26))
    began = time.monotonic()

    checking.check(rules.find(text), text=text, url="")

    assert time.monotonic() - began < 20
