"""
A publisher: a process that publishes until SIGTERM, in transactions, some of which it rolls back.

    python -m tests.faults.publisher --name p0 --seed 7 --log file --rate 15 topic …

It writes each transaction to its log before it goes on: what was committed (topic, number, nonce) and what was not.
SIGUSR1 arms it: it then kills itself between the COMMIT and the PUBLISH of its next transaction.
"""

import argparse
import functools
import json
import os
import random
import signal
import time
from typing import IO, Any

import django


class RolledBack(Exception):
    """The transaction is not meant to be."""


class Publisher:
    """Publishes on its topics at random."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.random = random.Random(options.seed)
        self.log: IO[str] = open(options.log, "a", buffering=1)  # noqa: SIM115 - open for the life of the process
        self.armed = self.stopping = False
        self.count = 0
        signal.signal(signal.SIGUSR1, self._arm)
        signal.signal(signal.SIGTERM, self._stop)

    def _arm(self, *_: Any) -> None:
        self.armed = True

    def _stop(self, *_: Any) -> None:
        self.stopping = True

    def note(self, did: str, told: list[tuple[str, int, str]]) -> None:
        """Write down how a transaction ended."""
        self.log.write(json.dumps({"did": did, "told": told}) + "\n")

    def _die(self, told: list[tuple[str, int, str]]) -> None:
        self.note("committed", told)
        os.kill(os.getpid(), signal.SIGKILL)

    def transact(self, told: list[tuple[str, int, str]]) -> None:
        """Publish one to four events in one transaction; several topics in the order of their names."""
        from django.db import transaction

        import sse

        names = self.random.sample(self.options.topics, min(len(self.options.topics), self.random.choice((1, 1, 2, 3))))
        with transaction.atomic():
            if self.armed:
                # Registered first, so that it runs before the send of any event.
                transaction.on_commit(functools.partial(self._die, told))
            for name in sorted(names):
                for _ in range(self.random.choice((1, 1, 2))):
                    self.count += 1
                    nonce = f"{self.options.name}/{os.getpid()}/{self.count}"
                    filler = "x" * (20_000 if "fat" in name else self.random.randint(0, 200))
                    seq = sse.publish(name, "progress", {"nonce": nonce, "filler": filler})
                    told.append((name, seq, nonce))
            if not self.armed and self.random.random() < 0.15:
                raise RolledBack

    def run(self) -> None:
        """Publish until told to stop; a database that is away is waited for."""
        from django.db import Error, connection

        # A run that was killed leaves nobody behind who publishes for ever.
        parent = os.getppid()
        while not self.stopping and os.getppid() == parent:
            told: list[tuple[str, int, str]] = []
            try:
                self.transact(told)
                self.note("committed", told)
            except RolledBack:
                self.note("rolled back", told)
            except Error:
                self.note("unknown", told)
                connection.close()
                time.sleep(0.2)
            time.sleep(self.random.expovariate(self.options.rate))


def main() -> None:
    """Read the options and publish."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--name", required=True)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--rate", type=float, default=15)
    parser.add_argument("topics", nargs="+")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    publisher = Publisher(options)
    print("publishing", flush=True)
    publisher.run()


if __name__ == "__main__":
    main()
