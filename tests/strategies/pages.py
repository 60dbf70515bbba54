"""What tests of pages share: rows to show, and what a browser would send."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from strategies import brief, jobs, kinds
from strategies.errors import JobFailed, StepFailed
from strategies.kinds import Outcome
from strategies.models import Job, Strategy, Version
from tests.strategies import canonical, markup

HOSTILE = [
    "Dosierpumpen für Wasserwerke – „Übersee“ & 'Zuhause'",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{ settings.SECRET_KEY }}{% now 'Y' %}",
    "Händler 🇦🇹🇵🇱 👩‍👩‍👧",
    "مرحبا \u202eevil\u202c שלום",
    "one\u2028line\u2029of \u0085 text",
    '=HYPERLINK("http://x")',
    "  \\ & &amp; &lt; \" ' ` </textarea></title>",
]


def address(name: str, id: object) -> str:
    place, _, verb = name.partition("-")
    return f"/{'jobs' if place == 'job' else 'strategies'}/{id}/{verb}"


def page(client: Client, address: str, status: int = 200) -> markup.Element:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()
    return markup.read(response.content.decode())


def typed(request: str = "bakery", /, **changes: str) -> dict[str, Any]:
    """What a browser sends for a request."""
    asked = canonical.request(request)
    own = {key: str(value) for key, value in asked.items() if key != "brief"}
    return own | brief.to_form(asked["brief"]) | changes


def store(owner: User, request: str = "bakery", /, **changes: Any) -> Strategy:
    cleaned = brief.clean_strategy(canonical.request(request))
    return Strategy.objects.create(owner=owner, **(vars(cleaned) | changes))


def made(request: str) -> dict[str, Any]:
    """The document for a request; in a thread, since tests with a browser have an event loop in theirs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(canonical.made, canonical.request(request)).result()


def section(key: str, request: str = "bakery") -> dict[str, Any]:
    """A section as its step writes it."""
    (found,) = (entry["data"] for entry in made(request)["sections"] if entry["key"] == key)
    return dict(found)


class Working:
    """A job of a strategy, moved on step by step as its worker would."""

    def __init__(self, strategy: Strategy) -> None:
        self.kind = kinds.get("strategy")
        # One transaction, and first in the queue: a real worker of another test sees it taken, and loses none of its own.
        with transaction.atomic():
            asked, _ = jobs.enqueue(owner=strategy.owner, kind="strategy", strategy=strategy)
            Job.objects.filter(pk=asked.pk).update(priority=100)
            (self.job,) = jobs.claim("worker", 1)
        self.done: set[int] = set()

    def begin(self, number: int) -> None:
        jobs.begin(self.job, self.kind.steps[number - 1], number=number, steps=8)

    def end(
        self,
        *numbers: int,
        summary: str = "As it should be.",
        section: dict[str, Any] | None = None,
        seconds: float = 65.0,
    ) -> "Working":
        for number in numbers:
            self.begin(number)
            self.done |= {number}
            output = {"section": section} if section else {"n": number}
            outcome = Outcome(output=output, summary=summary, count=number)
            spec = self.kind.steps[number - 1]
            jobs.record(self.job, spec, outcome, number=number, steps=8, seconds=seconds, done=self.done)
        return self

    def fail(self, number: int, message: str) -> "Working":
        self.begin(number)
        self.done |= {number}
        error = StepFailed("provider_timeout", message, retryable=True)
        spec = self.kind.steps[number - 1]
        jobs.record_failure(self.job, spec, error, number=number, steps=8, seconds=1.5, done=self.done)
        return self

    def finish(self, *, partial: bool = False) -> Job:
        compiled = made("bakery")
        jobs.finish(self.job, self.kind, {"compile": compiled}, partial=partial)
        return self.job

    def give_up(self, step: str, message: str) -> Job:
        jobs.fail(self.job, JobFailed("no_key", message, retryable=True), step)
        return self.job


def document_of(strategy: Strategy, request: str = "bakery", /, number: int = 1, **changes: Any) -> Version:
    compiled = made(request) | changes
    return Version.objects.create(
        strategy=strategy, number=number, document=compiled, score=compiled["score"]["total"], engine="offline"
    )
