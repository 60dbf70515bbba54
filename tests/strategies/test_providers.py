"""Which providers there are, what each needs, and that the others than OpenAI are spoken to as it is."""

import asyncio
import importlib.util
import json
import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from config import environment
from strategies.engines import Material, Show, Written, model
from strategies.engines.model.patience import Patience
from strategies.errors import JobFailed, StepFailed
from tests.strategies import canonical
from tests.strategies.test_model import DRAFT, FAST

KEY = "sk-other-0123456789abcdef"
NAMES = {"anthropic": "anthropic:claude-sonnet-5", "google": "google:gemini-2.5-pro"}
LIBRARIES = {"anthropic": "anthropic", "google": "google.genai"}


def is_installed(provider: str) -> bool:
    """Whether a provider's library is there; ``google`` alone is a folder that others share."""
    parts = LIBRARIES[provider].split(".")
    return all(importlib.util.find_spec(".".join(parts[: end + 1])) for end in range(len(parts)))


@pytest.fixture(scope="module")
def material() -> Material:
    return canonical.material(canonical.request("bakery"))


@pytest.fixture(params=list(NAMES))
def provider(request: Any) -> str:
    return str(request.param)


@pytest.fixture
def installed(provider: str) -> str:
    if not is_installed(provider):
        pytest.skip(f"the extra {provider} is not installed")
    return provider


@pytest.fixture(params=["as a whole", "streamed"])
def show(request: Any) -> Show | None:
    return None if request.param == "as a whole" else lambda beginning: None


class Speaker(ThreadingHTTPServer):
    """Answers as Anthropic and Google do: a section, after the statuses that a test has set."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.statuses: list[int] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.bodies: list[dict[str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Speaker

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.server.paths.append(self.path)
        self.server.bodies.append(body)
        code = self.server.statuses.pop(0) if self.server.statuses else 200
        if code != 200:
            message = f"Incorrect key {KEY}"
            error = {"type": "error", "error": {"type": "none", "message": message, "code": code, "status": "NONE"}}
            self._send(code, "application/json", json.dumps(error))
        elif self.path.startswith("/v1/messages"):
            self._anthropic(streamed=bool(body.get("stream")))
        else:
            self._google(streamed="streamGenerateContent" in self.path)

    def _anthropic(self, *, streamed: bool) -> None:
        text, usage = json.dumps(DRAFT), {"input_tokens": 1200, "output_tokens": 340}
        message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-5", "content": []}
        ended = {"stop_reason": "end_turn", "stop_sequence": None}
        if not streamed:
            whole = {**message, "content": [{"type": "text", "text": text}], **ended, "usage": usage}
            return self._send(200, "application/json", json.dumps(whole))
        begun = {**message, "stop_reason": None, "usage": {"input_tokens": 1200, "output_tokens": 1}}
        delta = {"type": "text_delta", "text": text}
        events: list[dict[str, Any]] = [
            {"type": "message_start", "message": begun},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            {"type": "content_block_delta", "index": 0, "delta": delta},
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": ended, "usage": {"output_tokens": 340}},
            {"type": "message_stop"},
        ]
        frames = [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events]
        return self._send(200, "text/event-stream", "".join(frames))

    def _google(self, *, streamed: bool) -> None:
        candidate = {"content": {"role": "model", "parts": [{"text": json.dumps(DRAFT)}]}, "finishReason": "STOP"}
        usage = {"promptTokenCount": 1200, "candidatesTokenCount": 340, "totalTokenCount": 1540}
        told = json.dumps({"candidates": [candidate], "usageMetadata": usage, "modelVersion": "gemini-2.5-pro"})
        if streamed:
            return self._send(200, "text/event-stream", f"data: {told}\n\n")
        return self._send(200, "application/json", told)

    def _send(self, code: int, kind: str, body: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def speaker(settings: Any) -> Iterator[Speaker]:
    server = Speaker()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.ANTHROPIC_BASE_URL = settings.GOOGLE_BASE_URL = f"http://127.0.0.1:{server.server_address[1]}"
    settings.ANTHROPIC_API_KEY = settings.GOOGLE_API_KEY = KEY
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def write(material: Material, name: str, *, show: Show | None = None, patience: Patience = FAST) -> Written:
    return asyncio.run(model.Model(name, patience=patience).write("risk_assessment", material, show=show))


def fail(material: Material, name: str, **options: Any) -> StepFailed:
    with pytest.raises(StepFailed) as caught:
        write(material, name, **options)
    return caught.value


# --- what each needs ---------------------------------------------------------------------------------------------------


def test_a_library_that_is_not_installed_ends_the_job_with_what_to_install(
    material: Material, settings: Any, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    settings.ANTHROPIC_API_KEY = settings.GOOGLE_API_KEY = KEY
    for name in [LIBRARIES[provider], *(f"pydantic_ai.{part}.{provider}" for part in ("models", "providers"))]:
        monkeypatch.setitem(sys.modules, name, None)

    error = fail(material, NAMES[provider])

    assert isinstance(error, JobFailed)
    assert (error.code, error.retryable) == ("model_not_configured", True)
    assert f"pip install 'pydantic-ai-slim[{provider}]'" in error.message


def test_a_key_that_is_missing_is_named(material: Material, settings: Any, provider: str) -> None:
    settings.ANTHROPIC_API_KEY = settings.GOOGLE_API_KEY = ""

    error = fail(material, NAMES[provider])

    assert isinstance(error, JobFailed)
    assert error.code == "model_not_configured"
    assert f"{provider.upper()}_API_KEY is not set" in error.message
    assert error.__context__ is None


@pytest.mark.parametrize("name", ["ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "OPENAI_API_KEY"])
def test_a_key_of_the_environment_is_never_repeated(name: str) -> None:
    assert name in environment.SECRET


# --- how they are spoken to --------------------------------------------------------------------------------------------


def test_a_section_is_written(material: Material, installed: str, speaker: Speaker, show: Show | None) -> None:
    written = write(material, NAMES[installed], show=show)

    assert written.draft == DRAFT
    assert (written.engine, written.tokens_in, written.tokens_out) == (NAMES[installed], 1200, 340)
    assert len(speaker.paths) == 1
    assert any(KEY in value for value in speaker.headers[0].values())
    assert KEY not in speaker.paths[0]


def test_an_answer_is_bounded_in_the_providers_own_words(
    material: Material, installed: str, speaker: Speaker, settings: Any
) -> None:
    settings.STRATEGIES_MODEL_PROMPTS = "compact"
    settings.STRATEGIES_MODEL_ANSWER_TOKENS = 7_000

    write(material, NAMES[installed])

    # Anthropic refuses a schema with lengths: the library moves them into the descriptions.
    asked, said = speaker.bodies[0], json.dumps(speaker.bodies[0])
    bound = asked["max_tokens"] if installed == "anthropic" else asked["generationConfig"]["maxOutputTokens"]
    assert bound == 7_000
    assert ('"maxLength"' in said) is (installed == "google")


@pytest.mark.attack(31)
@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "model_unauthorized"), (404, "model_not_found"), (429, "model_rate_limited"), (503, "model_unavailable")],
)
def test_a_failure_has_its_code_and_sentence_and_not_the_key(
    material: Material,
    installed: str,
    speaker: Speaker,
    show: Show | None,
    caplog: pytest.LogCaptureFixture,
    status: int,
    code: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    speaker.statuses = [status] * 20

    error = fail(material, NAMES[installed], show=show)

    assert error.code == code
    assert error.message.endswith(".")
    assert error.__context__ is None
    assert len(speaker.paths) == (FAST.tries if status in (429, 503) else 1)
    assert KEY not in "".join([caplog.text, *traceback.format_exception(error)])


def test_what_passes_is_waited_for(material: Material, installed: str, speaker: Speaker, show: Show | None) -> None:
    speaker.statuses = [503, 429]

    assert write(material, NAMES[installed], show=show).draft == DRAFT
    assert len(speaker.paths) == 3
