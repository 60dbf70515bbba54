"""Lessons: what a reader may learn beside a step while it runs, and when it is done. Staff write them in the admin."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.cache import caches
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from . import texts
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


def words(kind: str) -> dict[str, str]:
    """
    Return the lessons of a kind in the reader's language, by their English texts; nothing for English.

    What staff wrote is not among them, and is shown as they wrote it.
    """
    if not (known := texts.of_lessons()):
        return {}
    rows = [lesson.content() for lesson in Lesson.objects.filter(kind=kind)]
    there = {line for row in rows for value in row.values() for line in (value if isinstance(value, list) else [value])}
    return {line: known[line] for line in there if line in known}


def told(lesson: dict[str, Any] | None, known: Mapping[str, str]) -> dict[str, Any] | None:
    """Return a lesson as an event carries it in the reader's language; ``known`` is what ``words`` returns."""
    if lesson is None or not known:
        return lesson
    return {
        name: [_told(line, known) for line in value] if isinstance(value, list) else _told(value, known)
        for name, value in lesson.items()
    }


def _told(text: object, known: Mapping[str, str]) -> object:
    if not isinstance(text, str) or text in known:
        return known[text] if isinstance(text, str) else text
    # A count stands in an achievement by now.
    for count in re.findall(texts.NUMBER, text):
        if (said := known.get(text.replace(count, "{count}", 1))) is not None:
            return said.replace("{count}", texts.localised(count))
    return text


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
