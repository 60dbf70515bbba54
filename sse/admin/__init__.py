"""Topics, events and connections, as an operator sees them. Staff may look; only the publisher writes."""

from .cells import SHOWN, message, moment, pretty, speak, story, visible
from .connections import ConnectionAdmin
from .events import EventAdmin
from .rows import Bounded, Logged, ReadOnly
from .tokens import TokenAdmin
from .topics import TopicAdmin, begin_with

__all__ = [
    "SHOWN",
    "Bounded",
    "ConnectionAdmin",
    "EventAdmin",
    "Logged",
    "ReadOnly",
    "TokenAdmin",
    "TopicAdmin",
    "begin_with",
    "message",
    "moment",
    "pretty",
    "speak",
    "story",
    "visible",
]
