"""``manage.py doctor``."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django_redis import get_redis_connection

from tests import live
from tests.config import proxies

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def quick(site: live.Site) -> Iterator[str]:
    """The address of a server whose heart beats fast, so that nobody waits for it."""
    server = live.web(SSE_HEARTBEAT_SECONDS="1").start()
    yield server.environment["URL"]
    server.stop()


type Found = subprocess.CompletedProcess[str]


def well(found: Found) -> bool:
    """Whether nothing was found wrong."""
    return found.returncode == 0


def examined(url: str, *, until: Callable[[Found], bool] = well) -> Found:
    """What the doctor finds, in the first of five examinations of which ``until`` is true: a busy machine looks ill."""
    for _ in range(5):
        found = doctor(url)
        if until(found):
            break
    return found


def doctor(url: str) -> Found:
    process = live.Process(
        [sys.executable, "manage.py", "doctor", url], lambda: True, {"DATABASE_URL": live.database_url()}
    )
    process.start()
    assert process.process
    code = process.process.wait(120)
    return subprocess.CompletedProcess([], code, process.said(), "")


def test_it_finds_a_healthy_site_well_and_leaves_nothing(site: live.Site, quick: str) -> None:
    found = examined(quick)

    assert found.returncode == 0, found.stdout
    assert "All is well" in found.stdout
    for look in ("clocks", "queue", "stream", "clock of the site", "events on the way", "Last-Event-ID"):
        assert f"✓ {look}\n" in found.stdout
    assert "✓ heartbeat\n" in found.stdout
    assert not User.objects.filter(username__startswith="doctor-").exists()


def test_it_says_that_redis_is_away(site: live.Site, quick: str) -> None:
    site.redis.kill()
    try:
        found = doctor(quick)
    finally:
        site.redis.start()

    assert found.returncode == 1
    assert "✗ Redis" in found.stdout


def test_it_says_that_nobody_is_there(site: live.Site) -> None:
    found = doctor(f"http://127.0.0.1:{live.free_port()}")

    assert found.returncode == 1
    assert "✗ site at" in found.stdout
    assert "Traceback" not in found.stdout


def test_it_says_that_streams_are_off(site: live.Site) -> None:
    off = live.web(SSE_ENABLED="0").start()
    try:
        found = doctor(off.environment["URL"])
    finally:
        off.stop()

    assert found.returncode == 1
    assert "503" in found.stdout


def test_six_connections_of_http_1_are_advice_and_no_fault(site: live.Site, quick: str) -> None:
    found = examined(quick)

    assert "! HTTP version: the site speaks HTTP/1.1" in found.stdout
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("buffer", "✗ stream: no hello in 8 s: a proxy buffers. For nginx: proxy_buffering off"),
        ("compress", "✗ stream: something compresses it (gzip)"),
        ("cut", "✗ heartbeat: the stream was cut"),
        ("swallow heartbeats", "✗ heartbeat: none in 2 s, though the server sends one every 1 s"),
        ("forget the cursor", "✗ Last-Event-ID: a reader that comes back gets everything again"),
        ("live in the past", "✗ clock of the site: it is -3"),
    ],
)
def test_a_proxy_that_misbehaves_is_found_out(site: live.Site, quick: str, way: str, told: str) -> None:
    with proxies.proxy(quick, way) as proxy:
        found = examined(proxy.url, until=lambda found: found.stdout.count("✗") == 1)

    assert told in found.stdout
    assert found.returncode == 1
    assert found.stdout.count("✗") == 1, found.stdout
    assert "Traceback" not in found.stdout


def test_a_proxy_that_behaves_is_found_well(site: live.Site, quick: str) -> None:
    with proxies.proxy(quick, "") as proxy:
        found = examined(proxy.url)

    assert found.returncode == 0, found.stdout


def test_a_redis_on_which_nothing_may_be_published_is_found_out(site: live.Site, quick: str) -> None:
    client = get_redis_connection("default")
    client.execute_command("ACL SETUSER", "default", "-publish")
    try:
        found = doctor(quick)
    finally:
        client.execute_command("ACL SETUSER", "default", "+publish")

    assert found.returncode == 1
    assert "✗ Redis: it does not answer" in found.stdout or "✗ Redis: what is published" in found.stdout


def test_a_redis_that_evicts_is_found_out(site: live.Site, quick: str) -> None:
    client = get_redis_connection("default")
    client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        found = doctor(quick)
    finally:
        client.config_set("maxmemory-policy", "noeviction")

    assert found.returncode == 1
    assert "✗ Redis: Redis' maxmemory-policy is allkeys-lru" in found.stdout
