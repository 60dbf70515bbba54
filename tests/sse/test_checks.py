"""System checks: what a wrong setting gets, and that nothing starts on it."""

import functools
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.core.checks import CheckMessage, Error, Warning, run_checks
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.urls import include, path
from pytest_django.fixtures import Settings

from config import environment
from sse import checks, conf, stores
from sse.response import HEADERS
from tests import live


def found(id: str, *, deploy: bool = False) -> CheckMessage:
    """Return the message with this id; fail where there is none."""
    messages = run_checks(tags=["sse"], include_deployment_checks=deploy)
    return next(message for message in messages if message.id == id)


def ids(*, deploy: bool = False) -> list[str | None]:
    return [message.id for message in run_checks(tags=["sse"], include_deployment_checks=deploy)]


def test_the_projects_own_settings_are_well() -> None:
    assert ids() == []


# --- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("SSE_HEARTBEAT_SECONDS", "15", "a number of seconds, 0.2 to 300"),
        ("SSE_HEARTBEAT_SECONDS", 0, "a number of seconds, 0.2 to 300"),
        ("SSE_HEARTBEAT_SECONDS", float("nan"), "a number of seconds, 0.2 to 300"),
        ("SSE_HEARTBEAT_SECONDS", True, "a number of seconds, 0.2 to 300"),
        ("SSE_HEARTBEAT_SECONDS", None, "a number of seconds, 0.2 to 300"),
        ("SSE_MAX_STREAMS", 1.5, "a whole number, 0 to 10000000"),
        ("SSE_MAX_STREAMS", "5", "a whole number, 0 to 10000000"),
        ("SSE_MAX_EVENT_BYTES", 12, "a whole number of bytes, 1024 to 16777216"),
        ("SSE_RETENTION_DAYS", -1, "a number of days, 0 to 36500"),
        ("SSE_ENABLED", "no", "True or False"),
        ("SSE_CACHE", 1, "a text"),
    ],
)
def test_a_wrong_value_is_an_error_with_its_name_the_value_and_what_is_accepted(
    settings: Settings, name: str, value: Any, accepted: str
) -> None:
    setattr(settings, name, value)

    message = found("sse.E001")

    assert isinstance(message, Error)
    assert message.msg == f"{name}: {value!r} is not accepted; it accepts {accepted}."


@pytest.mark.parametrize("name", sorted(conf.DEFAULTS))
def test_every_setting_accepts_its_default_and_no_object_of_another_kind(settings: Settings, name: str) -> None:
    setattr(settings, name, conf.DEFAULTS[name])
    assert "sse.E001" not in ids()

    setattr(settings, name, object())

    assert found("sse.E001").msg.startswith(f"{name}: ") or conf.DEFAULTS[name] is None


def test_a_misspelt_setting_is_told_with_the_one_that_was_meant(settings: Settings) -> None:
    settings.SSE_HEARTBEAT_SECOND = 5

    assert "SSE_HEARTBEAT_SECONDS" in str(found("sse.W001").hint)


def test_the_environment_accepts_what_the_checks_accept() -> None:
    fields = {name: field for name, field in environment.Environment.model_fields.items() if name in conf.RANGES}

    assert fields
    for name, field in fields.items():
        rules = {type(rule).__name__: rule for rule in field.metadata}
        assert (rules["Ge"].ge, rules["Le"].le) == conf.RANGES[name], name
        assert field.default == conf.DEFAULTS[name], name
        assert str(field.description).split(" (0")[0].split(", ")[1] == checks.describe(name).split(", ")[1], name


# --- contradictions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "values"),
    [
        ("sse.E002", {"SSE_BACKLOG_BYTES": 2048, "SSE_MAX_EVENT_BYTES": 4096}),
        ("sse.W002", {"SSE_HEARTBEAT_SECONDS": 15, "SSE_MAX_STREAM_SECONDS": 15}),
        ("sse.W003", {"SSE_HEARTBEAT_SECONDS": 15, "SSE_SEND_TIMEOUT_SECONDS": 14}),
        ("sse.W004", {"SSE_RECHECK_SECONDS": 46}),
        ("sse.W005", {"SSE_MAX_STREAMS": 9, "SSE_MAX_STREAMS_PER_USER": 10}),
        ("sse.W005", {"SSE_MAX_STREAMS": 9, "SSE_MAX_STREAMS_PER_USER": 0}),
        ("sse.W006", {"SSE_HEARTBEAT_SECONDS": 1, "SSE_POLL_SECONDS": 2}),
        ("sse.W007", {"SSE_MAX_STREAM_SECONDS": 20, "SSE_DRAIN_SECONDS": 21}),
    ],
)
def test_settings_that_contradict_each_other_are_told_with_their_values(
    settings: Settings, id: str, values: dict[str, int]
) -> None:
    for name, value in values.items():
        setattr(settings, name, value)

    message = found(id)

    assert isinstance(message, Error if ".E" in id else Warning)
    for name in values:
        assert name in message.msg
    assert message.hint


@pytest.mark.parametrize(
    "values",
    [
        {"SSE_MAX_STREAM_SECONDS": 0, "SSE_DRAIN_SECONDS": 10},
        {"SSE_MAX_STREAMS": 0, "SSE_MAX_STREAMS_PER_USER": 0},
        {"SSE_MAX_STREAMS": 10, "SSE_MAX_STREAMS_PER_USER": 10},
        {"SSE_HEARTBEAT_SECONDS": 15, "SSE_SEND_TIMEOUT_SECONDS": 15},
    ],
)
def test_settings_that_agree_are_not_spoken_of(settings: Settings, values: dict[str, int]) -> None:
    for name, value in values.items():
        setattr(settings, name, value)

    assert ids() == []


# --- surroundings -----------------------------------------------------------------------------------------------------


def test_gzip_middleware_is_told_and_leaves_a_streams_headers_alone(settings: Settings) -> None:
    settings.MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *settings.MIDDLEWARE]
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = "gzip"
    body = b"data: 1\n\n" * 100

    answer = GZipMiddleware(plain).process_response(request, HttpResponse(body, headers=HEADERS))

    assert "Content-Encoding: identity" in found("sse.W010").msg
    assert answer["Content-Encoding"] == "identity"
    assert answer.content == body  # type: ignore[attr-defined]


def test_a_project_for_wsgi_alone_hears_that_streams_answer_501(settings: Settings) -> None:
    settings.ASGI_APPLICATION = None
    settings.WSGI_APPLICATION = "config.wsgi.application"

    assert "501" in found("sse.W011").msg
    assert "config.wsgi.application" in found("sse.W011").msg


@pytest.mark.parametrize("id", ["sse.W010", "sse.W011"])
def test_a_hint_names_no_command_that_another_project_has_not(settings: Settings, id: str) -> None:
    settings.ASGI_APPLICATION = None
    settings.MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *settings.MIDDLEWARE]

    hint = found(id).hint

    assert hint
    assert "manage.py" not in hint


SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
USERS = "django.contrib.auth.middleware.AuthenticationMiddleware"


@pytest.mark.parametrize("lacking", [SESSIONS, USERS])
def test_a_project_in_which_nothing_says_who_asks_is_told(settings: Settings, lacking: str) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != lacking]

    message = found("sse.W022")

    assert message.msg.startswith(f"MIDDLEWARE lacks {lacking}: ")
    assert f"{SESSIONS}, then {USERS}" in str(message.hint)


class OwnUsers(AuthenticationMiddleware):
    """A project's middleware made from Django's."""


def test_a_middleware_made_from_djangos_says_who_asks(settings: Settings) -> None:
    own = f"{__name__}.{OwnUsers.__qualname__}"
    settings.MIDDLEWARE = [own if name == USERS else name for name in settings.MIDDLEWARE]

    assert ids() == []


class Only:
    """Addresses that are these and no other."""

    def __init__(self, urlpatterns: list[Any]) -> None:
        self.urlpatterns = urlpatterns


def test_a_project_that_includes_no_address_of_streams_is_told(settings: Settings) -> None:
    settings.ROOT_URLCONF = Only(urlpatterns=[path("", plain)])

    message = found("sse.W023")

    assert 'include("sse.urls")' in str(message.hint)


def test_streams_may_have_any_address_and_a_wrapper_of_the_projects_own(settings: Settings) -> None:
    from sse.stream import stream

    @functools.wraps(stream)
    async def wrapped(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    settings.ROOT_URLCONF = Only(urlpatterns=[path("live/", include([path("mine", wrapped)]))])

    assert "sse.W023" not in ids()


def test_an_application_that_does_not_hand_off_is_found_on_deployment(settings: Settings) -> None:
    settings.ASGI_APPLICATION = "tests.stock.application"
    assert "sse.W012" in ids(deploy=True)

    settings.ASGI_APPLICATION = "config.asgi.application"

    assert "sse.W012" not in ids(deploy=True)


def test_an_application_that_is_not_there_is_an_error(settings: Settings) -> None:
    settings.ASGI_APPLICATION = "nowhere.application"

    assert "nowhere.application" in found("sse.E012", deploy=True).msg


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


async def asynchronous(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class Addresses:
    def __init__(self, *views: Any) -> None:
        from sse.stream import stream

        self.urlpatterns = [path(f"{number}", view) for number, view in enumerate([stream, *views])]


@pytest.fixture
def database(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Any], None]:
    """Sets an option of the default database, for the checks alone."""
    return lambda name, value: monkeypatch.setitem(settings.DATABASES["default"], name, value)


SQLITE = "django.db.backends.sqlite3"


def test_atomic_requests_is_an_error_where_an_async_view_would_break(settings: Settings, database: Any) -> None:
    database("ATOMIC_REQUESTS", True)
    settings.ROOT_URLCONF = Addresses(plain, asynchronous)

    message = found("sse.E013")

    assert "asynchronous" in message.msg
    assert "stream" not in message.msg.split("async views")[1]


def test_atomic_requests_is_a_warning_where_all_views_can_bear_it(settings: Settings, database: Any) -> None:
    database("ATOMIC_REQUESTS", True)
    settings.ROOT_URLCONF = Addresses(plain)

    assert "sse.W013" in ids()


@pytest.mark.attack(16)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CORS_ALLOW_ALL_ORIGINS", True),
        ("CORS_ORIGIN_ALLOW_ALL", True),
        ("CORS_ALLOWED_ORIGINS", ["https://a.example", "*"]),
        ("CORS_ALLOWED_ORIGINS", ["null"]),
        ("CORS_ALLOWED_ORIGIN_REGEXES", [r".*"]),
        ("CORS_ALLOWED_ORIGIN_REGEXES", [r"^https://"]),
    ],
)
def test_any_origin_with_credentials_is_refused(settings: Settings, name: str, value: Any) -> None:
    settings.CORS_ALLOW_CREDENTIALS = True
    setattr(settings, name, value)

    message = found("sse.E014")

    assert name in message.msg
    assert isinstance(message, Error)


def test_named_origins_with_credentials_are_accepted(settings: Settings) -> None:
    settings.CORS_ALLOW_CREDENTIALS = True
    settings.CORS_ALLOWED_ORIGINS = ["https://a.example"]
    settings.CORS_ALLOWED_ORIGIN_REGEXES = [r"^https://[a-z]+\.a\.example$"]

    assert ids() == []


def test_any_origin_without_credentials_is_accepted(settings: Settings) -> None:
    settings.CORS_ALLOW_ALL_ORIGINS = True

    assert ids() == []


# --- stores -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["cache", "cached_db"])
def test_sessions_in_a_cache_are_told(settings: Settings, engine: str) -> None:
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"

    assert settings.SESSION_ENGINE in found("sse.W015").msg


def test_sessions_that_no_server_knows_are_an_error(settings: Settings) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"

    assert settings.SESSION_ENGINE in found("sse.E015").msg


def test_a_cache_that_is_no_redis_is_an_error(settings: Settings) -> None:
    settings.SSE_CACHE = "local"

    assert "LocMemCache" in found("sse.E016").msg


def test_a_cache_that_is_not_there_is_an_error_that_names_those_there_are(settings: Settings) -> None:
    settings.SSE_CACHE = "elsewhere"

    assert "default, local" in found("sse.E016").msg


@pytest.mark.parametrize(
    ("location", "told"),
    [("redis://cache.example:6379/0", True), ("redis://127.0.0.1:6379", False), ("unix:///run/redis.sock", False)],
)
def test_sqlite_beside_a_redis_of_another_machine_is_told(
    settings: Settings, database: Any, location: str, told: bool
) -> None:
    database("ENGINE", SQLITE)
    settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "LOCATION": location}}

    assert ("sse.W017" in ids()) is told


def test_several_servers_on_one_sqlite_file_are_told(database: Any) -> None:
    database("ENGINE", SQLITE)

    assert [message.id for message in stores.crowd(2)] == ["sse.W021"]
    assert list(stores.crowd(1)) == []


def test_several_servers_on_postgresql_are_not_spoken_of(database: Any) -> None:
    database("ENGINE", "django.db.backends.postgresql")

    assert list(stores.crowd(9)) == []


def test_an_old_redis_is_told_and_valkey_is_known_by_its_own_version() -> None:
    assert [message.id for message in stores.redis_faults({"redis_version": "6.2.14"})] == ["sse.W020"]
    assert list(stores.redis_faults({"redis_version": "7.2.4", "valkey_version": "9.0.1"})) == []


@pytest.mark.live
def test_a_redis_that_evicts_is_told_and_one_that_does_not_is_well(redis_server: live.Process) -> None:
    from django_redis import get_redis_connection

    client = get_redis_connection("default")
    assert ids(deploy=True) == []
    client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        message = found("sse.W019", deploy=True)
    finally:
        client.config_set("maxmemory-policy", "noeviction")

    assert "allkeys-lru" in message.msg


def test_a_redis_that_is_away_is_told(settings: Settings) -> None:
    away = {**settings.CACHES["default"], "LOCATION": f"redis://127.0.0.1:{live.free_port()}"}
    settings.CACHES = {**settings.CACHES, "default": away}

    assert "sse.W018" in ids(deploy=True)


# --- nothing starts on an error ---------------------------------------------------------------------------------------


def start(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=live.ROOT,
        env=os.environ | live.SETTINGS | environment,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_settings_that_contradict_each_other_stop_the_start(command: str) -> None:
    ended = start(command, SSE_MAX_EVENT_BYTES="2000000", PORT=str(live.free_port()))

    assert ended.returncode == 1
    assert "sse.E002" in ended.stderr
    assert "SSE_BACKLOG_BYTES (1048576)" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_bad_variable_stops_the_start_with_one_line(command: str) -> None:
    ended = start(command, SSE_DRAIN_SECONDS="soon")

    assert ended.returncode == 1
    lines = ended.stderr.strip().splitlines()
    assert len(lines) == 1
    assert (
        "SSE_DRAIN_SECONDS: 'soon' is not accepted; SSE_DRAIN_SECONDS accepts a number of seconds, 0 to 300" in lines[0]
    )
