"""The settings of this project as benchmarks run it: everything as it is, but for limits, heartbeat and topics."""

import os

# Positions are compared with the rows at each heartbeat, and here nothing is in the rows: all is over before that.
os.environ.setdefault("SSE_HEARTBEAT_SECONDS", "300")
os.environ.setdefault("SSE_MAX_STREAM_SECONDS", "0")
os.environ.setdefault("SSE_MAX_STREAMS_PER_USER", "100000")
os.environ.setdefault("STRATEGIES_MAX_ACTIVE_JOBS_PER_USER", "0")
os.environ.setdefault("SSE_CONNECTS_PER_MINUTE_PER_USER", "1000000")

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.servers"]
