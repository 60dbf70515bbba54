"""Who may watch what is measured: one query decides, as in any project."""

from django.contrib.sessions.models import Session

import sse
from sse.topics import User


@sse.topic("bench")
def watch(user: User, key: str) -> bool:
    """Everybody who is signed in."""
    return user.is_authenticated and not Session.objects.filter(pk=key).exists()
