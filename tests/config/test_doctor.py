"""``manage.py doctor``."""

import subprocess
import sys

import pytest
from django.contrib.auth.models import User

from tests import live

pytestmark = pytest.mark.live


def doctor(site: live.Site, url: str = "") -> subprocess.CompletedProcess[str]:
    process = live.Process(
        [sys.executable, "manage.py", "doctor", url or site.url], lambda: True, {"DATABASE_URL": live.database_url()}
    )
    process.start()
    assert process.process
    code = process.process.wait(60)
    return subprocess.CompletedProcess([], code, process.said(), "")


def test_it_finds_a_healthy_site_well_and_leaves_nothing(site: live.Site) -> None:
    found = doctor(site)

    assert found.returncode == 0, found.stdout
    assert "All is well" in found.stdout
    assert not User.objects.filter(username__startswith="doctor-").exists()


def test_it_says_that_redis_is_away(site: live.Site) -> None:
    site.redis.kill()
    try:
        found = doctor(site)
    finally:
        site.redis.start()

    assert found.returncode == 1
    assert "✗ Redis" in found.stdout


def test_it_says_that_nobody_is_there(site: live.Site) -> None:
    found = doctor(site, f"http://127.0.0.1:{live.free_port()}")

    assert found.returncode == 1
    assert "✗ site at" in found.stdout
    assert "Traceback" not in found.stdout


def test_it_says_that_streams_are_off(site: live.Site) -> None:
    off = live.web(SSE_ENABLED="0").start()
    try:
        found = doctor(site, off.environment["URL"])
    finally:
        off.stop()

    assert found.returncode == 1
    assert "503" in found.stdout
