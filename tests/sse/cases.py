"""The cases of cases.json, and a real HTTP server that tells each of them, in pieces where the case says so."""

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sse import events

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cases.json").read_text())
NAMES = sorted({event["event"] for case in CASES for event in case["expect"]} | {"one", "two"})


def written(case: dict[str, Any]) -> bytes:
    """Return a case's bytes: as our encoder writes them, or as they stand."""
    if "wire" in case:
        return str(case["wire"]).encode()
    given = case["encode"]
    data = given["data"] * given.get("repeat", 1)
    return events.encode(data=data.encode(), event=given["event"], id=given["id"], retry=given["retry"])


def expected(case: dict[str, Any]) -> list[dict[str, str]]:
    """Return the events that a parser by the standard dispatches."""
    told = []
    for event in case["expect"]:
        rest = {name: value for name, value in event.items() if name != "repeat"}
        told.append({**rest, "data": event["data"] * event.get("repeat", 1)})
    return told


def deviates(case: dict[str, Any], parser: str) -> bool:
    """Whether a parser is known not to read a case as the standard says."""
    return parser in case.get("deviates", {})


class _Teller(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not self.path.startswith("/case/"):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        case = CASES[int(self.path.rpartition("/")[2])]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Connection", "close")
        self.end_headers()
        data = written(case)
        step = case.get("every") or len(data) or 1
        with contextlib.suppress(OSError):
            for start in range(0, len(data), step):
                self.wfile.write(data[start : start + step])
        self.close_connection = True

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def told() -> Iterator[str]:
    """Serve all cases; give the address to which a case's number is added."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Teller)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/case/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
