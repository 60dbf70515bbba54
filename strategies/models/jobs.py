"""Jobs and their steps. The table is the queue."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from strategies.models.fields import OrderedJSONField


class Job(models.Model):
    """
    One request for work. The table is the queue.

    A job is claimable when it is queued and due, or running under a lease that ran out. Every change of a row is made
    in ``jobs``; its story is the topic ``job:<id>``.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", gettext_noop("Queued")
        RUNNING = "running", gettext_noop("Running")
        SUCCEEDED = "succeeded", gettext_noop("Succeeded")
        PARTIAL = "partial", gettext_noop("Partly succeeded")
        FAILED = "failed", gettext_noop("Failed")
        CANCELLED = "cancelled", gettext_noop("Cancelled")

    ACTIVE = (Status.QUEUED, Status.RUNNING)
    FINAL = (Status.SUCCEEDED, Status.PARTIAL, Status.FAILED, Status.CANCELLED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="jobs", verbose_name=_("owner")
    )
    strategy = models.ForeignKey("strategies.Strategy", null=True, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict, blank=True, help_text="What this kind of job was asked to do.")
    brief = OrderedJSONField(default=dict, help_text="What the job works from, frozen when it was asked for.")
    engine = models.CharField(max_length=100, help_text="Who writes: offline, or provider:model.")
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Percent; never falls.")
    step = models.PositiveSmallIntegerField(default=0, help_text="The step it is at, 1-based; 0 before the first.")
    message = models.TextField(blank=True)
    weights = models.JSONField(
        _("weights"), default=list, help_text=_("Each step's share of the whole, frozen when asked for.")
    )
    error = models.JSONField(null=True, blank=True, help_text="code, message, step_key, retryable.")

    priority = models.SmallIntegerField(_("priority"), default=0, help_text=_("Higher goes first."))
    turn = models.PositiveBigIntegerField(default=0, help_text="Its place in the fair order; lower goes first.")
    run_after = models.DateTimeField(help_text="Not claimed before.")
    attempt = models.PositiveIntegerField(
        _("attempt"), default=0, help_text=_("The claim's number and fencing token; only rises.")
    )
    idle_attempts = models.PositiveSmallIntegerField(
        _("idle attempts"), default=0, help_text=_("Claims since a step last finished.")
    )
    worker = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    reserved = models.PositiveIntegerField(
        default=0, help_text="Tokens set aside, out of its owner's day, for the step at work."
    )

    retry_of = models.OneToOneField("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="retried_by")
    # NULL where no request led to it, so that the index holds the others alone.
    request = models.CharField(
        _("request"), max_length=64, null=True, blank=True, help_text=_("The id of the request that asked for it.")
    )
    idempotency_key = models.CharField(_("idempotency key"), max_length=200, null=True, blank=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
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
    ok = models.BooleanField(_("ok"), default=True)
    output = OrderedJSONField(null=True)
    error = models.JSONField(null=True, blank=True, help_text="code, message, retryable.")
    summary = models.CharField(max_length=300, blank=True, help_text="Its result in one line.")
    attempt = models.PositiveIntegerField(_("attempt"), help_text=_("The attempt that finished it."))
    copied = models.BooleanField(default=False, help_text="Finished in the job that this one retries.")
    engine = models.CharField(max_length=100, blank=True)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(
        _("cost"), max_digits=12, decimal_places=6, null=True, blank=True, help_text=_("In US dollars.")
    )
    seconds = models.FloatField(default=0)
    finished = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["job", "number"]
        constraints = [models.UniqueConstraint(fields=["job", "key"], name="one_row_a_step")]

    def __str__(self) -> str:
        return f"{self.number} {self.key}"
