"""Reviews: who stands by which section, until it changes."""

import pytest
from django.contrib.auth.models import User
from django.http import Http404
from django.test import Client

from strategies import brief
from strategies.errors import Refused
from strategies.life import reviews
from strategies.models import Section, Strategy
from tests.strategies import markup
from tests.strategies.life import papers
from tests.strategies.pages import HOSTILE, page

KEY = "risk_assessment"


def section(strategy: Strategy, key: str = KEY) -> Section:
    return papers.newest(strategy).sections.get(key=key)


def test_a_review_keeps_who_when_and_the_note(strategy: Strategy, owner: User) -> None:
    reviews.review(strategy, KEY, reviewer=owner, note="Read twice.")

    kept = section(strategy)
    assert kept.reviewed is not None
    assert (kept.reviewer, kept.review_note) == (owner, "Read twice.")
    assert papers.newest(strategy).number == 1


def test_a_review_can_be_taken_back_and_its_note_stays(strategy: Strategy, owner: User) -> None:
    reviews.review(strategy, KEY, reviewer=owner)
    reviews.review(strategy, KEY, reviewer=owner, reviewed=False, note="Ask the plumber.")

    kept = section(strategy)
    assert kept.reviewed is None
    assert kept.review_note == "Ask the plumber."


def test_a_change_of_a_section_ends_its_review_and_no_other(strategy: Strategy) -> None:
    papers.review_all(strategy)
    data = papers.data_of(strategy, KEY)
    data["risks"][0]["mitigation"] = "Something else."

    papers.change(strategy, KEY, data)

    reviewed = {each.key: each.reviewed is not None for each in papers.newest(strategy).sections.all()}
    assert [key for key, done in reviewed.items() if not done] == [KEY]


def test_a_failed_section_cannot_be_reviewed(owner: User) -> None:
    strategy = papers.saved(owner, failed=[KEY])

    with pytest.raises(Refused) as refused:
        reviews.review(strategy, KEY, reviewer=owner)

    assert refused.value.code == "section_failed"


def test_who_read_an_older_version_is_told_to_look_at_the_newest(strategy: Strategy, owner: User) -> None:
    papers.change(strategy, KEY, papers.data_of(strategy, KEY) | {"overall_level": "Low"})

    with pytest.raises(Refused, match="about version 1, but the newest is 2") as refused:
        reviews.review(strategy, KEY, reviewer=owner, number=1)

    assert refused.value.code == "stale"
    assert section(strategy).reviewed is None


def test_an_archived_strategy_is_not_reviewed(strategy: Strategy, owner: User) -> None:
    Strategy.objects.filter(pk=strategy.pk).update(status="archived")

    with pytest.raises(Refused, match="unarchive it first"):
        reviews.review(strategy, KEY, reviewer=owner)


def test_a_section_that_is_not_there_is_not_found(strategy: Strategy, owner: User) -> None:
    with pytest.raises(Http404):
        reviews.review(strategy, "moods", reviewer=owner)


@pytest.mark.parametrize("note", ["x" * 2_001, "a\x00b", "\ud800"])
def test_a_bad_note_is_refused_and_nothing_is_kept(strategy: Strategy, owner: User, note: str) -> None:
    with pytest.raises(brief.Invalid) as invalid:
        reviews.review(strategy, KEY, reviewer=owner, note=note)

    assert "2,000" in invalid.value.errors["note"][0]
    assert section(strategy).reviewed is None


# --- over the API ------------------------------------------------------------------------------------------------------


def test_the_api_reviews_and_tells_who_and_when(mine: Client, strategy: Strategy, owner: User) -> None:
    path = f"/api/strategies/{strategy.pk}/sections/{KEY}/review"

    status, told = papers.json_of(mine, "post", path, {"reviewed": True, "note": "Fine.", "version": 1})

    assert status == 200
    assert told["reviewed"]
    assert (told["key"], told["reviewer"], told["note"]) == (KEY, owner.username, "Fine.")
    assert section(strategy).reviewed is not None


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "reviewed"),
        ({"reviewed": "yes"}, "reviewed"),
        ({"reviewed": True, "note": "x" * 2_001}, "note"),
        ({"reviewed": True, "note": 5}, "note"),
        ({"reviewed": True, "version": 0}, "version"),
        ({"reviewed": True, "version": 10**12}, "version"),
        ({"reviewed": True, "stars": 5}, "stars"),
    ],
)
def test_the_api_names_what_is_wrong(mine: Client, strategy: Strategy, body: dict[str, object], named: str) -> None:
    status, told = papers.json_of(mine, "post", f"/api/strategies/{strategy.pk}/sections/{KEY}/review", body)

    assert (status, told["code"]) == (422, "invalid")
    assert list(told["errors"]) == [named]
    assert section(strategy).reviewed is None


def test_the_api_answers_404_for_a_section_that_is_not_there_and_409_for_a_stale_one(
    mine: Client, strategy: Strategy
) -> None:
    path = f"/api/strategies/{strategy.pk}/sections/{{}}/review"

    assert papers.json_of(mine, "post", path.format("moods"), {"reviewed": True})[0] == 404
    assert papers.json_of(mine, "post", path.format(KEY), {"reviewed": True, "version": 2})[1]["code"] == "stale"


# --- on the page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("note", ["", *HOSTILE])
def test_a_section_is_reviewed_on_its_page_and_says_by_whom(
    mine: Client, strategy: Strategy, owner: User, note: str
) -> None:
    path = f"{strategy.get_absolute_url()}sections/{KEY}/review"
    form = page(mine, strategy.get_absolute_url()).one("form", action=path)

    response = mine.post(path, markup.sent(form) | {"reviewed": "yes", "note": note})

    assert response["Location"] == f"{strategy.get_absolute_url()}#{KEY}-review"
    shown = page(mine, strategy.get_absolute_url()).one("section", id=KEY).one("div", class_="review")
    assert shown.one("p", id=f"{KEY}-review")
    assert f"Reviewed by {owner.username}" in shown.text
    assert note.strip() in shown.raw


def test_a_note_that_cannot_be_kept_comes_back_as_it_was_typed(mine: Client, strategy: Strategy) -> None:
    path = f"{strategy.get_absolute_url()}sections/{KEY}/review"
    sent = {"reviewed": "yes", "note": "ü" * 2_001, "version": "1"}

    answers = [mine.post(path, sent), mine.post(path, sent | {"note": "Kept?", "version": "7"})]

    assert [answer.status_code for answer in answers] == [422, 409]
    for answer, note in zip(answers, ("ü" * 2_001, "Kept?"), strict=True):
        shown = markup.read(answer.content.decode())
        assert shown.one("textarea").raw.strip() == note
        assert shown.one("p", class_="fault").text
    assert section(strategy).reviewed is None


def test_an_older_version_is_not_reviewed_from_its_page(mine: Client, strategy: Strategy) -> None:
    papers.change(strategy, KEY, papers.data_of(strategy, KEY) | {"overall_level": "Low"})

    older = page(mine, f"{strategy.get_absolute_url()}?version=1")

    assert not older.all("form", action=f"{strategy.get_absolute_url()}sections/{KEY}/review")
