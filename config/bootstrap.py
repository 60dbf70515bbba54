"""
From a bare machine to a running project: finds a fitting Python, makes ``.venv``, installs from the lock file.

Run by any Python 3, before anything is installed, so it uses nothing but the standard library and old syntax.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LEAST = (3, 12)
LOCKS = {
    "run": "requirements.lock",
    "test": "requirements-dev.lock",
    "bench": "requirements-dev.lock",
    "ledger": "requirements-dev.lock",
}


def say(text):
    """Tell whoever waits what is being done."""
    print("· " + text, flush=True)


def stop(text):
    """End, saying plainly what is missing."""
    sys.exit("\n✗ " + text)


def version(command):
    """Return the version of a Python as a tuple, or None where it does not run."""
    try:
        out = subprocess.run(
            [command, "-c", "import sys; print(*sys.version_info[:3])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if out.returncode:
        return None
    return tuple(int(part) for part in out.stdout.split())


def candidates():
    """Yield what may be a fitting Python: this one, those on PATH, those that pyenv and uv keep."""
    yield sys.executable
    for minor in range(20, LEAST[1] - 1, -1):
        yield "python3.%d" % minor
    yield "python3"
    for pattern in ("~/.pyenv/versions", "~/.local/share/uv/python", "/opt/homebrew/bin", "/usr/local/bin"):
        folder = os.path.expanduser(pattern)
        for name in sorted(os.listdir(folder), reverse=True) if os.path.isdir(folder) else ():
            path = os.path.join(folder, name)
            if os.path.isdir(path):
                yield os.path.join(path, "bin", "python3")
            elif re.match(r"python3\.\d+$", name):
                yield path


def find_python():
    """Return a Python that fits, or stop."""
    seen = []
    for command in candidates():
        found = version(command)
        if found and found >= LEAST:
            return command
        if found:
            seen.append(".".join(map(str, found)))
    stop(
        "Strategy Stream needs Python %d.%d or newer; found only %s.\n"
        "  Install one (python.org, your system's packages, pyenv or uv) and run this again."
        % (LEAST + (", ".join(sorted(set(seen))) or "none",))
    )


def install(lock):
    """Make ``.venv`` what the lock file says; at once where it is that already."""
    with open(os.path.join(ROOT, lock), "rb") as file:
        wanted = lock + " " + hashlib.sha256(file.read()).hexdigest()
    stamp = os.path.join(VENV, "installed")
    current = ""
    if os.path.exists(stamp) and version(PYTHON):
        with open(stamp) as file:
            current = file.read()
    # What tests need includes what running needs.
    if wanted in current.splitlines():
        return
    if not version(PYTHON):
        python = find_python()
        say("Making .venv with Python %s" % ".".join(map(str, version(python))))
        shutil.rmtree(VENV, ignore_errors=True)
        if subprocess.run([python, "-m", "venv", VENV], check=False).returncode:
            stop("%s could not make a virtual environment (on Debian and Ubuntu: install python3-venv)." % python)
    say("Installing packages from %s (the first time this takes a minute or three)" % lock)
    path = os.path.join(ROOT, lock)
    uv = shutil.which("uv")
    if uv:
        command = [uv, "pip", "install", "--python", PYTHON, "--require-hashes", "-r", path]
    else:
        command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--require-hashes"]
        command += ["--progress-bar", "off", "-r", path]
    if not run_shown(command):
        stop("Packages could not be installed; the lines above say why. Is the network there?")
    with open(stamp, "w") as file:
        file.write("\n".join(sorted({wanted} | (set() if lock == LOCKS["run"] else {run_stamp()}))))


def run_stamp():
    """Return the stamp of the lock file for running."""
    with open(os.path.join(ROOT, LOCKS["run"]), "rb") as file:
        return LOCKS["run"] + " " + hashlib.sha256(file.read()).hexdigest()


def run_shown(command):
    """Run an installer; show a line for each package, all it said where it failed."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    said, count = [], 0
    for line in process.stdout:
        said.append(line)
        name = re.match(r"Collecting ([^\s=]+)", line)
        if name:
            count += 1
            if sys.stdout.isatty():
                print("\r\033[K  %d  %s" % (count, name.group(1)), end="", flush=True)
            elif count % 10 == 1:
                print("  %d  %s …" % (count, name.group(1)), flush=True)
    if sys.stdout.isatty():
        print("\r\033[K", end="")
    if process.wait():
        sys.stdout.write("".join(said[-30:]))
        return False
    return True


def is_current(folder):
    """Whether the packages of a folder are those of its lock file: npm writes down what it installed, when it did."""
    done = os.path.join(folder, "node_modules", ".package-lock.json")
    lock = os.path.join(folder, "package-lock.json")
    return os.path.exists(done) and os.path.getmtime(done) >= os.path.getmtime(lock)


def install_scripts():
    """Install what tests of the browser client need from npm; without it those tests say that they were skipped."""
    npm = shutil.which("npm")
    for name, what in (
        ("parsers", "parsers of event streams"),
        ("types", "the type checker of scripts"),
        ("react", "React and a page for it"),
        ("axe", "the checker of accessibility"),
    ):
        folder = os.path.join(ROOT, "tests", "js", name)
        if npm is None or is_current(folder):
            continue
        say("Installing %s, for tests" % what)
        if not run_shown([npm, "ci", "--prefix", folder, "--no-audit", "--no-fund", "--fetch-retries", "1"]):
            say("They could not be installed; tests that need them are skipped")


def main(what):
    """Install, then become the command."""
    os.chdir(ROOT)
    install(LOCKS.get(what, LOCKS["run"]))
    if what == "test":
        install_scripts()
    commands = {
        "run": [PYTHON, "manage.py", "run"],
        "test": [PYTHON, "tests/suite.py"],
        "bench": [PYTHON, "-m", "benchmarks"],
        "ledger": [PYTHON, "-m", "tests.faults", "--runs", os.environ.get("RUNS", "20")]
        + os.environ.get("LEDGER", "").split(),
    }
    if what in commands:
        os.execv(PYTHON, commands[what] + sys.argv[2:])


if __name__ == "__main__":
    main(sys.argv[1])
