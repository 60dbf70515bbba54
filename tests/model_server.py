"""
A real HTTP server that stands for a model's provider: POST /v1/chat/completions.

    python -m tests.model_server --port 8900 --delay 2.0

Without a script it answers every request with an object that is valid by the request's own JSON schema, made of the
schema's names and the words of the brief; the same request gets the same answer, as a stream where that is asked for.
With a script each call gets its turn (`status`, `reset`, `other_shape` …). GET /calls tells which calls came, in order.
"""

import argparse
import contextlib
import json
import os
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

# What tests give for a key: it may be found nowhere but in requests.
KEY = "sk-live-0123456789abcdef"
# How many entries a list gets whose schema leaves it open.
ENTRIES = 3
# How many characters of a text a stream has in one piece, unless a turn says so itself.
PIECE = 24


class Call(NamedTuple):
    """A request as it came: when, for which section, and its body."""

    time: float
    section: str
    body: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What one call gets. Nothing said is an honest answer."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    # Seconds before the answer, beside the server's own.
    delay: float = 0.0
    # The model's text in place of an honest one.
    text: str | None = None
    # The whole body in place of a completion.
    body: bytes | None = None
    finish_reason: str = "stop"
    # After how many bytes of the body the connection is reset or, with a wrong length, closed.
    reset_after: int | None = None
    usage: Mapping[str, int] | None = field(default_factory=lambda: {"prompt_tokens": 1_200, "completion_tokens": 340})
    model: str = ""
    # Seconds between the pieces of a stream, beside the server's own.
    pause: float = 0.0
    piece: int = PIECE
    # Whether it streams where that is asked for, or answers as a whole all the same.
    streams: bool = True

    @property
    def type(self) -> str:
        """What kind of body this is, where that is not left to the turn's own headers."""
        return "text/html" if (self.body or b"").startswith(b"<") else "application/json"


OK = Turn()


def status(code: int, *, retry_after: str = "", message: str = "as scripted", kind: str = "") -> Turn:
    """Answer with an HTTP error, as OpenAI words them."""
    headers = {"Retry-After": retry_after} if retry_after else {}
    body = json.dumps({"error": {"message": message, "type": kind or None, "code": kind or None}}).encode()
    return Turn(status=code, headers=headers, body=body)


def late(seconds: float) -> Turn:
    """Answer honestly, but only after so long."""
    return Turn(delay=seconds)


def reset(*, after: int = 40) -> Turn:
    """Reset the connection in the middle of an honest answer."""
    return Turn(reset_after=after)


def answer(text: str, *, finish_reason: str = "stop") -> Turn:
    """Answer with this text."""
    return Turn(text=text, finish_reason=finish_reason)


def empty() -> Turn:
    """Answer with nothing."""
    return Turn(text="")


def truncated() -> Turn:
    """Answer with half a JSON object, as at the limit of a model's length."""
    return Turn(text='{"risks": [{"title": "The only wri', finish_reason="length")


def other_shape() -> Turn:
    """Answer with valid JSON that nobody asked for."""
    return Turn(text='{"answer": 42, "notes": ["not", "a", "section"]}')


def whole() -> Turn:
    """Answer honestly, but as a whole, whatever was asked for."""
    return Turn(streams=False)


def stream(*chunks: str, reset_after: int | None = None) -> Turn:
    """Answer with a stream of exactly these lines of data."""
    body = "".join(f"data: {chunk}\n\n" for chunk in chunks).encode()
    return Turn(body=body, headers={"Content-Type": "text/event-stream"}, reset_after=reset_after)


def garbage() -> Turn:
    """Answer with a page of a proxy, and say that all is well."""
    return Turn(body=b"<html><body>Bad gateway, but cheerful</body></html>")


def huge(size: int = 10_000_000) -> Turn:
    """Answer with this many bytes."""
    return Turn(text='{"risks": "' + "x" * size + '"}', piece=4_096)


class Server:
    """A running server, and what it was asked."""

    def __init__(
        self, port: int, *, delay: float, pause: float, script: Sequence[Turn], always: Mapping[str, Turn]
    ) -> None:
        # In the order in which they came.
        self.calls: list[Call] = []
        # The headers of each call, with names in lower case.
        self.headers: list[dict[str, str]] = []
        self.delay, self.pause = delay, pause
        self._script, self._always = list(script), dict(always)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self.stopping = threading.Event()
        self._http = _HTTPServer(("127.0.0.1", port), _handler(self))
        self.port = int(self._http.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}/v1"

    @property
    def sections(self) -> list[str]:
        """The sections that were asked for, in order, each as often as it was."""
        return [call.section for call in self.calls]

    def serve(self) -> None:
        """Answer until ``stop``."""
        self._http.serve_forever(poll_interval=0.02)

    def stop(self) -> None:
        """End every answer that is under way, and all threads."""
        self.stopping.set()
        self._http.shutdown()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self._http.server_close()

    def take(self, body: dict[str, Any], headers: dict[str, str]) -> Turn:
        """Note a call and return its turn."""
        section = find_section(body)
        with self._lock:
            self.calls.append(Call(time.monotonic(), section, body))
            self.headers.append(headers)
            if section in self._always:
                return self._always[section]
            return self._script.pop(0) if self._script else OK

    def opened(self, connection: socket.socket) -> None:
        """Note a connection."""
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection."""
        with self._lock:
            self._open.discard(connection)


class _HTTPServer(ThreadingHTTPServer):
    # Waited for when the server closes, so that no thread or socket outlives a test.
    daemon_threads = False
    request_queue_size = 256


@contextlib.contextmanager
def running(
    *,
    delay: float = 0.0,
    pause: float = 0.0,
    script: Sequence[Turn] = (),
    always: Mapping[str, Turn] | None = None,
    port: int = 0,
) -> Iterator[Server]:
    """
    Run a server in a thread.

    The calls get the turns of ``script`` in order, and honest answers after its end; ``always`` is what every call for
    a section gets. ``pause`` are the seconds between the pieces of a stream.
    """
    server = Server(port, delay=delay, pause=pause, script=script, always=always or {})
    thread = threading.Thread(target=server.serve, name="model-server")
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            server.opened(self.connection)

        def finish(self) -> None:
            server.closed(self.connection)
            with contextlib.suppress(OSError):
                super().finish()

        def do_GET(self) -> None:
            if self.path == "/calls":
                told = [{"time": call.time, "section": call.section} for call in server.calls]
                self._send(200, {}, json.dumps(told).encode())
            elif self.path == "/v1/models":
                self._send(200, {}, b'{"object": "list", "data": []}')
            else:
                self._send(404, {}, b'{"error": {"message": "no such page"}}')

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            if self.path != "/v1/chat/completions":
                self._send(404, {}, b'{"error": {"message": "no such page"}}')
                return
            turn = server.take(body, {name.lower(): value for name, value in self.headers.items()})
            if server.stopping.wait(server.delay + turn.delay):
                self.close_connection = True
                return
            with contextlib.suppress(ConnectionError):
                if turn.body is None and turn.status == 200 and body.get("stream") and turn.streams:
                    self._stream(body, turn)
                    return
                sent = complete(body, turn) if turn.body is None else turn.body
                headers = {"Content-Type": turn.type, **turn.headers}
                self._send(turn.status, headers, sent, reset_after=turn.reset_after)

        def _stream(self, body: dict[str, Any], turn: Turn) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            left = turn.reset_after
            for frame in chunks(body, turn):
                if server.stopping.wait(server.pause + turn.pause):
                    self.close_connection = True
                    return
                if left is not None and left < len(frame):
                    self._reset()
                    return
                left = None if left is None else left - len(frame)
                self.wfile.write(b"%x\r\n%b\r\n" % (len(frame), frame))
            self.wfile.write(b"0\r\n\r\n")

        def _send(self, code: int, headers: Mapping[str, str], body: bytes, *, reset_after: int | None = None) -> None:
            self.send_response(code)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:reset_after])
            if reset_after is not None:
                self._reset()

        def _reset(self) -> None:
            # Closing a socket that may not linger sends RST in place of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            server.closed(self.connection)
            os.close(self.connection.detach())
            self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: a test that wants to know reads ``calls``."""

    return Handler


def complete(request: Mapping[str, Any], turn: Turn) -> bytes:
    """Return a chat completion: the turn's text, or an honest answer to the request."""
    text = json.dumps(draft(request), ensure_ascii=False) if turn.text is None else turn.text
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if request.get("tools") and turn.text is None:
        called = {"name": request["tools"][0]["function"]["name"], "arguments": text}
        message = {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "call_1", "type": "function", "function": called}],
        }
    completion = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_767_225_600,
        "model": turn.model or request.get("model") or "none",
        "choices": [{"index": 0, "message": message, "finish_reason": turn.finish_reason}],
    }
    usage = {"usage": {**turn.usage, "total_tokens": sum(turn.usage.values())}} if turn.usage is not None else {}
    # With escapes: half a character in a text is sent as it would be by a server that has one.
    return json.dumps(completion | usage).encode()


def chunks(request: Mapping[str, Any], turn: Turn) -> Iterator[bytes]:
    """Return the same as a stream: its text in pieces, and last, where that was asked for, what it used."""
    completion = json.loads(complete(request, turn))
    choice, usage = completion["choices"][0], completion.pop("usage", None)
    text = choice["message"]["content"] or ""
    deltas = [{"content": text[start : start + turn.piece]} for start in range(0, len(text), turn.piece)]
    told = {**completion, "object": "chat.completion.chunk"}
    for delta in [{"role": "assistant", "content": ""}, *deltas]:
        yield _frame({**told, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    yield _frame({**told, "choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]})
    if usage and (request.get("stream_options") or {}).get("include_usage"):
        yield _frame({**told, "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def _frame(chunk: Mapping[str, Any]) -> bytes:
    return b"data: %b\n\n" % json.dumps(chunk).encode()


# --- what is asked -----------------------------------------------------------------------------------------------------


def find_section(request: Mapping[str, Any]) -> str:
    """Return the name that the request gives to what it asks for."""
    name: str = (request.get("response_format") or {}).get("json_schema", {}).get("name", "")
    if not name and request.get("tools"):
        name = request["tools"][0]["function"]["name"]
    return name


def find_schema(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON schema of what is asked for; without any parameter, the one in the messages."""
    schema: dict[str, Any] = (request.get("response_format") or {}).get("json_schema", {}).get("schema", {})
    if not schema and request.get("tools"):
        schema = request["tools"][0]["function"]["parameters"]
    return schema or next((found for found in read_objects(request) if "properties" in found), {"type": "object"})


def read_objects(request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the JSON objects that stand in the messages, each on a line of its own."""
    for message in request.get("messages", []):
        for line in str(message.get("content", "")).splitlines():
            if line.startswith("{"):
                with contextlib.suppress(ValueError):
                    yield json.loads(line)


# --- what is answered --------------------------------------------------------------------------------------------------


def draft(request: Mapping[str, Any]) -> Any:
    """Return what is asked for, valid by its schema."""
    brief: Mapping[str, Any] = next((found["answers"] for found in read_objects(request) if "answers" in found), {})
    pieces: list[Any] = next((found["pieces"] for found in read_objects(request) if "pieces" in found), [])
    schema = find_schema(request)
    return _Writer(schema.get("$defs", {}), brief, ids=[piece["id"] for piece in pieces]).value(schema, "", 0)


class _Writer:
    """Fills a schema, the same way each time."""

    def __init__(self, definitions: Mapping[str, Any], brief: Mapping[str, Any], *, ids: Sequence[str] = ()) -> None:
        self._definitions, self._brief, self._ids = definitions, brief, ids
        self._words = re.findall(r"\w{4,}", json.dumps(list(brief.values()), ensure_ascii=False)) or ["word"]

    def value(self, schema: Mapping[str, Any], name: str, index: int) -> Any:
        if "$ref" in schema:
            return self.value(self._definitions[schema["$ref"].rpartition("/")[2]], name, index)
        if "anyOf" in schema:
            return self.value(schema["anyOf"][0], name, index)
        if "enum" in schema:
            return schema["enum"][index % len(schema["enum"])]
        match schema.get("type"):
            case "object":
                members = schema.get("properties", {})
                return {member: self.value(entry, member, index) for member, entry in members.items()}
            case "array":
                return self._list(schema, name)
            case "integer" | "number":
                low = schema.get("minimum", 0)
                return low + index % (schema.get("maximum", low + 10) - low + 1)
            case "boolean":
                return index % 2 == 0
        return self._text(name, index)

    def _list(self, schema: Mapping[str, Any], name: str) -> list[Any]:
        if name == "fields":
            return sorted(self._brief)[:2]
        many = max(schema.get("minItems", 0), len(self._names()) if name == "competitors" else ENTRIES)
        if name == "pieces" and self._ids:
            many = len(self._ids)
        if name == "phases":
            # One for each key that there may be.
            many = 4
        many = min(many, schema.get("maxItems", many))
        entries = schema.get("prefixItems") or [schema["items"]] * many
        return [self.value(entry, name, index) for index, entry in enumerate(entries)]

    def _text(self, name: str, index: int) -> str:
        if name == "name" and index < len(self._names()):
            return self._names()[index]
        if name == "id" and index < len(self._ids):
            return self._ids[index]
        start = index * 5 + len(name)
        words = [self._words[(start + offset) % len(self._words)] for offset in range(6)]
        return f"{name.replace('_', ' ').capitalize()} {index + 1}: {' '.join(words)}."

    def _names(self) -> list[str]:
        rivals = self._brief.get("top_competitors", [])
        # In words where the prompt is a short one.
        return [rival["name"] for rival in rivals] if isinstance(rivals, list) else []


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description="Stands for a model's provider.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between the pieces of a stream")
    given = parser.parse_args()
    server = Server(given.port, delay=given.delay, pause=given.pause, script=(), always={})
    print(f"OPENAI_BASE_URL={server.url}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve()


if __name__ == "__main__":
    main()
