"""The header of every page."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from strategies import jobs
from strategies.models import Job, Strategy


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

    assert "1 at work" in page
    assert f'<a href="/jobs/{job.pk}/"><bdi>&lt;b&gt;Zwei Öfen&lt;/b&gt;</bdi></a>' in page


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
