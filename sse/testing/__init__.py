"""
Testing a feature that tells its progress: what it publishes, and what a reader gets.

Both work inside ``TestCase`` and pytest-django's ``db``, in a transaction that never commits, with or without a Redis.
"""

from .answer import Answer, Told
from .captured import Captured, capture
from .clock import Clock
from .watching import watch

__all__ = ["Answer", "Captured", "Clock", "Told", "capture", "watch"]
