"""Topics for tests: ``ledger:<key>``, which everybody who is signed in may watch."""

import sse
from sse.topics import User


@sse.topic("ledger")
def watch_ledger(user: User, key: str) -> bool:
    """Anybody."""
    return bool(user.is_authenticated)
