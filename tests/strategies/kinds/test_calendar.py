"""The kind ``calendar``: for whom one is made, what it holds, what is left where a part could not be written."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from strategies import brief, grounding, jobs, kinds, snapshot, versions
from strategies.engines import Material, Written, offline
from strategies.errors import Refused, StepFailed
from strategies.life import reviews, statuses
from strategies.models import Job, Strategy, Version
from strategies.sections import calendar as form
from strategies.sections.titles import TITLE_LENGTH, distinguish
from tests import live
from tests.strategies import canonical, pages
from tests.strategies.kinds import works
from tests.strategies.life import papers


@pytest.fixture
def reviewed(owner: User) -> Strategy:
    return papers.review_all(papers.saved(owner, "full"))


def calendar_of(strategy: Strategy) -> dict[str, Any]:
    calendar: dict[str, Any] = papers.newest(strategy).document["calendar"]
    return calendar


def post(client: Client, strategy: Strategy, **payload: Any) -> Any:
    return papers.json_of(client, "post", f"/api/strategies/{strategy.pk}/jobs", {"kind": "calendar", **payload})


# --- for whom ----------------------------------------------------------------------------------------------------------


def test_a_document_that_nobody_read_gets_no_calendar_and_is_told_what_to_do(mine: Client, owner: User) -> None:
    strategy = papers.saved(owner)
    reviews.review(strategy, "risk_assessment", reviewer=owner)

    status, answer = post(mine, strategy)

    assert (status, answer["code"]) == (409, "not_reviewed")
    assert "4 of 5 sections wait for a review: review “Strategic insights”, " in answer["detail"]
    assert "Risk" not in answer["detail"]
    assert not Job.objects.filter(strategy=strategy).exists()


def test_a_strategy_without_a_document_is_told_to_be_made_first(mine: Client, owner: User) -> None:
    status, answer = post(mine, pages.store(owner))

    assert (status, answer["code"]) == (409, "no_document")


def test_an_active_strategy_gets_one_also_after_an_edit(reviewed: Strategy) -> None:
    statuses.change(reviewed, "activate")
    insights = papers.data_of(reviewed, "strategic_insights")
    insights["positioning"]["current"] = "Known to few."
    papers.change(reviewed, "strategic_insights", insights)
    reviewed.refresh_from_db()

    assert works.done(reviewed, "calendar").status == "succeeded"


def test_a_section_that_failed_needs_no_review(owner: User) -> None:
    strategy = papers.saved(owner, failed=["competitive_analysis"])
    for section in papers.newest(strategy).sections.filter(ready=True):
        reviews.review(strategy, section.key, reviewer=owner)

    assert works.done(strategy, "calendar").status == "succeeded"


def test_an_archived_strategy_gets_none(mine: Client, reviewed: Strategy) -> None:
    statuses.change(reviewed, "archive")

    assert post(mine, reviewed)[1]["code"] == "archived"


def test_none_is_made_while_the_document_is_being_made_anew(mine: Client, reviewed: Strategy) -> None:
    works.ask(reviewed, "strategy")

    status, answer = post(mine, reviewed)

    assert (status, answer["code"]) == (409, "job_active")


@pytest.mark.parametrize(
    "start", ["tomorrow", "2027-02-30", "01.02.2027", 20270201, [], "1999-01-01", "2099-01-01", ""]
)
def test_a_start_that_is_no_date_or_too_far_is_named(mine: Client, reviewed: Strategy, start: Any) -> None:
    status, answer = post(mine, reviewed, start=start)

    assert (status, answer["code"]) == (422, "invalid")
    assert answer["errors"]["start"][0].startswith("The start is a date such as 2027-02-01, from ")


def test_another_calendar_is_refused_while_one_is_made_and_the_same_is_the_one(
    mine: Client, reviewed: Strategy
) -> None:
    first = post(mine, reviewed)

    again, other = post(mine, reviewed), post(mine, reviewed, start=timezone.now().date().isoformat())

    assert first[0] == 202
    assert (again[0], again[1]["id"]) == (200, first[1]["id"])
    assert (other[0], other[1]["code"]) == (409, "job_active")


# --- what it holds -----------------------------------------------------------------------------------------------------


def test_a_calendar_is_a_new_version_that_keeps_the_sections_and_their_reviews(reviewed: Strategy) -> None:
    before = papers.newest(reviewed)

    job = works.done(reviewed, "calendar", start="2026-12-01")

    after = papers.newest(reviewed)
    assert job.status == "succeeded"
    assert (after.number, after.origin, after.job) == (2, Version.Origin.CALENDAR, job)
    assert after.author == reviewed.owner
    assert after.document["sections"] == before.document["sections"]
    assert after.document["score"] == before.document["score"]
    assert all(section.reviewed for section in after.sections.all())
    assert "calendar" not in before.document


def test_its_pieces_follow_the_brief_to_the_piece(reviewed: Strategy) -> None:
    works.done(reviewed, "calendar", start="2026-12-01")

    calendar = calendar_of(reviewed)
    foundation = papers.newest(reviewed).document["foundation"]
    assert form.check(calendar) == calendar
    assert (calendar["start"], calendar["end"]) == ("2026-12-01", "2028-05-31")
    assert len(calendar["pieces"]) == foundation["cadence"]["planned"]["value"]
    assert {piece["slot"] for piece in calendar["pieces"]} == {"Thursday Evening"}
    assert {piece["theme"] for piece in calendar["pieces"]} == {theme["name"] for theme in calendar["themes"]}
    assert calendar["timezone"] == "Europe/Vienna"
    assert calendar["made_with"] == "offline"


@pytest.mark.parametrize("request_", ["full", "shortest", *canonical.REAL])
def test_no_two_titles_are_the_same_and_each_is_about_its_theme(owner: User, request_: str) -> None:
    asked = canonical.request(request_)
    asked["brief"]["content_frequency"] = "Daily"
    cleaned = brief.clean_strategy(asked | {"timeline_months": 36, "max_content_pieces": 200})
    strategy = pages.store(owner, request_, **vars(cleaned))
    document = canonical.made(asked | {"timeline_months": 36, "max_content_pieces": 200})
    versions.save(strategy, document, origin=Version.Origin.GENERATED, engine="offline", author=owner)
    works.done(papers.review_all(strategy), "calendar")

    pieces = calendar_of(strategy)["pieces"]
    titles = [piece["title"].casefold() for piece in pieces]
    assert len(set(titles)) == len(titles)
    for piece in pieces:
        assert piece["theme"][:20].casefold() in piece["title"].casefold()
        assert len(piece["title"]) <= TITLE_LENGTH
        assert piece["description"]


@pytest.mark.parametrize("request_", ["full", "shortest", *canonical.REAL])
def test_the_planner_invents_no_number(owner: User, request_: str) -> None:
    strategy = papers.review_all(papers.saved(owner, request_))
    works.done(strategy, "calendar", start="2026-12-01")

    calendar, foundation = calendar_of(strategy), papers.newest(strategy).document["foundation"]
    founded = grounding.collect({"name": strategy.name, "industry": strategy.industry, **strategy.brief}, foundation)
    words = [(piece["title"], piece["description"]) for piece in calendar["pieces"]]
    themes = [(theme["name"], theme["description"]) for theme in calendar["themes"]]
    assert grounding.find_invented([*words, *themes], founded) == []


def test_descriptions_differ_as_titles_do(reviewed: Strategy) -> None:
    works.done(reviewed, "calendar")

    told = [piece["description"] for piece in calendar_of(reviewed)["pieces"]]
    assert len(set(told)) == len(told)


def test_the_same_document_gives_the_same_calendar_with_the_same_ids(reviewed: Strategy) -> None:
    works.done(reviewed, "calendar", start="2026-12-01")
    first = calendar_of(reviewed)
    works.done(reviewed, "calendar", start="2026-12-01")

    assert calendar_of(reviewed) == first | {"version": 2}
    assert papers.newest(reviewed).number == 3


def test_without_a_start_it_begins_on_the_next_monday_and_says_so(reviewed: Strategy) -> None:
    today = timezone.now().date()
    works.done(reviewed, "calendar")

    calendar = calendar_of(reviewed)
    start = date.fromisoformat(calendar["start"])
    assert start.weekday() == 0
    assert timedelta(0) < start - today <= timedelta(8)
    assert calendar["basis"][0] == "No first day was asked for, so the calendar begins on the Monday after."


def test_it_works_from_the_brief_that_the_document_was_made_from(reviewed: Strategy) -> None:
    job = works.done(reviewed, "strategy")
    papers.review_all(reviewed)
    Strategy.objects.filter(pk=reviewed.pk).update(brief=canonical.request("shortest")["brief"], timeline_months=1)
    reviewed.refresh_from_db()

    works.done(reviewed, "calendar")

    assert job.status == "succeeded"
    assert len(calendar_of(reviewed)["pieces"]) == 39


def test_what_was_saved_meanwhile_is_kept(reviewed: Strategy) -> None:
    job = works.ask(reviewed, "calendar")
    insights = papers.data_of(reviewed, "strategic_insights")
    insights["positioning"]["current"] = "Known to few."
    papers.change(reviewed, "strategic_insights", insights)

    works.work(job)

    newest = papers.newest(reviewed)
    assert newest.number == 3
    assert papers.data_of(reviewed, "strategic_insights")["positioning"]["current"] == "Known to few."
    assert newest.document["calendar"]["version"] == 1


# --- where a part fails ------------------------------------------------------------------------------------------------


class Halting(offline.Offline):
    """An engine that fails at one part of the pieces, or leaves some out."""

    def __init__(self, *, fails_at: str = "", leaves: tuple[str, ...] = ()) -> None:
        self.fails_at, self.leaves = fails_at, leaves

    async def write(self, section: str, material: Material, **more: Any) -> Written:
        ids = [piece["id"] for piece in material.calendar.get("pieces", [])]
        if self.fails_at in ids:
            raise StepFailed("provider_timeout", "The model did not answer in time.", retryable=True)
        written = await super().write(section, material, **more)
        if section == "calendar_pieces":
            written.draft["pieces"] = [piece for piece in written.draft["pieces"] if piece["id"] not in self.leaves]
        return written


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Halting:
    halting = Halting()
    monkeypatch.setattr("strategies.engines.choice.of", lambda _: halting)
    return halting


def test_a_part_that_fails_is_named_and_its_pieces_keep_their_dates(reviewed: Strategy, engine: Halting) -> None:
    engine.fails_at = "piece_012"

    job = works.done(reviewed, "calendar")

    calendar = calendar_of(reviewed)
    assert job.status == "partial"
    assert calendar["reason"] == "The model did not answer in time."
    assert calendar["unwritten"] == [f"piece_{number:03}" for number in range(10, 20)]
    lost = [piece for piece in calendar["pieces"] if piece["id"] in calendar["unwritten"]]
    assert all(piece["title"].endswith("title to be written") and piece["date"] for piece in lost)


def test_a_retry_writes_the_part_that_failed_and_no_other(reviewed: Strategy, engine: Halting) -> None:
    engine.fails_at = "piece_012"
    job = works.done(reviewed, "calendar")
    engine.fails_at = ""

    again = works.work(jobs.retry(job))

    assert again.status == "succeeded"
    assert [step.key for step in again.steps.filter(copied=False)] == ["pieces_2", "compile"]
    assert calendar_of(reviewed)["unwritten"] == []
    assert papers.newest(reviewed).number == 3


def test_pieces_that_the_engine_left_out_are_named(reviewed: Strategy, engine: Halting) -> None:
    engine.leaves = ("piece_003",)

    job = works.done(reviewed, "calendar")

    calendar = calendar_of(reviewed)
    assert job.steps.get(key="pieces_1").summary == "8 of 9 pieces have their words."
    assert (calendar["unwritten"], calendar["reason"]) == (["piece_003"], "The engine left them out.")


def test_where_no_part_could_be_written_the_job_failed(reviewed: Strategy, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any, **__: Any) -> Written:
        raise StepFailed("provider_timeout", "The model did not answer in time.", retryable=True)

    written = offline.Offline.write

    async def write(self: Any, section: str, material: Material, **more: Any) -> Written:
        return await (fail() if section == "calendar_pieces" else written(self, section, material, **more))

    monkeypatch.setattr(offline.Offline, "write", write)

    job = works.done(reviewed, "calendar")

    assert job.status == "failed"
    assert papers.newest(reviewed).number == 1


def test_titles_that_a_model_gave_twice_are_told_apart() -> None:
    told: set[str] = set()

    given = [distinguish(title, told) for title in ("Bread", "bread", "Bread", "x" * TITLE_LENGTH)]

    assert given[:3] == ["Bread", "bread (part 2)", "Bread (part 3)"]
    assert distinguish("x" * TITLE_LENGTH, told).endswith("… (part 2)")


# --- how long it takes -------------------------------------------------------------------------------------------------


def test_the_time_that_is_left_is_told_once_five_calendars_were_made(reviewed: Strategy) -> None:
    etas = []
    for _ in range(6):
        run = works.take(works.ask(reviewed, "calendar"))
        etas.append(snapshot.of(run.job)["eta"])
        works.finish(run)
        caches["local"].clear()

    assert etas[:5] == [None] * 5
    assert etas[5]["low"] <= etas[5]["high"]


# --- through the whole project -----------------------------------------------------------------------------------------


@pytest.mark.live
def test_a_calendar_is_made_through_the_api_and_told_step_by_step(site: live.Site) -> None:
    visitor = site.visitor()
    made = visitor.create(canonical.request("bakery"))
    visitor.ended(visitor.start(made)["id"])
    address = f"/api/strategies/{made['id']}"
    refused = visitor.http.post(f"{address}/jobs", json={"kind": "calendar"})
    for key in ("strategic_insights", "competitive_analysis", "performance_predictions", "implementation_roadmap"):
        visitor.http.post(f"{address}/sections/{key}/review", json={"reviewed": True}).raise_for_status()
    visitor.http.post(f"{address}/sections/risk_assessment/review", json={"reviewed": True}).raise_for_status()

    started = visitor.http.post(f"{address}/jobs", json={"kind": "calendar", "start": "2026-12-01"})
    job = visitor.ended(started.json()["id"])

    assert (refused.status_code, refused.json()["code"]) == (409, "not_reviewed")
    assert started.status_code == 202
    assert job["status"] == "succeeded"
    assert [step["status"] for step in job["steps"]] == ["done"] * len(kinds.get("calendar").steps)
    events = visitor.events(job["id"])
    taught = [event["step_key"] for event in events if event["type"] == "educational" and event["phase"] == "running"]
    assert taught == [step["key"] for step in job["steps"]]
    assert events[-1]["type"] == "complete"
    document = visitor.http.get(f"{address}/document").json()["document"]
    assert len(document["calendar"]["pieces"]) == 50


def test_a_calendar_is_refused_without_a_strategy(mine: Client) -> None:
    status, answer = papers.json_of(mine, "post", "/api/jobs", {"kind": "calendar"})

    assert status == 422
    assert "is not asked for here" in answer["detail"]


def test_check_refuses_in_code_what_the_api_refuses(owner: User) -> None:
    with pytest.raises(Refused, match="wait for a review"):
        kinds.get("calendar").check(papers.saved(owner), {})
