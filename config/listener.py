"""A reader of one stream, which waits for what comes without breaking what does not."""

import json
import queue
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote

import httpx

# Whoever waits gives up before; this only ends what was left behind.
READ_SECONDS: Final = 120.0


class Cut(Exception):
    """The stream ended, as its message tells."""


class Late(Exception):
    """What was waited for did not come in time."""


class Listener(threading.Thread):
    """Reads a stream in the background, so that one can wait for what comes without breaking what doesn't."""

    def __init__(self, url: str, topic: str, cookies: Mapping[str, str], *, cursor: str | None = None) -> None:
        super().__init__(daemon=True)
        self._headers = {"Accept": "text/event-stream", "Accept-Encoding": "gzip, br"}
        if cursor is not None:
            self._headers["Last-Event-ID"] = cursor
        self._url = f"{url}/sse/stream?topic={quote(topic)}"
        self._cookies = dict(cookies)
        self._heard: queue.Queue[dict[str, Any] | httpx.Response | None] = queue.Queue()
        self._left = threading.Event()
        self.why = "its body ended"
        self.start()

    def run(self) -> None:
        """Read until the stream ends or ``leave``."""
        timeout = httpx.Timeout(10, read=READ_SECONDS)
        try:
            with httpx.stream(
                "GET", self._url, headers=self._headers, cookies=self._cookies, timeout=timeout
            ) as answer:
                if answer.status_code != 200:
                    answer.read()
                self._heard.put(answer)
                buffer = ""
                for text in answer.iter_text() if answer.status_code == 200 else ():
                    *blocks, buffer = (buffer + text).split("\n\n")
                    for block in blocks:
                        self._hear(block)
                    if self._left.is_set():
                        return
        except httpx.HTTPError as error:
            self.why = repr(error)[:200]
        finally:
            self._heard.put(None)

    def _hear(self, block: str) -> None:
        fields = dict(line.partition(": ")[::2] for line in block.split("\n"))
        with suppress(ValueError):
            self._heard.put(json.loads(fields.get("data", "")))

    def answer(self, seconds: float) -> httpx.Response:
        """Return the answer's head; raises ``Cut`` or ``Late``."""
        got = self._next(time.monotonic() + seconds)
        assert isinstance(got, httpx.Response)
        return got

    def until(self, wanted: Callable[[dict[str, Any]], bool], seconds: float) -> dict[str, Any]:
        """Return the next event that is wanted; raises ``Cut`` or ``Late``."""
        deadline = time.monotonic() + seconds
        while True:
            event = self._next(deadline)
            if isinstance(event, dict) and wanted(event):
                return event

    def _next(self, deadline: float) -> dict[str, Any] | httpx.Response:
        try:
            got = self._heard.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise Late from None
        if got is None:
            raise Cut(self.why)
        return got

    def leave(self) -> None:
        """Go away at the next byte."""
        self._left.set()
