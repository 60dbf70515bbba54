"""The pages of the kinds: what is asked for on a strategy's page, and what a job's page says of which kind."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from strategies import jobs, sections, versions
from strategies.models import Job, Strategy, Version
from tests.strategies import markup
from tests.strategies.kinds import works
from tests.strategies.life import papers
from tests.strategies.pages import HOSTILE, page

KEY = "strategic_insights"


@pytest.fixture
def strategy(owner: User) -> Strategy:
    return papers.saved(owner, "full")


@pytest.fixture
def reviewed(strategy: Strategy) -> Strategy:
    return papers.review_all(strategy)


def shown(client: Client, strategy: Strategy) -> markup.Element:
    return page(client, strategy.get_absolute_url())


# --- the calendar ------------------------------------------------------------------------------------------------------


def test_the_page_says_what_to_do_before_a_calendar_can_be_made(mine: Client, strategy: Strategy) -> None:
    place = shown(mine, strategy).one("section", id="calendar")

    assert not place.all("form")
    assert "disabled" in place.one("button").attributes
    assert "5 of 5 sections wait for a review" in place.one("p", id="calendar-refusal").text


def test_the_button_makes_a_calendar_and_leads_to_its_job(mine: Client, reviewed: Strategy) -> None:
    form = shown(mine, reviewed).one("section", id="calendar").one("form")

    answer = mine.post(form["action"], {"start": "2026-12-01"})

    job = reviewed.jobs.get()
    assert (job.kind, job.params) == ("calendar", {"start": "2026-12-01"})
    assert (answer.status_code, answer["Location"]) == (302, job.get_absolute_url())


def test_a_calendar_is_shown_month_by_month(mine: Client, reviewed: Strategy) -> None:
    works.done(reviewed, "calendar", start="2026-12-01")
    calendar = papers.newest(reviewed).document["calendar"]

    place = shown(mine, reviewed).one("section", id="calendar")

    months = place.all("details", class_="month")
    assert len(months) == 18
    assert months[0].one("summary").text == "December 2026, 3 pieces"
    rows = [row for month in months for row in month.one("tbody").all("tr")]
    assert [row["id"] for row in rows] == [piece["id"] for piece in calendar["pieces"]]
    assert [row.one("strong").text for row in rows] == [piece["title"] for piece in calendar["pieces"]]
    assert place.one("form")


@pytest.mark.parametrize("start", ["soon", "1999-01-01"])
def test_a_bad_first_day_comes_back_as_a_sentence(mine: Client, reviewed: Strategy, start: str) -> None:
    answer = mine.post(f"{reviewed.get_absolute_url()}calendar", {"start": start}, follow=True)

    assert "The start is a date such as 2027-02-01" in markup.read(answer.content.decode()).text
    assert not reviewed.jobs.exists()


def test_a_calendar_that_can_not_be_made_is_refused_on_the_page_too(mine: Client, strategy: Strategy) -> None:
    answer = mine.post(f"{strategy.get_absolute_url()}calendar", follow=True)

    assert "wait for a review" in markup.read(answer.content.decode()).one("p", role="status").text


def test_a_calendar_at_work_is_linked(mine: Client, reviewed: Strategy) -> None:
    job = works.ask(reviewed, "calendar")

    whole = shown(mine, reviewed)

    assert "The calendar is being made: 0 %" in whole.text
    assert whole.one("section", id="calendar").one("p", class_="note").one("a")["href"] == job.get_absolute_url()


@pytest.mark.attack(18)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_calendar_is_shown_as_text(mine: Client, reviewed: Strategy, text: str) -> None:
    works.done(reviewed, "calendar")
    document = papers.newest(reviewed).document
    piece, theme = document["calendar"]["pieces"][0], document["calendar"]["themes"][0]
    for named in ("title", "description", "format", "channel", "theme"):
        piece[named] = text
    theme["name"] = theme["description"] = document["calendar"]["cadence"] = text
    document["calendar"]["basis"] = [text]
    versions.save(reviewed, document, origin=Version.Origin.EDITED, engine="offline")

    place = shown(mine, reviewed).one("section", id="calendar")

    row = place.one("tr", id=piece["id"])
    assert row.one("strong").raw == text
    assert not place.all("script")
    assert not place.all("img")


def test_an_older_version_shows_its_calendar_and_offers_none(mine: Client, reviewed: Strategy) -> None:
    works.done(reviewed, "calendar")

    first, second = (page(mine, f"{reviewed.get_absolute_url()}?version={number}") for number in (1, 2))

    assert "This version has no calendar." in first.one("section", id="calendar").text
    assert not first.one("section", id="calendar").all("form")
    assert second.one("section", id="calendar").all("table")


# --- a section ---------------------------------------------------------------------------------------------------------


def again(whole: markup.Element, key: str) -> markup.Element:
    return whole.one("section", id=key).one("details", class_="again")


@pytest.mark.parametrize("key", sections.KEYS)
def test_each_section_can_be_written_again_from_the_page(mine: Client, strategy: Strategy, key: str) -> None:
    form = again(shown(mine, strategy), key).one("form")

    answer = mine.post(form["action"], {"instruction": "Shorter\r\nplease"})

    job = strategy.jobs.get()
    assert (job.kind, job.params) == ("section", {"section": key, "instruction": "Shorter\nplease"})
    assert answer["Location"] == job.get_absolute_url()


def test_the_form_says_that_the_planner_follows_no_instruction(mine: Client, strategy: Strategy, settings: Any) -> None:
    planner = again(shown(mine, strategy), KEY).text
    settings.STRATEGIES_MODEL = "openai:some"
    model = again(shown(mine, strategy), KEY).text

    assert "can't follow an instruction" in planner
    assert "can't follow an instruction" not in model


def test_an_instruction_that_is_too_long_comes_back_as_typed(mine: Client, strategy: Strategy) -> None:
    typed = "<b>" + "x" * 2000

    answer = mine.post(f"{strategy.get_absolute_url()}sections/{KEY}/again", {"instruction": typed})

    whole = markup.read(answer.content.decode())
    assert answer.status_code == 422
    assert "2,000" in whole.one("p", class_="fault").text
    assert whole.one("textarea").raw.strip() == typed
    assert not strategy.jobs.exists()


def test_a_section_that_can_not_be_written_now_says_why_and_keeps_what_was_typed(
    mine: Client, strategy: Strategy
) -> None:
    works.ask(strategy, "section", section="risk_assessment")

    answer = mine.post(f"{strategy.get_absolute_url()}sections/{KEY}/again", {"instruction": "Shorter"})

    whole = markup.read(answer.content.decode())
    assert answer.status_code == 409
    assert "is at work on something else" in whole.one("p", class_="fault").text
    assert whole.one("textarea").raw.strip() == "Shorter"


def test_a_section_that_there_is_not_is_404(mine: Client, strategy: Strategy) -> None:
    assert mine.post(f"{strategy.get_absolute_url()}sections/summary/again").status_code == 404


@pytest.mark.parametrize("address", ["calendar", f"sections/{KEY}/again"])
def test_a_strangers_strategy_is_404(client: Client, other: User, strategy: Strategy, address: str) -> None:
    client.force_login(other)

    assert client.post(f"{strategy.get_absolute_url()}{address}").status_code == 404


def test_a_failed_section_of_an_older_run_is_written_again_and_not_retried(mine: Client, owner: User) -> None:
    strategy = papers.saved(owner, failed=[KEY])

    place = shown(mine, strategy).one("section", id=KEY)

    assert place.one("details", class_="again")


# --- a job's page ------------------------------------------------------------------------------------------------------


def outcome(client: Client, job: Job) -> str:
    return page(client, job.get_absolute_url()).one("div", data_part="outcome").text


def test_a_calendar_that_is_ready_leads_to_where_it_is_read(mine: Client, reviewed: Strategy) -> None:
    job = works.done(reviewed, "calendar")

    whole = page(mine, job.get_absolute_url())

    link = whole.one("div", data_part="outcome").one("a")
    assert "Your calendar is ready" in whole.text
    assert (link.text, link["href"]) == ("Read the calendar", f"{reviewed.get_absolute_url()}#calendar")
    assert "Your strategy is ready" not in whole.text


def test_a_section_that_is_ready_leads_to_where_it_is_read(mine: Client, strategy: Strategy) -> None:
    job = works.done(strategy, "section", section=KEY)

    link = page(mine, job.get_absolute_url()).one("div", data_part="outcome").one("a")

    assert (link.text, link["href"]) == ("Read the section", f"{strategy.get_absolute_url()}#{KEY}")


def test_a_cancelled_calendar_says_that_the_strategy_stays(mine: Client, reviewed: Strategy) -> None:
    job = works.ask(reviewed, "calendar")
    asked = page(mine, f"{job.get_absolute_url()}cancel").text
    jobs.cancel(job)

    assert "Cancel the calendar of “Refill stations”?" in asked
    assert "Your strategy stays as it was." in outcome(mine, job)
    assert "brief" not in outcome(mine, job)


def test_a_kind_that_says_nothing_of_its_own_gets_words_of_nobody_else(mine: Client, owner: User) -> None:
    job, _ = jobs.enqueue(owner=owner, kind="toy")
    asked = page(mine, f"{job.get_absolute_url()}cancel").text
    done = works.work(job)

    assert "Cancel this job" in asked
    assert "It is ready" in outcome(mine, done)
    assert "strategy" not in outcome(mine, done).lower()
