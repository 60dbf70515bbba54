"""The project's settings for tests: a data folder of their own, made anew for each run."""

import os
import tempfile
from pathlib import Path
from typing import Any

# Short, since a socket's path lies in it. What is inherited (by a server that a test starts) is kept.
if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="stream-")

# No limits but in the tests of them.
os.environ.setdefault("SSE_MAX_STREAMS_PER_USER", "0")
os.environ.setdefault("SSE_CONNECTS_PER_MINUTE_PER_USER", "0")

from config.settings import *  # noqa: F403
from config.settings import CACHES, DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.extra"]

# A file, so that server processes that tests start see what tests commit.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": Path(os.environ["DATA_DIR"]) / "test.sqlite3"}

# A quarter of a second is what a Redis that is well may take on a machine that has other things to do.
REDIS: Any = CACHES["default"]
REDIS["OPTIONS"] |= {"SOCKET_CONNECT_TIMEOUT": 1.0, "SOCKET_TIMEOUT": 1.0}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ROOT_URLCONF = "tests.urls"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STRATEGIES_LEASE_SECONDS = float(os.environ.get("TEST_LEASE_SECONDS", "15"))
SSE_SEND_TIMEOUT_SECONDS = float(os.environ.get("TEST_SEND_TIMEOUT_SECONDS", "20"))
# Web servers that tests start stand for the public web.
STRATEGIES_FETCH_TRUSTED = tuple(os.environ.get("TEST_FETCH_TRUSTED", "").split())
SSE_RECHECK_SECONDS = float(os.environ.get("TEST_RECHECK_SECONDS", "45"))
