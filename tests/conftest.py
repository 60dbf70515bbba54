"""What all tests share."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from hypothesis import HealthCheck, settings

from tests import live

# The same examples in every run of ``make test``, however slow the machine: what fails there fails again. Others each
# time, to search for faults: ``pytest --hypothesis-profile=search``.
settings.register_profile(
    "same",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("search", settings.get_profile("same"), derandomize=False, print_blob=True)
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--database``: for a second run of the tests, on another database."""
    parser.addoption("--database", action="store_true", help="run only those tests that use the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Run what needs server processes late: they write to the same database file.

    And what needs a browser last: Playwright leaves an event loop in the thread, in which no sync view can be called.
    """
    if config.getoption("--database"):
        config.hook.pytest_deselected(items=[item for item in items if not _uses_database(item)])
        items[:] = filter(_uses_database, items)
    items.sort(key=lambda item: [item.get_closest_marker(name) is not None for name in ("browser", "live")])


def _uses_database(item: pytest.Item) -> bool:
    named = {"db", "rows"}.intersection(getattr(item, "fixturenames", ()))
    return bool(named) or item.get_closest_marker("django_db") is not None


def pytest_sessionfinish() -> None:
    """Remove the data folder."""
    shutil.rmtree(os.environ["DATA_DIR"], ignore_errors=True)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Let no test see what another cached, in which language it last asked for a page, or whom it left connected."""
    caches["local"].clear()
    translation.deactivate()
    yield
    while live.visitors:
        live.visitors.pop().leave()


@pytest.fixture
def owner(db: None) -> User:
    """Somebody who may have strategies and jobs."""
    return User.objects.create_user(f"owner-{uuid.uuid4().hex[:8]}", password="secret")


@pytest.fixture
def other(db: None) -> User:
    """Somebody else."""
    return User.objects.create_user(f"other-{uuid.uuid4().hex[:8]}", password="secret")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database. pytest-django makes one only where a test bears its mark; live tests bear another."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        _hang_up_others()
        teardown_databases(made, verbosity=0)


def _hang_up_others() -> None:
    """End sessions that processes left which a test killed: PostgreSQL drops no database that is in use."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database as server processes see it: what is written is committed, and stays for the session."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[live.Process]:
    """A real Redis, where the settings look for it."""
    with live.redis() as server:
        yield server


@pytest.fixture(scope="session")
def site(rows: None, redis_server: live.Process) -> Iterator[live.Site]:
    """The whole project, running: Redis, a web server, a worker."""
    with live.site(redis=redis_server, **live.TOLD) as running:
        yield running


BRIEFS = Path(__file__).parent / "briefs"
