"""Proxies that misbehave as real ones do, each in one way."""

import contextlib
import gzip
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "date", "server"}


class Handler(BaseHTTPRequestHandler):
    """Passes a GET on, and its answer back; what it does to the answer is its server's ``way``."""

    protocol_version = "HTTP/1.0"
    server: "Proxy"

    def do_GET(self) -> None:
        """Pass it on."""
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        if self.server.way == "forget the cursor":
            headers = {name: value for name, value in headers.items() if name.lower() != "last-event-id"}
        url, timeout = self.server.upstream + self.path, 60
        with (
            contextlib.suppress(OSError, httpx.HTTPError),
            httpx.Client(timeout=timeout, trust_env=False) as client,
            client.stream("GET", url, headers=headers) as answer,
        ):
            self._answer(answer)

    def _answer(self, answer: httpx.Response) -> None:
        streams = answer.headers.get("content-type", "").startswith("text/event-stream")
        way = self.server.way if streams else ""
        began = time.monotonic()
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in HOP_BY_HOP and not (way == "compress" and name.lower() == "content-encoding"):
                self.send_header(name, value)
        if way == "compress":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        kept = b""
        for chunk in answer.iter_raw():
            kept += chunk
            if way == "buffer" and len(kept) < 65_536:
                continue
            if way == "cut" and time.monotonic() - began > 0.1 and b"heartbeat" in chunk.split(b"hello")[0]:
                return
            self.wfile.write(changed(kept, way))
            self.wfile.flush()
            kept = b""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def changed(chunk: bytes, way: str) -> bytes:
    """Return what the reader gets in place of ``chunk``."""
    if way == "compress":
        return gzip.compress(chunk)
    if way == "swallow heartbeats":
        return re.sub(rb"event: heartbeat\n.*\n\n", b"", chunk)
    if way == "live in the past":
        return chunk.replace(b'"timestamp":"20', b'"timestamp":"19')
    return chunk


class Proxy(ThreadingHTTPServer):
    """A proxy on a free port, before ``upstream``."""

    daemon_threads = True

    def __init__(self, upstream: str, way: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.upstream, self.way = upstream, way

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


@contextlib.contextmanager
def proxy(upstream: str, way: str) -> Iterator[Proxy]:
    """A proxy that runs."""
    server = Proxy(upstream, way)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.socket.close()
        thread.join()
