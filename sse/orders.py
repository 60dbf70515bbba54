"""
Orders to the hubs of all processes: look, end these, look again who may watch, tell this.

An order is a JSON object on one Redis channel. It is sent when the transaction commits, and never reaches its caller as
an error: what it asks for happens at the next re-check or comparison all the same, only later.
"""

import functools
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth import get_user_model
from django.db import transaction

from . import census, channels, conf, events, sender, sinks, watchers
from . import topics as topic_names
from .errors import EventTooLarge
from .subscriber import Subscriber

if TYPE_CHECKING:
    from .hub import Hub

# Django's own, as its messages have them.
LEVELS: Final = ("debug", "info", "success", "warning", "error")


def give(do: str, **members: Any) -> None:
    """Send an order to every process, on commit."""
    order = json.dumps({"do": do, **members}, ensure_ascii=False, allow_nan=False).encode()
    transaction.on_commit(functools.partial(sender.send, channels.EVERYBODY, order), robust=True)


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
    hears it. Raises ``ValueError`` for what cannot be sent, and then nobody is told.
    """
    data, wanted, names = message(data), _keys(users), _names(topics, "topics")
    members = _names(groups, "groups")
    if members is not None:
        found = get_user_model()._default_manager.filter(groups__name__in=members)
        wanted = (wanted or []) + [str(key) for key in found.values_list("pk", flat=True)]
    give("tell", users=wanted, topics=names, data=data)


def send(connection: str, data: Mapping[str, Any] | str) -> None:
    """
    Tell one connection, whichever process holds it; nothing is stored. ``data`` as for ``broadcast``.

    Whether there is such a connection is not known here: the order goes to all processes, and where none has it, nothing
    happens. Ask ``sse.connection`` where that matters. Raises ``ValueError`` for what cannot be sent.
    """
    give("tell", id=_id(connection), data=message(data))


def close(connection: str | Iterable[str], reason: str = "closed") -> None:
    """
    Hang up one connection, or several, whichever process holds it: it gets ``bye`` with the reason.

    Its browser comes back unless it may no longer watch; to keep somebody out, take the permission and ``recheck``. A
    connection that is not there, or no longer, is nobody's: nothing happens. ``reason`` has 1 to 100 printable
    characters; anything else raises ``ValueError``, and nothing is closed.
    """
    ids = [connection] if isinstance(connection, str) else list(connection)
    give("close", ids=[_id(one) for one in ids], reason=_reason(reason))


def _reason(reason: object) -> str:
    if not isinstance(reason, str) or not 1 <= len(reason) <= 100 or not reason.isprintable():
        raise ValueError(f"A reason has 1 to 100 printable characters, on one line; {reason!r:.60} is none.")
    return reason


def obey(hub: "Hub", payload: bytes) -> None:
    """Do what an order says, in this process; raises ``ValueError`` or ``KeyError`` for what is no order."""
    order = json.loads(payload)
    match order["do"]:
        case "look":
            # Said when something was not sent: events stand in the rows, but orders are gone.
            hub.doubtful = True
            hub.look.set()
        case "gone":
            for name in order["topics"]:
                if name in hub.topics:
                    hub.topics[name].end("gone")
            for stream in _matching(hub, {"topics": order["topics"]}):  # those too that still read the rows
                stream.end("gone")
        case "signed_out":
            for stream in list(hub.streams):
                if watchers.digest(stream.watcher.session) == order["session"]:
                    stream.end("signed_out")
        case "recheck":
            hub.spawn(hub.recheck(_matching(hub, order)))
        case "tell":
            told = sinks.body(events.encode_control("message", **message(dict(order["data"]))))
            for stream in _matching(hub, order):
                stream.tell(told)
        case "close":
            reason = _reason(order["reason"])
            for stream in _matching(hub, order):
                stream.end(reason)
        case "tell_connections":
            hub.spawn(census.answer(hub, census.read(order)))
        case other:
            raise ValueError(f"{other!r:.40} is no order")


def _matching(hub: "Hub", order: Mapping[str, Any]) -> list[Subscriber]:
    """Return the streams an order names: some by id, by user or topic, or all."""
    id, users, names = order.get("id"), order.get("users"), order.get("topics")
    ids = order.get("ids") if id is None else [id]
    if ids is not None:
        named = set(ids)
        return [stream for stream in hub.streams if stream.id in named]
    if users is None and names is None:
        return list(hub.streams)
    wanted, named = set(users or ()), set(names or ())
    return [s for s in hub.streams if str(s.watcher.user) in wanted or not named.isdisjoint(s.positions)]


def message(data: Mapping[str, Any] | str) -> dict[str, Any]:
    """Return what a ``message`` event carries: text, level, and whatever else was given. Raises ``ValueError``."""
    given = {"text": data} if isinstance(data, str) else dict(data) if isinstance(data, Mapping) else {}
    text, level = given.pop("text", None) or given.pop("message", None), given.pop("level", "info")
    given.pop("message", None)
    if not isinstance(text, str):
        raise ValueError('A message is a text, or {"message": text, "level": …}.')
    if level not in LEVELS:
        raise ValueError(f"There is no level {level!r:.40}; the levels are {', '.join(LEVELS)}.")
    if taken := sorted({*events.RESERVED, "retry"} & given.keys()):
        raise ValueError(f"A message's {', '.join(taken)} cannot be given.")
    whole = {"text": text, "level": level, **given}
    try:
        size = len(json.dumps(whole, ensure_ascii=False, allow_nan=False).encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"A message holds what JSON and UTF-8 can hold: {error}") from None
    if size > conf.MAX_EVENT_BYTES:
        raise EventTooLarge(f"The message has {size} bytes; the limit is {conf.MAX_EVENT_BYTES} (SSE_MAX_EVENT_BYTES).")
    return whole


def _id(connection: str) -> str:
    if not isinstance(connection, str) or not 1 <= len(connection) <= 64 or not connection.isprintable():
        raise ValueError(f"A connection is named by the id its hello told; {connection!r:.80} is none.")
    return connection


def _names(names: Iterable[str] | None, what: str) -> list[str] | None:
    """Return names as a list. A lone text would be taken for its letters, and reach nobody."""
    found = None if names is None else [names] if isinstance(names, str) else list(names)
    if isinstance(names, str) or not all(isinstance(name, str) for name in found or ()):
        raise ValueError(f"{what} is a list of names, not {names!r:.60}.")
    if what == "topics":
        topic_names.check(*found or ())
    return found


def _keys(users: Iterable[Any] | None) -> list[str] | None:
    if isinstance(users, str | bytes):
        raise ValueError(f"users is a list of users or primary keys, not {users!r:.60}.")
    return None if users is None else [str(getattr(user, "pk", user)) for user in users]


__all__ = ["broadcast", "close", "give", "message", "recheck", "send"]
