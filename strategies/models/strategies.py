"""Strategies and the documents made of them."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from strategies import folding, sections, texts
from strategies.models.fields import OrderedJSONField
from strategies.models.jobs import Job


class Strategy(models.Model):
    """A brief, and the versions of the document made from it."""

    class Status(models.TextChoices):
        DRAFT = "draft", gettext_noop("Draft")
        ACTIVE = "active", gettext_noop("Active")
        PAUSED = "paused", gettext_noop("Paused")
        INACTIVE = "inactive", gettext_noop("Inactive")
        ARCHIVED = "archived", gettext_noop("Archived")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="strategies", verbose_name=_("owner")
    )
    name = models.CharField(max_length=200)
    industry = models.CharField(max_length=200)
    folded = models.TextField(
        default="", db_default="", blank=True, editable=False, help_text="Name and industry, as searched."
    )
    brief = OrderedJSONField(default=dict, help_text="The canonical form that strategies.brief.clean returns.")
    timeline_months = models.PositiveSmallIntegerField(_("months"), default=12)
    max_content_pieces = models.PositiveSmallIntegerField(_("pieces at most"), default=50)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    updated = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        indexes = [models.Index(fields=["owner", "-created"], name="strategy_of_owner")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Save it, and what it is found by."""
        self.folded = folding.fold(f"{self.name}\n{self.industry}")
        if update_fields is not None and {"name", "industry"} & set(update_fields):
            update_fields = {*update_fields, "folded"}
        super().save(*args, update_fields=update_fields, **options)

    def get_absolute_url(self) -> str:
        return reverse("strategy", args=[self.pk])


class Version(models.Model):
    """A strategy's document as it stood at one time. Never changed: every change makes the next one."""

    class Origin(models.TextChoices):
        GENERATED = "generated", gettext_noop("Generated")
        REGENERATED = "regenerated", gettext_noop("A section regenerated")
        EDITED = "edited", gettext_noop("Edited by hand")
        RESTORED = "restored", gettext_noop("Restored")
        CALENDAR = "calendar", gettext_noop("A calendar made")
        COPIED = "copied", gettext_noop("Copied")

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    job = models.OneToOneField(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="version")
    document = OrderedJSONField(help_text="As strategies.document.compile made it.")
    score = models.PositiveSmallIntegerField(_("score"), help_text=_("Of 100; its reasons stand in the document."))
    engine = models.CharField(max_length=100)
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.GENERATED)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("author"),
    )
    note = models.CharField(max_length=300, blank=True, help_text="What was changed, in one line.")
    own_note = models.BooleanField(
        default=False, db_default=False, help_text="Whether the note is somebody's words and not this project's."
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["strategy", "-number"]
        constraints = [models.UniqueConstraint(fields=["strategy", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"{self.strategy} v{self.number}"

    @property
    def told_note(self) -> str:
        """What was changed, in the reader's language where this project said it, else as it was written."""
        return texts.Theirs(self.note) if self.own_note else texts.told(self.note)


class Section(models.Model):
    """One section of a version, as data; a failed one keeps its reason. A review holds until its data change."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    ready = models.BooleanField(default=True)
    data = OrderedJSONField(null=True)
    reason = models.TextField(blank=True, help_text="Why it failed.")
    raw = models.TextField(blank=True, help_text="What the engine answered, as it came.")
    engine = models.CharField(max_length=100, blank=True)
    prompt = models.CharField(max_length=40, blank=True, help_text="The version of the prompt it was asked for with.")
    reviewed = models.DateTimeField(null=True, blank=True, help_text="Absent while nobody has reviewed it.")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    review_note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["version", "number"]
        permissions = [("review_section", "Can review sections of any strategy")]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="one_section_a_key")]

    def __str__(self) -> str:
        return self.key

    @property
    def title(self) -> str:
        """What it is called; a key that this release does not know, as words."""
        return sections.TITLES.get(self.key) or self.key.replace("_", " ").capitalize()
