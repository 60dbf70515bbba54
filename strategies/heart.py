"""The heart of a worker: a thread that renews the leases of what it holds."""

import contextlib
import logging
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections

from strategies import jobs

logger = logging.getLogger(__name__)


class Heart(threading.Thread):
    """
    Beats for the worker ``name``: renews the leases of what ``held`` returns, and calls ``lost`` with each that is gone.

    A thread and connection of its own: neither a busy loop nor a queue for the border's threads may cost a lease. Both
    functions are called in that thread.
    """

    def __init__(self, name: str, *, held: Callable[[], set[uuid.UUID]], lost: Callable[[uuid.UUID], None]) -> None:
        super().__init__(name="heart", daemon=True)
        self._worker = name
        self._held = held
        self._lost = lost
        self._stopped: Future[None] = Future()

    def run(self) -> None:
        """Beat until stopped."""
        while True:
            with contextlib.suppress(TimeoutError):
                self._stopped.result(timeout=settings.STRATEGIES_LEASE_SECONDS / 3)
                return
            self._beat()

    def _beat(self) -> None:
        held = self._held()
        if not held:
            return
        close_old_connections()
        try:
            lost = jobs.beat(self._worker, held)
        except DatabaseError as error:
            logger.warning("leases could not be renewed: %s", error)
            return
        finally:
            close_old_connections()
        for id in lost:
            self._lost(id)

    def stop(self) -> None:
        """Stop beating and wait for the last beat."""
        self._stopped.set_result(None)
        self.join()
