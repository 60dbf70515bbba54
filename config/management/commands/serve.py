"""``manage.py serve``: the ASGI server as production runs it."""

import gc
import socket
from types import FrameType
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from sse import conf, hub


class Server(uvicorn.Server):
    """uvicorn, which on SIGTERM first lets the streams say goodbye: by itself it would wait for them for ever."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Drain the streams, then stop as uvicorn does."""
        for one in hub.existing():
            one.drain_soon(conf.DRAIN_SECONDS)
        super().handle_exit(sig, frame)


class Command(BaseCommand):
    """Serves HTTP until it gets SIGTERM or SIGINT."""

    help = "Serve the project: pages, API and event streams, in one process."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.HOST, help=f"address to listen on (default {settings.HOST})")
        parser.add_argument("--port", type=int, default=settings.PORT, help=f"port (default {settings.PORT})")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        server = Server(
            uvicorn.Config(
                "config.asgi:application",
                # Its words too are written as ``config.logs`` does.
                log_config=None,
                log_level="warning",
                access_log=False,
                lifespan="on",
                # uvicorn would believe whatever X-Forwarded-For says to anybody on this machine; see SSE_TRUSTED_PROXIES.
                proxy_headers=False,
                # Where some package brings a library for WebSockets, uvicorn would take over requests for an upgrade.
                ws="none",
                # The streams' window, and two seconds for what else is being answered.
                timeout_graceful_shutdown=int(conf.DRAIN_SECONDS + 2),
            )
        )
        with self._listen(host, port) as listener:
            self.stdout.write(f"Listening on http://{host}:{port}/")
            self.stdout.flush()
            # Objects made at start live for ever: the collector need not look at them again and again.
            gc.collect()
            gc.freeze()
            # And streams live long: with the usual thresholds ten thousand of them are walked again for a few requests.
            gc.set_threshold(10_000, 20, 100)
            # This thread's own connection, opened by the checks at start, would be held for ever.
            connections.close_all()
            server.run(sockets=[listener])

    def _listen(self, host: str, port: int) -> socket.socket:
        try:
            return listen(host, port)
        except OSError as error:
            raise CommandError(f"Cannot listen on {host}:{port}: {error.strerror}.") from None


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket whose connections are given up when a peer acknowledges nothing for a while."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # Inherited by every connection. Closing one whose peer's window is shut would otherwise wait for ever.
        milliseconds = int(conf.SEND_TIMEOUT_SECONDS * 1000)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
    listener.bind((host, port))
    listener.listen(2048)
    listener.setblocking(False)
    return listener
