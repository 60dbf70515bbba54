"""The environment: what it may say, and what a bad value gets."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import checks, environment


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("SSE_HEARTBEAT_SECONDS", "abc", "0.2 to 300"),
        ("SSE_HEARTBEAT_SECONDS", "0", "0.2 to 300"),
        ("SSE_MAX_STREAMS_PER_USER", "-1", "0 to 100000"),
        ("SSE_ENABLED", "perhaps", "1 or 0"),
        ("STRATEGIES_MODEL", "gpt-5", "provider:name"),
        ("STRATEGIES_WORKER_CONCURRENCY", "0", "1 to 10000"),
        ("REDIS_URL", "localhost:6379", "redis://"),
        ("OPENAI_BASE_URL", "localhost", "http://"),
        ("DJANGO_SECRET_KEY", "short", "32 or more"),
        ("PORT", "99999", "1 to 65535"),
    ],
)
def test_a_bad_value_is_named_with_what_is_accepted(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, accepted: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured) as refused:
        environment.read()

    assert name in str(refused.value)
    assert accepted in str(refused.value)


def test_all_bad_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "no")
    monkeypatch.setenv("SSE_ENABLED", "no?")

    with pytest.raises(ImproperlyConfigured) as refused:
        environment.read()

    assert {"PORT:", "SSE_ENABLED:"} <= {line.split()[0] for line in str(refused.value).splitlines()}


@pytest.mark.parametrize("name", ["DJANGO_SECRET_KEY", "REDIS_URL"])
def test_a_bad_secret_is_never_repeated(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "hunter2")

    with pytest.raises(ImproperlyConfigured) as refused:
        environment.read()

    assert "hunter2" not in str(refused.value)


def test_an_empty_value_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSE_HEARTBEAT_SECONDS", "")

    assert environment.read().SSE_HEARTBEAT_SECONDS == 15


def test_names_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_ALLOWED_HOSTS", "a.example, b.example,")

    assert environment.read().DJANGO_ALLOWED_HOSTS == ["a.example", "b.example"]


def test_a_misspelt_name_is_told_with_the_one_that_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSE_HEARTBEAT_SECOND", "5")

    warnings = checks.check_names(None)

    assert [(warning.id, warning.hint) for warning in warnings] == [
        ("config.W001", "Did you mean SSE_HEARTBEAT_SECONDS?")
    ]


def test_the_page_of_settings_lists_every_variable_with_its_default_and_what_it_accepts() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("| `")]

    listed = {name.strip("`"): (default, accepts) for name, default, accepts, _ in rows}

    assert listed == {
        name: (f"`{_shown(field.default)}`" if _shown(field.default) else "", field.description)
        for name, field in environment.Environment.model_fields.items()
    }
    assert all(meaning for *_, meaning in rows)


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return str(int(default))
    return ",".join(default) if isinstance(default, list) else str(default)
