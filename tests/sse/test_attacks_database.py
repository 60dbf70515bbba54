"""The database is locked, full, or starts again: a clear error, and nothing half-written. Attack 30."""

import contextlib
import json
import os
import pwd
import resource
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

import sse
from sse.models import Event, Topic
from strategies.models import Job, Strategy
from tests import cluster, live
from tests.conftest import BRIEFS
from tests.sse.test_stream import numbers, tell, topic_of, until
from tests.strategies.test_worker import ended, enqueue, status, told

pytestmark = [pytest.mark.live]

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite")
BAKERY = json.loads((BRIEFS / "bakery.json").read_text())


@pytest.fixture
def reader(site: live.Site) -> live.Reader:
    visitor = site.visitor()
    tell(topic_of(visitor.user), 1)
    reader = visitor.watch(topic_of(visitor.user))
    until(reader, 1)
    return reader


def topic(reader: live.Reader) -> str:
    return reader._topics[0]


def whole(name: str) -> bool:
    """Whether a topic's number and its rows agree."""
    last = Topic.objects.get(name=name).seq
    return list(Event.objects.filter(topic__name=name).values_list("seq", flat=True)) == list(range(1, last + 1))


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Somebody else holds the write lock."""
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
    other.execute("PRAGMA busy_timeout = 60000")
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@on_sqlite
@pytest.mark.attack(30)
def test_publishing_to_a_locked_database_is_an_error_that_leaves_nothing(site: live.Site, reader: live.Reader) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100")
    try:
        with locked(), pytest.raises(OperationalError, match="locked"):
            sse.publish(topic(reader), "status", {"n": "never"})
    finally:
        connections.close_all()  # the short patience belongs to the connection
    tell(topic(reader), 1, start=2)
    until(reader, 2)

    assert [event["n"] for event in reader.ledger] == [1, 2]
    assert whole(topic(reader))


@on_sqlite
@pytest.mark.attack(30)
def test_while_the_database_is_locked_reading_goes_on_writes_are_503_and_jobs_wait(
    site: live.Site, reader: live.Reader, tmp_path: Path
) -> None:
    visitor = reader._visitor
    answers: list[Any] = []
    post = threading.Thread(target=lambda: answers.append(visitor.http.post("/api/strategies", json=BAKERY)))
    job = enqueue(live.new_user(), gates={"one": str(tmp_path / "gate")})
    live.wait_for(lambda: status(job) == "running")

    with locked():  # for longer than anybody waits for the lock
        (tmp_path / "gate").touch()
        post.start()
        late = visitor.watch(topic(reader), cursor="0")
        until(late, 1)
        post.join(live.PATIENCE_SECONDS)
    stored = visitor.http.post("/api/strategies", json=BAKERY)
    tell(topic(reader), 1, start=2)
    until(reader, 2)
    until(late, 2)
    ended(job)

    assert (answers[0].status_code, answers[0].json()["code"]) == (503, "no_database")
    assert int(answers[0].headers["retry-after"]) >= 1
    assert stored.status_code == 201
    assert Strategy.objects.filter(owner=visitor.user).count() == 1
    assert (reader.statuses, late.statuses) == ([200], [200])
    assert status(job) == "succeeded"
    assert [event["seq"] for event in told(job)] == list(range(1, len(told(job)) + 1))


def change_and_tell(reader: live.Reader, text: str) -> None:
    """Store something and publish it, in one transaction."""
    with transaction.atomic():
        Strategy.objects.create(owner=reader._visitor.user, name="N", industry="I", brief={"x": text})
        sse.publish(topic(reader), "status", {"text": text})


@on_sqlite
@pytest.mark.attack(30)
def test_publishing_to_a_full_database_is_an_error_that_leaves_nothing(site: live.Site, reader: live.Reader) -> None:
    text = "x" * 50_000
    published = 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + 30}")
    try:
        with pytest.raises(OperationalError, match="full"):  # noqa: PT012 - how many fit is SQLite's affair
            for _ in range(100):
                sse.publish(topic(reader), "status", {"n": 2 + published, "text": text})
                published += 1
        with pytest.raises(OperationalError, match="full"):
            change_and_tell(reader, text)
    finally:
        connections.close_all()  # the limit belongs to the connection
    tell(topic(reader), 1, start=2 + published)
    until(reader, 2 + published)

    assert not Strategy.objects.filter(owner=reader._visitor.user).exists()
    assert numbers(reader) == list(range(1, published + 3))
    assert [event["n"] for event in reader.ledger] == list(range(1, published + 3))
    assert whole(topic(reader))


def limit_files(process: live.Process, size: int) -> None:
    """Let a process write no file beyond ``size``: to it the disk is full."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@on_sqlite
@pytest.mark.attack(30)
@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux' prlimit")
def test_a_server_and_a_worker_whose_disk_is_full_say_so_and_go_on_when_there_is_room(
    site: live.Site, reader: live.Reader, tmp_path: Path
) -> None:
    visitor = reader._visitor
    job = enqueue(live.new_user(), gates={"two": str(tmp_path / "gate")})
    live.wait_for(lambda: job.steps.count() == 1)
    try:
        limit_files(site.web, 4_096)
        limit_files(site.worker, 4_096)
        refused = visitor.http.post("/api/strategies", json=BAKERY)
        tell(topic(reader), 1, start=2)  # by this process, which has room
        until(reader, 2)
        (tmp_path / "gate").touch()
        time.sleep(1)  # in which it could do all of its steps; it can't even write a line of its log
        done = job.steps.count()
    finally:
        limit_files(site.web, resource.RLIM_INFINITY)
        limit_files(site.worker, resource.RLIM_INFINITY)
    stored = visitor.http.post("/api/strategies", json=BAKERY)
    ended(job)

    assert (refused.status_code, refused.json()["code"]) == (503, "no_database")
    assert stored.status_code == 201
    assert Strategy.objects.filter(owner=visitor.user).count() == 1
    assert reader.statuses == [200]
    assert status(job) == "succeeded"
    assert [event["seq"] for event in told(job)] == list(range(1, len(told(job)) + 1))
    assert done == 1
    assert Job.objects.get(pk=job.pk).steps.count() == 5


@pytest.mark.attack(30)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="is about PostgreSQL: python tests/on_postgres.py")
def test_a_database_that_starts_again_costs_nothing(site: live.Site, reader: live.Reader, tmp_path: Path) -> None:
    visitor = reader._visitor
    job = enqueue(live.new_user(), gates={"two": str(tmp_path / "gate")})
    live.wait_for(lambda: status(job) == "running")
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        data = Path(cursor.fetchone()[0])
    connections.close_all()
    bin = cluster.binaries()
    assert bin
    program = str(bin / "pg_ctl")
    control = [*cluster.as_user(_owner(data)), program, "-D", str(data), "-w", "-m", "immediate"]

    subprocess.run([*control, "stop"], check=True, stdout=subprocess.DEVNULL, cwd="/")
    (tmp_path / "gate").touch()
    refused = visitor.http.post("/api/strategies", json=BAKERY)
    again = [*control, "-l", str(data.parent / "log"), "-o", _options(data), "start"]
    time.sleep(1)  # for as long it is away
    subprocess.run(again, check=True, stdout=subprocess.DEVNULL, cwd="/")
    live.wait_for(lambda: visitor.http.post("/api/strategies", json=BAKERY).status_code == 201)
    tell(topic(reader), 2, start=2)
    until(reader, 3)
    ended(job)

    assert (refused.status_code, refused.json()["code"]) == (503, "no_database")
    assert numbers(reader) == [1, 2, 3]
    assert reader.statuses == [200]
    assert status(job) == "succeeded"
    assert [event["seq"] for event in told(job)] == list(range(1, len(told(job)) + 1))


def _owner(data: Path) -> str | None:
    """Return whom the server runs as, where that is not us."""
    owner = data.stat().st_uid
    return None if owner == os.getuid() else pwd.getpwuid(owner).pw_name


def _options(data: Path) -> str:
    """Return what the server was started with, without its folder: ``pg_ctl`` names that itself."""
    words = (data / "postmaster.opts").read_text().replace('"', "").split()[1:]
    return " ".join(word for before, word in zip(["", *words], words, strict=False) if "-D" not in (before, word))
