"""A reader that speaks HTTP byte by byte: for what no honest client sends."""

import socket
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests import live


class Wire:
    """One connection to a server."""

    def __init__(self, url: str, *, seconds: float = live.PATIENCE_SECONDS) -> None:
        address = urlsplit(url)
        self.host = address.netloc
        self.socket = socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=seconds)
        self.heard = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def ask(
        self,
        method: str,
        path: str,
        *headers: bytes,
        visitor: live.Visitor | None = None,
        body: bytes = b"",
        version: str = "1.1",
    ) -> None:
        """Send a request, with the visitor's cookies and token."""
        lines = [f"{method} {path} HTTP/{version}".encode(), f"Host: {self.host}".encode(), *headers]
        if visitor:
            lines.append(b"Cookie: " + "; ".join(f"{n}={v}" for n, v in visitor.cookies.items()).encode())
            lines.append(b"X-CSRFToken: " + visitor.cookies["csrftoken"].encode())
        if body:
            lines.append(b"Content-Length: %d" % len(body))
        self.socket.sendall(b"\r\n".join([*lines, b"", body]))

    def get(self, path: str, *headers: bytes, visitor: live.Visitor | None = None) -> None:
        """Send a GET."""
        self.ask("GET", path, *headers, visitor=visitor)

    def until(self, end: bytes) -> bytes:
        """Read until ``end`` was heard, and return all up to there; the rest is kept for the next call."""
        while end not in self.heard:
            chunk = self.socket.recv(65_536)
            assert chunk, f"the server hung up after {self.heard[-500:]!r}"
            self.heard += chunk
        told, _, self.heard = self.heard.partition(end)
        return told + end

    def answer(self) -> tuple[int, bytes]:
        """Read an answer with a length, or none; return its status and its whole head."""
        head = self.until(b"\r\n\r\n")
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                size = int(line.partition(b":")[2])
                while len(self.heard) < size:
                    self.heard += self.socket.recv(65_536)
                self.heard = self.heard[size:]
        return int(head.split()[1]), head
