"""Who may watch a job."""

import uuid

from django.contrib.auth.models import AbstractUser

import sse
from sse.topics import User
from strategies.models import Job


@sse.topic("job")
def watch_job(user: User, key: str) -> bool:
    """
    Its owner, and staff who may look at jobs in the admin.

    A job that does not exist costs the same queries as somebody else's.
    """
    try:
        id = uuid.UUID(key)
    except ValueError:
        id = uuid.UUID(int=0)
    # One job has one topic: other spellings of its id, which UUID takes too, name nothing.
    if str(id) != key:
        id = uuid.UUID(int=0)
    found = Job.objects.filter(pk=id)
    return (found if may_watch_all(user) else found.filter(owner_id=user.pk)).exists()


def may_watch_all(user: User) -> bool:
    """Whether ``user`` is a member of staff who sees every job in the admin."""
    return isinstance(user, AbstractUser) and user.is_staff and user.has_perm("strategies.view_job")
