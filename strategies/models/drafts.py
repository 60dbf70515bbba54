"""Briefs that are being written."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Draft(models.Model):
    """
    What was typed into the form of a new strategy and not sent yet; anything may be missing or wrong in it.

    It is gone when the strategy is made. ``key`` is the form's: unique among its owner's drafts, so that nobody learns
    whether another's is taken.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, blank=True, help_text="What stands in the form as the name, shortened.")
    typed = models.JSONField(default=dict, help_text="The form's names and values, as they were typed.")
    template = models.CharField(max_length=60, blank=True, help_text="What the form was begun from.")
    source = models.CharField(max_length=60, blank=True, help_text="The autofill job whose values were taken.")
    long = models.BooleanField(default=False, help_text="Whether all questions were shown.")
    edition = models.PositiveIntegerField(default=1, help_text="Counts what was saved; a page names the one it knows.")
    writer = models.CharField(max_length=40, blank=True, help_text="The window that saved last.")
    turn = models.PositiveIntegerField(default=0, help_text="Which of that window's savings it was.")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-updated"]
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="one_draft_a_key")]

    def __str__(self) -> str:
        return self.name or "A draft without a name"

    def get_absolute_url(self) -> str:
        return f"{reverse('strategy-new')}?draft={self.key}"
