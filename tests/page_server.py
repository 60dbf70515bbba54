"""A real HTTP server that stands for the web: each path gets what a test says, as raw as it likes."""

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Request(NamedTuple):
    """A request as it came; names of headers in lower case."""

    path: str
    headers: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a path gets. ``pause`` are the seconds between its bytes, for a server that drips."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    type: str | None = "text/html; charset=utf-8"
    pause: float = 0.0
    # Said in place of the true one; -1 says none.
    length: int | None = None


def page(text: str, **options: Any) -> Reply:
    """Answer with a page."""
    return Reply(body=text.encode(), **options)


def leads_to(location: str, status: int = 302) -> Reply:
    """Answer with a redirect."""
    return Reply(status=status, headers={"Location": location})


class Server:
    """A running server, and what it was asked."""

    def __init__(self, replies: Mapping[str, Reply], *, context: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.replies = dict(replies)
        self.stopping = threading.Event()
        self._http = _HTTPServer(("127.0.0.1", 0), _handler(self))
        self.port = int(self._http.server_address[1])
        self.scheme = "https" if context else "http"
        if context:
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def place(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Where its pages lie."""
        return f"{self.scheme}://{self.place}"

    def stop(self) -> None:
        """Hang up."""
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: who fetches hangs up as it likes."""


def _handler(server: Server) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.requests.append(Request(self.path, {name.lower(): value for name, value in self.headers.items()}))
            reply = server.replies.get(self.path, Reply(status=404))
            self.send_response(reply.status)
            if reply.type is not None:
                self.send_header("Content-Type", reply.type)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.length != -1:
                self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            self.end_headers()
            self._write(reply)

        def _write(self, reply: Reply) -> None:
            if not reply.pause:
                self.wfile.write(reply.body)
                return
            for byte in reply.body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if server.stopping.wait(reply.pause):
                    return

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


@contextlib.contextmanager
def running(replies: Mapping[str, Reply], *, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server for as long as the block lasts."""
    server = Server(replies, context=context)
    try:
        yield server
    finally:
        server.stop()
