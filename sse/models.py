"""Topics and their events, as rows. The row is the truth; what Redis carries is a hint that it exists."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Topic(models.Model):
    """A name that events are published to, with the number of its last event."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    seq = models.PositiveBigIntegerField(_("number"), default=0, help_text=_("Number of the last event."))
    pruned = models.PositiveBigIntegerField(
        _("pruned"), default=0, help_text=_("Events up to this number are no longer kept.")
    )
    closed = models.BooleanField(
        _("closed"), default=False, help_text=_("Its final event was published; nothing follows.")
    )

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """One thing that happened on a topic."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="events", verbose_name=_("topic"))
    seq = models.PositiveBigIntegerField(_("number"), help_text=_("1, 2, 3 … without gaps in its topic."))
    type = models.CharField(_("type"), max_length=20)
    # The text that was published, byte for byte: streams and polling pass it on without reading it, and no database
    # reorders its keys or rounds its numbers.
    json = models.TextField()
    created = models.DateTimeField(auto_now_add=True)
    # NULL and not empty: the index then holds nothing for events that no request led to, and both databases know it.
    request = models.CharField(
        _("request"), max_length=64, null=True, blank=True, help_text=_("The id of the request that led to it.")
    )

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["topic", "seq"]
        constraints = [models.UniqueConstraint(fields=["topic", "seq"], name="sse_event_number")]
        indexes = [
            models.Index(fields=["request"], condition=models.Q(request__isnull=False), name="sse_event_request")
        ]

    def __str__(self) -> str:
        return f"{self.topic_id}/{self.seq} {self.type}"

    @property
    def data(self) -> dict[str, Any]:
        """The event's one JSON form, read (contract §3)."""
        data: dict[str, Any] = json.loads(self.json)
        return data


class Connection(Topic):
    """Stands for open streams in the admin, which knows permissions by model. A proxy: streams are no rows."""

    class Meta:
        proxy = True
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        default_permissions = ("view",)
        permissions = [("hang_up", "Can hang up connection")]

    def __str__(self) -> str:
        return f"connection {self.pk}"


class Token(models.Model):
    """What a program signs in with, in the name of a user. The secret itself is kept nowhere: see ``tokens.issue``."""

    class Scope(models.TextChoices):
        """What a token is good for."""

        WATCH = "watch", _("watch: streams, and events by polling")
        READ = "read", _("read: GET of the API")
        WRITE = "write", _("write: everything else of the API")
        METRICS = "metrics", _("metrics: GET /metrics")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sse_tokens", verbose_name=_("user")
    )
    name = models.CharField(
        _("name"), max_length=100, help_text=_("What the token is for: which program, on which machine.")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # A list of Scope values.
    scopes = models.JSONField(_("scopes"), default=list)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    expires = models.DateTimeField(_("expires"), null=True, blank=True, help_text=_("Empty: it never expires."))
    revoked = models.DateTimeField(_("revoked on"), null=True, blank=True)
    last_used = models.DateTimeField(_("last used"), null=True, blank=True, help_text=_("To the minute."))

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created"]
        permissions = [("revoke_token", "Can revoke token")]

    def __str__(self) -> str:
        return gettext("%(name)s of %(user)s") % {"name": self.name, "user": self.user}

    @property
    def state(self) -> str:
        """``active``, ``expired`` or ``revoked``."""
        if self.revoked:
            return "revoked"
        return "expired" if self.expires and self.expires <= timezone.now() else "active"
