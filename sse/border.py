"""
The one border between async code and the ORM.

Promise 11: a stream holds no thread and no database connection. A bounded pool of threads queries for all of them; each
keeps its connection for a minute, since to connect costs more than most of what is asked.
"""

import asyncio
import contextlib
import contextvars
import functools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from . import conf

KEEP_SECONDS: Final = 60.0
_NAME: Final = "sse-border"

# Whether ``sse.testing`` watches: then whoever waits for the event loop queries, whose open transaction is the test's.
_in_test = False


@contextlib.contextmanager
def in_test() -> Iterator[None]:
    """Query in the thread of whoever waits for the event loop."""
    global _in_test
    _in_test = True
    try:
        yield
    finally:
        _in_test = False


@functools.cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(conf.THREADS, thread_name_prefix=_NAME)


@receiver(connection_created, dispatch_uid="sse.border")
def _keep(connection: Any, **_: Any) -> None:
    # ``CONN_MAX_AGE`` is for requests, whose threads come and go under ASGI. These threads stay, and are few.
    if threading.current_thread().name.startswith(_NAME) and connection.close_at is not None:
        connection.close_at = max(connection.close_at, time.monotonic() + KEEP_SECONDS)


def waiting() -> int:
    """Return how many queries wait for a thread."""
    return _pool()._work_queue.qsize()


async def cross[**P, T](function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a sync function that queries in one of the pool's threads. What must be one transaction is one function."""
    if _in_test:
        return await sync_to_async(function)(*args, **kwargs)

    def call() -> T:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    # The caller's context, so that what is set in there stays in there: translation, request, log fields.
    return await asyncio.get_running_loop().run_in_executor(_pool(), contextvars.copy_context().run, call)
