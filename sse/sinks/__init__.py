"""
Where a stream's bytes go: two ways to send, one interface.

``push`` never waits and is bounded; ``drained`` waits until nothing is on its way.
"""

from .direct import Direct
from .message import Message, Send, body
from .queued import Queued
from .sink import Sink

__all__ = ["Direct", "Message", "Queued", "Send", "Sink", "body"]
