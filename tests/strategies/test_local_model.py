"""The model engine against a real, small model: what a stand-in would only claim."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from strategies import sections
from strategies.engines import model
from tests import live, local_model
from tests.strategies import canonical

pytestmark = [
    pytest.mark.skipif(bool(local_model.lacking()), reason=local_model.lacking() or "it is installed"),
    pytest.mark.timeout(900),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The model's server, running."""
    port = live.free_port()
    command = [sys.executable, "-m", "tests.local_model", "--port", str(port)]
    server = subprocess.Popen(command, cwd=live.ROOT, env=dict(os.environ), stderr=subprocess.DEVNULL)
    try:
        live.wait_for(lambda: _answers(port), what="the model's server")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(10)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def test_a_section_by_the_schema_is_streamed_and_its_tokens_are_counted(address: str, settings: Any) -> None:
    settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = address, ""
    settings.STRATEGIES_MODEL_TIMEOUT_SECONDS = 600
    material = canonical.material(canonical.request("bakery"))
    shown: list[str] = []
    began = time.monotonic()

    engine = model.Model("openai:smollm2")
    written = asyncio.run(engine.write("performance_predictions", material, show=shown.append))

    print(f"{time.monotonic() - began:.0f} s, {written.tokens_in} tokens in, {written.tokens_out} out")
    assert sections.compose("performance_predictions", written.draft, material)
    assert shown
    assert all(written.raw.startswith(beginning) for beginning in shown)
    assert written.tokens_in > 1_000
    assert written.tokens_out > 10
    assert written.cost is None
