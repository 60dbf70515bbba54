"""Drafts of new strategies: kept, shown again, never overwritten unseen, gone when the strategy is made."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from strategies import brief
from strategies.models import Draft, Job, Strategy
from strategies.start import drafts
from tests import live
from tests.strategies import canonical, markup
from tests.strategies.pages import HOSTILE, page, typed


def save(client: Client, key: object, edition: int = 0, **changes: Any) -> Any:
    """What the form's script sends while somebody types."""
    return client.post("/strategies/drafts", {"key": key, "edition": edition, "name": "Spring"} | changes)


def form_of(response: Any) -> markup.Element:
    return markup.read(response.content.decode()).one("form", novalidate="")


@pytest.fixture
def key() -> uuid.UUID:
    return uuid.uuid4()


# --- kept and shown again ----------------------------------------------------------------------------------------------


def test_what_was_typed_is_there_again_in_another_session(mine: Client, owner: User, key: uuid.UUID) -> None:
    sent = typed("full", form="long", key=str(key), edition="0")

    told = mine.post("/strategies/drafts", sent).json()

    elsewhere = Client()
    elsewhere.force_login(owner)
    shown = markup.sent(page(elsewhere, told["url"]).one("form", novalidate=""))
    wanted = brief.to_form(canonical.request("full")["brief"])
    assert told["edition"] == 1
    assert shown["name"] == ["Refill stations"]
    assert shown["key"] == [str(key)]
    assert {name: shown[name] for name in wanted} == {
        name: [value.replace("\n", "\r\n") for value in values] for name, values in wanted.items()
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_kept_to_the_letter_and_shown_as_text(mine: Client, key: uuid.UUID, text: str) -> None:
    told = save(mine, key, name=text, business_objectives=text).json()

    form = page(mine, told["url"]).one("form", novalidate="")
    assert markup.sent(form)["name"] == [text]
    assert markup.sent(form)["business_objectives"] == [text]
    assert page(mine, "/").one("section", aria_labelledby="drafts").one("bdi").text == " ".join(text.split())
    assert page(mine, f"/strategies/drafts/{key}/delete").one("main").one("bdi").text == " ".join(text.split())


def test_what_is_wrong_is_kept_and_named_when_the_strategy_is_asked_for(mine: Client, key: uuid.UUID) -> None:
    told = save(mine, key, form="long", team_size="many", preferred_formats="Telepathy").json()
    form = page(mine, told["url"]).one("form", novalidate="")

    response = mine.post("/strategies/new", markup.sent(form))

    shown = markup.read(response.content.decode())
    assert markup.sent(form)["team_size"] == ["many"]
    assert response.status_code == 422
    assert "“many”" in shown.one("div", id="faults").text
    assert Draft.objects.count() == 1


def test_the_button_keeps_it_without_a_script(mine: Client) -> None:
    form = page(mine, "/strategies/new").one("form", novalidate="")
    sent = markup.sent(form) | {"name": "Spring", "save": "draft"}

    response = mine.post("/strategies/new", sent, follow=True)

    assert response.redirect_chain[0][0] == Draft.objects.get().get_absolute_url()
    assert markup.sent(form_of(response))["name"] == ["Spring"]
    assert "The draft was saved" in response.content.decode()
    assert not Strategy.objects.exists()


def test_an_empty_form_makes_no_draft(mine: Client, key: uuid.UUID) -> None:
    assert save(mine, key, name="").json() == {"edition": 0}
    assert "nothing to save" in mine.post("/strategies/new", {"save": "draft"}, follow=True).content.decode()
    assert not Draft.objects.exists()


def test_a_draft_that_was_emptied_stays_empty(mine: Client, key: uuid.UUID) -> None:
    save(mine, key)

    told = save(mine, key, 1, name="").json()

    assert told["edition"] == 2
    assert not any(any(values) for values in Draft.objects.get().typed.values())


def test_the_list_leads_back_to_each_draft(mine: Client, key: uuid.UUID) -> None:
    save(mine, key)
    save(mine, uuid.uuid4(), name="", industry="Bakery")

    listed = page(mine, "/").one("section", aria_labelledby="drafts")

    assert [link.text for link in listed.all("a", class_="name")] == ["No name yet", "Spring"]
    assert listed.all("a", class_="name")[1]["href"] == f"/strategies/new?draft={key}"
    assert "drafts" not in {heading.get("id") for heading in page(mine, "/?q=spring").all("h2")}


def test_a_draft_is_deleted_after_a_question(mine: Client, key: uuid.UUID) -> None:
    save(mine, key)
    address = f"/strategies/drafts/{key}/delete"

    asked = page(mine, address).one("main").one("form", method="post")
    assert Draft.objects.exists()
    mine.post(address, markup.sent(asked))

    assert not Draft.objects.exists()
    assert mine.get(address).status_code == 404


# --- nothing is overwritten unseen ------------------------------------------------------------------------------------


def test_the_later_of_two_windows_is_told_and_writes_over_nothing(mine: Client, key: uuid.UUID) -> None:
    save(mine, key, writer="a", turn=1)
    save(mine, key, 1, writer="b", turn=1, name="From the second window")

    answer = save(mine, key, 1, writer="a", turn=2, name="From the first")

    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert answer.json()["url"] == f"/strategies/new?draft={key}"
    assert Draft.objects.get().name == "From the second window"


def test_whoever_was_told_may_write_over_it(mine: Client, key: uuid.UUID) -> None:
    save(mine, key, writer="a", turn=1)
    save(mine, key, 1, writer="b", turn=1, name="From the second window")

    told = save(mine, key, 1, writer="a", turn=3, name="From the first", save="over").json()

    assert told["edition"] == 3
    assert Draft.objects.get().name == "From the first"


def test_without_a_script_the_later_window_is_told_with_all_it_typed(mine: Client, key: uuid.UUID) -> None:
    save(mine, key)
    save(mine, key, 1, name="From the second window")
    sent = {"key": key, "edition": "1", "name": "From the first", "save": "draft"}

    response = mine.post("/strategies/new", sent)

    saver = markup.read(response.content.decode()).one("draft-saver")
    offer = saver.one("p", data_on="stale")
    assert response.status_code == 409
    assert "another window" in saver.one("p", role="status").text
    assert "hidden" not in offer.attributes
    assert offer.one("a")["href"] == f"/strategies/new?draft={key}"
    assert markup.sent(form_of(response))["name"] == ["From the first"]
    assert Draft.objects.get().name == "From the second window"
    over = markup.sent(form_of(response)) | {"save": offer.one("button")["value"]}
    assert mine.post("/strategies/new", over).status_code == 302
    assert Draft.objects.get().name == "From the first"


def test_a_saving_that_comes_late_does_not_undo_a_later_one_of_the_same_window(mine: Client, key: uuid.UUID) -> None:
    save(mine, key, writer="a", turn=1)
    save(mine, key, 1, writer="a", turn=3, name="When the window closed")

    late = save(mine, key, 1, writer="a", turn=2, name="A word before")

    assert late.json()["edition"] == 2
    assert Draft.objects.get().name == "When the window closed"


def test_a_window_whose_answer_was_lost_goes_on(mine: Client, key: uuid.UUID) -> None:
    save(mine, key, writer="a", turn=1)

    again = save(mine, key, writer="a", turn=2, name="Summer")

    assert again.json()["edition"] == 2
    assert Draft.objects.get().name == "Summer"


def test_the_same_text_from_another_window_is_no_conflict(mine: Client, key: uuid.UUID) -> None:
    save(mine, key, writer="a", turn=1)

    assert save(mine, key, writer="b", turn=1).status_code == 200


def test_a_draft_deleted_elsewhere_does_not_come_back_by_itself(mine: Client, key: uuid.UUID) -> None:
    save(mine, key)
    Draft.objects.all().delete()

    answer = save(mine, key, 1)

    assert (answer.status_code, answer.json()["code"]) == (409, "gone")
    assert not Draft.objects.exists()
    assert save(mine, key, 1, save="over").status_code == 200
    assert Draft.objects.get().name == "Spring"


@pytest.mark.live
def test_windows_that_save_in_one_moment_make_one_draft_and_one_is_let_through(site: live.Site) -> None:
    visitor, key = site.visitor(), uuid.uuid4()

    def send(number: int) -> int:
        sent = {"key": str(key), "name": f"Window {number}", "writer": f"w{number}", "turn": "1"}
        return visitor.http.post("/strategies/drafts", data=sent).status_code

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(8)))

    assert sorted(answers) == [200] + [409] * 7
    assert Draft.objects.get(owner=visitor.user).edition == 1


# --- it ends when the strategy is made ---------------------------------------------------------------------------------


def test_the_draft_is_gone_when_its_strategy_is_made(mine: Client, key: uuid.UUID) -> None:
    save(mine, key)

    mine.post("/strategies/new", typed(key=str(key)))

    assert Strategy.objects.count() == Job.objects.count() == 1
    assert not Draft.objects.exists()


def test_going_back_to_a_draft_that_was_sent_leads_to_its_job(mine: Client, other: User, key: uuid.UUID) -> None:
    save(mine, key)
    job = mine.post("/strategies/new", typed(key=str(key)))["Location"]
    stranger = Client()
    stranger.force_login(other)

    back = mine.get(f"/strategies/new?draft={key}")

    assert (back.status_code, back["Location"]) == (302, job)
    assert stranger.get(f"/strategies/new?draft={key}").status_code == 404


def test_a_draft_stays_where_its_strategy_could_not_be_made(
    mine: Client, owner: User, key: uuid.UUID, settings: Any
) -> None:
    settings.STRATEGIES_MAX_ACTIVE_JOBS_PER_USER = 1
    mine.post("/strategies/new", typed())
    save(mine, key)

    response = mine.post("/strategies/new", typed(key=str(key)))

    assert response.status_code == 429
    assert Draft.objects.filter(owner=owner, key=key).exists()


def test_what_a_closing_window_sends_after_the_start_makes_no_draft(mine: Client, key: uuid.UUID) -> None:
    save(mine, key)
    mine.post("/strategies/new", typed(key=str(key)))

    for edition in (0, 1):
        answer = save(mine, key, edition)
        assert (answer.status_code, answer.json()["code"]) == (409, "started")
    assert not Draft.objects.exists()


# --- limits, and other people ------------------------------------------------------------------------------------------


def test_a_draft_has_a_size(mine: Client, key: uuid.UUID) -> None:
    answer = save(mine, key, business_objectives="x" * (drafts.LONGEST + 1))

    assert answer.status_code == 422
    assert f"{drafts.LONGEST:,}" in answer.json()["detail"]
    assert not Draft.objects.exists()


def test_what_no_database_stores_is_named(mine: Client, key: uuid.UUID) -> None:
    answer = save(mine, key, industry="a\0b")

    assert answer.status_code == 422
    assert "U+0000" in answer.json()["detail"]
    by_button = mine.post("/strategies/new", {"name": "a\0b", "save": "draft"})
    assert by_button.status_code == 422
    assert "U+0000" in by_button.content.decode()


def test_a_user_has_so_many_drafts_and_may_still_change_them(mine: Client, owner: User, key: uuid.UUID) -> None:
    save(mine, key)
    Draft.objects.bulk_create(Draft(owner=owner) for _ in range(drafts.MOST - 1))

    answer = save(mine, uuid.uuid4())

    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_drafts")
    assert f"{drafts.MOST} drafts" in answer.json()["detail"]
    assert save(mine, key, 1, name="Summer").status_code == 200


@pytest.mark.parametrize("key", ["", "1", "x" * 5000, "None"])
def test_a_key_that_is_none_leads_nowhere(mine: Client, key: str) -> None:
    assert mine.get("/strategies/new", {"draft": key}).status_code == 404
    assert save(mine, key).status_code == 200


@pytest.mark.attack(10)
def test_anothers_draft_is_answered_like_one_that_is_not_there(mine: Client, other: User, key: uuid.UUID) -> None:
    Draft.objects.create(owner=other, key=key, typed={"name": ["Theirs"]}, name="Theirs")

    for id in (key, uuid.uuid4()):
        assert mine.get(f"/strategies/new?draft={id}").status_code == 404
        assert mine.get(f"/strategies/drafts/{id}/delete").status_code == 404
        assert mine.post(f"/strategies/drafts/{id}/delete").status_code == 404
        assert save(mine, id).json()["edition"] == 1
    assert Draft.objects.get(owner=other).name == "Theirs"


@pytest.mark.attack(15)
@pytest.mark.parametrize("path", ["/strategies/drafts", "/strategies/drafts/{key}/delete"])
def test_a_write_without_the_csrf_token_is_refused(owner: User, key: uuid.UUID, path: str) -> None:
    Draft.objects.create(owner=owner, key=key, name="Spring")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)

    response = strict.post(path.format(key=key), {"key": key, "edition": 1, "name": "Foreign"})

    assert response.status_code == 403
    assert Draft.objects.get().name == "Spring"


@pytest.mark.django_db
def test_whoever_is_not_signed_in_saves_nothing(client: Client, key: uuid.UUID) -> None:
    answer = save(client, key)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert not Draft.objects.exists()


def test_a_get_saves_nothing(mine: Client) -> None:
    assert mine.get("/strategies/drafts").status_code == 405


def test_when_a_draft_was_saved_is_told_with_its_zone(mine: Client) -> None:
    told = mine.post("/strategies/drafts", typed("bakery") | {"form": "short"}).json()

    saved = page(mine, told["url"]).one("draft-saver").one("time")

    assert saved.text.endswith(" UTC")
    assert saved["datetime"].endswith("+00:00")


# --- another user in the same browser -----------------------------------------------------------------------------------


def test_what_one_user_typed_is_not_saved_for_another(mine: Client, owner: User, key: uuid.UUID) -> None:
    response = save(mine, key, user=owner.pk + 1)

    assert response.status_code == 409
    assert response["Content-Type"].startswith("application/problem+json")
    assert response.json()["code"] == "other_user"
    assert not Draft.objects.exists()


@pytest.mark.parametrize("pressed", [{"save": "draft"}, {"save": "over"}, {}])
def test_a_form_of_another_user_is_refused_and_keeps_what_was_typed(
    mine: Client, owner: User, key: uuid.UUID, pressed: dict[str, str]
) -> None:
    sent = typed("full", form="long", key=str(key), user=str(owner.pk + 1)) | pressed

    response = mine.post("/strategies/new", sent)

    shown = markup.sent(form_of(response))
    assert response.status_code == 409
    assert shown["name"] == ["Refill stations"]
    assert shown["user"] == [str(owner.pk + 1)]
    assert not Draft.objects.exists()
    assert not Strategy.objects.exists()


def test_the_page_names_whose_it_is(mine: Client, owner: User) -> None:
    form = page(mine, "/strategies/new?form=long").one("form", novalidate="")

    assert markup.sent(form)["user"] == [str(owner.pk)]
