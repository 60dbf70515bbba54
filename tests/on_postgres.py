"""
Runs the Python tests on a PostgreSQL of their own, started in a temporary folder and gone afterwards.

    python tests/on_postgres.py [pytest arguments]
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def binaries() -> Path:
    """Return the folder of the newest PostgreSQL server here, or stop."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    if on_path is None:
        sys.exit("There is no PostgreSQL server here: install Debian's package postgresql.")
    return Path(on_path).parent


def as_user(name: str | None) -> list[str]:
    """Return what makes a command run as ``name``: PostgreSQL refuses to run as root."""
    return ["setpriv", f"--reuid={name}", f"--regid={name}", "--init-groups"] if name else []


def main() -> int:
    """Make a cluster, run the tests on it, remove it."""
    bin = binaries()
    name = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if name:
            user = pwd.getpwnam(name)
            os.chown(folder, user.pw_uid, user.pw_gid)
        run = as_user(name)
        data = folder / "data"
        options: list[str | Path] = ["-A", "trust", "-U", "stream", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run([*run, bin / "initdb", "-D", data, *options], check=True, stdout=subprocess.DEVNULL, cwd="/")
        serve = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
        control: list[str | Path] = [*run, bin / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        subprocess.run([*control, "-o", serve, "start"], check=True, stdout=subprocess.DEVNULL, cwd="/")
        try:
            host = str(folder).replace("/", "%2F")
            environment = os.environ | {"DATABASE_URL": f"postgres://stream:@{host}/postgres"}
            tests: list[str] = [sys.executable, "-m", "pytest", *sys.argv[1:]]
            return subprocess.run(tests, env=environment, cwd=ROOT, check=False).returncode
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL, cwd="/")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
