"""
The places of all processes, as Redis counts them.

Each process writes how many streams it holds for each user into a hash; one script counts them by Redis' own clock and
takes a place, so that of fifty connects at once against a limit of five exactly five succeed. A process that has not been
heard of for five seconds is not counted: what a killed one held is free again.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django_redis import get_redis_connection

from . import channels, conf

# Processes that are silent for so long are not counted. A refused reader is told to come back within it.
SILENT_SECONDS: Final = 5.0

_PROCESSES: Final = f"{channels.PREFIX}processes"
_ALL: Final = f"{channels.PREFIX}streams"

# KEYS: processes, everybody's streams, this user's streams, this user's connects.
# ARGV: process, its streams in all and of this user, limit in all and of the user, connects a minute, seconds of silence.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local function others(key)
  local sum = 0
  local held = redis.call('HGETALL', key)
  for i = 1, #held, 2 do
    if held[i] ~= ARGV[1] then
      local beat = redis.call('ZSCORE', KEYS[1], held[i])
      if beat and now - beat < tonumber(ARGV[7]) then sum = sum + held[i + 1]
      elseif not beat or now - beat > 60 then redis.call('HDEL', key, held[i]) end
    end
  end
  return sum
end
local rate = tonumber(ARGV[6])
if rate > 0 then
  local bucket = redis.call('HMGET', KEYS[4], 'left', 'at')
  local left = math.min(rate, (bucket[1] or rate) + (now - (bucket[2] or now)) * rate / 60)
  if left < 1 then return {'rate', math.ceil((1 - left) * 60 / rate)} end
  redis.call('HSET', KEYS[4], 'left', left - 1, 'at', now)
  redis.call('EXPIRE', KEYS[4], 120)
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
if tonumber(ARGV[5]) > 0 and others(KEYS[3]) + ARGV[3] >= tonumber(ARGV[5]) then return {'user', 0} end
if tonumber(ARGV[4]) > 0 and others(KEYS[2]) + ARGV[2] >= tonumber(ARGV[4]) then return {'all', 0} end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] + 1)
redis.call('HSET', KEYS[3], ARGV[1], ARGV[3] + 1)
redis.call('EXPIRE', KEYS[3], 86400)
return {'ok', 0}
"""


class Ledger:
    """What one process tells Redis of itself, and asks. Sync; raises for Redis."""

    def __init__(self, process: str) -> None:
        self.process = process
        self._script: Any = None

    def take(self, user: str, *, total: int, held: int) -> tuple[str, int]:
        """Take a place beside the ``total`` and the user's that are ``held`` here; return the verdict and a wait."""
        if self._script is None:
            self._script = get_redis_connection(conf.CACHE).register_script(_TAKE)
        verdict, wait = self._script(
            keys=[_PROCESSES, _ALL, _of_user(user), f"{channels.PREFIX}connects:{user}"],
            args=[
                self.process,
                total,
                held,
                conf.MAX_STREAMS,
                conf.MAX_STREAMS_PER_USER,
                conf.CONNECTS_PER_MINUTE_PER_USER,
                SILENT_SECONDS,
            ],
        )
        return verdict.decode(), int(wait)

    def write(self, *, total: int, held: Mapping[str, int], changed: Iterable[str]) -> None:
        """Say that the process lives and what it holds: in all, and of the users whose number ``changed``."""
        client = get_redis_connection(conf.CACHE)
        seconds, micros = client.time()
        if client.zscore(_PROCESSES, self.process) is None:
            changed = {*changed, *held}  # Redis was emptied, or this process was taken for dead
        pipe = client.pipeline(transaction=False)
        pipe.zadd(_PROCESSES, {self.process: seconds + micros / 1e6})
        pipe.zremrangebyscore(_PROCESSES, "-inf", seconds - 60)
        for user in changed:
            if count := held.get(user, 0):
                pipe.hset(_of_user(user), self.process, count)
                pipe.expire(_of_user(user), 86_400)
            else:
                pipe.hdel(_of_user(user), self.process)
        pipe.hset(_ALL, self.process, total)
        pipe.execute()

    def leave(self) -> None:
        """Count for nothing any more: the process stops."""
        client = get_redis_connection(conf.CACHE)
        client.zrem(_PROCESSES, self.process)
        client.hdel(_ALL, self.process)


def living() -> set[str]:
    """Return the processes that were heard of in the last five seconds. Sync; raises for Redis."""
    client = get_redis_connection(conf.CACHE)
    seconds, micros = client.time()
    since = seconds + micros / 1e6 - SILENT_SECONDS
    return {process.decode("utf-8", "replace") for process in client.zrangebyscore(_PROCESSES, since, "+inf")}


def _of_user(user: str) -> str:
    return f"{channels.PREFIX}streams:{user}"
