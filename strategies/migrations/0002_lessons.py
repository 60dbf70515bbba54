"""Seeds the lessons of the kind ``strategy``. Their texts stand in ``0002_lessons.json``."""

from django.db import migrations

from strategies.migrations import _lessons

LESSONS = _lessons.read(__file__)
seed, unseed = _lessons.seeding(LESSONS)


class Migration(migrations.Migration):
    dependencies = [("strategies", "0001_first")]
    operations = [migrations.RunPython(seed, unseed)]
