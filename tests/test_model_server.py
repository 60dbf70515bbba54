"""The server that stands for a provider: other tests are worth what it is worth."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests import live, model_server

SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "rating": {"type": "integer", "minimum": 4, "maximum": 5},
        "level": {"enum": ["High", "Low"]},
        "parts": {"type": "array", "minItems": 5, "maxItems": 6, "items": {"$ref": "#/$defs/Part"}},
        "one": {"type": "array", "maxItems": 1, "items": {"type": "boolean"}},
    },
    "$defs": {"Part": {"type": "object", "properties": {"level": {"enum": ["High", "Low"]}}}},
}
FORM = {"type": "json_schema", "json_schema": {"name": "anything", "schema": SCHEMA}}


def ask(server: model_server.Server, **options: Any) -> httpx.Response:
    body = {"model": "m", "messages": [{"role": "user", "content": "Write."}], "response_format": FORM}
    return httpx.post(f"{server.url}/chat/completions", json=body | options, timeout=60)


def text(response: httpx.Response) -> str:
    said: str = response.json()["choices"][0]["message"]["content"]
    return said


def test_an_honest_answer_keeps_to_the_schema_of_the_request() -> None:
    request = {"messages": [], "response_format": FORM}

    made = model_server.draft(request)

    assert isinstance(made["title"], str)
    assert made["rating"] in (4, 5)
    assert made["level"] in ("High", "Low")
    assert 5 <= len(made["parts"]) <= 6
    assert {part["level"] for part in made["parts"]} == {"High", "Low"}
    assert len(made["one"]) == 1


def test_the_same_request_gets_the_same_answer() -> None:
    with model_server.running() as server:
        assert text(ask(server)) == text(ask(server))


def test_answers_use_the_words_of_the_brief() -> None:
    brief = '{"answers": {"business_objectives": ["Sell umbrellas"], "top_competitors": [{"name": "The sun"}]}}'
    schema = {"type": "object", "properties": {"title": {"type": "string"}, "name": {"type": "string"}}}
    form = {"type": "json_schema", "json_schema": {"name": "any", "schema": schema}}

    made = model_server.draft({"messages": [{"role": "user", "content": brief}], "response_format": form})

    assert "umbrellas" in made["title"]
    assert made["name"] == "The sun"


def test_a_request_with_tools_gets_a_call_of_the_first() -> None:
    tool = {"type": "function", "function": {"name": "final", "parameters": SCHEMA}}

    with model_server.running() as server:
        message = ask(server, response_format=None, tools=[tool]).json()["choices"][0]["message"]

        assert message["tool_calls"][0]["function"]["name"] == "final"
        assert server.sections == ["final"]


def test_calls_get_the_turns_of_the_script_and_then_honest_answers() -> None:
    with model_server.running(script=[model_server.status(429, retry_after="7"), model_server.empty()]) as server:
        first, second, third = (ask(server) for _ in range(3))

    assert (first.status_code, first.headers["retry-after"]) == (429, "7")
    assert text(second) == ""
    assert "title" in text(third)
    assert [call.section for call in server.calls] == ["anything"] * 3
    assert server.calls[0].time < server.calls[1].time < server.calls[2].time


def test_a_section_may_always_get_the_same_turn() -> None:
    with model_server.running(script=[model_server.empty()], always={"anything": model_server.status(500)}) as server:
        codes = [ask(server).status_code for _ in range(2)]

    assert codes == [500, 500]


def test_a_reset_comes_in_the_middle_of_an_answer() -> None:
    with (
        model_server.running(script=[model_server.reset(after=40)]) as server,
        httpx.stream("POST", f"{server.url}/chat/completions", json={}, timeout=60) as response,
        pytest.raises(httpx.ReadError),
    ):
        response.read()

    assert response.status_code == 200
    assert response.num_bytes_downloaded <= 40 < int(response.headers["content-length"])


def test_stopping_does_not_wait_for_answers_that_are_late() -> None:
    with model_server.running(delay=600) as server:
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{server.url}/chat/completions", json={}, timeout=httpx.Timeout(60, read=0.3))
        live.wait_for(lambda: server.calls)

    assert len(server.calls) == 1


@pytest.fixture
def process() -> Iterator[int]:
    """The server as a process of its own; gives its port."""
    port = live.free_port()
    command = [sys.executable, "-m", "tests.model_server", "--port", str(port), "--delay", "0.2"]
    started = subprocess.Popen(command, cwd=live.ROOT, stdout=subprocess.DEVNULL)
    try:
        live.wait_for(lambda: answers(port), what="the model server")
        yield port
    finally:
        started.terminate()
        started.wait(60)


def answers(port: int) -> bool:
    """Return whether there is a server."""
    try:
        return live.get(f"http://127.0.0.1:{port}/v1/models").is_success
    except httpx.ConnectError:
        return False


def test_a_server_of_its_own_process_tells_its_calls(process: int) -> None:
    address = f"http://127.0.0.1:{process}"

    answer = httpx.post(f"{address}/v1/chat/completions", json={"messages": [], "response_format": FORM}, timeout=60)

    assert answer.elapsed.total_seconds() >= 0.2
    assert [call["section"] for call in live.get(f"{address}/calls").json()] == ["anything"]
