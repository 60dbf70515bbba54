"""
The one border between async code and the ORM.

Promise 11: a stream holds no thread and no database connection. A bounded pool of threads queries for all of them, and
each gives its connection back when a call is done (or keeps it for ``CONN_MAX_AGE``, as anywhere in Django).
"""

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections

from . import conf


@functools.cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(conf.THREADS, thread_name_prefix="sse-border")


async def cross[**P, T](function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a sync function that queries in one of the pool's threads. What must be one transaction is one function."""

    def call() -> T:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_pool(), call)
