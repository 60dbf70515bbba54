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
        return sum(cpu_seconds(Path(f"/proc/{pid}/stat").read_text()) for pid in self.pids)

    def kib(self) -> int:
        """Return its resident memory."""
        return sum(int(status(pid)["VmRSS"].split()[0]) for pid in self.pids)

    def threads(self) -> int:
        """Return how many threads it has."""
        return sum(int(status(pid)["Threads"]) for pid in self.pids)


def cpu_seconds(stat: str) -> float:
    """Return the processor time in a text of /proc/PID/stat (proc(5): fields 14 and 15; the name may hold spaces)."""
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def status(pid: int) -> dict[str, str]:
    """Return /proc/PID/status by name."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


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
