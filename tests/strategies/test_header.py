"""The header of every page."""

import json
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sse.models import Topic
from strategies import following, jobs
from strategies.models import Job, Strategy
from tests.strategies import markup


@pytest.fixture
def client(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def job(owner: User) -> Job:
    strategy = Strategy.objects.create(owner=owner, name="<b>Zwei Öfen</b>", industry="I", brief={})
    return jobs.enqueue(owner=owner, kind="strategy", strategy=strategy)[0]


@pytest.mark.parametrize("path", ["/", "/strategies/new", "/strategies/autofill"])
def test_a_job_at_work_is_a_link_on_every_page(client: Client, job: Job, path: str) -> None:
    page = client.get(path).content.decode()

    assert '<span data-part="count">1</span> at work' in page
    assert f'<a href="/jobs/{job.pk}/"><bdi>&lt;b&gt;Zwei Öfen&lt;/b&gt;</bdi></a>' in page


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Brief from a text or a page"), ("de", "Briefing aus einem Text oder einer Seite")]
)
def test_a_job_without_a_strategy_is_called_by_its_kind(client: Client, owner: User, language: str, title: str) -> None:
    jobs.enqueue(owner=owner, kind="autofill", params={"text": "We bake bread."})

    page = client.get("/", headers={"Accept-Language": language}).content.decode()

    assert markup.read(page).one("job-list", id="at-work").one("li").one("a").text == title


def test_the_list_of_jobs_at_work_follows_them_and_what_else_their_owner_begins(client: Client, job: Job) -> None:
    shown = markup.read(client.get("/").content.decode()).one("job-list", id="at-work")
    own = f"user:{job.owner_id}"

    assert shown["data-stream-url"] == f"/sse/stream?topic={own}&topic={job.topic}"
    positions = dict(Topic.objects.filter(name__in=[own, job.topic]).values_list("name", "seq"))
    assert shown["data-cursor"] == f"{own}={positions[own]},{job.topic}={positions[job.topic]}"
    assert json.loads(shown.one("script").raw)["looks"]["running"] == {"word": "At work", "class": "badge busy"}


def test_the_list_can_be_fetched_alone(client: Client, job: Job) -> None:
    page = client.get("/jobs/at-work").content.decode()

    assert page.count(str(job.pk)) >= 2
    assert "<html" not in page


def test_a_stream_follows_no_more_jobs_than_a_stream_may_have(db: None) -> None:
    made = following.stream([uuid.uuid4() for _ in range(30)], owner=7)

    assert made["url"].count("topic=") == 20
    assert made["url"].startswith("/sse/stream?topic=user:7&topic=job:")


def test_a_job_that_ended_is_not_at_work(client: Client, job: Job) -> None:
    jobs.cancel(job)

    assert "at work</summary>" not in client.get("/").content.decode()


def test_jobs_of_others_are_not_told(client: Client, job: Job, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create_user("somebody-else"))

    assert "at work</summary>" not in client.get("/").content.decode()


def test_whoever_is_not_signed_in_is_asked_nothing(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = Client().get("/accounts/login/")

    assert answer.status_code == 200


@pytest.mark.parametrize("is_staff", [True, False])
def test_only_staff_find_the_admin_in_the_header(client: Client, owner: User, is_staff: bool) -> None:
    User.objects.filter(pk=owner.pk).update(is_staff=is_staff)

    nav = markup.read(client.get("/").content.decode()).one("header").one("nav")

    assert ("/admin/" in [link["href"] for link in nav.all("a")]) is is_staff
