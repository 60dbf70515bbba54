"""Seeds the lessons of the kind ``autofill``. Their texts stand in ``0008_autofill_lessons.json``."""

import json
from pathlib import Path

from django.db import migrations

# Frozen with this migration: a later wording is another migration's, which can tell what staff changed.
LESSONS = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def seed(apps, schema_editor):
    """Add the lessons that are not there; what staff wrote under the same key stays."""
    lessons = apps.get_model("strategies", "Lesson").objects.using(schema_editor.connection.alias)
    for fields in LESSONS:
        key = {name: fields[name] for name in ("kind", "step", "phase")}
        lessons.get_or_create(**key, defaults=fields)


def unseed(apps, schema_editor):
    """Remove the lessons that are still as they were seeded; what staff edited stays."""
    lessons = apps.get_model("strategies", "Lesson").objects.using(schema_editor.connection.alias)
    for fields in LESSONS:
        key = {name: fields[name] for name in ("kind", "step", "phase")}
        lesson = lessons.filter(**key).first()
        # Compared here, not by the database: equality of JSON differs between them.
        if lesson and all(getattr(lesson, name) == value for name, value in fields.items()):
            lesson.delete()


class Migration(migrations.Migration):
    dependencies = [("strategies", "0007_copied")]
    operations = [migrations.RunPython(seed, unseed)]
