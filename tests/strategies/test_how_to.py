"""The page that shows how a kind of job is added is followed to the letter, in a copy of the project."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import live
from tests.strategies import canonical, markup

pytestmark = pytest.mark.live

PAGE = (live.ROOT / "docs" / "how-to" / "add-a-job-kind.md").read_text()
PARTS = ("config", "sse", "strategies", "templates", "tests", "manage.py", "pyproject.toml")


def source() -> tuple[Path, str]:
    """The file that the page shows: where it belongs, and what stands in it."""
    found = re.search(r"```python\n# (strategies/kinds/\w+\.py)\n(.*?)```", PAGE, re.S)
    assert found
    return Path(found[1]), found[2]


def asked_with() -> dict[str, Any]:
    """What the page asks the API with."""
    found = re.search(r"^POST /api/strategies/<id>/jobs (\{.*\})$", PAGE, re.M)
    assert found
    payload: dict[str, Any] = json.loads(found[1])
    return payload


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, with the one file that the page adds."""
    for part in PARTS:
        if (live.ROOT / part).is_dir():
            shutil.copytree(live.ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(live.ROOT / part, tmp_path / part)
    path, text = source()
    assert not (tmp_path / path).exists()
    (tmp_path / path).write_text(text)
    return tmp_path


@pytest.fixture
def site(project: Path, rows: None, redis_server: live.Process, monkeypatch: pytest.MonkeyPatch) -> Iterator[live.Site]:
    """The copy, running."""
    monkeypatch.setattr(live, "ROOT", project)
    with live.site(redis=redis_server) as running:
        yield running


def test_a_kind_in_one_file_is_asked_for_done_told_and_read(site: live.Site) -> None:
    visitor = site.visitor()
    strategy = visitor.create(canonical.request("bakery"))
    address = f"/api/strategies/{strategy['id']}"
    too_early = visitor.http.post(f"{address}/jobs", json=asked_with())
    visitor.ended(visitor.start(strategy)["id"])
    misspelt = visitor.http.post(f"{address}/jobs", json={"kind": "tally", "unit": "pages"})

    started = visitor.http.post(f"{address}/jobs", json=asked_with())
    reader = visitor.watch(f"job:{started.json()['id']}").finished()
    job = visitor.ended(started.json()["id"])
    page = visitor.http.get(f"/jobs/{job['id']}/").text

    assert (too_early.status_code, too_early.json()["code"]) == (409, "no_document")
    assert misspelt.json()["errors"] == {"unit": ["The unit is one of: words, characters."]}
    assert started.status_code == 202
    assert (job["status"], [step["status"] for step in job["steps"]]) == ("succeeded", ["done", "done"])
    assert reader.ledger == visitor.events(job["id"])
    assert reader.ledger[-1]["result_url"] == strategy["url"]
    document = visitor.http.get(f"{address}/document").json()
    assert document["version"] == 2
    assert set(document["document"]["tally"]) == {entry["key"] for entry in document["document"]["sections"]}
    assert "The words are counted" in page
    assert "Your strategy is ready" not in page
    made = markup.read(page).one("section", aria_labelledby="made-heading")
    assert [one.text for one in made.all("summary")] == ["Reading", "Counting"]
    assert len(made.all("details")[1].all("dt")) == len(document["document"]["sections"])


def test_the_file_of_the_page_keeps_the_rules_of_the_house(project: Path) -> None:
    path, _ = source()

    for tool in (["ruff", "check", "-q"], ["ruff", "format", "-q", "--check"]):
        subprocess.run([str(Path(sys.executable).parent / tool[0]), *tool[1:], str(path)], cwd=project, check=True)
