"""
How many streams a user may have, and how often one may connect: right across processes.

Each process writes how many streams it holds for each user into a Redis hash; one script counts them by Redis' own clock
and takes a place, so that of fifty connects at once against a limit of five exactly five succeed. A process that has not
been heard of for five seconds is not counted: what a killed one held is free again. Where Redis is away the same limits
hold for each process by itself.
"""

import logging
import os
import platform
import threading
import time
import uuid
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, Final

import redis
from django_redis import get_redis_connection

from . import channels, conf

logger = logging.getLogger(__name__)

# Processes write that they live this often …
BEAT_SECONDS: Final = 2.0
# … and those silent for so long are not counted. A refused reader is told to come back within it.
SILENT_SECONDS: Final = 5.0
# A place that was taken for a stream that never began is given back after this.
PROVISIONAL_SECONDS: Final = 10.0
# A command whose answer did not come may be carried out later than those that were sent after it. What it wrote is
# written over for so long.
DOUBT_SECONDS: Final = 20.0

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


@dataclass(frozen=True)
class Refusal:
    """Why there is no place: an HTTP status, a code, a sentence, and the seconds after which to ask again."""

    status: int
    code: str
    detail: str
    retry_after: int


@dataclass(eq=False, slots=True)
class Place:
    """A stream's place. Given back once, however often it is asked to."""

    user: str
    limits: "Limits"
    began: bool = False
    given_back: bool = False
    taken: float = field(default_factory=time.monotonic)

    def give_back(self) -> None:
        """Free the place; synchronous, and told to the other processes a moment later."""
        if not self.given_back:
            self.given_back = True
            self.limits.free(self)


class Limits:
    """The places of one process."""

    def __init__(self) -> None:
        self.process = f"{os.getpid()}-{uuid.uuid4().hex[:12]}@{platform.node()[:40]}"
        self._held: Counter[str] = Counter()
        self._total = 0
        # Users whose streams ended: noted by the event loop, which must not wait for the lock.
        self._freed: deque[str] = deque()
        self._changed: set[str] = set()
        # Users whose number in Redis a late command may change, and until when.
        self._doubtful: dict[str, float] = {}
        self._provisional: set[Place] = set()
        self._buckets: dict[str, tuple[float, float]] = {}
        # Takes are one at a time in a process, so that the numbers written are never older than those before.
        self._lock = threading.Lock()
        self._script: Any = None

    def take(self, user: str) -> Place | Refusal:
        """Take a place for a stream of ``user``, or say why there is none. Sync; asks Redis once."""
        with self._lock:
            self._settle()
            try:
                verdict, wait = self._ask(user)
            except (redis.RedisError, OSError) as error:
                logger.warning("limits hold for this process alone: %s", error)
                self._doubtful[user] = time.monotonic() + DOUBT_SECONDS
                verdict, wait = self._judge(user)
            if verdict != "ok":
                return _refusal(verdict, wait)
            self._held[user] += 1
            self._total += 1
            place = Place(user, self)
            self._provisional.add(place)
            return place

    def _ask(self, user: str) -> tuple[str, int]:
        if self._script is None:
            self._script = get_redis_connection(conf.CACHE).register_script(_TAKE)
        verdict, wait = self._script(
            keys=[_PROCESSES, _ALL, _of_user(user), f"{channels.PREFIX}connects:{user}"],
            args=[
                self.process,
                self._total,
                self._held[user],
                conf.MAX_STREAMS,
                conf.MAX_STREAMS_PER_USER,
                conf.CONNECTS_PER_MINUTE_PER_USER,
                SILENT_SECONDS,
            ],
        )
        return verdict.decode(), int(wait)

    def _judge(self, user: str) -> tuple[str, int]:
        """Decide by what this process knows, as the script does by what all know."""
        rate = conf.CONNECTS_PER_MINUTE_PER_USER
        if rate:
            now = time.monotonic()
            left, at = self._buckets.get(user, (float(rate), now))
            left = min(rate, left + (now - at) * rate / 60)
            if left < 1:
                return "rate", int((1 - left) * 60 / rate) + 1
            if len(self._buckets) > 10_000:
                self._buckets.clear()
            self._buckets[user] = left - 1, now
        if conf.MAX_STREAMS_PER_USER and self._held[user] >= conf.MAX_STREAMS_PER_USER:
            return "user", 0
        if conf.MAX_STREAMS and self._total >= conf.MAX_STREAMS:
            return "all", 0
        return "ok", 0

    def begin(self, place: Place) -> None:
        """Note that the stream of a place began: from now on its end gives it back."""
        place.began = True
        self._provisional.discard(place)

    def free(self, place: Place) -> None:
        """Count a place no longer; the next ``beat`` tells the others."""
        self._provisional.discard(place)
        self._freed.append(place.user)

    def _settle(self) -> None:
        while self._freed:
            user = self._freed.popleft()
            self._held[user] -= 1
            self._total -= 1
            if self._held[user] <= 0:
                del self._held[user]
            self._changed.add(user)

    def beat(self) -> None:
        """Tell Redis that this process lives, and what it holds; free places whose stream never began. Sync."""
        now = time.monotonic()
        for place in list(self._provisional):
            if now - place.taken > PROVISIONAL_SECONDS:
                place.give_back()
        with self._lock:
            self._settle()
            self._doubtful = {user: until for user, until in self._doubtful.items() if until > now}
            changed, self._changed = self._changed | self._doubtful.keys(), set()
            try:
                self._write(changed)
            except (redis.RedisError, OSError):
                self._changed |= changed
                self._doubtful |= dict.fromkeys(changed, now + DOUBT_SECONDS)
                raise

    def _write(self, changed: set[str]) -> None:
        client = get_redis_connection(conf.CACHE)
        seconds, micros = client.time()
        known = client.zscore(_PROCESSES, self.process)
        if known is None:
            changed = changed | set(self._held)  # Redis was emptied, or this process was taken for dead
        pipe = client.pipeline(transaction=False)
        pipe.zadd(_PROCESSES, {self.process: seconds + micros / 1e6})
        pipe.zremrangebyscore(_PROCESSES, "-inf", seconds - 60)
        for user in changed:
            if self._held[user]:
                pipe.hset(_of_user(user), self.process, self._held[user])
                pipe.expire(_of_user(user), 86_400)
            else:
                pipe.hdel(_of_user(user), self.process)
        pipe.hset(_ALL, self.process, self._total)
        pipe.execute()

    def leave(self) -> None:
        """Count for nothing any more: the process stops."""
        client = get_redis_connection(conf.CACHE)
        client.zrem(_PROCESSES, self.process)
        client.hdel(_ALL, self.process)

    @property
    def held(self) -> int:
        """How many places this process has given out."""
        return self._total - len(self._freed)

    @property
    def changed(self) -> bool:
        """Whether there is something to tell before the next beat is due."""
        return bool(self._changed or self._freed)


_PROCESSES: Final = f"{channels.PREFIX}processes"
_ALL: Final = f"{channels.PREFIX}streams"


def living() -> set[str]:
    """Return the processes that were heard of in the last five seconds. Sync; raises for Redis."""
    client = get_redis_connection(conf.CACHE)
    seconds, micros = client.time()
    since = seconds + micros / 1e6 - SILENT_SECONDS
    return {process.decode("utf-8", "replace") for process in client.zrangebyscore(_PROCESSES, since, "+inf")}


def _of_user(user: str) -> str:
    return f"{channels.PREFIX}streams:{user}"


def _refusal(verdict: str, wait: int) -> Refusal:
    soon = int(SILENT_SECONDS)
    if verdict == "rate":
        detail = f"You connect too often: {conf.CONNECTS_PER_MINUTE_PER_USER} times a minute is the limit."
        return Refusal(429, "too_many_connects", detail, max(1, wait))
    if verdict == "user":
        detail = f"You have {conf.MAX_STREAMS_PER_USER} streams open already; close one."
        return Refusal(429, "too_many_streams", detail, soon)
    return Refusal(503, "full", "There are as many streams open as this site can bear.", soon)


# One for each process, whatever loops it has.
here = Limits()
