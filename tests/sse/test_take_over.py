"""The page for those who take ``sse`` into another project: that project is built out of the page, and watched."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import live

PAGE = live.ROOT / "docs" / "how-to" / "take-sse-into-your-project.md"
# What a reader gets: by polling, and by the stream and the static files of the ASGI application.
WATCH = """
import asyncio, json, sys
from project.asgi import application
from django.contrib.auth.models import User
from django.test import Client


async def fetch(path, query, cookie):
    sent, asked = [], iter([{"type": "http.request", "body": b"", "more_body": False}])
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
             "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
             "headers": [(b"host", b"localhost"), (b"cookie", cookie.encode())], "server": ("localhost", 80),
             "client": ("127.0.0.1", 1)}

    over = asyncio.Event()

    async def receive():
        if first := next(asked, None):
            return first
        await over.wait()
        return {"type": "http.disconnect"}  # as a server says it after the last byte

    async def send(message):
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            over.set()

    await asyncio.wait_for(application(scope, receive, send), 60)
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:]).decode()


owner, other = (User.objects.create_user(name) for name in ("owner", "other"))
client, stranger = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
client.force_login(owner)
stranger.force_login(other)
topic = client.post("/reports").json()["topic"]
cookie = "sessionid=" + client.cookies["sessionid"].value
print(json.dumps({
    "polled": client.get("/sse/events", {"topic": topic}).json(),
    "refused": stranger.get("/sse/events", {"topic": topic}).status_code,
    "streamed": asyncio.run(fetch("/sse/stream", "topic=" + topic, cookie)),
    "module": asyncio.run(fetch("/static/sse/SSEConnection.js", "", "")),
    "extra": [name for name in sys.modules if name.split(".")[0] in ("prometheus_client", "config", "strategies")],
}))
"""
MANAGE = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as ``startproject`` and ``startapp`` begin it, with what the page says in it."""
    folder = tmp_path_factory.mktemp("taken")
    shutil.copytree(live.ROOT / "sse", folder / "sse", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "manage.py").write_text(MANAGE)
    for name, text in re.findall(r"```python\n# (\S+)\n(.*?)```", PAGE.read_text(), re.DOTALL):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).parent.joinpath("__init__.py").touch()
        (folder / name).write_text(text)
    return folder


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python there, with no variable of this project's own and a Redis that is away."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    own = {"SECRET_KEY": "taken over" * 5, "REDIS_URL": f"redis://127.0.0.1:{live.free_port()}/0"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env=kept | own,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


@pytest.fixture(scope="module")
def watched(project: Path) -> dict[str, Any]:
    migrated = run(project, "manage.py", "migrate", "-v0")
    assert migrated.returncode == 0, migrated.stderr
    (project / "watch.py").write_text(WATCH)
    seen = run(project, "watch.py")
    assert seen.returncode == 0, seen.stderr
    found: dict[str, Any] = json.loads(seen.stdout)
    return found


def test_a_project_made_as_the_page_says_has_nothing_that_check_would_tell(project: Path) -> None:
    checked = run(project, "manage.py", "check", "--tag", "sse", "--fail-level", "WARNING")

    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_what_is_published_there_is_polled_by_its_owner_alone(watched: dict[str, Any]) -> None:
    assert [event["type"] for event in watched["polled"]["events"]] == ["progress", "complete"]
    assert watched["polled"]["final"] is True
    assert watched["refused"] == 404  # whether there is such a topic is told to nobody else


def test_what_is_published_there_is_streamed(watched: dict[str, Any]) -> None:
    status, body = watched["streamed"]

    assert status == 200
    assert re.findall(r"^event: (progress|complete)$", body, re.MULTILINE) == ["progress", "complete"]


def test_the_clients_modules_are_served_there(watched: dict[str, Any]) -> None:
    status, body = watched["module"]

    assert status == 200
    assert "export class SSEConnection" in body


def test_it_needs_nothing_else_of_this_project(watched: dict[str, Any]) -> None:
    assert watched["extra"] == []
