"""
The ten failures of the program that this one replaces, each the other way round.

They are promises about the whole, so they are kept by whole parts: a web server, a worker, Redis, a database, and a
server that stands for a model where one is needed.
"""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.db import connection

from strategies import brief, grounding, jobs
from strategies.brief import registry
from strategies.brief.fields import Field
from strategies.models import Job, Lesson, Strategy
from tests import live, model_server
from tests.strategies import canonical, pages

pytestmark = pytest.mark.live

# What each answer of the fullest brief is known by in the document that is made of it.
MARKS = {
    "business_objectives": "Open 40 refill stations in supermarkets",
    "target_metrics": "Refill orders per week",
    "content_budget": "4,200 EUR a month",
    "team_size": "A team of 3",
    "implementation_timeline": "Your timeline says 2 years",
    "market_share": "6 % of the market",
    "competitive_position": "As Follower you",
    "performance_metrics": "31,000 visits",
    "content_preferences": "preferred by the audience, and none is planned",
    "consumption_patterns": "19–22 o'clock",
    "audience_pain_points": "Nobody tells me where the next station is",
    "buying_journey": "Sees a station beside the till",
    "seasonal_trends": "Spring cleaning",
    "engagement_metrics": "42 likes",
    "top_competitors": "Froschteich",
    "competitor_content_strategies": "Prizes for the funniest bottle",
    "market_gaps": "No list of refill stations by postcode",
    "industry_trends": "Deposit on detergent bottles",
    "emerging_trends": "Solid detergent",
    "preferred_formats": "e-mail newsletter",
    "content_mix": "of your content mix",
    "content_frequency": "Bi-weekly means",
    "optimal_timing": "Thursday Evening (Europe/Vienna)",
    "quality_metrics": "The chemist reads every claim",
    "editorial_guidelines": "No words like eco or green",
    "brand_voice": "Never shame anybody",
    "traffic_sources": "Direct Traffic",
    "conversion_rates": "Newsletter subscriptions",
    "content_roi_targets": "revenue 150 %",
    "ab_testing_capabilities": "Without A/B tests",
}


def run(visitor: live.Visitor, asked: dict[str, Any]) -> dict[str, Any]:
    """Make a strategy of a brief and return its document."""
    strategy = visitor.create(asked)
    job = visitor.ended(visitor.start(strategy)["id"])
    assert job["status"] == "succeeded"
    answer = visitor.http.get(f"/api/strategies/{strategy['id']}/document").raise_for_status()
    document: dict[str, Any] = answer.json()["document"]
    return document


def sections_of(document: dict[str, Any]) -> str:
    """Return all that people read in the sections of a document."""
    return "\n".join(text for _, text in grounding.text_leaves(document["sections"]))


@pytest.fixture
def second(site: live.Site) -> Iterator[live.Process]:
    """A second web server of the same project."""
    process = live.web().start()
    yield process
    process.stop()


def test_1_every_field_of_the_form_reaches_the_document(site: live.Site) -> None:
    visitor = site.visitor()
    assert MARKS.keys() == {field.id for field in registry.FIELDS}

    sent = visitor.http.post("/strategies/new", data=pages.typed("full"))
    job = re.search(r"/jobs/([0-9a-f-]{36})/", sent.headers["Location"])
    assert job, sent.text
    visitor.ended(job[1])
    strategy = Strategy.objects.get(jobs=UUID(job[1]))
    read = sections_of(visitor.http.get(f"/api/strategies/{strategy.pk}/document").json()["document"])

    assert {field: mark for field, mark in MARKS.items() if mark not in read} == {}


def test_2_figures_follow_from_the_answers_and_are_left_out_without_them(site: live.Site) -> None:
    visitor = site.visitor()
    poor, rich = canonical.request("shortest"), canonical.request("analytics-saas")
    dearer = canonical.request("analytics-saas")
    for asked, amount in ((rich, 9000), (dearer, 12000)):
        asked["brief"] |= {
            "target_metrics": {"primary_metric": "Revenue per month", "target_value": 27000},
            "content_budget": {"amount": amount, "currency": "EUR"},
        }

    none, first, second = (run(visitor, asked)["foundation"]["roi"] for asked in (poor, rich, dearer))

    assert none["value"] is None
    assert none["basis"].startswith("not estimated: add ")
    assert (first["value"], second["value"]) == (200, 125)


def test_3_a_run_whose_sections_all_failed_is_failed_below_100_percent(site: live.Site) -> None:
    site.worker.stop()
    nonsense = dict.fromkeys(
        ("strategic_insights", "competitive_analysis", "performance_predictions", "implementation_roadmap",
         "risk_assessment"),
        model_server.other_shape(),
    )  # fmt: skip
    try:
        with (
            model_server.running(always=nonsense) as model,
            live.site(redis=site.redis, STRATEGIES_MODEL="openai:none", OPENAI_BASE_URL=model.url) as here,
        ):
            visitor = here.visitor()
            strategy = visitor.create(canonical.request("bakery"))
            job = visitor.ended(visitor.start(strategy)["id"])
            last = visitor.events(job["id"])[-1]
            document = visitor.http.get(f"/api/strategies/{strategy['id']}/document")
    finally:
        site.worker.start()

    assert (job["status"], job["error"]["code"], job["result_url"]) == ("failed", "all_failed", None)
    assert job["progress"] < 100
    assert (last["type"], last["final"]) == ("error", True)
    assert document.status_code == 404


def test_4_progress_is_known_to_every_process_and_survives_a_restart(
    site: live.Site, second: live.Process, tmp_path: Path
) -> None:
    visitor = site.visitor()
    beside = live.Visitor(second.environment["URL"], visitor.user)
    job = toy(visitor, gates={"two": str(tmp_path / "gate")})
    live.wait_for(lambda: visitor.job(job)["progress"] >= 20)
    seen = visitor.events(job)

    second.kill()
    second.start()
    after_restart = beside.events(job)
    (tmp_path / "gate").touch()
    first_end, second_end = visitor.ended(job), beside.ended(job)

    assert seen
    assert after_restart[: len(seen)] == seen
    assert first_end == second_end
    assert visitor.events(job) == beside.events(job)


def test_5_nobody_reads_another_users_run(site: live.Site) -> None:
    visitor, stranger = site.visitor(), site.visitor()
    job = visitor.start(visitor.create(canonical.request("bakery")))["id"]

    places = (f"/api/jobs/{job}", f"/api/jobs/{job}/events", f"/sse/stream?topic=job:{job}", f"/jobs/{job}/")
    found = [stranger.http.get(place).status_code for place in places]

    assert found == [404] * 4
    assert visitor.http.get(f"/api/jobs/{job}").status_code == 200
    assert job in visitor.http.get("/api/jobs").text
    assert job not in stranger.http.get("/api/jobs").text


def test_6_each_lesson_is_its_own_steps_and_no_step_is_beyond_the_last(site: live.Site) -> None:
    visitor = site.visitor()
    job = visitor.start(visitor.create(canonical.request("bakery")))["id"]
    visitor.ended(job)

    told = visitor.events(job)

    steps = [event for event in told if "step" in event]
    assert {event["step"] for event in steps} == set(range(9))  # 0: it waits
    assert all(event["step"] <= event.get("steps", 8) == 8 for event in steps)
    at_work = ""
    lessons = 0
    for event in told:
        if event["type"] == "educational":
            row = Lesson.objects.get(kind="strategy", step=event["step_key"], phase=event["phase"])
            assert (event["educational_content"]["title"], event["step_key"]) == (row.title, at_work)
            lessons += 1
        elif "step_key" in event:
            at_work = event["step_key"]
    assert lessons == 16


def test_7_a_failed_poll_or_a_reload_loses_nothing(site: live.Site, second: live.Process, tmp_path: Path) -> None:
    user = site.visitor().user
    visitor = live.Visitor(second.environment["URL"], user)
    job = toy(visitor, gates={"two": str(tmp_path / "gate")})
    live.wait_for(lambda: visitor.events(job))
    known = visitor.http.get(f"/api/jobs/{job}/events").json()

    second.kill()
    with pytest.raises(httpx.HTTPError):
        visitor.http.get(f"/api/jobs/{job}/events", params={"after": known["cursor"]})
    second.start()
    (tmp_path / "gate").touch()
    visitor.ended(job)
    rest = visitor.events(job, after=known["cursor"])
    page = visitor.http.get(f"/jobs/{job}/")

    told = known["events"] + rest
    assert [event["seq"] for event in told] == list(range(1, len(told) + 1))
    assert told[-1]["final"] is True
    assert page.status_code == 200


def test_8_a_cancel_stops_the_work_and_a_late_finisher_changes_nothing(site: live.Site, tmp_path: Path) -> None:
    visitor = site.visitor()
    job = toy(visitor, gates={"one": str(tmp_path / "gate")})
    live.wait_for(lambda: visitor.job(job)["status"] == "running")

    cancelled = visitor.http.post(f"/api/jobs/{job}/cancel")
    steps = Job.objects.get(pk=job).steps.count()
    (tmp_path / "gate").touch()
    visitor.ended(toy(visitor))  # which takes longer than the rest of the step would

    assert cancelled.status_code == 202
    assert visitor.job(job)["status"] == "cancelled"
    assert Job.objects.get(pk=job).steps.count() == steps
    assert "complete" not in [event["type"] for event in visitor.events(job)]
    assert visitor.events(job)[-1]["status"] == "cancelled"


def test_9_a_result_that_cannot_be_saved_is_no_success(site: live.Site) -> None:
    visitor = site.visitor()
    strategy = visitor.create(canonical.request("bakery"))
    forbid(strategy["id"])
    try:
        job = visitor.start(strategy)["id"]
        left = f"job {job} is left to its lease"
        live.wait_for(lambda: left in site.worker.said())
        live.run_out(job)
        live.wait_for(lambda: site.worker.said().count(left) > 1)
        row = Job.objects.get(pk=job)
        told = [event["type"] for event in visitor.events(job)]
    finally:
        allow()
    live.run_out(job)

    ended = visitor.ended(job)
    assert row.status not in (Job.Status.SUCCEEDED, Job.Status.PARTIAL)
    assert "complete" not in told
    # The next attempt saves what was made, and makes nothing twice.
    assert ended["status"] == "succeeded"
    assert set(Job.objects.get(pk=job).steps.values_list("attempt", flat=True)) == {1}
    assert visitor.http.get(f"/api/strategies/{strategy['id']}/document").status_code == 200


def test_10_every_value_that_the_form_offers_comes_back_as_it_was_chosen(site: live.Site) -> None:
    visitor = site.visitor()
    form = unescape(visitor.http.get("/strategies/new", params={"form": "long"}).text)

    for turn in range(max(len(part.options) for part in parts())):
        asked = canonical.request("full")
        asked["brief"] |= {field.id: chosen(field, turn) for field in registry.FIELDS if has_options(field)}
        stored = visitor.http.get(f"/api/strategies/{visitor.create(asked)['id']}").json()["brief"]
        sent = {field.id: asked["brief"][field.id] for field in registry.FIELDS if has_options(field)}
        assert {id: stored[id] for id in sent} == {id: brief.clean_strategy(asked).brief[id] for id in sent} == sent

    offered = [option for part in parts() for option in part.options]
    assert len(offered) > 150
    missing = [option for option in offered if f'value="{option}"' not in form and f">{option}</option>" not in form]
    assert missing == []


def toy(visitor: live.Visitor, **params: Any) -> str:
    """Start a job of five steps, and return its id."""
    return str(jobs.enqueue(owner=visitor.user, kind="toy", params=params)[0].pk)


def forbid(strategy: str) -> None:
    """Let the database refuse versions of a strategy, as it does on a full disk."""
    table = "strategies_version"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER forbid BEFORE INSERT ON {table} WHEN NEW.strategy_id = '{strategy.replace('-', '')}' "
                "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
            )
            return
        cursor.execute(
            "CREATE OR REPLACE FUNCTION forbid() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$ "
            "LANGUAGE plpgsql"
        )
        cursor.execute(
            f"CREATE TRIGGER forbid BEFORE INSERT ON {table} FOR EACH ROW "
            f"WHEN (NEW.strategy_id = '{strategy}') EXECUTE FUNCTION forbid()"
        )


def allow() -> None:
    """Take versions again."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER forbid" + (" ON strategies_version" if connection.vendor != "sqlite" else ""))


def parts() -> list[Field]:
    """Return every field and member that has a list of options."""
    return [part for field in registry.FIELDS for part in (field, *field.fields) if part.options]


def has_options(field: Field) -> bool:
    """Whether a field, or a member of it, has a list of options."""
    return any(part.options for part in (field, *field.fields))


def chosen(field: Field, turn: int) -> Any:
    """Return an answer that chooses all of many, or one after the other of those of which one is chosen."""
    match field.type:
        case "choices":
            return list(field.options)
        case "choice":
            return field.options[turn % len(field.options)]
        case "object":
            picked = {part.id: chosen(part, turn) for part in field.fields if part.options}
            return canonical.FULL["brief"][field.id] | picked
        case _:
            rows: list[dict[str, Any]] = canonical.FULL["brief"][field.id]
            return [row | {part.id: chosen(part, turn) for part in field.fields if part.options} for row in rows]
