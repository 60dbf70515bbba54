"""Exports as they are asked for: by page and by program."""

import json
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from sse import tokens
from strategies import basis, brief
from strategies.exports import api, files, markdown
from strategies.models import Job, Strategy, Version
from tests.strategies import canonical, pages
from tests.strategies.exports import samples

BEGINNINGS = {
    "md": b"# ",
    "json": b"{",
    "pdf": b"%PDF-",
    "docx": b"PK",
    "csv": b"\xef\xbb\xbf",
    "ics": b"BEGIN:VCALENDAR",
}


@pytest.fixture
def version(owner: User) -> Version:
    return samples.store(owner, canonical.request("bakery"))


def address(version: Version, format: str) -> str:
    return f"/api/strategies/{version.strategy_id}/export/{format}"


@pytest.mark.parametrize("format", api.DOCUMENTS)
def test_a_document_is_a_file_of_its_own_kind_that_no_cache_keeps(mine: Client, version: Version, format: str) -> None:
    response = mine.get(address(version, format))

    assert response.status_code == 200
    assert response.content.startswith(BEGINNINGS[format])
    assert response["Content-Type"] == api.DOCUMENTS[format].content_type
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert response["Content-Disposition"].endswith(f'-v1.{format}"')
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("format", api.CALENDARS)
def test_a_calendar_is_a_file_and_is_linked_where_there_is_one(mine: Client, version: Version, format: str) -> None:
    path = f"/api/strategies/{version.strategy_id}/calendar/export/{format}"

    before, page_before = mine.get(path), mine.get(f"/strategies/{version.strategy_id}/").content.decode()
    samples.add(version.strategy, version.document | {"calendar": samples.calendar()})
    after, page_after = mine.get(path), mine.get(f"/strategies/{version.strategy_id}/").content.decode()

    assert (before.status_code, before.json()["code"]) == (404, "no_calendar")
    assert after.content.startswith(BEGINNINGS[format])
    assert after["Content-Type"] == api.CALENDARS[format].content_type
    assert after["Content-Disposition"].endswith(f'-calendar-v2.{format}"')
    assert (path in page_before, f'href="{path}?version=2"' in page_after) == (False, True)
    assert mine.get(path.replace(format, "xls")).json()["accepted"] == list(api.CALENDARS)


def test_a_program_with_the_scope_read_gets_files_and_one_without_does_not(version: Version, owner: User) -> None:
    read, watch = (
        tokens.issue(user=owner, name="export", scopes=[scope])[1] for scope in (tokens.Scope.READ, tokens.Scope.WATCH)
    )

    assert Client().get(address(version, "md"), headers={"Authorization": f"Bearer {read}"}).status_code == 200
    assert Client().get(address(version, "md"), headers={"Authorization": f"Bearer {watch}"}).status_code == 403
    assert Client().get(address(version, "md")).status_code == 401


def test_what_is_not_there_or_not_yours_is_404_and_says_what_is_accepted(
    mine: Client, version: Version, other: User
) -> None:
    theirs = samples.store(other, canonical.request("bakery"))
    empty = pages.store(version.strategy.owner)

    def told(path: str) -> Any:
        response = mine.get(f"/api/strategies/{path}")
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"
        return response.json()

    assert told(f"{theirs.strategy_id}/export/md")["code"] == "not_found"
    assert told(f"{uuid.uuid4()}/export/md")["code"] == "not_found"
    assert told("nonsense/export/md")["code"] == "not_found"
    assert told(f"{version.strategy_id}/export/md?version=2")["code"] == "not_found"
    assert told(f"{empty.pk}/export/md")["code"] == "no_document"
    assert told(f"{version.strategy_id}/export/xls")["accepted"] == list(api.DOCUMENTS)


def test_an_older_version_is_exported_when_it_is_asked_for(mine: Client, version: Version) -> None:
    samples.add(version.strategy, version.document | {"title": "Second"}, note="Another title")

    newest = mine.get(address(version, "json")).json()
    first = mine.get(address(version, "json") + "?version=1").json()

    assert (newest["version"]["number"], newest["document"]["title"]) == (2, "Second")
    assert (first["version"]["number"], first["document"]) == (1, version.document)
    assert mine.get(address(version, "json") + "?version=0").status_code == 422


def run_of(version: Version) -> Version:
    """The version as a run made it, which knows what it worked from."""
    strategy = version.strategy
    version.job = Job.objects.create(
        owner=strategy.owner,
        strategy=strategy,
        kind="strategy",
        brief=basis.asked(strategy),
        status=Job.Status.SUCCEEDED,
        run_after=timezone.now(),
    )
    version.save()
    return version


def test_an_older_version_shows_the_brief_that_it_was_made_from(mine: Client, version: Version) -> None:
    strategy = run_of(version).strategy
    then = {**version.strategy.brief}
    now = canonical.request("pumpen")
    Strategy.objects.filter(pk=strategy.pk).update(**vars(brief.clean_strategy(now)))
    strategy.refresh_from_db()
    run_of(samples.add(strategy, canonical.made(now)))

    old, new = (mine.get(f"{address(version, 'json')}?version={number}").json()["strategy"] for number in (1, 2))
    text = mine.get(f"{address(version, 'md')}?version=1").content.decode()
    shown = pages.page(mine, f"/strategies/{strategy.pk}/?version=1").one("section", id="brief").text

    assert (old["brief"], old["name"]) == (then, canonical.request("bakery")["name"])
    assert (new["brief"], new["name"]) == (strategy.brief, now["name"])
    assert markdown.within(then["business_objectives"][0]) in text.partition("# Your brief")[2]
    assert markdown.within(strategy.brief["business_objectives"][0]) not in text
    assert then["business_objectives"][0] in shown
    assert "As it was when this version was made" in shown


def test_a_brief_edited_since_is_not_that_of_a_document_made_before(mine: Client, version: Version) -> None:
    strategy = run_of(version).strategy
    strategy.brief = {**strategy.brief, "team_size": 77}
    strategy.max_content_pieces = 3
    strategy.save()

    told = mine.get(address(version, "json")).json()["strategy"]

    assert told["brief"].get("team_size") != 77
    assert told["max_content_pieces"] != 3


def test_the_page_of_a_strategy_links_to_every_format(mine: Client, version: Version) -> None:
    page = mine.get(f"/strategies/{version.strategy_id}/").content.decode()

    for format in api.DOCUMENTS:
        assert f'href="{address(version, format)}?version=1"' in page


@pytest.mark.attack(18)
@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Spring 2027", "Spring-2027-v1.md"),
        ("../../etc/passwd", "etc-passwd-v1.md"),
        ('a"b;c\r\nSet-Cookie: x=1', "a-b-c-Set-Cookie-x=1-v1.md"),
        ("\u202egpj.exe", "gpj.exe-v1.md"),
        ("Über 漢字 مرحبا", "Über-漢字-مرحبا-v1.md"),
        ("...", "strategy-v1.md"),
        ("x" * 300, "x" * 80 + "-v1.md"),
    ],
)
def test_a_file_gets_a_name_that_every_system_takes(title: str, name: str) -> None:
    assert files.name(title, part="v1", suffix="md") == name
    assert "\n" not in files.attachment(b"", content_type="text/plain", name=name)["Content-Disposition"]


def test_a_name_beyond_ascii_is_sent_as_rfc_6266_says(mine: Client, owner: User) -> None:
    version = samples.store(owner, canonical.request("bakery") | {"name": "Größe"})

    assert mine.get(address(version, "md"))["Content-Disposition"] == (
        "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe-v1.md"
    )


def test_the_schema_that_a_json_file_names_is_there_for_everybody(mine: Client, version: Version) -> None:
    named = mine.get(address(version, "json")).json()["$schema"]

    published = Client().get(named.removeprefix("http://testserver"))

    assert published.status_code == 200
    assert json.loads(published.content)["title"] == "StrategyExport"
