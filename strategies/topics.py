"""Who may watch a job."""

import uuid

import sse
from sse.topics import User
from strategies.models import Job


@sse.topic("job")
def watch_job(user: User, key: str) -> bool:
    """Its owner. A job that does not exist costs the same query as somebody else's."""
    try:
        id = uuid.UUID(key)
    except ValueError:
        id = uuid.UUID(int=0)
    # One job has one topic: other spellings of its id, which UUID takes too, name nothing.
    if str(id) != key:
        id = uuid.UUID(int=0)
    return Job.objects.filter(pk=id, owner_id=user.pk).exists()
