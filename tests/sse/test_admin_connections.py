"""Connections in the admin: who may look, who may hang up, and that what a name says stays text."""

import re
import signal
import uuid
from typing import Any

import httpx
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User

from tests import live
from tests.sse.test_connections import connected, found, id_of, third, whole
from tests.sse.test_stream import topic_of

pytestmark = pytest.mark.live

PAGE, STATE, HANG_UP = "/admin/sse/connection/", "/admin/sse/connection/state/", "/admin/sse/connection/hang-up/"
HOSTILE = "<img src=x onerror=alert(1)>\u202e"


def staff(site: live.Site, *codenames: str) -> live.Visitor:
    """Somebody of the staff with these permissions."""
    user = live.new_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return site.visitor(user)


def operator(site: live.Site) -> live.Visitor:
    return staff(site, "view_connection", "hang_up")


def state(visitor: live.Visitor, **asked: str) -> Any:
    """What the page is renewed with, when every process was heard."""

    def look() -> Any:
        told = visitor.http.get(STATE, params=asked).raise_for_status().json()
        return None if any("did not answer" in notice for notice in told["notices"]) else told

    return live.wait_for(look, what="all processes to be heard")


def page_of(visitor: live.Visitor, reader: live.Reader, **asked: str) -> str:
    """The page, when it shows a reader's connection."""

    def look() -> str:
        page = visitor.http.get(PAGE, params=asked).raise_for_status().text
        return page if f'data-connection="{id_of(reader)}"' in page else ""

    return str(live.wait_for(look, what="the page to show a connection"))


def shown(visitor: live.Visitor, **asked: str) -> set[str]:
    return {row["id"] for row in state(visitor, **asked)["rows"]}


def post(visitor: live.Visitor, **data: Any) -> httpx.Response:
    return visitor.http.post(HANG_UP, data=data)


def test_the_page_and_its_renewal_show_the_same(site: live.Site) -> None:
    visitor, reader = operator(site), connected(site.web)
    found(reader)

    page = page_of(visitor, reader)

    told = state(visitor)
    row = next(row for row in told["rows"] if row["id"] == id_of(reader))
    for text in row["cells"].values():
        assert text in page
    assert row["cells"]["state"] == "live"
    assert re.fullmatch(r"\d+ connections? in \d+ process(es)?", told["summary"])
    assert told["notices"] == []


def test_the_admins_index_leads_to_it(site: live.Site) -> None:
    assert f'href="{PAGE}"' in operator(site).http.get("/admin/").text
    assert f'href="{PAGE}"' not in staff(site, "view_topic").http.get("/admin/").text


def test_the_page_keeps_to_a_strict_policy(site: live.Site) -> None:
    page = operator(site).http.get(PAGE)

    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert not re.findall(r"<style|\son\w+=|\sstyle=", page.text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page.text))


def test_connections_are_found_by_the_users_name_and_by_topic(site: live.Site) -> None:
    visitor = operator(site)
    one, other = connected(site.web), connected(site.web)
    user = User.objects.get(pk=found(one).user)

    assert shown(visitor, user=user.username) == {id_of(one)}
    assert shown(visitor, topic=topic_of(user)) == {id_of(one)}
    assert shown(visitor) >= {id_of(one), id_of(other)}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"user": "nobody-at-all"}, "No user is named nobody-at-all."),
        ({"user": "a\0b"}, "No user is named"),
        ({"topic": HOSTILE}, "is no topic: a name is kind:key"),
    ],
)
def test_a_filter_that_can_match_nothing_says_why(site: live.Site, asked: dict[str, str], said: str) -> None:
    visitor = operator(site)

    told = state(visitor, **asked)
    page = visitor.http.get(PAGE, params=asked).text

    assert (told["rows"], len(told["notices"])) == ([], 1)
    assert said in told["notices"][0]
    assert "<img" not in page
    assert "\u202e" not in told["notices"][0]


def test_a_name_that_would_be_markup_is_text(site: live.Site) -> None:
    user = User.objects.create(username=f"{HOSTILE}{uuid.uuid4().hex[:8]}")
    reader = connected(site.web, user=site.visitor(user))
    visitor = operator(site)

    page = page_of(visitor, reader, user=user.username)

    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;\\u202e" in page


@pytest.mark.parametrize("codenames", [(), ("view_topic", "view_event"), ("hang_up",)])
def test_staff_without_the_permission_to_look_are_refused(site: live.Site, codenames: tuple[str, ...]) -> None:
    visitor, reader = staff(site, *codenames), connected(site.web)

    answers = [visitor.http.get(PAGE), visitor.http.get(STATE), post(visitor, one=id_of(reader))]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert reader.is_alive()
    assert found(reader)


def test_who_is_not_staff_is_sent_to_sign_in(site: live.Site) -> None:
    visitor = site.visitor()

    assert [visitor.http.get(address).status_code for address in (PAGE, STATE, HANG_UP)] == [302, 302, 302]


def test_staff_who_may_only_look_see_no_button_and_cannot_hang_up(site: live.Site) -> None:
    visitor, reader = staff(site, "view_connection"), connected(site.web)

    page = page_of(visitor, reader)
    answer = post(visitor, one=id_of(reader))

    assert "Hang up" not in page
    assert answer.status_code == 403
    assert found(reader)


def test_one_is_hung_up_with_a_reason_whatever_else_is_ticked(site: live.Site) -> None:
    visitor = operator(site)
    one, ticked = connected(site.web), connected(site.web)

    answer = post(visitor, one=id_of(one), connection=id_of(ticked), reason="maintenance")
    one.finished()

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(PAGE)
    assert one.told[-1].data["reason"] == "maintenance"
    assert found(ticked)
    entry = LogEntry.objects.get(user=visitor.user)
    assert (entry.object_id, entry.change_message) == (id_of(one), "Hung up: maintenance")
    assert "1 connection told to end" in visitor.http.get(PAGE).text


def test_those_that_are_ticked_are_hung_up_together(site: live.Site) -> None:
    visitor = operator(site)
    readers = [connected(site.web) for _ in range(3)]

    post(visitor, connection=[id_of(reader) for reader in readers[:2]])
    for reader in readers[:2]:
        reader.finished()

    assert [reader.told[-1].data["reason"] for reader in readers[:2]] == ["closed", "closed"]
    assert found(readers[2])


def test_hanging_up_takes_a_post_with_a_token(site: live.Site) -> None:
    visitor, reader = operator(site), connected(site.web)

    got = visitor.http.get(HANG_UP, params={"one": id_of(reader)})
    forged = visitor.http.post(HANG_UP, data={"one": id_of(reader)}, headers={"X-CSRFToken": "x"})

    assert (got.status_code, forged.status_code) == (405, 403)
    assert found(reader)


@pytest.mark.parametrize(
    ("data", "said"),
    [({}, "Tick the connections"), ({"one": "x", "reason": "a\nb"}, "printable"), ({"one": "x" * 99}, "is none")],
)
def test_a_form_that_makes_no_sense_is_answered_in_words(site: live.Site, data: dict[str, str], said: str) -> None:
    visitor = operator(site)

    post(visitor, **data)

    assert said in visitor.http.get(PAGE).text


def test_a_process_that_does_not_answer_is_named(site: live.Site) -> None:
    visitor = operator(site)
    with third() as (process, _):
        whole()

        def named() -> bool:
            # It goes on in between: who is silent for five seconds is no longer counted.
            process.send(signal.SIGSTOP)
            (*_, notice) = visitor.http.get(STATE).raise_for_status().json()["notices"] or [""]
            process.send(signal.SIGCONT)
            said = re.match(r"\d+ process(es)? did not answer within a second", notice)
            return bool(said) and f" {process.pid}-" in notice

        live.wait_for(named, what="the process to be named")


def test_with_redis_away_the_page_shows_its_own_process_and_says_degraded(site: live.Site) -> None:
    visitor, reader = operator(site), connected(site.web)

    site.redis.stop()
    try:
        told = visitor.http.get(STATE).raise_for_status().json()
    finally:
        site.redis.start()

    assert told["notices"][0].startswith("Degraded: Redis does not answer.")
    assert id_of(reader) in {row["id"] for row in told["rows"]}
    live.wait_for(lambda: not state(visitor)["notices"])
