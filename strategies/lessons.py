"""Lessons: what a reader may learn beside a step while it runs, and when it is done. Staff write them in the admin."""

import re
from typing import Any

from django.core.cache import caches
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from .models import Lesson

# Each event of a step asks for its lesson, and staff change one about never: a minute old is fresh enough. Kept in the
# process, not in Redis: a lesson is looked up while a job's row is locked, and a black-holed Redis must stall nobody.
CACHE_SECONDS = 60

# Stands for "there is no such row": a plain None is what the cache says when it doesn't know.
ABSENT = "absent"


def find(kind: str, step: str, phase: str) -> Lesson | None:
    """Return the lesson of exactly this key, or None: never another step's."""
    key = _cache_key(kind, step, phase)
    known = caches["local"].get(key)
    if known == ABSENT:
        return None
    if isinstance(known, Lesson):
        return known
    lesson = Lesson.objects.filter(kind=kind, step=step, phase=phase).first()
    caches["local"].set(key, lesson or ABSENT, CACHE_SECONDS)
    return lesson


def content(kind: str, step: str, phase: str, /, **values: Any) -> dict[str, Any] | None:
    """
    Return the lesson as an ``educational`` event carries it, or None where there is none.

    ``values`` fill the braces of the achievement, from the step's real result. An achievement whose braces they do not
    fill is left out: it would tell a number that nobody counted.
    """
    lesson = find(kind, step, phase)
    if lesson is None:
        return None
    told = lesson.content(**values)
    if not braces(lesson.achievement) <= values.keys():
        del told["achievement"]
    return told


def braces(text: str) -> set[str]:
    """Return the names that ``text`` has in braces."""
    return set(re.findall(r"\{(\w*)\}", text))


def _cache_key(kind: str, step: str, phase: str) -> str:
    return f"strategies:lesson:{kind}/{step}/{phase}"


@receiver([post_save, post_delete], sender=Lesson, dispatch_uid="strategies.lessons.forget")
def forget(instance: Lesson, **_: object) -> None:
    """Drop a changed lesson from the cache."""
    key = _cache_key(instance.kind, instance.step, instance.phase)
    # After the commit: before it, another process would read the old row and cache that for a minute.
    transaction.on_commit(lambda: caches["local"].delete(key), robust=True)
