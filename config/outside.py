"""
A stream as a browser sees it: what stands between the two, and what that does to it.

Each look yields its name with None where all is well, what is wrong and what to do, or an ``Advice``.
"""

import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import sse
from config.listener import Cut, Late, Listener

# Longer than any honest network takes for a first event.
HELLO_SECONDS: Final = 8.0
SLOW_SECONDS: Final = 2.0
CLOCK_SECONDS: Final = 2.0
# A heartbeat is waited for no longer than this.
MAX_HEARTBEAT_SECONDS: Final = 60.0


class Advice(str):
    """What could be better, though nothing is wrong."""


def version(url: str) -> str | None:
    """Say where browsers are held to six connections."""
    address = urlsplit(url)
    advice = Advice(
        "the site speaks HTTP/1.1, over which a browser opens six connections to it and no more: a user's seventh open "
        "stream waits for ever. The pages share one among all tabs; let a proxy speak HTTP/2 for other clients"
    )
    if address.scheme != "https":
        return advice
    context = ssl.create_default_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    host = address.hostname or ""
    try:
        with (
            socket.create_connection((host, address.port or 443), timeout=HELLO_SECONDS) as raw,
            context.wrap_socket(raw, server_hostname=host) as secure,
        ):
            return None if secure.selected_alpn_protocol() == "h2" else advice
    except OSError as error:
        return f"TLS: {error}"


def examine(url: str, topic: str, cookies: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """Look at a stream of ``topic``, whose watcher the cookies stand for; the topic has no events yet."""
    listener = Listener(url, topic, cookies)
    try:
        hello: dict[str, Any] = {}
        fault = _head(listener) or _greeting(listener, hello)
        yield "stream", fault
        if fault:
            return
        yield "clock of the site", _clock(hello)
        yield "events on the way", _delivery(listener, topic)
        yield "Last-Event-ID", _resumption(url, topic, cookies)
        yield "heartbeat", _heartbeat(listener, float(hello["heartbeat_seconds"]))
    finally:
        listener.leave()


def _head(listener: Listener) -> str | None:
    try:
        answer = listener.answer(HELLO_SECONDS)
    except Late:
        return f"no answer in {HELLO_SECONDS:.0f} s: a proxy buffers. For nginx: proxy_buffering off for /sse/"
    except Cut as cut:
        return f"it broke: {cut}"
    if answer.status_code != 200:
        return f"it answered {answer.status_code}: {answer.text[:200]}"
    encoding = answer.headers.get("content-encoding", "identity")
    if encoding != "identity":
        return f"something compresses it ({encoding}); Chromium reads the first piece alone. Switch that off for /sse/"
    type = answer.headers.get("content-type", "")
    return None if type.startswith("text/event-stream") else f"its Content-Type is {type!r}, not text/event-stream"


def _greeting(listener: Listener, hello: dict[str, Any]) -> str | None:
    try:
        hello |= listener.until(lambda event: event.get("type") == "hello", HELLO_SECONDS)
    except Late:
        return f"no hello in {HELLO_SECONDS:.0f} s: a proxy buffers. For nginx: proxy_buffering off for /sse/"
    except Cut as cut:
        return f"it was cut before its first event: {cut}"
    hello["heard"] = time.time()
    return None


def _clock(hello: Mapping[str, Any]) -> str | None:
    ahead = datetime.fromisoformat(hello["timestamp"]).timestamp() - float(hello["heard"])
    if abs(ahead) <= CLOCK_SECONDS:
        return None
    return f"it is {ahead:+.1f} s from this machine's; run an NTP client on both, or times on pages are wrong"


def _delivery(listener: Listener, topic: str) -> str | None:
    began = time.monotonic()
    number = sse.publish(topic, "status", {"message": "Is anybody there?"})
    try:
        listener.until(lambda event: event.get("seq") == number, HELLO_SECONDS)
    except Late:
        return f"one published here did not arrive in {HELLO_SECONDS:.0f} s; do both use one Redis and one database?"
    except Cut as cut:
        return f"the stream was cut before one arrived: {cut}"
    took = time.monotonic() - began
    return f"one took {took:.1f} s: Redis does not carry it, or a proxy buffers" if took > SLOW_SECONDS else None


def _resumption(url: str, topic: str, cookies: Mapping[str, str]) -> str | None:
    first = sse.publish(topic, "status", {"message": "This one was seen."})
    wanted = sse.publish(topic, "status", {"message": "This one was not."})
    again = Listener(url, topic, cookies, cursor=str(first))
    try:
        got = again.until(lambda event: "seq" in event, HELLO_SECONDS)["seq"]
    except (Late, Cut) as error:
        return f"a second stream that went on from event {first} brought nothing: {error or 'it was silent'}"
    finally:
        again.leave()
    if got == wanted:
        return None
    return f"a reader that comes back gets everything again: something drops the header (asked past {first}, got {got})"


def _heartbeat(listener: Listener, seconds: float) -> str | None:
    patience = min(seconds * 2, MAX_HEARTBEAT_SECONDS)
    began = time.monotonic()
    try:
        listener.until(lambda event: event.get("type") == "heartbeat", patience)
    except Cut as cut:
        silent = time.monotonic() - began
        return (
            f"the stream was cut after {silent:.0f} s of waiting for one (SSE_HEARTBEAT_SECONDS is {seconds:g}): {cut}. "
            "Let the proxy wait longer. For nginx: proxy_read_timeout for /sse/"
        )
    except Late:
        if seconds > MAX_HEARTBEAT_SECONDS:
            return Advice(
                f"none in {patience:.0f} s: SSE_HEARTBEAT_SECONDS is {seconds:g}, and many proxies cut at 60 s"
            )
        return f"none in {patience:.0f} s, though the server sends one every {seconds:g} s: something keeps it back"
    return None
