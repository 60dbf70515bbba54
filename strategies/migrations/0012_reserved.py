from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('strategies', '0011_lesson_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='reserved',
            field=models.PositiveIntegerField(default=0, help_text="Tokens set aside, out of its owner's day, for the step at work."),
        ),
    ]
