"""What every sink can do."""

from typing import Protocol

from .message import Message


class Sink(Protocol):
    """What a subscriber sends through."""

    def push(self, message: Message, *, forced: bool = False) -> bool:
        """Send now, or after what is on its way; False where that is too much already (unless ``forced``)."""

    async def drained(self) -> None:
        """Wait until all that was pushed is sent."""

    def close(self) -> None:
        """End the body, after all that was pushed."""

    def blocked_since(self) -> float | None:
        """Return the monotonic time since when the reader has taken nothing; None while it keeps up."""

    def waiting(self) -> int:
        """Return how many bytes wait here until the server takes more."""

    def abandon(self) -> None:
        """Forget what is on its way: the reader is gone, or as good as gone."""
