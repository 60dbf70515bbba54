"""The client's module SSEMessageTypes.js: names and types of events, made from their schema so that neither drifts."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from . import events, schema

PATH: Final = Path(__file__).parent / "static" / "sse" / "SSEMessageTypes.js"

_SIMPLE: Final = {"string": "string", "integer": "number", "boolean": "boolean", "null": "null"}
# What events about the stream itself carry beside the schema's members.
_CONTROL: Final = ("retry?: number", "cursor?: string | number", "heartbeat_seconds?: number", "level?: string")

_TEMPLATE: Final = """\
/** The events of a stream, by the names that the wire gives them. Made by `manage.py message_types`: change it there. */

/** @typedef {%(numbered_names)s} NumberedName */
/** @typedef {%(control_names)s} ControlName */
/** @typedef {%(passing_names)s} PassingName */
/** @typedef {NumberedName | ControlName | PassingName} EventName */

/**
 * Numbered and stored. Each moves the reader's cursor, and is delivered once and in order.
 *
 * @type {readonly NumberedName[]}
 */
export const NUMBERED = Object.freeze(%(numbered)s);

/** About the stream itself: no number, no cursor. @type {readonly ControlName[]} */
export const CONTROL = Object.freeze(%(control)s);

/** Live only: seen or missed, never repeated. @type {readonly PassingName[]} */
export const PASSING = Object.freeze(%(passing)s);

/**
 * Every name a stream may use. Others are ignored, so that a newer server does not break an older page.
 *
 * @type {readonly EventName[]}
 */
export const WIRE = Object.freeze([...NUMBERED, ...CONTROL, ...PASSING]);

/**
 * Anything that a stream tells, in its one JSON form. Unknown members are to be ignored.
 *
 * @typedef {{
 *   type: string,
%(members)s
 *   [member: string]: unknown
 * }} SSEMessage
 */

/**
 * A numbered event.
 *
 * @typedef {SSEMessage & {type: NumberedName, topic: string, seq: number, timestamp: string}} SSEEvent
 */
"""


def written() -> str:
    """Return the module's text."""
    members = schema.event()["properties"] | schema.text()["properties"]
    lines = [f"{name}?: {_typed(member)}" for name, member in members.items() if name != "type"]
    return _TEMPLATE % {
        "numbered": _listed(events.TYPES),
        "control": _listed(events.CONTROL_TYPES),
        "passing": _listed(events.PASSING_TYPES),
        "numbered_names": _either(events.TYPES),
        "control_names": _either(events.CONTROL_TYPES),
        "passing_names": _either(events.PASSING_TYPES),
        "members": "\n".join(f" *   {line}," for line in [*lines, *_CONTROL]),
    }


def _listed(names: Iterable[str]) -> str:
    return json.dumps(list(names))


def _either(values: Iterable[Any]) -> str:
    return " | ".join(map(json.dumps, values))


def _typed(member: Mapping[str, Any]) -> str:
    """Return a JSON Schema as a type of TypeScript."""
    if "enum" in member:
        return _either(member["enum"])
    kinds = [member["type"]] if isinstance(member["type"], str) else member["type"]
    return " | ".join(_of_kind(kind, member) for kind in kinds)


def _of_kind(kind: str, member: Mapping[str, Any]) -> str:
    if kind == "array":
        return f"{_typed(member['items'])}[]"
    if kind == "object":
        inner = (f"{name}?: {_typed(of)}" for name, of in member.get("properties", {}).items())
        return "{" + ", ".join(inner) + "}"
    return _SIMPLE[kind]
