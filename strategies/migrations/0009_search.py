"""Store names and industries as they are searched."""

import unicodedata

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fold(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Fill the column for the strategies that are there; as ``folding.fold`` did when this was written."""
    strategies = apps.get_model("strategies", "Strategy")
    for pk, name, industry in list(strategies.objects.values_list("pk", "name", "industry")):
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", f"{name}\n{industry}").casefold())
        strategies.objects.filter(pk=pk).update(folded=folded)


class Migration(migrations.Migration):
    dependencies = [("strategies", "0008_autofill_lessons")]

    operations = [
        migrations.AddField(
            model_name="strategy",
            name="folded",
            field=models.TextField(
                blank=True, db_default="", default="", editable=False, help_text="Name and industry, as searched."
            ),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
