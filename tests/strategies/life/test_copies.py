"""An old version brought back, and a strategy made from another."""

import pytest
from django.contrib.auth.models import User
from django.http import Http404
from django.test import Client

from strategies.errors import Refused
from strategies.life import copies, statuses
from strategies.models import Strategy
from tests.strategies.life import papers
from tests.strategies.pages import page, store

KEY = "risk_assessment"


@pytest.fixture
def twice(strategy: Strategy) -> Strategy:
    """Its second version has another risk; every section of it was reviewed."""
    data = papers.data_of(strategy, KEY)
    data["risks"][0]["mitigation"] = "Something else."
    papers.change(strategy, KEY, data)
    return papers.review_all(strategy)


def test_a_restored_version_is_the_next_one_and_says_where_it_is_from(twice: Strategy, owner: User) -> None:
    version = copies.restore(twice, 1, author=owner)

    assert (version.number, version.origin, version.author) == (3, "restored", owner)
    assert version.note == "Version 1 restored"
    assert version.document == twice.versions.get(number=1).document
    assert twice.versions.get(number=2).document != version.document


def test_a_restored_section_waits_for_a_review_unless_the_newest_said_the_same(twice: Strategy, owner: User) -> None:
    version = copies.restore(twice, 1, author=owner)

    assert [row.key for row in version.sections.all() if row.reviewed is None] == [KEY]


def test_the_newest_version_is_not_restored(twice: Strategy, owner: User) -> None:
    with pytest.raises(Refused, match="Version 2 is the newest already") as refused:
        copies.restore(twice, 2, author=owner)

    assert refused.value.code == "newest"
    assert twice.versions.count() == 2


def test_nothing_is_restored_in_an_archived_strategy(twice: Strategy, owner: User) -> None:
    statuses.change(twice, "archive")

    with pytest.raises(Refused, match="unarchive it first"):
        copies.restore(twice, 1, author=owner)


def test_a_version_that_is_not_there_is_not_restored(twice: Strategy, owner: User) -> None:
    with pytest.raises(Http404):
        copies.restore(twice, 9, author=owner)


def test_a_copy_has_the_brief_and_the_newest_document_but_no_reviews_and_no_past(twice: Strategy, owner: User) -> None:
    statuses.change(twice, "activate")

    copy = copies.duplicate(twice, owner=owner)

    version = papers.newest(copy)
    assert (copy.name, copy.status, copy.brief) == (f"{twice.name} (copy)", "draft", twice.brief)
    assert (version.number, version.origin, version.score) == (1, "copied", papers.newest(twice).score)
    assert version.document["title"] == copy.name
    assert version.document["sections"] == papers.newest(twice).document["sections"]
    assert not version.sections.filter(reviewed__isnull=False).exists()
    assert "Copied from version 2" in version.note


def test_a_change_of_the_copy_leaves_the_first_alone(twice: Strategy, owner: User) -> None:
    copy = copies.duplicate(twice, owner=owner)
    before = papers.newest(twice).document

    papers.change(copy, KEY, papers.data_of(copy, KEY) | {"overall_level": "Low"})

    assert papers.newest(twice).document == before
    assert twice.versions.count() == 2


def test_a_brief_without_a_document_is_copied_as_it_is(owner: User) -> None:
    copy = copies.duplicate(store(owner, name="ü" * 200), owner=owner)

    assert copy.name == "ü" * 193 + " (copy)"
    assert not copy.versions.exists()


def test_an_archived_strategy_may_be_copied_into_a_draft(twice: Strategy, owner: User) -> None:
    statuses.change(twice, "archive")

    assert copies.duplicate(twice, owner=owner).status == "draft"


# --- over the API and on pages -----------------------------------------------------------------------------------------


def test_the_api_lists_the_versions_with_who_made_them_and_their_reviews(
    mine: Client, twice: Strategy, owner: User
) -> None:
    status, told = papers.json_of(mine, "get", f"/api/strategies/{twice.pk}/versions?size=1")

    (newest,) = told["items"]
    assert (status, told["total"]) == (200, 2)
    assert (newest["version"], newest["origin"], newest["author"]) == (2, "edited", owner.username)
    assert all(section["reviewer"] == owner.username for section in newest["sections"])


def test_the_list_takes_as_many_queries_for_many_versions_as_for_one(
    mine: Client, twice: Strategy, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        papers.json_of(mine, "get", f"/api/strategies/{twice.pk}/versions")


def test_the_api_restores_and_duplicates(mine: Client, twice: Strategy) -> None:
    path = f"/api/strategies/{twice.pk}"

    restored = papers.json_of(mine, "post", f"{path}/versions/1/restore")
    again = papers.json_of(mine, "post", f"{path}/versions/3/restore")
    missing = papers.json_of(mine, "post", f"{path}/versions/{10**12}/restore")
    copied = papers.json_of(mine, "post", f"{path}/duplicate")

    assert (restored[0], restored[1]["version"], restored[1]["origin"]) == (201, 3, "restored")
    assert (again[0], again[1]["code"]) == (409, "newest")
    assert missing[0] in (404, 422)
    assert (copied[0], copied[1]["status"], copied[1]["version"]) == (201, "draft", 1)
    assert copied[1]["id"] != str(twice.pk)


@pytest.mark.attack(10)
@pytest.mark.parametrize("verb", ["versions/1/restore", "duplicate"])
def test_anothers_strategy_is_neither_restored_nor_copied(mine: Client, other: User, verb: str) -> None:
    theirs = papers.saved(other)

    assert papers.json_of(mine, "post", f"/api/strategies/{theirs.pk}/{verb}")[0] == 404
    assert mine.post(f"{theirs.get_absolute_url()}{verb}").status_code == 404
    assert Strategy.objects.count() == 1


@pytest.mark.attack(15)
@pytest.mark.parametrize("verb", ["versions/1/restore", "duplicate"])
def test_a_write_without_the_csrf_token_is_refused(owner: User, twice: Strategy, verb: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)

    assert strict.post(f"{twice.get_absolute_url()}{verb}").status_code == 403
    assert papers.json_of(strict, "post", f"/api/strategies/{twice.pk}/{verb}")[0] == 403
    assert strict.get(f"{twice.get_absolute_url()}{verb}").status_code == 405


def test_the_list_of_versions_restores_an_old_one(mine: Client, twice: Strategy) -> None:
    shown = page(mine, f"{twice.get_absolute_url()}versions").one("main")
    (form,) = [form for form in shown.all("form") if "restore" in form["action"]]

    response = mine.post(form["action"], follow=True)

    assert response.redirect_chain == [(twice.get_absolute_url(), 302)]
    assert "Version 1 is back, as version 3." in response.content.decode()


def test_the_button_duplicates_and_leads_to_the_copy(mine: Client, twice: Strategy) -> None:
    form = page(mine, twice.get_absolute_url()).one("form", action=f"{twice.get_absolute_url()}duplicate")

    response = mine.post(form["action"])

    copy = Strategy.objects.exclude(pk=twice.pk).get()
    assert response["Location"] == copy.get_absolute_url()
    assert papers.newest(copy).note == f"Copied from version 2 of “{twice.name}”"
    assert copy.name in page(mine, copy.get_absolute_url()).one("h1").text
