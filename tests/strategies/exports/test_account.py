"""The account as a zip."""

import io
import json
import zipfile
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.test import AsyncClient, Client

from sse import border
from strategies.exports import account
from strategies.models import Draft
from tests.strategies import canonical, pages
from tests.strategies.exports import samples


def unpack(body: bytes) -> dict[str, bytes]:
    packed = zipfile.ZipFile(io.BytesIO(body))
    assert packed.testzip() is None
    return {name: packed.read(name) for name in packed.namelist()}


def test_all_that_somebody_has_is_in_it_and_nothing_of_others(owner: User, other: User) -> None:
    mine = samples.store(owner, canonical.request("bakery"))
    samples.add(mine.strategy, mine.document | {"title": "Second"})
    job = pages.Working(mine.strategy).finish()
    samples.store(other, canonical.request("pumpen"))
    for user in (owner, other):
        Draft.objects.create(owner=user, typed={"name": [user.username]})

    files = unpack(b"".join(account.build(owner)))

    (folder,) = {name.split("/")[1] for name in files if name.startswith("strategies/")}
    told: dict[str, Any] = {name.partition(f"{folder}/")[2]: body for name, body in files.items()}
    assert {"strategy.json", "newest.md", "versions/1.json", "versions/2.json", f"jobs/{job.pk}.json"} <= set(told)
    assert json.loads(told["strategy.json"])["brief"] == mine.strategy.brief
    assert json.loads(told["versions/2.json"])["document"]["title"] == "Second"
    assert [draft["typed"]["name"] for draft in json.loads(files["drafts.json"])] == [[owner.username]]
    events = json.loads(told[f"jobs/{job.pk}.json"])["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))


def test_names_that_lead_elsewhere_stay_in_the_zip_and_twins_stay_apart(owner: User) -> None:
    for name in ("../../etc/passwd", "Twin", "Twin", "con"):
        pages.store(owner, "bakery", name=name)

    names = list(unpack(b"".join(account.build(owner))))

    assert len(set(names)) == len(names) == 6
    assert not [name for name in names if ".." in name or name.startswith("/")]


def test_it_is_sent_as_a_file_to_whoever_is_signed_in(owner: User) -> None:
    samples.store(owner, canonical.request("bakery"))

    async def fetch() -> tuple[Any, bytes]:
        client = AsyncClient()
        await client.aforce_login(owner)
        response: Any = await client.get("/api/account/export")
        return response, b"".join([piece async for piece in response.streaming_content])

    with border.in_test():
        response, body = async_to_sync(fetch)()

    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith('attachment; filename="strategies-')
    assert response["Cache-Control"] == "private, no-store"
    assert any(name.endswith("newest.md") for name in unpack(body))


def test_it_is_refused_to_others_and_linked_from_home(owner: User, mine: Client) -> None:
    pages.store(owner)

    assert Client().get("/api/account/export").status_code == 401
    assert 'href="/api/account/export"' in mine.get("/").content.decode()
