"""Ports for servers that tests start."""

import contextlib
import random
import socket


def free_port() -> int:
    """
    Return a port that nothing listens on, and that no client is given by chance.

    Linux gives out those from 32768 on: a reader that tries to reach a server which is down could get the very port that
    it tries; it would be connected to itself, and the server could not be started again.
    """
    while True:
        port = random.SystemRandom().randrange(10_000, 32_768)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
