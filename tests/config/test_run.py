"""``manage.py run``: what ``make run`` becomes."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import live

pytestmark = pytest.mark.live


@contextlib.contextmanager
def running(folder: Path) -> Iterator[live.Process]:
    """The whole project under its supervisor, with its data in a folder."""
    port = live.free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {"PORT": str(port), "URL": url, "DATA_DIR": str(folder / "data"), "DEMO_PASSWORD": "tell-nobody"}
    process = live.Process([sys.executable, "manage.py", "run"], lambda: "is ready:" in process.said(), environment)
    process.start()
    try:
        yield process
    finally:
        process.stop()


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[live.Process]:
    """One that all tests share which leave it running."""
    with running(tmp_path_factory.mktemp("run")) as process:
        yield process


def children(process: live.Process) -> dict[str, int]:
    """What the supervisor runs: the last word of each command, and its pid."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False
    ).stdout
    found = {}
    for line in listed.splitlines():
        pid, command = line.split(None, 1)
        for name in ("manage.py serve", "manage.py worker", "valkey-server", "redis-server"):
            if name in command:
                found[name.rsplit(" ", 1)[-1].removeprefix("redis-").removeprefix("valkey-")] = int(pid)
    return found


def test_it_says_where_and_who_and_everything_answers(everything: live.Process) -> None:
    url = everything.environment["URL"]
    live.wait_for(lambda: _status(f"{url}/health/ready") == "ready", what="everything to be ready")

    assert f"{url}/" in everything.said()
    assert "demo" in everything.said()
    assert "tell-nobody" in everything.said()
    assert (
        live.get(f"{url}/health/ready").json().items() >= {"status": "ready", "database": True, "redis": True}.items()
    )
    assert set(children(everything)) == {"serve", "worker", "server"}


@pytest.mark.parametrize("name", ["serve", "worker", "server"])
def test_a_child_that_dies_is_started_again(everything: live.Process, name: str) -> None:
    before = children(everything)[name]

    os.kill(before, signal.SIGKILL)

    live.wait_for(lambda: children(everything).get(name, before) != before, what=f"another {name}")
    url = f"{everything.environment['URL']}/health/ready"
    live.wait_for(lambda: _status(url) == "ready", what="everything to be ready")


def test_what_it_keeps_is_for_its_account_alone(everything: live.Process) -> None:
    kept = [path for path in Path(everything.environment["DATA_DIR"]).rglob("*") if path.is_file()]

    assert len(kept) > 1
    assert [path.name for path in kept if path.stat().st_mode & 0o077] == []


def _status(url: str) -> str:
    try:
        return str(live.get(url).json()["status"])
    except httpx.HTTPError:
        return ""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_behind(tmp_path: Path, how: signal.Signals) -> None:
    with running(tmp_path) as process:
        pids = children(process).values()

        process.send(how)
        assert process.process
        process.process.wait(live.PATIENCE_SECONDS)

    live.wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), what="all children to end")


def run_again(everything: live.Process, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "run"],
        cwd=live.ROOT,
        env=os.environ | everything.environment | live.SETTINGS | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_port_in_use_is_said_plainly(everything: live.Process) -> None:
    again = run_again(everything)

    assert again.returncode != 0
    assert everything.environment["PORT"] in again.stderr
    assert "Traceback" not in again.stderr


def test_a_second_one_in_the_same_folder_is_refused_and_the_first_goes_on(everything: live.Process) -> None:
    again = run_again(everything, PORT=str(live.free_port()))

    assert again.returncode != 0
    assert everything.environment["DATA_DIR"] in again.stderr
    assert "Traceback" not in again.stderr
    live.wait_for(lambda: _status(f"{everything.environment['URL']}/health/ready") == "ready")


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(everything: live.Process) -> None:
    key = Path(everything.environment["DATA_DIR"]) / "secret_key"

    assert len(key.read_text()) >= 50
    assert key.stat().st_mode & 0o777 == 0o600
