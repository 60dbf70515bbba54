"""Connections: who watches, from where, how far each stream is; and hanging up. The page renews itself."""

import logging
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sse import orders, presence, topics
from sse.models import Connection

from .cells import moment, visible
from .rows import ReadOnly

logger = logging.getLogger(__name__)

# Rows of the page; more are found by user or topic.
SHOWN: Final = 200
# Topics named in a row; all of them stand in its details.
NAMED: Final = 3
STATES: Final = (gettext_noop("live"), gettext_noop("replaying"), gettext_noop("ending"))


@admin.register(Connection)
class ConnectionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Who is connected, in all processes."""

    def get_urls(self) -> list[URLPattern]:
        """The page, what it renews itself from, and what its buttons do. There are no rows to change."""
        views = {"": self.page, "state/": self.state, "hang-up/": self.hang_up}
        names = {"": "changelist", "state/": "state", "hang-up/": "hang_up"}
        wrap = self.admin_site.admin_view
        return [path(at, wrap(view), name=f"sse_connection_{names[at]}") for at, view in views.items()]

    def page(self, request: HttpRequest) -> HttpResponse:
        """Show who is connected."""
        self._may_look(request)
        asked = _asked(request)
        query = "?" + urlencode(asked)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Connections"),
            "opts": self.opts,
            "asked": asked,
            "query": query,
            "state": _state(asked),
            "may_hang_up": _may_hang_up(request),
        }
        return TemplateResponse(request, "admin/sse/connection/page.html", context)

    @method_decorator(never_cache)
    def state(self, request: HttpRequest) -> HttpResponse:
        """Tell the page what to show now."""
        self._may_look(request)
        return JsonResponse(_state(_asked(request)))

    @method_decorator(require_POST)
    def hang_up(self, request: HttpRequest) -> HttpResponse:
        """Hang up one connection (a row's button) or those that are ticked."""
        self._may_look(request)
        if not _may_hang_up(request):
            raise PermissionDenied
        ids = request.POST.getlist("one") or request.POST.getlist("connection")
        reason = request.POST.get("reason", "").strip() or "closed"
        back = HttpResponseRedirect(reverse("admin:sse_connection_changelist") + "?" + urlencode(_asked(request)))
        if not ids:
            self.message_user(request, gettext("Tick the connections to hang up first."), messages.WARNING)
            return back
        try:
            orders.close(ids[:SHOWN], reason=reason)
        except ValueError as error:
            told = visible(str(error)) if reason.isprintable() and len(reason) <= 100 else _unfit()
            self.message_user(request, told, messages.ERROR)
            return back
        _note(request, ids[:SHOWN], reason)
        self.message_user(request, _told_to_end(len(ids[:SHOWN])), messages.SUCCESS)
        return back

    def _may_look(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def _may_hang_up(request: HttpRequest) -> bool:
    # A permission of its own: who may look at a page may not do all that stands on it.
    return request.user.has_perm("sse.hang_up")


def _unfit() -> str:
    return gettext("Nothing was done: a reason has 1 to 100 printable characters, on one line.")


def _told_to_end(count: int) -> str:
    said = ngettext("%(count)s connection told to end.", "%(count)s connections told to end.", count)
    return said % {"count": count} + " " + gettext("A browser that still may watch comes back.")


def _note(request: HttpRequest, ids: Iterable[str], reason: str) -> None:
    user: Any = request.user
    rows: Any = [Connection(pk=id) for id in ids]
    told = f"Hung up: {reason}"
    LogEntry.objects.log_actions(user.pk, rows, CHANGE, change_message=told)
    logger.info("user %s hung up %d connections", user.pk, len(rows))


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip()[:200] for name in ("user", "topic")}


def _state(asked: dict[str, str]) -> dict[str, Any]:
    """Return what the page shows, as texts: the template and the page's script put them in the same places."""
    user, problem = _user(asked["user"])
    topic = asked["topic"] or None
    if topic is not None and not topics.valid(topic):
        problem = gettext("%(topic)s is no topic: a name is kind:key, such as user:7.") % {"topic": topic}
    if problem:
        return {"summary": "", "notices": [visible(problem)], "rows": []}
    found = presence.connections(user=user, topic=topic, limit=SHOWN)
    return {"summary": _summary(found), "notices": _notices(found), "rows": [_row(connection) for connection in found]}


def _summary(found: presence.Connections) -> str:
    count, processes = found.total, len(found.processes)
    watching = ngettext("%(count)s connection", "%(count)s connections", count) % {"count": count}
    held = ngettext("in %(count)s process", "in %(count)s processes", processes) % {"count": processes}
    return f"{watching} {held}"


def _user(name: str) -> tuple[Any, str]:
    """Return the user of a name, or what is wrong with it."""
    if not name:
        return None, ""
    model = get_user_model()
    found = model._default_manager.filter(**{model.USERNAME_FIELD: name.replace("\0", "")}).first()
    return found, "" if found else gettext("No user is named %(name)s.") % {"name": name}


def _notices(found: presence.Connections) -> list[str]:
    notices = []
    if found.degraded:
        notices.append(gettext("Degraded: Redis does not answer. These are the connections of this process alone."))
    if found.silent:
        said = ngettext(
            "%(count)s process did not answer within a second, and what it holds is missing here: %(names)s.",
            "%(count)s processes did not answer within a second, and what they hold is missing here: %(names)s.",
            len(found.silent),
        )
        notices.append(said % {"count": len(found.silent), "names": ", ".join(map(visible, found.silent))})
    if found.total > len(found):
        said = gettext("These are the oldest %(shown)s of %(all)s. Name a user or a topic to see others.")
        notices.append(said % {"shown": len(found), "all": found.total})
    return notices


def _row(connection: presence.Connection) -> dict[str, Any]:
    names = connection.topics
    more = gettext(" and %(count)s more") % {"count": len(names) - NAMED} if len(names) > NAMED else ""
    cells = {
        "user": connection.name or connection.user,
        "topics": ", ".join(names[:NAMED]) + more,
        "address": connection.address,
        "since": moment(connection.since),
        "sent": str(connection.sent),
        "lag": str(connection.lag),
        "state": gettext(connection.state),
        "id": connection.id,
        "key": connection.user,
        "via": connection.via,
        "process": connection.process,
        "waiting": gettext("%(count)s bytes") % {"count": connection.waiting},
        "positions": "\n".join(_position(one) for one in connection.watching),
    }
    shown = {name: visible(text) for name, text in cells.items()}
    shown["user"] = Truncator(shown["user"]).chars(80)
    return {"id": connection.id, "state": connection.state, "cells": shown}


def _position(one: presence.Watching) -> str:
    said = gettext("%(topic)s: %(position)s of %(head)s")
    return said % {"topic": one.topic, "position": one.position, "head": one.head}
