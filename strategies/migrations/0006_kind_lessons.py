"""Seeds the lessons of the kinds ``calendar`` and ``section``. Their texts stand in ``0006_kind_lessons.json``."""

from django.db import migrations

from strategies.migrations import _lessons

LESSONS = _lessons.read(__file__)
seed, unseed = _lessons.seeding(LESSONS)


class Migration(migrations.Migration):
    dependencies = [("strategies", "0005_versions")]
    operations = [migrations.RunPython(seed, unseed)]
