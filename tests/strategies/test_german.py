"""Every page in German, word by word: nothing of ours is English there but what a whitelist names."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.template import loader
from django.test import Client
from django.utils import translation

from strategies import brief, jobs, sections
from strategies.engines.offline import Offline
from strategies.life import pieces
from strategies.models import Draft, Job, Strategy
from tests.strategies import canonical, foreign, markup
from tests.strategies.autofill import test_results
from tests.strategies.kinds import works
from tests.strategies.life import papers
from tests.strategies.pages import Working, store, typed

NOTES = """Industry: Artisan food retail
Goals:
- Sell out of sourdough by noon
Budget: 2,500 EUR a month
Team: 4
Publishing: weekly
Formats: blog posts, videos
Conversion rate: 2.5%
Monthly visits: 12,000
Market share: 900%
Competitors: Backwerk"""

# What is the same in both languages, and no data: names of the product and of a language, codes, kinds of files.
SAME = (
    *("Strategy Stream", "English", "offline", "GBP", "CHF", "PLN", "JPY", "INR", "AUD", "CAD"),
    *("PDF", "Word", "Markdown", "CSV", "ICS", "JSON", "April", "August", "September", "November", "Do"),
)


# --- what somebody wrote ------------------------------------------------------------------------------------------------


def free(field: brief.Field, value: Any) -> Iterator[str]:
    """What somebody wrote in an answer, without what was chosen from our options."""
    if field.type in ("object", "objects"):
        for row in value if isinstance(value, list) else [value]:
            for each in field.fields:
                yield from free(each, row[each.id]) if each.id in row else ()
    elif field.type == "money":
        yield value["currency"]
    else:
        yield from (text for text in foreign.leaves(value) if text not in field.options)


def of_brief(asked: dict[str, Any]) -> list[str]:
    """What somebody wrote in a brief."""
    given = [(field, asked["brief"][field.id]) for field in brief.FIELDS if field.id in asked["brief"]]
    return [asked["name"], asked["industry"], *(text for field, value in given for text in free(field, value))]


def of_engine(asked: dict[str, Any]) -> list[str]:
    """What the engine writes for a brief: its drafts, as they come."""
    given = canonical.material(asked)
    drafts = [async_to_sync(Offline().write)(key, given).draft for key in sections.KEYS]
    types = [entry["type"].capitalize() for entry in drafts[0]["insights"]]
    return [*foreign.leaves(drafts), *types]


def of_calendar(strategy: Strategy) -> Iterator[str]:
    """What the engine wrote into a calendar."""
    calendar = papers.newest(strategy).document["calendar"]
    for row in (*calendar["themes"], *calendar["pieces"]):
        yield from (row[name] for name in ("name", "title", "description", "theme") if name in row)


# --- the pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked() -> dict[str, Any]:
    return canonical.request("full")


@pytest.fixture
def strategy(owner: User) -> Strategy:
    """One with three versions: reviewed, with a calendar, with a piece set by hand and too early."""
    made = papers.review_all(papers.saved(owner, "full"))
    works.done(made, "calendar")
    calendar = papers.newest(made).document["calendar"]
    last, first = calendar["pieces"][-1]["id"], calendar["pieces"][0]["date"]
    pieces.change(made, last, author=owner, number=2, values={"date": first})
    return made


def read(client: Client, path: str, sent: Any = None) -> tuple[markup.Element, markup.Element]:
    """A page in English and in German."""
    found = []
    for language in ("en", "de"):
        client.cookies["django_language"] = language
        answer = client.get(path) if sent is None else client.post(path, sent)
        found.append(markup.read(answer.content.decode()))
    assert found[1].one("html")["lang"] == "de"
    return found[0], found[1]


def english(client: Client, paths: list[str], data: list[str]) -> dict[str, list[str]]:
    """What pages say in English yet, by their addresses."""
    found = {path: foreign.left(*read(client, path), data=[*data, *SAME]) for path in paths}
    return {path: said for path, said in found.items() if said}


def test_the_pages_of_a_strategy_are_german(mine: Client, owner: User, strategy: Strategy, asked: Any) -> None:
    data = [*of_brief(asked), *of_engine(asked), *of_calendar(strategy), owner.username]
    # What stands in an input is as it is stored, and so are the first words of it beside.
    assumed = papers.newest(strategy).document["foundation"]["assumptions"]
    here = f"/strategies/{strategy.pk}"
    paths = [
        *(f"{here}/", f"{here}/?version=1", f"{here}/brief", f"{here}/versions", f"{here}/delete", f"{here}/autofill"),
        *(f"{here}/compare?from=1&to=3", f"{here}/compare?from=2&to=3"),
        *(f"{here}/calendar/pieces/piece_001", f"{here}/calendar/pieces/add"),
        *(f"{here}/sections/{key}/edit" for key in sections.KEYS),
    ]

    assert english(mine, paths[:-5], data) == {}
    assert english(mine, paths[-5:], [*data, *foreign.leaves(assumed)]) == {}


@pytest.mark.parametrize("request_", ["shortest", "bakery"])
def test_what_is_missing_and_what_would_help_is_said_in_german(mine: Client, owner: User, request_: str) -> None:
    asked = canonical.request(request_)
    failed = ["risk_assessment"] if request_ == "bakery" else []
    made = papers.saved(owner, request_, failed=failed)
    data = [*of_brief(asked), *of_engine(asked), owner.username, "The model said no."]

    assert english(mine, [f"/strategies/{made.pk}/"], data) == {}


def test_the_first_pages_are_german(mine: Client, owner: User) -> None:
    Draft.objects.create(owner=owner, key=uuid.uuid4(), name="Frühling", typed=typed(), long=True)
    made = store(owner)
    data = [*of_brief(canonical.request("bakery")), owner.username, "Frühling"]
    paths = [
        *("/", "/?q=1234", "/?status=archived", "/strategies/new", "/strategies/new?form=long"),
        *("/strategies/autofill", f"/strategies/{made.pk}/", "/strategies/none"),
    ]

    assert english(mine, paths, data) == {}


def test_signing_in_is_german(client: Client, owner: User) -> None:
    wrong = read(client, "/accounts/login/?next=/", {"username": "nobody", "password": "wrong"})

    assert english(client, ["/accounts/login/", "/accounts/login/?next=/"], []) == {}
    assert foreign.left(*wrong, data=SAME) == []


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "413", "500", "503"])
def test_an_error_is_told_in_german(mine: Client, name: str) -> None:
    pages = []
    for language in ("en", "de"):
        with translation.override(language):
            pages.append(markup.read(loader.render_to_string(f"{name}.html")))

    assert foreign.left(*pages, data=SAME) == []


def test_what_is_wrong_in_a_form_is_said_in_german(mine: Client, owner: User) -> None:
    wrong = {
        **typed(name=""),
        "form": "long",
        "team_size": "many",
        "market_share": "900",
        "content_budget.amount": "12 12",
        "content_mix.blog_posts": "12",
        "optimal_timing.timezone": "Nowhere",
        "top_competitors.0.website": "no address",
    }
    pages = read(mine, "/strategies/new", wrong)

    data = [
        *of_brief(canonical.request("bakery")),
        *("many", "12 12", "Nowhere", "no address", "Europe/Vienna", owner.username),
    ]
    assert foreign.left(*pages, data=[*data, *SAME]) == []


def test_the_pages_of_jobs_are_german(mine: Client, owner: User) -> None:
    waiting, _ = jobs.enqueue(owner=owner, kind="strategy", strategy=store(owner))
    running = Working(store(owner)).end(1, summary="16 of 30 fields of the brief are filled in.")
    running.begin(2)
    failed = Working(store(owner)).end(1, 2, summary="12 figures given or computed.")
    failed.give_up(
        "strategic_insights",
        "The model did not answer within 60 seconds. Retry, or raise STRATEGIES_MODEL_TIMEOUT_SECONDS.",
    )
    paths = [f"/jobs/{job.pk}/" for job in (waiting, running.job, failed.job)]
    paths.append(f"/jobs/{running.job.pk}/cancel")
    data = [*of_brief(canonical.request("bakery")), owner.username, "STRATEGIES_MODEL_TIMEOUT_SECONDS"]
    data += ["no_key", str(failed.job.pk)]

    assert english(mine, paths, data) == {}


def test_what_was_found_is_offered_in_german(mine: Client, owner: User) -> None:
    found = test_results.read(owner, NOTES)
    into = test_results.read(owner, NOTES, strategy=store(owner))
    quotes = [line.removeprefix("- ") for line in NOTES.splitlines()]
    own = ["Artisan food retail", "Sell out of sourdough by noon", "Backwerk", "EUR", "900%"]
    data = [*quotes, *own, *of_brief(canonical.request("bakery")), owner.username]

    left = english(mine, [f"/jobs/{found.pk}/found", f"/jobs/{into.pk}/found"], data)

    assert Job.objects.count() == 2
    assert left == {}


# --- that the search finds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "german", "found"),
    [
        ("A sentence that nobody marked", "A sentence that nobody marked", True),
        ("computed: your monthly budget", "berechnet: your monthly budget", True),
        ("Strategies", "Strategien", False),
        ("Budget", "Budget", False),
        ("Sourdough and rye", "Sourdough and rye", False),
        ("“Sourdough and rye” was deleted.", "„Sourdough and rye“ was deleted.", True),
    ],
)
@pytest.mark.parametrize("place", ["<p>{}</p>", '<input type="submit" value="{}">', '<a title="{}"></a>'])
def test_what_is_english_yet_is_found_and_what_somebody_wrote_is_not(
    english: str, german: str, found: bool, place: str
) -> None:
    pages = markup.read(place.format(english)), markup.read(place.format(german))

    assert bool(foreign.left(*pages, data=["Sourdough and rye"])) is found
