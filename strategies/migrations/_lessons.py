"""
How migrations seed lessons. What was applied once must go on doing the same: a change here is a change of history.

The texts stand beside each migration, in a JSON file of its name, and are frozen with it: a later wording is another
migration's, which can tell what staff changed.
"""

import json
from pathlib import Path


def read(module):
    """Return the lessons that stand beside a migration; ``module`` is its ``__file__``."""
    return json.loads(Path(module).with_suffix(".json").read_text(encoding="utf-8"))


def seeding(seeds):
    """Return the two directions of a migration that seeds these lessons."""

    def seed(apps, schema_editor):
        """Add the lessons that are not there; what staff wrote under the same key stays."""
        lessons = _rows(apps, schema_editor)
        for fields in seeds:
            lessons.get_or_create(**_key(fields), defaults=fields)

    def unseed(apps, schema_editor):
        """Remove the lessons that are still as they were seeded; what staff edited stays."""
        lessons = _rows(apps, schema_editor)
        for fields in seeds:
            lesson = lessons.filter(**_key(fields)).first()
            # Compared here, not by the database: equality of JSON differs between them.
            if lesson and all(getattr(lesson, name) == value for name, value in fields.items()):
                lesson.delete()

    return seed, unseed


def rewording(changes):
    """Return the two directions of a migration that says lessons better; what staff wrote stays in both."""

    def say(apps, schema_editor):
        _reword(_rows(apps, schema_editor), changes, old="before", new="after")

    def unsay(apps, schema_editor):
        _reword(_rows(apps, schema_editor), changes, old="after", new="before")

    return say, unsay


def _reword(lessons, changes, *, old, new):
    for change in changes:
        lesson = lessons.filter(**_key(change)).first()
        if lesson and getattr(lesson, change["field"]) == change[old]:
            setattr(lesson, change["field"], change[new])
            lesson.save(update_fields=[change["field"]])


def _rows(apps, schema_editor):
    return apps.get_model("strategies", "Lesson").objects.using(schema_editor.connection.alias)


def _key(fields):
    return {name: fields[name] for name in ("kind", "step", "phase")}
