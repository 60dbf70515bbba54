"""A job's page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from sse.models import Event
from strategies import jobs, kinds, sections
from strategies.models import Job
from tests.strategies import markup
from tests.strategies.pages import HOSTILE, Working, page, section, store


def steps(shown: markup.Element) -> dict[str, tuple[str, str]]:
    """Each step of the ledger: its state for scripts, and its words."""
    return {
        row["data-step"]: (row["data-status"], row.one("span", class_="word").text)
        for row in shown.all("li")
        if row.get("data-step")
    }


def test_a_queued_job_shows_its_steps_to_come(mine: Client, owner: User) -> None:
    job, _ = jobs.enqueue(owner=owner, kind="strategy", strategy=store(owner))

    shown = page(mine, f"/jobs/{job.pk}/")

    assert shown.one("title").text == "0 % · Two bakeries, one oven"
    assert shown.one("progress")["value"] == "0"
    assert {state for state, _ in steps(shown).values()} == {"pending"}
    assert len(steps(shown)) == 8


def test_a_running_job_is_shown_as_it_stands(mine: Client, owner: User) -> None:
    working = Working(store(owner)).end(1, 2, summary="Four people, <b>one</b> oven")
    working.begin(3)

    shown = page(mine, f"/jobs/{working.job.pk}/")

    percent = working.job.progress
    assert 0 < percent < 100
    assert shown.one("title").text == f"{percent} % · Two bakeries, one oven"
    assert shown.one("progress")["value"] == str(percent)
    assert steps(shown)["foundation"] == ("done", "done, 1 min 5 s")
    assert steps(shown)["strategic_insights"] == ("running", "at work")
    assert steps(shown)["compile"] == ("pending", "to do")
    assert shown.one("li", aria_current="step")["data-step"] == "strategic_insights"
    assert shown.one("li", data_step="context").one("span", class_="summary").raw == "Four people, <b>one</b> oven"


def test_between_two_steps_the_next_is_named_and_not_what_the_last_one_made(mine: Client, owner: User) -> None:
    working = Working(store(owner)).end(1, 2, summary="Four people, one oven")

    shown = page(mine, f"/jobs/{working.job.pk}/").one("span", data_part="message")

    assert shown.text == "Next: Strategic insights …"


def test_a_job_whose_worker_is_lost_is_said_to_wait_for_one(mine: Client, owner: User) -> None:
    working = Working(store(owner)).end(1)
    working.begin(2)
    before = page(mine, f"/jobs/{working.job.pk}/").one("span", data_part="message")
    Job.objects.filter(pk=working.job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    shown = page(mine, f"/jobs/{working.job.pk}/").one("span", data_part="message")

    assert before.text == f"{kinds.get('strategy').steps[1].title} …"
    assert shown.text == "Waiting for a worker."
    assert mine.get(f"/api/jobs/{working.job.pk}").json()["waiting"] is True


def test_the_page_begins_its_stream_where_it_was_rendered(mine: Client, owner: User) -> None:
    working = Working(store(owner)).end(1)

    element = page(mine, f"/jobs/{working.job.pk}/").one("job-progress")

    assert element["data-cursor"] == str(Event.objects.filter(topic__name=working.job.topic).count())
    assert element["data-stream-url"] == f"/sse/stream?topic=job:{working.job.pk}"
    assert element["data-events-url"] == f"/api/jobs/{working.job.pk}/events"
    assert mine.get(element["data-snapshot-url"]).status_code == 200


def test_without_scripts_an_active_job_is_shown_anew_every_few_seconds(mine: Client, owner: User) -> None:
    working = Working(store(owner))

    active = page(mine, f"/jobs/{working.job.pk}/")
    working.end(*range(1, 9)).finish()
    ended = page(mine, f"/jobs/{working.job.pk}/")

    assert active.one("noscript").one("meta")["content"] == "5"
    assert not ended.all("noscript")
    assert "job-progress.js" in "".join(script.get("src") or "" for script in active.all("script"))
    assert "job-progress.js" not in "".join(script.get("src") or "" for script in ended.all("script"))


def test_the_lesson_of_the_step_at_work_is_shown(mine: Client, owner: User) -> None:
    working = Working(store(owner)).end(1)
    working.begin(2)
    told = Event.objects.filter(topic__name=working.job.topic, type="educational").order_by("-seq")[0].data

    shown = page(mine, f"/jobs/{working.job.pk}/").one("aside")

    lesson = told["educational_content"]
    assert told["step"] == 2
    assert "hidden" not in shown.attributes
    assert shown.one("h2").text == lesson["title"]
    assert [line.text for line in shown.all("li")] == lesson["details"]


def test_a_step_without_a_lesson_shows_none_and_never_another_steps(
    mine: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    working = Working(store(owner)).end(1)
    monkeypatch.setattr("strategies.lessons.content", lambda *_, **__: None)
    working.begin(2)

    shown = page(mine, f"/jobs/{working.job.pk}/").one("aside")

    assert "hidden" in shown.attributes
    assert shown.one("h2").text == ""


@pytest.mark.parametrize("text", HOSTILE)
def test_a_lesson_is_shown_as_text(mine: Client, owner: User, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    lesson = {"title": text, "description": text, "details": [text], "insight": text}
    monkeypatch.setattr("strategies.lessons.content", lambda *_, **__: lesson)
    working = Working(store(owner))
    working.begin(1)

    shown = page(mine, f"/jobs/{working.job.pk}/").one("aside")

    assert shown.one("h2").raw == shown.one("li").raw == shown.one("p", data_lesson="insight").raw == text


def test_a_job_that_was_silent_for_five_minutes_says_so(mine: Client, owner: User) -> None:
    job, _ = jobs.enqueue(owner=owner, kind="strategy", strategy=store(owner))
    fresh = page(mine, f"/jobs/{job.pk}/").one("div", data_part="quiet")
    last = Event.objects.get(topic__name=job.topic)
    Event.objects.filter(pk=last.pk).update(created=last.created.replace(year=last.created.year - 1))

    shown = page(mine, f"/jobs/{job.pk}/").one("div", data_part="quiet")

    assert "hidden" in fresh.attributes
    assert "hidden" not in shown.attributes
    assert "it goes on without you" in shown.text


def test_a_finished_job_leads_to_its_document(mine: Client, owner: User) -> None:
    job = Working(store(owner)).end(*range(1, 9)).finish()

    shown = page(mine, f"/jobs/{job.pk}/")

    assert shown.one("title").text == "✓ Two bakeries, one oven"
    assert shown.one("a", class_="button primary")["href"] == f"/strategies/{job.strategy_id}/"
    assert not shown.one("main").all("form")


def test_a_partial_job_names_what_failed_and_why_and_where_it_can_go_on(mine: Client, owner: User) -> None:
    working = Working(store(owner)).end(1, 2, 3, 4).fail(5, "The model said <b>no</b>.").end(6, 7, 8)
    job = working.finish(partial=True)

    shown = page(mine, f"/jobs/{job.pk}/").one("main")

    told = shown.one("section", class_="note warning")
    assert told.one("li").raw == "Performance predictions failed: The model said <b>no</b>."
    assert "7 of 8 steps" in told.text
    assert told.one("form")["action"] == f"/jobs/{job.pk}/retry"
    assert told.one("button").text == "Retry from “Performance predictions”"
    assert steps(shown)["performance_predictions"][0] == "failed"


def test_a_failed_job_names_its_step_its_reason_and_what_is_kept(mine: Client, owner: User) -> None:
    working = Working(store(owner)).end(1)
    working.begin(2)
    job = working.give_up("foundation", "There is no API key.")

    shown = page(mine, f"/jobs/{job.pk}/").one("main")

    titles = [step.title for step in kinds.get("strategy").steps]
    told = shown.one("section", class_="note error")
    assert told.one("li").text == f"{titles[1]} failed: There is no API key."
    assert titles[0] in told.text
    assert "no_key" in told.text
    assert told.one("button").text == f"Retry from “{titles[1]}”"
    assert not shown.all("a", class_="button primary")


def test_a_job_of_any_kind_has_a_page(mine: Client, owner: User) -> None:
    job, _ = jobs.enqueue(owner=owner, kind="toy")

    shown = page(mine, f"/jobs/{job.pk}/")
    mine.post(f"/jobs/{job.pk}/cancel")

    assert shown.one("h1").text == "Toy"
    assert len(steps(shown)) == 5
    assert "It was cancelled" in page(mine, f"/jobs/{job.pk}/").text


def test_cancelling_asks_first(mine: Client, owner: User) -> None:
    job, _ = jobs.enqueue(owner=owner, kind="strategy", strategy=store(owner))
    link = page(mine, f"/jobs/{job.pk}/").one("a", data_dialog="cancel")

    form = page(mine, link["href"]).one("main").one("form")
    job.refresh_from_db()
    before = job.status
    response = mine.post(form["action"], markup.sent(form))
    job.refresh_from_db()

    assert before == "queued"
    assert response["Location"] == f"/jobs/{job.pk}/"
    assert job.status == "cancelled"
    assert "It was cancelled" in page(mine, f"/jobs/{job.pk}/").text


def test_cancelling_what_has_ended_changes_nothing_and_says_so(mine: Client, owner: User) -> None:
    job = Working(store(owner)).end(*range(1, 9)).finish()

    asked = page(mine, f"/jobs/{job.pk}/cancel").text
    shown = mine.post(f"/jobs/{job.pk}/cancel", follow=True)

    assert "ended already" in asked
    assert "The job has ended" in markup.read(shown.content.decode()).one("p", class_="note error").text
    job.refresh_from_db()
    assert job.status == "succeeded"


def test_a_retry_is_a_new_job_that_each_page_leads_to(mine: Client, owner: User) -> None:
    old = Working(store(owner)).end(1).give_up("foundation", "No.")

    response = mine.post(f"/jobs/{old.pk}/retry")

    new = Job.objects.exclude(pk=old.pk).get()
    assert response["Location"] == f"/jobs/{new.pk}/"
    assert steps(page(mine, response["Location"]))["context"] == ("done", "done, kept from before")
    assert page(mine, response["Location"]).all("a", href=f"/jobs/{old.pk}/")
    shown = page(mine, f"/jobs/{old.pk}/")
    assert shown.all("a", href=f"/jobs/{new.pk}/")
    assert not shown.one("main").all("form")


def test_a_retry_that_is_refused_says_why(mine: Client, owner: User) -> None:
    old = Working(store(owner)).end(1).give_up("foundation", "No.")
    mine.post(f"/jobs/{old.pk}/retry")

    shown = mine.post(f"/jobs/{old.pk}/retry", follow=True)

    assert "retried already" in markup.read(shown.content.decode()).one("p", class_="note error").text


def test_a_finished_section_is_read_while_the_others_are_written(mine: Client, owner: User) -> None:
    working = Working(store(owner)).end(1, 2).end(3, section=section("strategic_insights"))
    working.begin(4)

    shown = page(mine, f"/jobs/{working.job.pk}/").one("ol", class_="steps")
    (now, *later) = [shown.one("li", data_step=key).one("details") for key in sections.KEYS]
    read = page(mine, now.one("a")["href"])

    assert "hidden" not in now.attributes
    assert all("hidden" in details.attributes for details in later)
    assert not shown.one("li", data_step="context").all("details")
    assert read.one("h1").text == "Strategic insights"
    assert "Positioning" in read.one("div", data_part="section").text
    assert read.all("a", href=f"/jobs/{working.job.pk}/")


@pytest.mark.parametrize("key", ["competitive_analysis", "context", "nothing"])
def test_what_is_not_written_cannot_be_read(mine: Client, owner: User, key: str) -> None:
    working = Working(store(owner)).end(1, 2).end(3, section=section("strategic_insights"))

    page(mine, f"/jobs/{working.job.pk}/steps/{key}", status=404)


def test_a_section_of_somebody_elses_job_is_not_there(mine: Client, other: User) -> None:
    working = Working(store(other)).end(1, 2).end(3, section=section("strategic_insights"))

    page(mine, f"/jobs/{working.job.pk}/steps/strategic_insights", status=404)


def test_one_may_leave_and_is_told_so(mine: Client, owner: User) -> None:
    working = Working(store(owner)).end(1)

    shown = page(mine, f"/jobs/{working.job.pk}/")

    assert shown.one("p", data_part="leave").one("a")["href"] == "/"
    assert "so far" in shown.one("span", data_part="elapsed").text


@pytest.mark.parametrize(("fails", "icon"), [(False, "icon-good"), (True, "icon-bad")])
def test_an_ended_job_has_the_icon_of_its_end(mine: Client, owner: User, fails: bool, icon: str) -> None:
    working = Working(store(owner)).end(1)
    job = working.give_up("foundation", "No key.") if fails else working.end(*range(2, 9)).finish()

    shown = page(mine, f"/jobs/{job.pk}/")

    assert icon in shown.one("link", rel="icon")["href"]
