"""Server processes on a core of their own, and what they use."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
# The server has the first core for itself; client, publisher and Redis share the second.
SERVER, CLIENT = {0}, {1}


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server, with the processes that it started."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @property
    def pids(self) -> list[int]:
        """The process and its children (nginx serves from one)."""
        found = [self._process.pid]
        with contextlib.suppress(OSError):
            found += map(int, Path(f"/proc/{found[0]}/task/{found[0]}/children").read_text().split())
        return found

    def cpu(self) -> float:
        """Return the seconds of processor time it has used, in user and kernel."""
        return sum(cpu_seconds(pid) for pid in self.pids)

    def kib(self) -> int:
        """Return its resident memory."""
        return sum(int(status(pid)["VmRSS"].split()[0]) for pid in self.pids)

    def threads(self) -> int:
        """Return how many threads it has."""
        return sum(int(status(pid)["Threads"]) for pid in self.pids)

    def databases(self) -> int:
        """Return how many connections to an SQLite file it holds."""
        return sum(open_files(pid, ".sqlite3") for pid in self.pids)


def cpu_seconds(pid: int) -> float:
    """
    Return the processor time of a process and its threads.

    /proc/PID/stat counts in hundredths of a second, a tenth of what a short run uses. This is the kernel's number for
    another process's clock (clock_getcpuclockid(3)): to the nanosecond.
    """
    return time.clock_gettime((~pid << 3) | 2)


def status(pid: int) -> dict[str, str]:
    """Return /proc/PID/status by name."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def open_files(pid: int, suffix: str) -> int:
    """Return how many open files of a process have a name that ends so."""
    count = 0
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):  # closed since
            count += os.readlink(link).endswith(suffix)
    return count


@contextlib.contextmanager
def running(
    command: Sequence[str | Path], port: int, *, cores: set[int], log: Path, environment: dict[str, str] | None = None
) -> Iterator[Server]:
    """Run a server until the block is left; raise ``RuntimeError`` with what it said where it does not come up."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | (environment or {}),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    os.sched_setaffinity(process.pid, cores)
    try:
        _wait(process, port, log)
        yield Server(process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # some of the compared wait for their streams for ever
        process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} did not come up: {log.read_text(errors='replace')[-2000:]}")
