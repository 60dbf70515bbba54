"""The event's one JSON Schema (draft 2020-12): what the API's description shows and clients' types are made from."""

from typing import Any

from .events import MAX_SEQ, TYPES


def event() -> dict[str, Any]:
    """Return the schema of a published event, as it stands in streams, in polling and in exports (contract §3)."""
    integer = {"type": "integer", "minimum": 0}
    text = {"type": "string"}
    return {
        "type": "object",
        "description": "One thing that happened on a topic. Unknown members are to be ignored.",
        "required": ["topic", "seq", "type", "timestamp"],
        "properties": {
            "topic": {**text, "description": "kind:key, such as job:<uuid>"},
            "seq": {"type": "integer", "minimum": 1, "maximum": MAX_SEQ, "description": "1, 2, 3 … in its topic"},
            "type": {**text, "enum": list(TYPES)},
            "timestamp": {**text, "format": "date-time"},
            "final": {"type": "boolean", "description": "The topic's last event."},
            "status": {**text, "enum": ["queued", "running", "succeeded", "partial", "failed", "cancelled"]},
            "reason": text,
            "attempt": integer,
            "step": {**integer, "description": "1-based"},
            "step_key": text,
            "steps": {**integer, "description": "How many there are."},
            "progress": {**integer, "maximum": 100, "description": "Percent; never falls."},
            "message": text,
            "phase": {**text, "enum": ["running", "done"]},
            "educational_content": {
                "type": "object",
                "properties": {
                    **dict.fromkeys(("title", "description", "insight", "estimated_time"), text),
                    "details": {"type": "array", "items": text},
                    **dict.fromkeys(("achievement", "next_step"), text),
                },
            },
            "result_url": text,
            "error": {
                "type": ["object", "null"],
                "properties": {
                    "code": text,
                    "message": text,
                    "step_key": {"type": ["string", "null"]},
                    "retryable": {"type": "boolean"},
                },
            },
        },
    }


def text() -> dict[str, Any]:
    """Return the schema of a text that is being written, which streams alone carry (contract §3)."""
    return {
        "type": "object",
        "description": "What is being written, so far. Live only: without number and cursor, and never repeated.",
        "required": ["topic", "type", "timestamp", "text"],
        "properties": {
            "topic": {"type": "string"},
            "type": {"const": "text"},
            "timestamp": {"type": "string", "format": "date-time"},
            "step_key": {"type": "string", "description": "Out of date unless this step is running …"},
            "attempt": {"type": "integer", "minimum": 0, "description": "… and this is the job's attempt."},
            "text": {"type": "string", "description": "At most 8 KB as UTF-8: where it is longer, its end."},
        },
    }


def page() -> dict[str, Any]:
    """Return the schema of a page of events, as polling answers (contract §4)."""
    return {
        "type": "object",
        "required": ["events", "cursor", "final", "more"],
        "properties": {
            "events": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}},
            "cursor": {"type": "string", "description": "Opaque; send it back as ?after="},
            "final": {"type": "boolean", "description": "The topic's last event is among these, or was before."},
            "more": {"type": "boolean", "description": "There are more right now."},
            "reset": {
                "type": "object",
                "description": "The cursor could not be honoured; the events begin after this one instead.",
                "properties": {name: {"type": "string"} for name in ("topic", "reason", "cursor")},
            },
        },
    }
