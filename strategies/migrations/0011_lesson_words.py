"""Says some lessons better. Their texts, before and after, stand in ``0011_lesson_words.json``."""

from django.db import migrations

from strategies.migrations import _lessons

say, unsay = _lessons.rewording(_lessons.read(__file__))


class Migration(migrations.Migration):
    dependencies = [("strategies", "0010_review_permission")]
    operations = [migrations.RunPython(say, unsay)]
