"""Who is compared: how each is started, how one publishes to it, and what it says first."""

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import hiredis

from benchmarks import process
from benchmarks.process import Server

NCHAN = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
SERVERS = Path(__file__).parent / "servers"


@dataclass
class Place:
    """What a run of the benchmarks has: a folder, a Redis, a session for what asks who one is."""

    folder: Path
    redis: str
    session: str


@dataclass(frozen=True)
class Contender:
    """One server that is compared."""

    name: str
    start: Callable[[Place, int], contextlib.AbstractContextManager[Server]]
    # The bytes that publish a JSON text on a topic, and where they go to (None: Redis).
    command: Callable[[str, str], bytes]
    hello: bytes
    own_port: bool = False


def _program(module: str, *more: str) -> Callable[[Place, int], contextlib.AbstractContextManager[Server]]:
    def start(place: Place, port: int) -> contextlib.AbstractContextManager[Server]:
        command = [sys.executable, "-m", f"benchmarks.servers.{module}", str(port), place.redis, *more]
        return process.running(command, port, cores=process.SERVER, log=place.folder / f"{module}.log")

    return start


def _serve(place: Place, port: int) -> contextlib.AbstractContextManager[Server]:
    return process.running(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        port,
        cores=process.SERVER,
        log=place.folder / "ours.log",
        environment={"DJANGO_SETTINGS_MODULE": "benchmarks.servers.project"},
    )


@contextlib.contextmanager
def _nchan(place: Place, port: int) -> Iterator[Server]:
    text = (SERVERS / "nchan.conf").read_text().format(folder=place.folder, port=port, module=NCHAN)
    path = place.folder / "nginx.conf"
    path.write_text(("user root;\n" if os.getuid() == 0 else "") + text)
    command: list[str | Path] = [shutil.which("nginx") or "nginx", "-c", path, "-p", place.folder]
    with process.running(command, port, cores=process.SERVER, log=place.folder / "nchan.log") as server:
        yield server


def _publish(channel: Callable[[str], str]) -> Callable[[str, str], bytes]:
    return lambda topic, text: hiredis.pack_command((b"PUBLISH", channel(topic), text))  # type: ignore[arg-type]


def _eventstream(topic: str, text: str) -> bytes:
    message = {"channel": topic, "event_type": "progress", "data": text, "pub_id": None}
    packed: bytes = hiredis.pack_command((b"PUBLISH", b"events_channel", json.dumps(message)))  # type: ignore[arg-type]
    return packed


def _post(topic: str, text: str) -> bytes:
    return f"POST /publish?topic={topic} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode()


EVERYBODY = (
    Contender("floor", _program("floor"), _publish(str), b"event: hello"),
    Contender("ours", _serve, _publish("sse:1:topic:{}".format), b"event: hello"),
    Contender("ours, stock handler", _program("stock"), _publish("sse:1:topic:{}".format), b"event: hello"),
    Contender("sse-starlette", _program("starlette_hub"), _publish(str), b"event: hello"),
    Contender("django-eventstream", _program("eventstream"), _eventstream, b"stream-open"),
    Contender("nchan", _nchan, _post, b"\r\n\r\n", own_port=True),
    Contender("plain Django", _program("plain"), _publish(str), b"event: hello"),
)


def present() -> list[Contender]:
    """Return those that this machine can run."""
    nginx = shutil.which("nginx") and NCHAN.exists()
    return [one for one in EVERYBODY if nginx or one.name != "nchan"]
