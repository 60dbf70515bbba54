"""
Names of the Redis channels. The number is the format's version: a release that changes it cannot confuse an older one.

No name that a user gives becomes a channel without passing ``topics.valid``, and nothing subscribes to patterns.
"""

from typing import Final

PREFIX: Final = "sse:1:"
EVERYBODY: Final = f"{PREFIX}all"
# Said to everybody: something may stand in the rows that was never sent.
LOOK: Final = b'{"do":"look"}'


def of_topic(name: str) -> str:
    """Return the channel of a topic's events."""
    return f"{PREFIX}topic:{name}"


def topic_of(channel: str) -> str | None:
    """Return the topic whose events a channel carries, if it is such a channel."""
    prefix = f"{PREFIX}topic:"
    return channel.removeprefix(prefix) if channel.startswith(prefix) else None


def of_probe(id: str) -> str:
    """Return the channel on which a process hears itself."""
    return f"{PREFIX}probe:{id}"
