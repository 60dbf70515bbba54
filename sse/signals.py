"""What ends streams: a session or a token that ends, a user who is changed. Django tells of each."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.models import Session
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from . import orders, watchers
from .models import Token

# Fields of a user that say nothing of who may watch what: a sign-in writes the first.
HARMLESS = frozenset({"last_login", "first_name", "last_name", "email", "date_joined"})


@receiver(post_delete, sender=Session, dispatch_uid="sse.session_ended")
def session_ended(instance: Session, **_: Any) -> None:
    """End the streams of a session that was deleted: signed out, here or on another machine."""
    orders.give("signed_out", session=watchers.digest(instance.session_key))


@receiver(user_logged_out, dispatch_uid="sse.logged_out")
def logged_out(request: HttpRequest | None, **_: Any) -> None:
    """The same for sessions that are no rows."""
    session = getattr(request, "session", None)
    if session is not None and session.session_key:
        orders.give("signed_out", session=watchers.digest(session.session_key))


@receiver(post_save, sender=Token, dispatch_uid="sse.token_changed")
@receiver(post_delete, sender=Token, dispatch_uid="sse.token_deleted")
def token_changed(instance: Token, created: bool = False, **_: Any) -> None:
    """Look again at the streams of a user one of whose tokens was revoked or deleted."""
    if not created:
        orders.recheck(users=[instance.user_id])


@receiver(post_save, dispatch_uid="sse.user_changed")
def user_changed(sender: type, instance: Any, created: bool, update_fields: Any = None, **_: Any) -> None:
    """Look again at the streams of a user who was changed: deactivated, given another password, no longer staff."""
    if sender is get_user_model() and not created and not (update_fields and HARMLESS.issuperset(update_fields)):
        orders.recheck(users=[instance.pk])


@receiver(post_delete, dispatch_uid="sse.user_deleted")
def user_deleted(sender: type, instance: Any, **_: Any) -> None:
    """End the streams of a user who is deleted."""
    if sender is get_user_model():
        orders.recheck(users=[instance.pk])


@receiver(m2m_changed, dispatch_uid="sse.groups_changed")
def groups_changed(sender: Any, instance: Any, action: str, reverse: bool, pk_set: Any, **_: Any) -> None:
    """Look again at the streams of users whose groups or permissions changed."""
    user = get_user_model()
    through = {getattr(user, name).through for name in ("groups", "user_permissions") if hasattr(user, name)}
    if sender in through and action.startswith("post_"):
        orders.recheck(users=pk_set or [] if reverse else [instance.pk])
