"""From draft to active and on: which verbs a status allows, and what is said of the others."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.http import Http404
from django.test import Client

from strategies import sections, states
from strategies.errors import Refused
from strategies.life import reviews, statuses
from strategies.models import Job, Strategy, Version
from tests.strategies.life import papers
from tests.strategies.pages import Working, page, store

Status = Strategy.Status
WAYS = {
    ("draft", "activate"): "active",
    ("inactive", "activate"): "active",
    ("active", "pause"): "paused",
    ("paused", "resume"): "active",
    ("active", "deactivate"): "inactive",
    ("paused", "deactivate"): "inactive",
    ("draft", "archive"): "archived",
    ("paused", "archive"): "archived",
    ("inactive", "archive"): "archived",
    ("archived", "unarchive"): "draft",
}


def put(strategy: Strategy, status: str) -> Strategy:
    Strategy.objects.filter(pk=strategy.pk).update(status=status)
    return strategy


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("verb", statuses.VERBS)
def test_a_verb_leads_where_the_table_says_or_says_what_to_do_first(owner: User, status: str, verb: str) -> None:
    strategy = put(papers.review_all(papers.saved(owner)), status)

    if to := WAYS.get((status, verb)):
        assert statuses.change(strategy, verb).status == to
    else:
        with pytest.raises(Refused) as refused:
            statuses.change(strategy, verb)
        assert refused.value.code in ("wrong_status", "archived")
        assert "first" in refused.value.message or "already" in refused.value.message or ":" in refused.value.message
        to = status
    strategy.refresh_from_db()
    assert strategy.status == to


def test_each_verb_is_offered_exactly_where_it_is_allowed(owner: User) -> None:
    strategy = store(owner)

    for status in Status.values:
        strategy.status = status
        assert set(statuses.offered(strategy)) == {verb for before, verb in WAYS if before == status}


def test_activating_waits_for_every_section_to_be_reviewed(strategy: Strategy, owner: User) -> None:
    for key in sections.KEYS[:-1]:
        reviews.review(strategy, key, reviewer=owner)

    with pytest.raises(Refused, match="1 of 5 sections wait for a review: review “Risk assessment” first") as refused:
        statuses.change(strategy, "activate")

    assert refused.value.code == "not_reviewed"
    reviews.review(strategy, "risk_assessment", reviewer=owner)
    assert statuses.change(strategy, "activate").status == "active"


def test_a_failed_section_stands_in_the_way_by_its_name(owner: User) -> None:
    strategy = papers.saved(owner, failed=["risk_assessment"])
    for key in sections.KEYS[:-1]:
        reviews.review(strategy, key, reviewer=owner)

    with pytest.raises(Refused, match="“Risk assessment” could not be written: create the strategy again") as refused:
        statuses.change(strategy, "activate")

    assert refused.value.code == "section_failed"


def test_a_brief_without_a_document_is_not_activated(owner: User) -> None:
    with pytest.raises(Refused, match="create the strategy first") as refused:
        statuses.change(store(owner), "activate")

    assert refused.value.code == "no_document"


def test_only_reviews_of_the_newest_version_count(strategy: Strategy) -> None:
    papers.review_all(strategy)
    data = papers.data_of(strategy, "risk_assessment")
    data["risks"][0]["title"] = "Another"
    papers.change(strategy, "risk_assessment", data)

    with pytest.raises(Refused, match="1 of 5"):
        statuses.change(strategy, "activate")


def test_an_active_strategy_stays_so_when_its_document_changes_and_its_page_says_what_waits(
    mine: Client, strategy: Strategy
) -> None:
    statuses.change(papers.review_all(strategy), "activate")
    data = papers.data_of(strategy, "risk_assessment")
    data["risks"][0]["title"] = "Another"
    papers.change(strategy, "risk_assessment", data)

    shown = page(mine, strategy.get_absolute_url()).one("div", class_="status")

    assert "Active" in shown.text
    assert "1 of 5 sections wait for a review: Risk assessment." in shown.text
    assert "Not ready" not in shown.text


def test_what_is_being_made_is_not_archived(owner: User) -> None:
    working = Working(store(owner))
    assert working.job.strategy is not None

    with pytest.raises(Refused, match="wait for its end, or cancel it first") as refused:
        statuses.change(working.job.strategy, "archive")

    assert refused.value.code == "job_active"


def test_nothing_is_made_of_an_archived_strategy(mine: Client, owner: User) -> None:
    job = Working(put(papers.saved(owner), "draft")).end(1).give_up("foundation", "No.")
    assert job.strategy is not None
    put(job.strategy, "archived")
    page_of = job.strategy.get_absolute_url()

    started = papers.json_of(mine, "post", f"/api/strategies/{job.strategy_id}/jobs", {"kind": "strategy"})
    retried = papers.json_of(mine, "post", f"/api/jobs/{job.pk}/retry")
    pressed = mine.post(f"{page_of}run", follow=True)

    assert (started[0], started[1]["code"], retried[0], retried[1]["code"]) == (409, "archived", 409, "archived")
    assert "unarchive it first" in pressed.content.decode()
    assert Job.objects.count() == 1


def test_a_strategy_that_was_deleted_meanwhile_is_not_there(strategy: Strategy) -> None:
    Strategy.objects.filter(pk=strategy.pk).delete()

    with pytest.raises(Http404):
        statuses.change(strategy, "archive")


# --- over the API ------------------------------------------------------------------------------------------------------


def test_the_api_goes_the_whole_way(mine: Client, strategy: Strategy) -> None:
    papers.review_all(strategy)

    verbs = ["activate", "pause", "resume", "deactivate", "archive", "unarchive"]
    answers = [papers.json_of(mine, "post", f"/api/strategies/{strategy.pk}/{verb}") for verb in verbs]

    assert [(status, told["status"]) for status, told in answers] == [
        (200, status) for status in ("active", "paused", "active", "inactive", "archived", "draft")
    ]


def test_the_api_refuses_with_409_a_code_and_what_to_do_first(mine: Client, strategy: Strategy) -> None:
    status, told = papers.json_of(mine, "post", f"/api/strategies/{strategy.pk}/activate")

    assert (status, told["code"]) == (409, "not_reviewed")
    assert "review “Strategic insights”, “Competitive analysis”" in told["detail"]


@pytest.mark.attack(10)
@pytest.mark.parametrize("verb", [*statuses.VERBS, "sections/risk_assessment/review"])
def test_anothers_strategy_is_not_there(mine: Client, other: User, verb: str) -> None:
    theirs = papers.saved(other)

    status, told = papers.json_of(mine, "post", f"/api/strategies/{theirs.pk}/{verb}", {"reviewed": True})

    assert (status, told["code"]) == (404, "not_found")
    assert mine.post(f"{theirs.get_absolute_url()}{verb}").status_code == 404
    theirs.refresh_from_db()
    assert theirs.status == "draft"


@pytest.mark.attack(15)
@pytest.mark.parametrize("verb", [*statuses.VERBS, "sections/risk_assessment/review"])
def test_a_write_without_the_csrf_token_is_refused(owner: User, strategy: Strategy, verb: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)

    assert strict.post(f"{strategy.get_absolute_url()}{verb}").status_code == 403
    assert papers.json_of(strict, "post", f"/api/strategies/{strategy.pk}/{verb}", {"reviewed": True})[0] == 403
    assert strict.get(f"{strategy.get_absolute_url()}{verb}").status_code == 405


def test_a_status_is_not_overwritten_by_a_change_of_the_brief(mine: Client, strategy: Strategy) -> None:
    stale = Strategy.objects.get(pk=strategy.pk)
    put(strategy, "active")
    assert stale.status == "draft"

    status, told = papers.json_of(mine, "patch", f"/api/strategies/{strategy.pk}", {"name": "Renamed"})

    assert (status, told["name"], told["status"]) == (200, "Renamed", "active")


# --- on the page -------------------------------------------------------------------------------------------------------


def test_the_page_offers_what_the_status_allows_as_buttons_that_work(mine: Client, strategy: Strategy) -> None:
    papers.review_all(strategy)
    seen = []

    for label in ("Activate", "Pause", "Resume", "Deactivate", "Archive", "Unarchive"):
        forms = page(mine, strategy.get_absolute_url()).one("div", class_="status").all("form")
        seen.append({form.one("button").text for form in forms})
        (form,) = [form for form in forms if form.one("button").text == label]
        assert mine.post(form["action"])["Location"] == strategy.get_absolute_url()

    assert seen == [
        {"Activate", "Archive"},
        {"Pause", "Deactivate"},
        {"Resume", "Deactivate", "Archive"},
        {"Pause", "Deactivate"},
        {"Activate", "Archive"},
        {"Unarchive"},
    ]
    strategy.refresh_from_db()
    assert strategy.status == "draft"


def test_the_page_says_what_stands_in_the_way_instead_of_offering_to_activate(mine: Client, strategy: Strategy) -> None:
    shown = page(mine, strategy.get_absolute_url()).one("div", class_="status")

    assert "Not ready to be activated: 5 of 5 sections wait for a review" in shown.text
    assert [form.one("button").text for form in shown.all("form")] == ["Archive"]


def test_a_verb_that_is_refused_says_why_on_the_page(mine: Client, strategy: Strategy) -> None:
    response = mine.post(f"{strategy.get_absolute_url()}pause", follow=True)

    assert "The strategy is a draft: activate it first." in response.content.decode()


def test_an_archived_strategy_offers_only_to_come_back(mine: Client, strategy: Strategy) -> None:
    put(strategy, "archived")

    shown = page(mine, strategy.get_absolute_url())

    assert [form.one("button").text for form in shown.one("main").all("form") if "delete" not in form["action"]] == [
        "Duplicate",
        "Unarchive",
    ]


def test_two_who_activate_at_once_cannot_both_pass(strategy: Strategy) -> None:
    papers.review_all(strategy)
    statuses.change(strategy, "activate")

    with pytest.raises(Refused, match="active already"):
        statuses.change(strategy, "activate")


def test_the_docs_table_of_verbs_is_the_codes() -> None:
    told = (Path(__file__).parents[3] / "docs" / "life-of-a-strategy.md").read_text()

    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in told.splitlines() if line.startswith("| `")
    ]

    assert [row[:3] for row in rows] == [
        [f"`{name}`", ", ".join(verb.after), str(verb.to.value)] for name, verb in statuses.VERBS.items()
    ]


def test_every_status_has_a_word_on_pages_and_versions_start_as_generated(strategy: Strategy) -> None:
    assert set(states.STRATEGIES) == set(Status.values)
    assert papers.newest(strategy).origin == Version.Origin.GENERATED
