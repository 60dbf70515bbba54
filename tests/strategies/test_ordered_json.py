"""JSON whose members keep their order: PostgreSQL sorts them by length where it may."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from strategies.models import Job, Section, Step, Strategy, Version
from strategies.templatetags import wording
from tests.strategies import canonical
from tests.strategies.pages import document_of, made, page, store

# Neither by length nor by letters.
ODD = {"zebra": 1, "a": {"pears": 2, "figs": 3, "plums": {}}, "mm": [{"second": 1, "one": "“ß” 🍐"}], "b": None}


def order(value: Any) -> Any:
    """The names in a value, in their order."""
    if isinstance(value, dict):
        return [(name, order(part)) for name, part in value.items()]
    return [order(part) for part in value] if isinstance(value, list) else None


def test_members_come_back_in_the_order_in_which_they_were_stored(owner: User) -> None:
    strategy = Strategy.objects.create(owner=owner, name="x", brief=ODD)
    job = Job.objects.create(owner=owner, kind="toy", engine="offline", brief=ODD, run_after="2026-01-01T00:00Z")
    Step.objects.bulk_create([Step(job=job, key=key, number=1, attempt=1, output=ODD) for key in ("one", "two")])
    version = Version.objects.create(strategy=strategy, number=1, document=ODD, score=1, engine="offline")
    Section.objects.create(version=version, key="one", number=1, data=ODD)

    stored = [
        Strategy.objects.get(pk=strategy.pk).brief,
        Job.objects.get(pk=job.pk).brief,
        *Step.objects.filter(job=job).values_list("output", flat=True),
        Version.objects.get(pk=version.pk).document,
        Section.objects.get(version=version).data,
    ]

    assert stored == [ODD] * 6
    assert [order(value) for value in stored] == [order(ODD)] * 6


def test_what_is_not_there_comes_back_as_nothing(owner: User) -> None:
    job = Job.objects.create(owner=owner, kind="toy", engine="offline", run_after="2026-01-01T00:00Z")
    Step.objects.create(job=job, key="one", number=1, attempt=1, output=None)

    assert Step.objects.filter(job=job, output__isnull=True).get().output is None
    assert Job.objects.get(pk=job.pk).brief == {}


def test_the_groundwork_is_shown_in_the_order_in_which_it_was_computed(mine: Client, owner: User) -> None:
    strategy = store(owner, "full")
    document_of(strategy, "full")

    shown = page(mine, f"/strategies/{strategy.pk}/").one("section", id="foundation")

    computed = made("full")["foundation"]
    assert [title.text for title in shown.all("h3")] == [wording.title_of(key) for key in wording.without(computed, "")]
    assert list(computed) == list(canonical.material(canonical.request("full")).foundation)


def test_a_text_alone_comes_back_as_it_was(owner: User) -> None:
    job = Job.objects.create(owner=owner, kind="toy", engine="offline", run_after="2026-01-01T00:00Z")
    Step.objects.create(job=job, key="one", number=1, attempt=1, output="done")
    Step.objects.create(job=job, key="two", number=2, attempt=1, output='{"a": 1}')

    assert list(job.steps.order_by("number").values_list("output", flat=True)) == ["done", '{"a": 1}']
