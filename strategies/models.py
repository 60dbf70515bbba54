"""Strategies and their documents; the jobs that write them; the lessons shown meanwhile."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse


class Strategy(models.Model):
    """A brief, and the versions of the document made from it."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        ARCHIVED = "archived", "Archived"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="strategies")
    name = models.CharField(max_length=200)
    industry = models.CharField(max_length=200)
    brief = models.JSONField(default=dict, help_text="The canonical form that strategies.brief.clean returns.")
    timeline_months = models.PositiveSmallIntegerField(default=12)
    max_content_pieces = models.PositiveSmallIntegerField(default=50)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created"]
        verbose_name_plural = "strategies"
        indexes = [models.Index(fields=["owner", "-created"], name="strategy_of_owner")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("strategy", args=[self.pk])


class Job(models.Model):
    """
    One request for work. The table is the queue.

    A job is claimable when it is queued and due, or running under a lease that ran out. Every change of a row is made
    in ``jobs``; its story is the topic ``job:<id>``.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        SUCCEEDED = "succeeded", "Succeeded"
        PARTIAL = "partial", "Partly succeeded"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    ACTIVE = (Status.QUEUED, Status.RUNNING)
    FINAL = (Status.SUCCEEDED, Status.PARTIAL, Status.FAILED, Status.CANCELLED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="jobs")
    strategy = models.ForeignKey(Strategy, null=True, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict, blank=True, help_text="What this kind of job was asked to do.")
    brief = models.JSONField(default=dict, help_text="What the job works from, frozen when it was asked for.")
    engine = models.CharField(max_length=100, help_text="Who writes: offline, or provider:model.")
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Percent; never falls.")
    step = models.PositiveSmallIntegerField(default=0, help_text="The step it is at, 1-based; 0 before the first.")
    message = models.TextField(blank=True)
    weights = models.JSONField(default=list, help_text="Each step's share of the whole, frozen when asked for.")
    error = models.JSONField(null=True, blank=True, help_text="code, message, step_key, retryable.")

    priority = models.SmallIntegerField(default=0, help_text="Higher goes first.")
    turn = models.PositiveBigIntegerField(default=0, help_text="Its place in the fair order; lower goes first.")
    run_after = models.DateTimeField(help_text="Not claimed before.")
    attempt = models.PositiveIntegerField(default=0, help_text="The claim's number and fencing token; only rises.")
    idle_attempts = models.PositiveSmallIntegerField(default=0, help_text="Claims since a step last finished.")
    worker = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    retry_of = models.OneToOneField("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="retried_by")
    # NULL where no request led to it, so that the index holds the others alone.
    request = models.CharField(
        max_length=64, null=True, blank=True, help_text="The id of the request that asked for it."
    )
    idempotency_key = models.CharField(max_length=200, null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created"]
        permissions = [("cancel_job", "Can cancel jobs"), ("retry_job", "Can retry jobs")]
        indexes = [
            models.Index(fields=["-priority", "turn", "created"], condition=Q(status="queued"), name="job_queued"),
            models.Index(fields=["lease_until"], condition=Q(status="running"), name="job_leased"),
            models.Index(fields=["owner", "turn"], condition=Q(status__in=["queued", "running"]), name="job_turn"),
            models.Index(fields=["owner", "-created"], name="job_of_owner"),
            models.Index(fields=["-created"], name="job_created"),
            models.Index(fields=["request"], condition=Q(request__isnull=False), name="job_request"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "kind"],
                condition=Q(status__in=["queued", "running"], kind="strategy"),
                name="one_active_job_a_strategy",
            ),
            models.UniqueConstraint(fields=["owner", "idempotency_key"], name="one_job_an_idempotency_key"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("job", args=[self.pk])

    @property
    def topic(self) -> str:
        """The name its events are published to."""
        return f"job:{self.pk}"

    @property
    def is_final(self) -> bool:
        """Whether its status can never change again."""
        return self.status in self.FINAL


class Step(models.Model):
    """A finished step of a job, with what it made; or one that failed for good, with the reason."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField(help_text="1-based, in the order of the kind's list.")
    ok = models.BooleanField(default=True)
    output = models.JSONField(null=True)
    error = models.JSONField(null=True, blank=True, help_text="code, message, retryable.")
    summary = models.CharField(max_length=300, blank=True, help_text="Its result in one line.")
    attempt = models.PositiveIntegerField(help_text="The attempt that finished it.")
    copied = models.BooleanField(default=False, help_text="Finished in the job that this one retries.")
    engine = models.CharField(max_length=100, blank=True)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True, help_text="In US dollars.")
    seconds = models.FloatField(default=0)
    finished = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["job", "number"]
        constraints = [models.UniqueConstraint(fields=["job", "key"], name="one_row_a_step")]

    def __str__(self) -> str:
        return f"{self.number} {self.key}"


class Version(models.Model):
    """A strategy's document as it stood at one time."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    job = models.OneToOneField(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="version")
    document = models.JSONField(help_text="As strategies.document.compile made it.")
    score = models.PositiveSmallIntegerField(help_text="Of 100; its reasons stand in the document.")
    engine = models.CharField(max_length=100)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["strategy", "-number"]
        constraints = [models.UniqueConstraint(fields=["strategy", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"{self.strategy} v{self.number}"


class Section(models.Model):
    """One section of a version, as data; a failed one keeps its reason."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    ready = models.BooleanField(default=True)
    data = models.JSONField(null=True)
    reason = models.TextField(blank=True, help_text="Why it failed.")
    raw = models.TextField(blank=True, help_text="What the engine answered, as it came.")
    engine = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="one_section_a_key")]

    def __str__(self) -> str:
        return self.key


class Lesson(models.Model):
    """What a waiting reader may learn beside a step: while it runs, and when it is done."""

    class Phase(models.TextChoices):
        RUNNING = "running", "While it runs"
        DONE = "done", "When it is done"

    kind = models.CharField(max_length=40)
    step = models.CharField(max_length=40)
    phase = models.CharField(max_length=10, choices=Phase)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    details = models.JSONField(default=list, blank=True, help_text="Four short lines.")
    insight = models.TextField(blank=True)
    estimated_time = models.CharField(max_length=100, blank=True)
    achievement = models.CharField(max_length=300, blank=True, help_text="May name {count}: the real result's.")
    next_step = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["kind", "step", "-phase"]
        constraints = [models.UniqueConstraint(fields=["kind", "step", "phase"], name="one_lesson_a_phase")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.step}/{self.phase}"

    def content(self, **values: Any) -> dict[str, Any]:
        """Return the lesson as an event carries it; ``values`` fill the achievement's braces."""
        names = ("title", "description", "details", "insight", "estimated_time", "achievement", "next_step")
        content = {name: getattr(self, name) for name in names if getattr(self, name)}
        for name, value in values.items():
            if "achievement" in content:
                content["achievement"] = content["achievement"].replace("{" + name + "}", str(value))
        return content
