"""What is shown beside the steps of a job."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class Lesson(models.Model):
    """What a waiting reader may learn beside a step: while it runs, and when it is done."""

    class Phase(models.TextChoices):
        RUNNING = "running", gettext_noop("While it runs")
        DONE = "done", gettext_noop("When it is done")

    kind = models.CharField(_("kind"), max_length=40)
    step = models.CharField(_("step"), max_length=40)
    phase = models.CharField(_("phase"), max_length=10, choices=Phase)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    details = models.JSONField(_("details"), default=list, blank=True, help_text=_("Four short lines."))
    insight = models.TextField(_("insight"), blank=True)
    estimated_time = models.CharField(_("estimated time"), max_length=100, blank=True)
    achievement = models.CharField(
        _("achievement"), max_length=300, blank=True, help_text=_("May name {count}: the real result's.")
    )
    next_step = models.CharField(_("next step"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["kind", "step", "-phase"]
        constraints = [models.UniqueConstraint(fields=["kind", "step", "phase"], name="one_lesson_a_phase")]

    def __str__(self) -> str:
        return self.title

    def content(self, **values: Any) -> dict[str, Any]:
        """Return the lesson as an event carries it; ``values`` fill the achievement's braces."""
        names = ("title", "description", "details", "insight", "estimated_time", "achievement", "next_step")
        content = {name: getattr(self, name) for name in names if getattr(self, name)}
        for name, value in values.items():
            if "achievement" in content:
                content["achievement"] = content["achievement"].replace("{" + name + "}", str(value))
        return content
