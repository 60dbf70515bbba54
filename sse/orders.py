"""
Orders to the hubs of all processes: look, end these, look again who may watch, tell this.

An order is a JSON object on one Redis channel. It is sent when the transaction commits, and never reaches its caller as
an error: what it asks for happens at the next re-check or comparison all the same, only later.
"""

import functools
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import transaction

from . import census, channels, events, publisher, sinks, watchers
from .subscriber import Subscriber

if TYPE_CHECKING:
    from .hub import Hub


def give(do: str, **members: Any) -> None:
    """Send an order to every process, on commit."""
    order = json.dumps({"do": do, **members}, ensure_ascii=False, allow_nan=False).encode()
    transaction.on_commit(functools.partial(publisher.send, channels.EVERYBODY, order), robust=True)


def recheck(users: Iterable[Any] | None = None, topics: Iterable[str] | None = None) -> None:
    """
    Look again, now and in all processes, who may watch what: a permission changed.

    ``users`` are primary keys, ``topics`` names; without either, everybody. Streams that may no longer be watched end
    within a second.
    """
    give("recheck", users=_keys(users), topics=None if topics is None else list(topics))


def broadcast(
    data: Mapping[str, Any] | str,
    users: Iterable[Any] | None = None,
    groups: Iterable[str] | None = None,
    topics: Iterable[str] | None = None,
) -> None:
    """
    Tell everybody who is connected, or a part, once; nothing is stored.

    ``data`` is a text or ``{"message": text, "level": "info", …}`` and arrives as the event ``message`` {text, level, …}.
    ``users`` (primary keys), ``groups`` (names) and ``topics`` narrow it down; a stream that matches one of them
    hears it.
    """
    wanted = _keys(users)
    if groups is not None:
        members = get_user_model()._default_manager.filter(groups__name__in=list(groups))
        wanted = (wanted or []) + [str(key) for key in members.values_list("pk", flat=True)]
    give("tell", users=wanted, topics=None if topics is None else list(topics), data=message(data))


def send(connection: str, data: Mapping[str, Any] | str) -> None:
    """Tell one connection, whichever process holds it; nothing is stored. ``data`` as for ``broadcast``."""
    give("tell", id=connection, data=message(data))


def close(connection: str, reason: str = "closed") -> None:
    """Hang up one connection, whichever process holds it: it gets ``bye`` with the reason."""
    give("close", id=connection, reason=reason)


def obey(hub: "Hub", payload: bytes) -> None:
    """Do what an order says, in this process; raises ``ValueError`` or ``KeyError`` for what is no order."""
    order = json.loads(payload)
    match order["do"]:
        case "look":
            hub.look.set()
        case "gone":
            for name in order["topics"]:
                if name in hub.topics:
                    hub.topics[name].end("gone")
        case "signed_out":
            for stream in list(hub.streams):
                if watchers.digest(stream.watcher.session) == order["session"]:
                    stream.end("signed_out")
        case "recheck":
            hub.spawn(hub.recheck(_matching(hub, order)))
        case "tell":
            told = sinks.body(events.encode_control("message", **order["data"]))
            for stream in _matching(hub, order):
                stream.tell(told)
        case "close":
            for stream in _matching(hub, order):
                stream.end(str(order["reason"]))
        case "tell_connections":
            hub.spawn(census.answer(hub, census.read(order)))
        case other:
            raise ValueError(f"{other!r:.40} is no order")


def _matching(hub: "Hub", order: Mapping[str, Any]) -> list[Subscriber]:
    """Return the streams an order names: one by its id, some by user or topic, or all."""
    id, users, names = order.get("id"), order.get("users"), order.get("topics")
    if id is not None:
        return [stream for stream in hub.streams if stream.id == id]
    if users is None and names is None:
        return list(hub.streams)
    wanted, named = set(users or ()), set(names or ())
    return [s for s in hub.streams if str(s.watcher.user) in wanted or not named.isdisjoint(s.positions)]


def message(data: Mapping[str, Any] | str) -> dict[str, Any]:
    """Return what a ``message`` event carries: text, level, and whatever else was given."""
    if isinstance(data, str):
        return {"text": data, "level": "info"}
    rest = {name: value for name, value in data.items() if name not in ("message", "text", "level")}
    text = data.get("text", data.get("message"))
    if not isinstance(text, str):
        raise ValueError('A message is a text, or {"message": text, "level": …}.')
    return {"text": text, "level": str(data.get("level", "info")), **rest}


def _keys(users: Iterable[Any] | None) -> list[str] | None:
    return None if users is None else [str(getattr(user, "pk", user)) for user in users]


__all__ = ["broadcast", "close", "give", "message", "recheck", "send"]
