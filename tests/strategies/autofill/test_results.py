"""Choosing from what was found, on pages and over the API; hostile text stays text."""

import asyncio
import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from strategies import jobs, kinds
from strategies.autofill import checking, plain, rules
from strategies.engines import Material, choice
from strategies.kinds import Outcome
from strategies.models import Job, Strategy
from tests.strategies import markup, pages

NOTES = """Industry: Artisan food retail
Goals:
- Sell out of sourdough by noon
Budget: 2,500 EUR a month
Team: 4
Competitors: Backwerk"""


def read(owner: User, text: str = NOTES, *, strategy: Strategy | None = None, url: str = "") -> Job:
    """A job that has read a text, as its worker would have."""
    text = plain.tidy(text)
    kind = kinds.get("autofill")
    outputs = {"read": {"text": text, "url": url, "title": ""}, "find": {"values": rules.find(text), "raw": ""}}
    outputs["check"] = checking.check(rules.find(text), text=text, url=url) | {"title": ""}
    with transaction.atomic():
        asked, _ = jobs.enqueue(owner=owner, kind="autofill", strategy=strategy, params={"text": text})
        Job.objects.filter(pk=asked.pk).update(priority=100)
        (job,) = jobs.claim("worker", 1)
    for number, spec in enumerate(kind.steps, 1):
        jobs.begin(job, spec, number=number, steps=3)
        outcome = Outcome(output=outputs[spec.key], summary="Done.")
        jobs.record(job, spec, outcome, number=number, steps=3, seconds=1.0, done=set(range(1, number + 1)))
    jobs.finish(job, kind, outputs, partial=False)
    return job


def values(job: Job) -> dict[str, str]:
    """The ids of what a job found, by path."""
    output: Any = job.steps.get(key="check").output
    return {value["path"]: value["id"] for value in output["values"]}


# --- for a new strategy ------------------------------------------------------------------------------------------------


def test_the_form_leads_to_a_text_and_the_text_to_a_job(mine: Client) -> None:
    link = pages.page(mine, "/strategies/new").one("a", href="/strategies/autofill")
    form = pages.page(mine, link["href"]).one("main").all("form")[-1]

    response = mine.post(form["action"], markup.sent(form) | {"text": [NOTES]})

    job = Job.objects.get()
    assert response["Location"] == job.get_absolute_url()
    assert (job.kind, job.strategy, job.params) == ("autofill", None, {"text": NOTES})
    assert pages.page(mine, job.get_absolute_url()).one("h1").text == "Brief from a text or a page"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Give a text of your own or the address of a page"),
        ({"text": "a", "url": "https://example.com"}, "Give a text of your own or the address of a page"),
        ({"text": "x" * 50_001}, "50,001 characters are too many"),
        ({"url": "http://127.0.0.1/"}, "leads into a private network"),
        ({"url": "ftp://example.com/<script>"}, "characters that no address has"),
    ],
)
def test_what_cannot_be_read_is_told_on_the_form_and_kept(mine: Client, sent: dict[str, str], said: str) -> None:
    response = mine.post("/strategies/autofill", sent)

    shown = markup.read(response.content.decode())
    assert response.status_code == 422
    assert said in shown.text
    assert shown.one("textarea", name="text").raw.removeprefix("\n") == sent.get("text", "")[:50_000]
    assert shown.one("input", name="url")["value"] == sent.get("url", "")
    focused = [one["name"] for one in shown.all() if one.get("autofocus") is not None]
    assert focused == ["url" if list(sent) == ["url"] else "text"]
    assert not Job.objects.exists()


def test_the_result_stands_beside_its_words_and_the_doubtful_is_not_ticked(mine: Client, owner: User) -> None:
    job = read(owner, "Goals: Win 30 contracts\nOur budget is 90 EUR.", url="https://example.com/about")

    shown = pages.page(mine, f"/jobs/{job.pk}/found").one("main")

    ticked = {box["value"]: box.get("checked") is not None for box in shown.all("input", type="checkbox")}
    assert ticked == {"1": True, "2": False}
    assert [quote.text for quote in shown.all("blockquote")] == ["Goals: Win 30 contracts", "Our budget is 90 EUR."]
    assert shown.one("a", href="https://example.com/about")


def test_what_is_chosen_fills_the_long_form_with_the_words_beside_it(mine: Client, owner: User) -> None:
    job = read(owner)
    form = pages.page(mine, f"/jobs/{job.pk}/found").one("main").all("form")[-1]
    sent = markup.sent(form)
    sent["take"].remove(values(job)["team_size"])

    response = mine.post(f"/jobs/{job.pk}/found", sent)

    shown = pages.page(mine, response["Location"])
    assert shown.one("input", name="industry")["value"] == "Artisan food retail"
    assert shown.one("textarea", name="business_objectives").raw.strip() == "Sell out of sourdough by noon"
    assert shown.one("input", name="content_budget.amount")["value"] == "2500"
    assert shown.one("input", name="top_competitors.0.name")["value"] == "Backwerk"
    assert shown.one("input", name="team_size").get("value") in (None, "")
    assert "Budget: 2,500 EUR a month" in [quote.text for quote in shown.all("q")]


def test_the_words_stay_beside_the_form_when_it_comes_back(mine: Client, owner: User) -> None:
    job = read(owner)
    form = pages.page(mine, f"/strategies/new?from={job.pk}&take=1&take=2").one("main").all("form")[-1]

    response = mine.post("/strategies/new", markup.sent(form))

    shown = markup.read(response.content.decode())
    assert response.status_code == 422
    assert "Budget: 2,500 EUR a month" in [quote.text for quote in shown.all("q")]
    assert shown.one("input", name="industry")["value"] == "Artisan food retail"


def test_a_strategy_can_be_made_of_what_was_found(mine: Client, owner: User) -> None:
    job = read(owner)
    form = (
        pages.page(mine, f"/strategies/new?from={job.pk}&take={'&take='.join(values(job).values())}")
        .one("main")
        .all("form")[-1]
    )
    others = ("name", "target_metrics.primary_metric", "content_preferences", "preferred_formats", "brand_voice.tones")
    answers = {name: pages.typed()[name] for name in (*others, "content_frequency", "audience_pain_points")}

    response = mine.post("/strategies/new", markup.sent(form) | answers)

    strategy = Strategy.objects.get()
    assert response.status_code == 302
    assert strategy.industry == "Artisan food retail"
    assert strategy.brief["content_budget"] == {"amount": 2_500, "currency": "EUR"}


@pytest.mark.parametrize(
    "query", ["from=x&take=1", "from=&take=1", "from=00000000-0000-0000-0000-000000000000", "take=1"]
)
def test_a_result_that_is_not_there_is_an_empty_form(mine: Client, query: str) -> None:
    assert pages.page(mine, f"/strategies/new?{query}").one("input", name="name")["value"] == ""


def test_nothing_found_is_said_and_leads_on(mine: Client, owner: User) -> None:
    job = read(owner, "The weather was fine.")

    shown = pages.page(mine, f"/jobs/{job.pk}/found").one("main")

    assert "Nothing that fits the brief stands there" in shown.text
    assert {link["href"] for link in shown.all("a")} == {"/strategies/autofill", "/strategies/new"}


def test_a_job_that_has_not_ended_shows_itself(mine: Client, owner: User) -> None:
    job, _ = jobs.enqueue(owner=owner, kind="autofill", params={"text": "a"})

    response = mine.get(f"/jobs/{job.pk}/found")

    assert response["Location"] == job.get_absolute_url()
    assert mine.get(f"/api/jobs/{job.pk}/found").status_code == 409


def test_another_kinds_job_has_found_nothing(mine: Client, owner: User) -> None:
    job = pages.Working(pages.store(owner)).end(*range(1, 9)).finish()

    assert mine.get(f"/jobs/{job.pk}/found")["Location"] == job.get_absolute_url()
    assert mine.get(f"/api/jobs/{job.pk}/found").json()["code"] == "no_values"


@pytest.mark.parametrize("path", ["/strategies/autofill", "/strategies/{id}/autofill", "/jobs/{id}/found"])
def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client, owner: User, path: str) -> None:
    assert client.get(path.format(id=pages.store(owner).pk)).status_code == 302


@pytest.mark.parametrize("verb", ["get", "post"])
def test_anothers_strategy_or_job_is_not_there(mine: Client, other: User, verb: str) -> None:
    strategy = pages.store(other)
    job = read(other, strategy=strategy)

    for path in (f"/strategies/{strategy.pk}/autofill", f"/jobs/{job.pk}/found"):
        assert getattr(mine, verb)(path, {"text": "a"} if verb == "post" else None).status_code == 404


# --- into a strategy that is there -------------------------------------------------------------------------------------


def test_only_gaps_are_proposed_and_the_own_answer_is_shown(mine: Client, owner: User) -> None:
    strategy = pages.store(owner)
    job = read(owner, strategy=strategy)

    shown = pages.page(mine, f"/jobs/{job.pk}/found").one("main")

    ticked = {box["value"] for box in shown.all("input", type="checkbox") if box.get("checked") is not None}
    assert ticked == {values(job)["content_budget"], values(job)["team_size"]}
    assert "Your answer so far: Sell out of sourdough by noon on weekdays" in shown.text


def test_what_is_ticked_is_taken_and_the_rest_stays(mine: Client, owner: User) -> None:
    strategy = pages.store(owner)
    before = dict(strategy.brief)
    job = read(owner, strategy=strategy)

    response = mine.post(f"/jobs/{job.pk}/found", {"take": [values(job)["team_size"], values(job)["top_competitors"]]})

    strategy.refresh_from_db()
    assert response["Location"] == f"{strategy.get_absolute_url()}#brief"
    assert strategy.brief == before | {
        "team_size": 4,
        "top_competitors": [*before["top_competitors"], {"name": "Backwerk"}],
    }


def take(client: Client, strategy: Strategy, job: Any, **more: Any) -> Any:
    body = json.dumps({"job": str(job), **more})
    return client.post(f"/api/strategies/{strategy.pk}/autofill", body, content_type="application/json")


def test_over_the_api_gaps_alone_are_filled_unless_values_are_named(mine: Client, owner: User) -> None:
    strategy = pages.store(owner)
    job = read(owner)

    gaps = take(mine, strategy, job.pk).json()
    named = take(mine, strategy, job.pk, values=[values(job)["industry"]]).json()

    assert gaps["strategy"]["brief"]["team_size"] == 4
    assert gaps["strategy"]["brief"]["business_objectives"] == strategy.brief["business_objectives"]
    assert values(job)["industry"] not in gaps["taken"]
    assert named["taken"] == [values(job)["industry"]]
    assert named["strategy"]["industry"] == "Artisan food retail"


@pytest.mark.parametrize(
    ("more", "status"), [({"values": ["99"]}, 422), ({"values": "1"}, 422), ({"values": [1]}, 422), ({"x": 1}, 422)]
)
def test_what_is_not_there_to_take_is_named_and_nothing_taken(
    mine: Client, owner: User, more: dict[str, Any], status: int
) -> None:
    strategy = pages.store(owner)

    answer = take(mine, strategy, read(owner).pk, **more)

    assert answer.status_code == status
    assert answer.json()["errors"]
    strategy.refresh_from_db()
    assert "team_size" not in strategy.brief


def test_an_archived_strategy_takes_nothing(mine: Client, owner: User) -> None:
    strategy = pages.store(owner, status="archived")

    assert take(mine, strategy, read(owner).pk).status_code == 409


def test_anothers_job_or_strategy_is_404_over_the_api(mine: Client, owner: User, other: User) -> None:
    assert take(mine, pages.store(owner), read(other).pk).status_code == 404
    assert take(mine, pages.store(other), read(owner).pk).status_code == 404
    assert take(mine, pages.store(owner), "nonsense").status_code == 404


# --- hostile text ------------------------------------------------------------------------------------------------------


@pytest.mark.attack(18)
@pytest.mark.parametrize("words", pages.HOSTILE)
def test_hostile_words_are_shown_as_they_are_and_do_nothing(mine: Client, owner: User, words: str) -> None:
    job = read(owner, f"Goals: {words}\nKey messages: {words}\nCompetitors:\n- {words}", url="https://example.com/")

    shown = pages.page(mine, f"/jobs/{job.pk}/found")
    form = pages.page(mine, f"/strategies/new?from={job.pk}&take={'&take='.join(values(job).values())}")

    for read_page in (shown, form):
        assert not read_page.all("img")
        assert all("src" in script.attributes for script in read_page.all("script"))
        assert "\u202e" not in read_page.raw
    assert plain.tidy(words).split("\n")[0].split(";")[0].strip(" .")[:20] in form.text or len(words) < 3


def test_the_offline_engine_looks_for_values_off_the_loop(owner: User) -> None:
    material = Material.of_text("Budget: 5 EUR a month")

    written = asyncio.run(choice.of("offline").write("autofill", material))

    assert [each["field"] for each in written.draft["values"]] == ["content_budget"]
