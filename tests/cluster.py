"""A PostgreSQL of one's own, in a temporary folder and gone afterwards."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SERVE = "-c listen_addresses='' -c fsync=off -c max_connections=200"


@dataclass(frozen=True)
class Cluster:
    """A running server: its address for ``DATABASE_URL``, and the command that controls it."""

    url: str
    control: list[str]

    def restart(self) -> None:
        """Restart as an operator does in a hurry: whoever is connected loses the connection."""
        subprocess.run([*self.control, "-m", "fast", "restart"], check=True, stdout=subprocess.DEVNULL, cwd="/")


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL server here, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).parent if on_path else None


def as_user(name: str | None) -> list[str]:
    """Return what makes a command run as ``name``: PostgreSQL refuses to run as root."""
    return ["setpriv", f"--reuid={name}", f"--regid={name}", "--init-groups"] if name else []


@contextlib.contextmanager
def postgres(bin: Path) -> Iterator[Cluster]:
    """Make a cluster with the programs in ``bin`` and run it; remove it afterwards."""
    name = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if name:
            user = pwd.getpwnam(name)
            os.chown(folder, user.pw_uid, user.pw_gid)
        run = as_user(name)
        data = str(folder / "data")
        options = ["-A", "trust", "-U", "stream", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run([*run, bin / "initdb", "-D", data, *options], check=True, stdout=subprocess.DEVNULL, cwd="/")
        control = [*run, str(bin / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log")]
        start = [*control, "-o", f"-k {folder} {SERVE}", "start"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL, cwd="/")
        try:
            yield Cluster(f"postgres://stream:@{str(folder).replace('/', '%2F')}/postgres", control)
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL, cwd="/")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
