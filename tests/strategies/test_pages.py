"""The pages, as a browser without scripts meets them: who may see them, the list, what holds for all."""

import json
import re
import uuid

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import Client

from strategies import jobs, sections
from strategies.models import Job, Strategy
from tests.strategies import markup
from tests.strategies.life import papers
from tests.strategies.pages import HOSTILE, Working, address, page, store, typed

REPLIES = [
    ("strategy", "get"),
    ("strategy-run", "post"),
    ("strategy-delete", "get"),
    ("strategy-delete", "post"),
    ("strategy-calendar", "post"),
]
JOB_REPLIES = [("job", "get"), ("job-cancel", "get"), ("job-cancel", "post"), ("job-retry", "post")]


# --- who may see what --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/strategies/new", f"/strategies/{uuid.uuid4()}/", f"/jobs/{uuid.uuid4()}/"])
@pytest.mark.django_db
def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={path}"


def test_signing_in_leads_to_where_one_wanted_to_go(client: Client, owner: User) -> None:
    form = page(client, "/accounts/login/?next=/strategies/new").one("main").one("form")

    response = client.post("/accounts/login/", markup.sent(form) | {"username": owner.username, "password": "secret"})

    assert response.status_code == 302
    assert response["Location"] == "/strategies/new"


def test_signing_in_never_leads_elsewhere(client: Client, owner: User) -> None:
    credentials = {"username": owner.username, "password": "secret"}

    response = client.post("/accounts/login/?next=https://evil.example/", credentials)

    assert response["Location"] == "/"


def test_a_wrong_password_is_told_beside_the_inputs(client: Client, owner: User) -> None:
    response = client.post("/accounts/login/", {"username": owner.username, "password": "wrong"})

    shown = markup.read(response.content.decode())
    assert shown.one("input", id="id_password")["aria-describedby"] == shown.one("p", role="alert")["id"]
    assert shown.one("input", id="id_username")["value"] == owner.username


def test_signing_out_needs_a_post(mine: Client) -> None:
    assert mine.get("/accounts/logout/").status_code == 405
    assert mine.post("/accounts/logout/")["Location"] == "/accounts/login/"


@pytest.mark.attack(10)
@pytest.mark.parametrize(("name", "verb"), REPLIES)
def test_anothers_strategy_is_answered_like_one_that_is_not_there(
    mine: Client, other: User, name: str, verb: str
) -> None:
    theirs = store(other)

    answers = [getattr(mine, verb)(address(name, id)) for id in (theirs.pk, uuid.uuid4())]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert without_tokens(answers[0].content) == without_tokens(answers[1].content)
    assert Strategy.objects.filter(pk=theirs.pk).exists()


@pytest.mark.attack(10)
@pytest.mark.parametrize(("name", "verb"), JOB_REPLIES)
def test_anothers_job_is_answered_like_one_that_is_not_there(mine: Client, other: User, name: str, verb: str) -> None:
    theirs, _ = jobs.enqueue(owner=other, kind="strategy", strategy=store(other))

    answers = [getattr(mine, verb)(address(name, id)) for id in (theirs.pk, uuid.uuid4())]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert without_tokens(answers[0].content) == without_tokens(answers[1].content)
    theirs.refresh_from_db()
    assert theirs.status == "queued"


def without_tokens(content: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", content)


@pytest.mark.attack(15)
@pytest.mark.parametrize(
    "path",
    ["/strategies/new", *(address(name, "{strategy}") for name, verb in REPLIES if verb == "post")]
    + [address(name, "{job}") for name, verb in JOB_REPLIES if verb == "post"],
)
def test_a_write_without_the_csrf_token_is_refused(owner: User, path: str) -> None:
    strategy = store(owner)
    job, _ = jobs.enqueue(owner=owner, kind="strategy", strategy=strategy)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)

    response = strict.post(path.format(strategy=strategy.pk, job=job.pk), typed())

    assert response.status_code == 403
    assert "could not be accepted" in response.content.decode()
    assert Strategy.objects.get() == strategy
    assert Job.objects.get().status == "queued"


@pytest.mark.attack(15)
@pytest.mark.parametrize("path", ["/strategies/{strategy}/run", "/jobs/{job}/retry"])
def test_a_get_changes_nothing(mine: Client, owner: User, path: str) -> None:
    strategy = store(owner)
    job, _ = jobs.enqueue(owner=owner, kind="strategy", strategy=strategy)

    assert mine.get(path.format(strategy=strategy.pk, job=job.pk)).status_code == 405


# --- the list ----------------------------------------------------------------------------------------------------------


def test_the_empty_list_leads_to_the_form(mine: Client) -> None:
    shown = page(mine, "/").one("main")

    assert [link["href"] for link in shown.all("a")] == ["/strategies/new"]


def test_the_list_shows_ones_own_strategies_and_how_each_stands(mine: Client, owner: User, other: User) -> None:
    store(other, name="Not mine")
    store(owner, name="Only a brief")
    running = Working(store(owner, name="Busy")).end(1, 2).job
    done = Working(store(owner, name="Done")).end(*range(1, 9)).finish()

    shown = {row.one("a", class_="name").text: row for row in page(mine, "/").one("ul", class_="list").all("li")}

    assert shown.keys() == {"Only a brief", "Busy", "Done"}
    assert shown["Only a brief"].one("span", class_="badge ").text == "Draft"
    assert shown["Busy"].one("div", class_="state").one("a")["href"] == f"/jobs/{running.pk}/"
    assert f"{running.progress} %" in shown["Busy"].text
    assert "Ready" in shown["Done"].text
    assert "version 1" in shown["Done"].text
    assert shown["Done"].one("a", class_="name")["href"] == f"/strategies/{done.strategy_id}/"


@pytest.mark.parametrize(("asked", "found"), [("ÜBER", 0), ("bakeries", 1), ("food", 1), ("%", 0), ("x" * 5000, 0)])
def test_the_list_is_searched_by_name_and_industry(mine: Client, owner: User, asked: str, found: int) -> None:
    store(owner)

    shown = mine.get("/", {"q": asked})

    assert len(markup.read(shown.content.decode()).all("a", class_="name")) == found
    assert markup.read(shown.content.decode()).one("input", name="q")["value"] == asked


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Über uns", "ÜBER"),
        ("ÜBER UNS", "über"),
        ("Straßenfest", "STRASSE"),
        ("Café Łódź", "CAFÉ łó"),
        ("Cafe\u0301", "CAFÉ"),
        ("ΟΔΟΣ", "οδος"),
        ("100 % _wool", "% _W"),
    ],
)
def test_case_and_spelling_of_letters_do_not_count_in_a_search(
    mine: Client, owner: User, name: str, asked: str
) -> None:
    store(owner, name=name, industry="Trade")
    store(owner, name="Another", industry="Another")

    shown = markup.read(mine.get("/", {"q": asked}).content.decode())
    told = mine.get("/api/strategies", {"q": asked}).json()

    assert [link.text for link in shown.all("a", class_="name")] == [" ".join(name.split())]
    assert [each["name"] for each in told["items"]] == [name]


def test_a_search_finds_the_new_name_and_not_the_old_one(mine: Client, owner: User) -> None:
    strategy = store(owner, name="Älter")

    mine.patch(f"/api/strategies/{strategy.pk}", {"name": "Neuer"}, content_type="application/json")

    assert [mine.get("/api/strategies", {"q": q}).json()["total"] for q in ("älter", "NEUER")] == [0, 1]


@pytest.mark.parametrize("asked", ["\0", "a\0b", "\ud7ff", "%00"])
def test_a_search_that_no_database_takes_finds_nothing(mine: Client, owner: User, asked: str) -> None:
    store(owner)

    assert mine.get("/api/strategies", {"q": asked}).json()["total"] == 0
    assert mine.get("/", {"q": asked}).status_code == 200


def test_archived_strategies_are_listed_where_they_are_asked_for(mine: Client, owner: User) -> None:
    for status in ("draft", "active", "archived"):
        store(owner, name=status, status=status)

    def listed(query: str) -> set[str]:
        on_page = {link.text for link in page(mine, f"/?{query}").all("a", class_="name")}
        told = {each["name"] for each in mine.get(f"/api/strategies?{query}").json()["items"]}
        assert on_page == told
        return on_page

    assert listed("") == {"draft", "active"}
    assert listed("status=archived") == {"archived"}
    assert listed("status=active") == {"active"}
    assert listed("status=all") == {"draft", "active", "archived"}
    assert listed("status=paused") == set()
    links = page(mine, "/").one("nav", aria_label="Status").all("a")
    assert [link.text for link in links] == ["Current (2)", "Draft (1)", "Active (1)", "Archived (1)", "All (3)"]
    for link in links:
        assert f"({len(page(mine, '/' + link['href']).all('a', class_='name'))})" in link.text


def test_a_status_that_is_none_is_named_by_the_api_and_shows_the_current_list_on_the_page(
    mine: Client, owner: User
) -> None:
    store(owner)

    answer = mine.get("/api/strategies?status=lost")

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["status"])
    assert len(page(mine, "/?status=lost").all("a", class_="name")) == 1


def test_the_search_stays_within_the_status(mine: Client, owner: User) -> None:
    store(owner, name="Gone bakery", status="archived")

    shown = page(mine, "/?status=archived&q=GONE")

    assert [link.text for link in shown.all("a", class_="name")] == ["Gone bakery"]
    assert shown.one("input", name="status")["value"] == "archived"
    assert "Nothing found" in page(mine, "/?q=gone").text


@pytest.mark.parametrize("asked", HOSTILE)
def test_what_was_searched_for_is_shown_as_text(mine: Client, asked: str) -> None:
    shown = markup.read(mine.get("/", {"q": asked}).content.decode())

    assert shown.one("bdi").raw == asked.strip()


def test_a_long_list_has_pages_that_keep_the_search(mine: Client, owner: User) -> None:
    for number in range(21):
        store(owner, name=f"Strategy {number:02}")
    store(owner, name="Another")

    first, last = page(mine, "/?q=strategy"), page(mine, "/?q=strategy&page=2")

    assert len(first.all("a", class_="name")) == 20
    assert first.one("a", rel="next")["href"] == "?q=strategy&page=2"
    assert [link.text for link in last.all("a", class_="name")] == ["Strategy 00"]
    assert last.one("a", rel="prev")["href"] == "?q=strategy&page=1"


@pytest.mark.parametrize("number", ["0", "-1", "x", "99", "1e9"])
def test_a_page_that_is_not_there_is_the_nearest(mine: Client, owner: User, number: str) -> None:
    store(owner)

    assert len(page(mine, f"/?page={number}").all("a", class_="name")) == 1


# --- every page --------------------------------------------------------------------------------------------------------


def twice(owner: User) -> Strategy:
    strategy = papers.saved(owner)
    papers.change(strategy, "risk_assessment", papers.data_of(strategy, "risk_assessment") | {"overall_level": "Low"})
    return strategy


def every_page(owner: User) -> list[str]:
    done = Working(store(owner)).end(1, 2, 3, 4).fail(5, "No.").end(6, 7, 8).finish(partial=True)
    failed = Working(store(owner)).end(1).give_up("foundation", "No.")
    running = Working(store(owner)).end(1).job
    life = f"/strategies/{papers.saved(owner).pk}"
    return [
        f"{life}/",
        f"{life}/versions",
        f"/strategies/{twice(owner).pk}/compare",
        *(f"{life}/sections/{key}/edit" for key in sections.KEYS),
        "/",
        "/strategies/new",
        "/strategies/new?form=long",
        f"/strategies/{done.strategy_id}/",
        f"/strategies/{done.strategy_id}/delete",
        f"/strategies/{failed.strategy_id}/",
        *(f"/jobs/{job.pk}/" for job in (done, failed, running)),
        f"/jobs/{running.pk}/cancel",
    ]


def test_no_page_needs_anything_that_a_strict_policy_forbids(mine: Client, owner: User) -> None:
    for path in [*every_page(owner), "/nowhere"]:
        response = mine.get(path)
        shown = markup.read(response.content.decode())

        for script in shown.all("script"):
            assert script.get("src") or script.get("type") == "application/json"
        assert not shown.all("style")
        for element in shown.all():
            assert not [name for name in element.attributes if name == "style" or name.startswith("on")]
        assert "unsafe" not in response["Content-Security-Policy"]


def test_every_page_has_one_heading_a_title_and_its_ids_once(mine: Client, owner: User) -> None:
    for path in every_page(owner):
        shown = page(mine, path)
        ids = [element["id"] for element in shown.all() if element.get("id")]

        assert shown.one("title").text.strip()
        assert shown.one("html")["lang"]
        assert len(shown.all("h1")) == 1, path
        assert len(ids) == len(set(ids)), path


def test_no_cache_shows_a_page_again_without_asking(mine: Client, owner: User) -> None:
    for path in every_page(owner):
        assert {"private", "no-cache"} <= set(mine.get(path)["Cache-Control"].split(", "))


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_an_error_page_stands_by_itself(name: str) -> None:
    shown = markup.read(render_to_string(name))

    assert shown.one("h1").text
    assert not shown.all("form")


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so(client: Client) -> None:
    shown = page(client, "/nowhere?<script>", 404)

    assert "not here" in shown.one("h1").text
    assert "nowhere" not in shown.text


def test_the_pages_script_gets_the_servers_words(mine: Client, owner: User) -> None:
    job, _ = jobs.enqueue(owner=owner, kind="strategy", strategy=store(owner))

    words = json.loads(page(mine, f"/jobs/{job.pk}/").one("script", id="words").raw)

    assert words["steps"].keys() == {"pending", "running", "done", "failed"}
    assert words["jobs"].keys() == set(Job.Status.values)
