"""The kind ``section``: one section is written again; all else, and what was saved meanwhile, stays."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from strategies import jobs, sections
from strategies.engines import Material, Written, offline
from strategies.errors import StepFailed
from strategies.models import Job, Strategy, Version
from tests.strategies import canonical, pages
from tests.strategies.kinds import works
from tests.strategies.life import papers

KEY = "strategic_insights"


@pytest.fixture
def strategy(owner: User) -> Strategy:
    return papers.saved(owner, "full")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Material]:
    """What an engine was given to know, whose positioning is always a new one."""
    materials: list[Material] = []
    write = offline.Offline.write

    async def note(self: Any, section: str, material: Material, **more: Any) -> Written:
        materials.append(material)
        written = await write(self, section, material, **more)
        if section == KEY:
            written.draft["positioning"]["current"] = f"Known to {len(materials)} of all."
        return written

    monkeypatch.setattr(offline.Offline, "write", note)
    return materials


def post(client: Client, strategy: Strategy, **payload: Any) -> Any:
    return papers.json_of(client, "post", f"/api/strategies/{strategy.pk}/jobs", {"kind": "section", **payload})


# --- what it is asked with ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [None, "", "calendar", "summary", 3, ["risk_assessment"], "x" * 5000])
def test_a_section_that_is_none_is_answered_with_those_there_are(mine: Client, strategy: Strategy, key: Any) -> None:
    status, answer = post(mine, strategy, section=key)

    assert (status, answer["code"]) == (422, "invalid")
    assert answer["errors"]["section"] == [f"Name the section to write again, one of: {', '.join(sections.KEYS)}."]


def test_an_instruction_that_is_too_long_is_refused_with_the_limit(mine: Client, strategy: Strategy) -> None:
    status, answer = post(mine, strategy, section=KEY, instruction="x" * 2001)

    assert status == 422
    assert "2,000" in answer["errors"]["instruction"][0]
    assert not Job.objects.filter(strategy=strategy).exists()


def test_an_instruction_of_the_longest_kind_is_taken(mine: Client, strategy: Strategy) -> None:
    assert post(mine, strategy, section=KEY, instruction="x" * 2000)[0] == 202


def test_what_is_no_text_is_no_instruction(mine: Client, strategy: Strategy) -> None:
    assert post(mine, strategy, section=KEY, instruction={"a": 1})[1]["errors"].keys() == {"instruction"}


def test_a_strategy_without_a_document_is_told_to_be_made_first(mine: Client, owner: User) -> None:
    status, answer = post(mine, pages.store(owner), section=KEY)

    assert (status, answer["code"]) == (409, "no_document")


def test_another_section_waits_until_the_first_is_written(mine: Client, strategy: Strategy) -> None:
    first = post(mine, strategy, section=KEY)

    again, other = post(mine, strategy, section=KEY), post(mine, strategy, section="risk_assessment")

    assert (again[0], again[1]["id"]) == (200, first[1]["id"])
    assert (other[0], other[1]["code"]) == (409, "job_active")


def test_an_idempotency_key_with_other_parameters_is_refused(mine: Client, strategy: Strategy) -> None:
    headers = {"Idempotency-Key": "k"}
    address = f"/api/strategies/{strategy.pk}/jobs"
    mine.post(address, {"kind": "section", "section": KEY}, content_type="application/json", headers=headers)
    works.work(strategy.jobs.get())

    other = {"kind": "section", "section": "risk_assessment"}
    answer = mine.post(address, other, content_type="application/json", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


# --- what it does ------------------------------------------------------------------------------------------------------


def test_the_section_is_new_and_all_else_stays_with_its_reviews(strategy: Strategy, asked: list[Material]) -> None:
    papers.review_all(strategy)
    before = papers.newest(strategy)

    job = works.done(strategy, "section", section=KEY)

    after = papers.newest(strategy)
    assert job.status == "succeeded"
    assert (after.number, after.origin, after.job) == (2, Version.Origin.REGENERATED, job)
    assert papers.data_of(strategy, KEY)["positioning"]["current"] == "Known to 1 of all."
    assert after.document["sections"][1:] == before.document["sections"][1:]
    assert {section.key for section in after.sections.filter(reviewed=None)} == {KEY}
    assert after.document["foundation"] == before.document["foundation"]


def test_the_score_and_the_summary_are_made_anew(owner: User) -> None:
    strategy = papers.saved(owner, "full", failed=[KEY])
    before = papers.newest(strategy)

    works.done(strategy, "section", section=KEY)

    after = papers.newest(strategy)
    assert before.document["summary"]["statement"] == ""
    assert after.document["summary"]["statement"]
    assert after.score > before.score
    assert after.score == after.document["score"]["total"]
    assert after.document == pages.made("full")


def test_the_engine_sees_the_others_the_old_text_and_the_wish(strategy: Strategy, asked: list[Material]) -> None:
    before = papers.data_of(strategy, KEY)

    works.done(strategy, "section", section=KEY, instruction="Shorter, and name the till.")

    (material,) = asked
    assert set(material.earlier) == set(sections.KEYS) - {KEY}
    assert material.previous == before
    assert material.instruction == "Shorter, and name the till."
    assert material.brief == strategy.brief


def test_the_planner_in_code_says_that_it_follows_no_instruction(strategy: Strategy) -> None:
    job = works.done(strategy, "section", section=KEY, instruction="Shorter,\nplease")

    summary = job.steps.get(key="write").summary
    assert "can't follow an instruction" in summary
    assert summary.endswith("It says what it said before, word for word.")
    assert papers.newest(strategy).note == "“Strategic insights” written again: Shorter, please"


def test_a_section_that_says_the_same_keeps_its_review(strategy: Strategy) -> None:
    papers.review_all(strategy)

    works.done(strategy, "section", section="risk_assessment")

    assert not papers.newest(strategy).sections.filter(reviewed=None).exists()


def test_it_works_from_the_brief_that_the_document_was_made_from(strategy: Strategy, asked: list[Material]) -> None:
    works.done(strategy, "strategy")
    Strategy.objects.filter(pk=strategy.pk).update(brief=canonical.request("shortest")["brief"])
    strategy.refresh_from_db()

    works.done(strategy, "section", section=KEY)

    assert asked[-1].brief["business_objectives"] == canonical.request("full")["brief"]["business_objectives"]


def test_what_was_saved_before_it_ended_is_kept(strategy: Strategy, asked: list[Material]) -> None:
    job = works.ask(strategy, "section", section=KEY)
    risks = papers.data_of(strategy, "risk_assessment")
    risks["risks"][0]["title"] = "The till breaks"
    papers.change(strategy, "risk_assessment", risks)

    works.work(job)

    assert papers.newest(strategy).number == 3
    assert papers.data_of(strategy, "risk_assessment")["risks"][0]["title"] == "The till breaks"
    assert papers.data_of(strategy, KEY)["positioning"]["current"] == "Known to 1 of all."
    assert papers.newest(strategy).document["summary"]["worst_risk"] == "The till breaks"


def test_what_is_saved_between_its_last_step_and_its_end_is_kept(
    strategy: Strategy, asked: list[Material], monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = jobs.finish

    def meanwhile(*args: Any, **kwargs: Any) -> None:
        risks = papers.data_of(strategy, "risk_assessment")
        risks["risks"][0]["title"] = "The till breaks"
        papers.change(strategy, "risk_assessment", risks)
        finish(*args, **kwargs)

    monkeypatch.setattr(jobs, "finish", meanwhile)

    works.done(strategy, "section", section=KEY)

    assert papers.newest(strategy).number == 3
    assert papers.data_of(strategy, "risk_assessment")["risks"][0]["title"] == "The till breaks"
    assert papers.data_of(strategy, KEY)["positioning"]["current"] == "Known to 1 of all."


def test_a_calendar_stays_where_a_section_is_written_again(strategy: Strategy, asked: list[Material]) -> None:
    papers.review_all(strategy)
    works.done(strategy, "calendar")
    calendar = papers.newest(strategy).document["calendar"]

    works.done(strategy, "section", section=KEY)

    assert papers.newest(strategy).document["calendar"] == calendar


def test_an_engine_that_fails_leaves_the_document_as_it_was(
    strategy: Strategy, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> Written:
        raise StepFailed("provider_timeout", "The model did not answer in time.", retryable=True)

    monkeypatch.setattr(offline.Offline, "write", fail)

    job = works.done(strategy, "section", section=KEY)

    assert job.status == "failed"
    assert job.error == {
        "code": "provider_timeout",
        "message": "The model did not answer in time.",
        "step_key": "write",
        "retryable": True,
    }
    assert papers.newest(strategy).number == 1
