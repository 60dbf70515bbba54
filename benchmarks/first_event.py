"""
From "start" to the first event in a browser, with an idle worker.

A real Chromium posts the job and opens an EventSource; the clock is the page's. ``queued`` is the first event, stored by
the request itself; ``running`` is the first that the worker tells.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent
RUNS = 40
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

SCRIPT = """
async (id) => {
  const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
  const headers = {"Content-Type": "application/json", "X-CSRFToken": token};
  const began = performance.now();
  const answer = await fetch(`/api/strategies/${id}/jobs`, {method: "POST", headers, body: '{"kind":"strategy"}'});
  const job = await answer.json();
  const source = new EventSource(job.stream_url);
  const seen = {answered: performance.now() - began};
  return await new Promise((resolve) => {
    source.addEventListener("status", (event) => {
      seen[JSON.parse(event.data).status] ??= performance.now() - began;
    });
    source.addEventListener("complete", () => {
      seen.complete = performance.now() - began;
      source.close();
      resolve(seen);
    });
  });
}
"""


def run() -> dict[str, Any]:
    """Return p50 and p99 in milliseconds of each stage."""
    with site() as url, sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page()
        page.goto(url)
        page.fill("input[name=username]", "demo")
        page.fill("input[name=password]", "benchmark")
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{url}/")
        strategy = _strategy(page)
        times = [page.evaluate(SCRIPT, strategy) for _ in range(RUNS + 2)][2:]
        browser.close()
    return {
        stage: _figures(stage, [one[stage] for one in times]) for stage in ("answered", "queued", "running", "complete")
    }


def _strategy(page: Page) -> str:
    brief = (ROOT / "tests" / "briefs" / "bakery.json").read_text()
    script = """
    async (brief) => {
      const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
      const headers = {"Content-Type": "application/json", "X-CSRFToken": token};
      return (await (await fetch("/api/strategies", {method: "POST", headers, body: brief})).json()).id;
    }
    """
    return str(page.evaluate(script, brief))


def _figures(stage: str, values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    figures = {"p50_ms": round(statistics.median(ordered), 1), "p99_ms": round(ordered[-1], 1)}
    print(f"  {stage:10} p50 {figures['p50_ms']:8.1f} ms   p99 {figures['p99_ms']:8.1f} ms   ({len(values)} runs)")
    return figures


def chromium() -> str:
    """Return the browser's path, or stop."""
    for name in CHROMIUM:
        if found := shutil.which(name):
            return found
    sys.exit("There is no Chromium here: install Debian's package chromium.")


@contextlib.contextmanager
def site() -> Iterator[str]:
    """The whole project on a port of its own, as ``make run`` starts it."""
    folder = tempfile.mkdtemp(prefix="bench-")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"DATA_DIR": folder, "PORT": str(port), "DEMO_PASSWORD": "benchmark"}
    with open(os.path.join(folder, "log"), "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            _wait(f"http://127.0.0.1:{port}/health/ready")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            shutil.rmtree(folder, ignore_errors=True)


def _wait(url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
            if json.load(answer)["status"] == "ready":
                return
        if time.monotonic() > deadline:
            sys.exit(f"{url} was not ready after 60 s.")
        time.sleep(0.1)
