"""Static files that were collected: named by their content, found by the names they were written with."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.management import call_command
from django.test import override_settings

from config import checks, import_map
from tests import live

STATIC = "/static/"
# What a module names of another: from "./x.js", import "./x.js", import("./x.js").
IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all static files collected."""
    folder = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=folder):
        call_command("collectstatic", "--noinput", verbosity=0)
    return folder


@pytest.fixture(scope="module")
def files(root: Path) -> dict[str, str]:
    return import_map.collected(root / "staticfiles.json")


def modules(root: Path) -> list[str]:
    return [str(path.relative_to(root)) for folder in import_map.FOLDERS for path in (root / folder).rglob("*.js")]


def test_every_module_is_collected_under_a_name_by_its_content(root: Path, files: dict[str, str]) -> None:
    written = [name for name in modules(root) if name not in files.values()]

    assert len(written) > 15
    for name in written:
        assert files[name] != name
        assert (root / files[name]).read_bytes() == (root / name).read_bytes()


def test_whatever_a_module_imports_is_in_the_map_and_there(root: Path, files: dict[str, str]) -> None:
    imports = json.loads(import_map.text(files, url=STATIC))["imports"]
    asked = 0

    for own, collected in imports.items():
        for other in IMPORT.findall((root / collected.removeprefix(STATIC)).read_text()):
            # As a browser does: relative to the collected file, looked up in the map.
            address = str(httpx.URL(f"http://host{collected}").join(other).path)
            assert address in imports, f"{own} imports {other}"
            assert (root / imports[address].removeprefix(STATIC)).is_file()
            asked += 1

    assert asked > 20


def test_the_pages_stylesheet_weighs_at_most_10_kilobytes(root: Path) -> None:
    sheet = (root / "strategies" / "style.css").read_bytes()

    assert 1_000 < len(gzip.compress(sheet, 9)) <= 10_000


def test_without_collected_files_there_is_no_map(tmp_path: Path) -> None:
    files = import_map.collected(tmp_path / "staticfiles.json")

    assert (files, import_map.text(files, url=STATIC)) == ({}, "")


def test_no_name_of_a_file_ends_the_script_that_the_map_stands_in() -> None:
    made = import_map.text({"sse/</script>.js": "sse/</script>.1.js"}, url=STATIC)

    assert "<" not in made
    assert json.loads(made)["imports"] == {"/static/sse/</script>.js": "/static/sse/</script>.1.js"}


def test_a_module_that_changed_since_it_was_collected_is_a_warning(root: Path, settings: Any) -> None:
    settings.COLLECTED = root / "staticfiles.json"
    fresh = checks.check_collected(None)
    noted = json.loads(settings.COLLECTED.read_text())
    noted["paths"]["sse/index.js"] = "sse/index.0123456789ab.js"
    settings.COLLECTED = root / "old.json"
    settings.COLLECTED.write_text(json.dumps(noted))

    stale = checks.check_collected(None)

    assert fresh == []
    assert [(warning.id, "sse/index.js" in warning.msg) for warning in stale] == [("config.W002", True)]


@pytest.fixture(scope="module")
def served(rows: None, root: Path) -> Iterator[str]:
    """A server that found the collected files when it started."""
    process = live.web(DJANGO_STATIC_ROOT=str(root)).start()
    yield process.environment["URL"]
    process.stop()


@pytest.mark.live
@pytest.mark.parametrize("path", ["/accounts/login/", "/admin/login/"])
def test_a_page_carries_the_map_and_its_policy_allows_that_very_text(served: str, path: str) -> None:
    answer = live.get(served + path)

    (carried,) = re.findall(r'<script type="importmap">(.*?)</script>', answer.text)
    assert f"script-src 'self' {import_map.source(carried)};" in answer.headers["Content-Security-Policy"]
    assert "unsafe-" not in answer.headers["Content-Security-Policy"]


@pytest.mark.live
def test_a_collected_file_may_be_kept_and_another_is_asked_for_again(served: str, files: dict[str, str]) -> None:
    collected = live.get(f"{served}{STATIC}{files['sse/index.js']}")
    written = live.get(f"{served}{STATIC}sse/index.js")

    assert collected.text == written.text
    assert "immutable" in collected.headers["Cache-Control"]
    assert written.headers["Cache-Control"] == "max-age=0, public"
    assert "default-src 'none'" in collected.headers["Content-Security-Policy"]
