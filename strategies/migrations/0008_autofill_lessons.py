"""Seeds the lessons of the kind ``autofill``. Their texts stand in ``0008_autofill_lessons.json``."""

from django.db import migrations

from strategies.migrations import _lessons

LESSONS = _lessons.read(__file__)
seed, unseed = _lessons.seeding(LESSONS)


class Migration(migrations.Migration):
    dependencies = [("strategies", "0007_copied")]
    operations = [migrations.RunPython(seed, unseed)]
