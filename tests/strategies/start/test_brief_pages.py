"""Changing the brief of a strategy on its page."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from strategies import jobs
from strategies.models import Job, Strategy
from tests.strategies import markup
from tests.strategies.life import papers
from tests.strategies.pages import HOSTILE, page, store


def address(strategy: Strategy) -> str:
    return f"/strategies/{strategy.pk}/brief"


def form_of(client: Client, strategy: Strategy) -> dict[str, Any]:
    return markup.sent(page(client, address(strategy)).one("form", novalidate=""))


@pytest.mark.parametrize("name", ["bakery", "pumpen", "full"])
def test_a_brief_that_is_sent_as_it_was_shown_stays_as_it_is(mine: Client, owner: User, name: str) -> None:
    strategy = store(owner, name)
    before = strategy.brief

    response = mine.post(address(strategy), form_of(mine, strategy), follow=True)

    strategy.refresh_from_db()
    assert strategy.brief == before
    assert "Nothing was changed." in response.content.decode()


def test_what_is_changed_is_stored_and_the_document_stays(mine: Client, owner: User) -> None:
    strategy = papers.saved(owner)
    sent = form_of(mine, strategy) | {"name": "Another name", "team_size": "7", "content_budget.amount": "9.000 €"}

    response = mine.post(address(strategy), sent, follow=True)

    strategy.refresh_from_db()
    assert response.redirect_chain[0][0] == f"/strategies/{strategy.pk}/#brief"
    assert "makes a new version" in response.content.decode()
    assert (strategy.name, strategy.brief["team_size"]) == ("Another name", 7)
    assert strategy.brief["content_budget"]["amount"] == 9000
    assert strategy.versions.count() == 1
    assert not Job.objects.filter(strategy=strategy, status="queued").exists()


def test_a_new_version_is_made_from_what_was_changed(mine: Client, owner: User) -> None:
    strategy = papers.saved(owner)

    response = mine.post(address(strategy), form_of(mine, strategy) | {"team_size": "7", "run": "yes"})

    job = Job.objects.get(strategy=strategy, status="queued")
    assert response["Location"] == f"/jobs/{job.pk}/"
    assert job.brief["brief"]["team_size"] == 7


def test_a_run_that_began_before_is_said_to_work_from_the_old_brief(mine: Client, owner: User) -> None:
    strategy = store(owner)
    job, _ = jobs.enqueue(owner=owner, kind="strategy", strategy=strategy)

    saved = mine.post(address(strategy), form_of(mine, strategy) | {"team_size": "7"}, follow=True)
    again = mine.post(address(strategy), form_of(mine, strategy) | {"team_size": "8", "run": "yes"}, follow=True)

    assert "from the brief as it was" in saved.content.decode()
    assert "from the brief as it was" in again.content.decode()
    assert again.redirect_chain[0][0] == f"/jobs/{job.pk}/"


def test_faults_are_named_with_all_that_was_typed_and_nothing_is_stored(mine: Client, owner: User) -> None:
    strategy = store(owner)
    sent = form_of(mine, strategy) | {"name": "", "team_size": "many", "industry": HOSTILE[1]}

    response = mine.post(address(strategy), sent)

    shown = markup.read(response.content.decode())
    kept = markup.sent(shown.one("form", novalidate=""))
    assert response.status_code == 422
    assert len(shown.one("div", id="faults").all("li")) == 2
    assert (kept["team_size"], kept["industry"]) == (["many"], [HOSTILE[1]])
    strategy.refresh_from_db()
    assert strategy.name != ""
    assert mine.post(address(strategy), kept | {"name": "A", "team_size": "3"}).status_code == 302


def test_the_later_of_two_windows_is_told_what_differs_and_may_then_write_over_it(mine: Client, owner: User) -> None:
    strategy = store(owner)
    first, second = form_of(mine, strategy), form_of(mine, strategy)
    mine.post(address(strategy), second | {"team_size": "7"})

    refused = mine.post(address(strategy), first | {"market_share": "12"})

    shown = markup.read(refused.content.decode())
    strategy.refresh_from_db()
    assert refused.status_code == 409
    assert "Team size, Market share" in shown.one("div", role="alert").text
    assert (strategy.brief["team_size"], strategy.brief.get("market_share")) == (7, None)
    mine.post(address(strategy), markup.sent(shown.one("form", novalidate="")))
    strategy.refresh_from_db()
    assert strategy.brief["market_share"] == 12


def test_a_change_of_the_status_is_none_of_the_brief(mine: Client, owner: User) -> None:
    strategy = store(owner)
    sent = form_of(mine, strategy) | {"team_size": "7"}
    Strategy.objects.filter(pk=strategy.pk).update(status="active")

    mine.post(address(strategy), sent)

    strategy.refresh_from_db()
    assert (strategy.status, strategy.brief["team_size"]) == ("active", 7)


def test_an_archived_brief_is_read_only_on_pages_and_for_programs(mine: Client, owner: User) -> None:
    strategy = store(owner)
    sent = form_of(mine, strategy) | {"team_size": "7"}
    Strategy.objects.filter(pk=strategy.pk).update(status="archived")

    shown = mine.get(address(strategy), follow=True)
    refused = mine.post(address(strategy), sent)
    told = mine.patch(f"/api/strategies/{strategy.pk}", {"name": "New"}, content_type="application/json")

    assert "unarchive it first" in shown.content.decode()
    assert (refused.status_code, told.status_code, told.json()["code"]) == (409, 409, "archived")
    strategy.refresh_from_db()
    assert strategy.brief.get("team_size") != 7


def test_a_row_is_removed_and_nothing_is_stored(mine: Client, owner: User) -> None:
    strategy = store(owner, "pumpen")
    before = strategy.brief["top_competitors"]

    response = mine.post(address(strategy), form_of(mine, strategy) | {"remove": "top_competitors.0"})

    kept = markup.sent(markup.read(response.content.decode()).one("form", novalidate=""))
    strategy.refresh_from_db()
    assert strategy.brief["top_competitors"] == before
    assert before[0]["name"] not in [value for name, (value, *_) in kept.items() if name.startswith("top_competitors")]
    mine.post(address(strategy), kept)
    strategy.refresh_from_db()
    assert strategy.brief["top_competitors"] == before[1:]


@pytest.mark.attack(10)
def test_anothers_brief_is_answered_like_one_that_is_not_there(mine: Client, other: User) -> None:
    theirs = store(other)

    for id in (theirs.pk, uuid.uuid4()):
        assert mine.get(f"/strategies/{id}/brief").status_code == 404
        assert mine.post(f"/strategies/{id}/brief", {"name": "Mine"}).status_code == 404


@pytest.mark.attack(15)
def test_a_write_without_the_csrf_token_is_refused(owner: User) -> None:
    strategy = store(owner)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)

    assert strict.post(address(strategy), {"name": "Foreign"}).status_code == 403


def test_the_strategys_page_leads_to_it(mine: Client, owner: User) -> None:
    strategy = store(owner)

    links = {link["href"] for link in page(mine, f"/strategies/{strategy.pk}/").one("section", id="brief").all("a")}

    assert address(strategy) in links
