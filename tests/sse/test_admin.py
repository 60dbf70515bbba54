"""Topics and events in the admin: everything can be looked at, nothing changed, and no page reads a whole table."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import sse
from sse import admin, trace
from sse.admin import events as admin_events
from sse.models import Event, Topic

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>\u202egpj.exe"
TOPICS, EVENTS = "/admin/sse/topic/", "/admin/sse/event/"

Console = Callable[..., Client]


@pytest.fixture
def console() -> Console:
    """Return a maker of clients, each signed in as a member of staff with these permissions; ``all`` is all of them."""

    def sign_in(*codenames: str) -> Client:
        user = User.objects.create_user(f"staff{User.objects.count()}", is_staff=True, is_superuser="all" in codenames)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def page_of(row: Topic | Event) -> str:
    return reverse(f"admin:sse_{row._meta.model_name}_change", args=[row.pk])


def topic(name: str, *messages: str) -> Topic:
    for message in messages:
        sse.publish(name, "progress", {"message": message})
    return Topic.objects.get(name=name)


def names(response: Any) -> list[str]:
    return [str(row) for row in response.context["cl"].result_list]


def queries_of(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries]


def test_the_list_of_topics_says_where_each_stands(console: Console) -> None:
    made = topic("user:1", "one", "two", "three")
    Topic.objects.filter(pk=made.pk).update(pruned=1)

    page = console("view_topic").get(TOPICS).content.decode()

    assert '<td class="field-seq">3</td><td class="field-kept">2</td>' in page
    assert '<td class="field-state">open</td>' in page
    assert "never" not in page


def test_a_topic_that_nothing_is_kept_of_has_no_time(console: Console) -> None:
    Topic.objects.create(name="user:1", seq=4, pruned=4)

    assert ">never<" in console("view_topic").get(TOPICS).content.decode()


@pytest.mark.parametrize("address", [TOPICS, EVENTS])
def test_a_list_takes_as_many_queries_for_many_rows_as_for_one(console: Console, address: str) -> None:
    topic("user:1", "hello")
    client = console("all")
    before = len(queries_of(client, address))

    for number in range(2, 30):
        topic(f"user:{number}", "hello")

    assert len(queries_of(client, address)) == before


def test_no_list_counts_the_whole_table(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin.Bounded, "limit", 3)
    topic("user:1", *"abcdef")
    client = console("all")

    counts = [sql for sql in queries_of(client, EVENTS) if "COUNT(" in sql]

    assert counts
    assert all("LIMIT 3" in sql for sql in counts)
    assert client.get(EVENTS).context["cl"].result_count == 3


def test_topics_are_found_by_the_beginning_of_their_name(console: Console) -> None:
    for name in ("user:1", "user:11", "user:2", "superuser:1"):
        topic(name, "hello")
    client = console("view_topic")

    assert names(client.get(TOPICS, {"q": "user:1"})) == ["user:1", "user:11"]
    assert names(client.get(TOPICS, {"q": " user:2 "})) == ["user:2"]
    assert names(client.get(TOPICS, {"q": "ser"})) == []
    assert names(client.get(TOPICS, {"q": "user:%"})) == []
    assert len(names(client.get(TOPICS))) == 4


@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite for its plan; PostgreSQL has an index for LIKE")
def test_the_search_for_topics_uses_an_index() -> None:
    plan = admin.begin_with(Topic.objects.order_by("name"), "user:1").explain()

    assert "SEARCH" in plan
    assert "SCAN" not in plan


def test_events_are_found_by_the_beginning_of_their_topics_name(console: Console) -> None:
    topic("user:1", "one")
    topic("user:2", "two")

    page = console("view_event").get(EVENTS, {"q": "user:2"}).content.decode()

    assert ">two<" in page
    assert ">one<" not in page


def test_events_are_found_by_the_request_that_led_to_them_and_show_its_id(console: Console) -> None:
    with trace.within("edge-7f.1"):
        topic("tale:1", "one", "two")
    with trace.within("edge-7f.2"):
        topic("tale:1", "three")
    client = console("view_event")

    found = client.get(EVENTS, {"q": "edge-7f.1"})

    assert [event.seq for event in found.context["cl"].result_list] == [2, 1]
    assert "edge-7f.1" in client.get(page_of(found.context["cl"].result_list[0])).content.decode()


def test_the_search_for_a_request_uses_an_index() -> None:
    topic("tale:1", "one")

    plan = Event.objects.filter(request="edge-7f.1").explain()

    assert connection.vendor != "sqlite" or "sse_event_request" in plan


def test_a_search_through_too_many_topics_says_that_it_stops(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin_events, "SEARCHED", 2)
    for number in range(1, 5):
        topic(f"user:{number}", f"message {number}")

    page = console("view_event").get(EVENTS, {"q": "user:"}).content.decode()

    assert "These are events of the first 2 topics only" in page
    assert ">message 2<" in page
    assert ">message 3<" not in page


def test_events_are_listed_newest_first_and_by_type(console: Console) -> None:
    topic("user:1", "one", "two")
    sse.publish("user:1", "status", {"status": "running"})
    client = console("view_event")

    assert [row.seq for row in client.get(EVENTS).context["cl"].result_list] == [3, 2, 1]
    assert [row.seq for row in client.get(EVENTS, {"type": "status"}).context["cl"].result_list] == [3]


def test_the_page_of_a_topic_shows_its_last_events(console: Console) -> None:
    made = topic("user:1", *(f"message {number}." for number in range(admin.SHOWN + 3)))

    page = console("view_topic").get(page_of(made)).content.decode()

    assert f"The last {admin.SHOWN} of {admin.SHOWN + 3} events" in page
    assert page.count("<summary>message ") == admin.SHOWN
    assert "message 2.<" not in page


def test_the_page_of_an_event_shows_its_json_indented(console: Console) -> None:
    topic("user:1", "hello")

    page = console("view_event").get(page_of(Event.objects.get())).content.decode()

    assert "\n  &quot;message&quot;: &quot;hello&quot;" in page


@pytest.mark.parametrize("broken", ["{", "[" * 5000, '"text"', "null", '{"educational_content": 1}', "\x07"])
def test_an_event_that_cannot_be_read_can_be_looked_at(console: Console, broken: str) -> None:
    made = topic("user:1", "hello")
    Event.objects.update(json=broken)
    client = console("all")

    for address in (EVENTS, page_of(Event.objects.get()), page_of(made)):
        assert client.get(address).status_code == 200


def test_nobody_adds_changes_or_deletes_a_topic_or_an_event(console: Console) -> None:
    made = topic("user:1", "hello")
    event = Event.objects.get()
    client = console("all")

    for row, address in ((made, TOPICS), (event, EVENTS)):
        answers = [
            client.post(address + "add/", {}),
            client.post(page_of(row), {"name": "user:2", "_save": "Save"}),
            client.post(page_of(row).replace("change", "delete"), {"post": "yes"}),
        ]
        client.post(address, {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"})
        assert [answer.status_code for answer in answers] == [403, 403, 403]

    assert Topic.objects.get() == made
    assert Event.objects.get() == event


@pytest.mark.parametrize("address", [TOPICS, EVENTS])
def test_staff_without_the_permission_to_look_are_refused(console: Console, address: str) -> None:
    assert console("view_logentry").get(address).status_code == 403


def test_text_from_outside_is_inert(console: Console) -> None:
    made = topic("user:1", HOSTILE)
    sse.publish("user:1", "educational", {"educational_content": {"title": HOSTILE, "details": [HOSTILE]}})
    Event.objects.create(topic=made, seq=3, type=HOSTILE[:20], json=json.dumps({HOSTILE: HOSTILE}))
    client = console("all")

    for address in (EVENTS, page_of(made), *map(page_of, Event.objects.all())):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page, address
        assert "\u202e" not in page, address


def test_what_works_unseen_in_a_text_is_written_out() -> None:
    assert admin.visible("a\u202eb\x00c\x9bd") == "a\\u202eb\\u0000c\\u009bd"
    assert admin.visible("line\n\ttab – שלום\u200f 😀") == "line\n\ttab – שלום\u200f 😀"


def test_json_with_unseen_marks_can_still_be_read() -> None:
    shown = admin.pretty({"name": "a\u202eb"})

    assert json.loads(shown.split(">", 1)[1].removesuffix("</pre>").replace("&quot;", '"')) == {"name": "a\u202eb"}
