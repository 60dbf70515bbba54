"""What a page of the admin shows of an event, and how text from outside is made harmless."""

import functools
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from sse.models import Event, Topic

# What a page shows of one topic's events, the last ones.
SHOWN: Final = 200

# Controls, and the marks that turn the direction of the text after them (an override can make "exe.txt" read
# "txt.exe"). HTML escaping leaves both as they are.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


# What puts stored sentences into the reader's language. An app that stores its own says how, once.
_speakers: list[Callable[[str], str]] = [gettext]


def speak(by: Callable[[str], str]) -> None:
    """Put what events and the log say into the reader's language by ``by`` too, which leaves what it does not know."""
    _speakers.append(by)


def spoken(text: str) -> str:
    """Return a stored sentence in the reader's language where somebody knows it."""
    if not text:  # of which gettext would return the catalogue's head
        return ""
    return functools.reduce(lambda said, speaker: speaker(said), _speakers, text)


def visible(text: str) -> str:
    """Return ``text`` with what works unseen in it written out, as JSON would escape it."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def pretty(value: object) -> SafeString:
    """Return ``value`` as indented JSON in a box of its own; nothing for None."""
    if value is None:
        return SafeString("")
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    return format_html('<pre class="json" tabindex="0">{}</pre>', visible(text))


def moment(at: datetime) -> str:
    """Return a time to the second, with its zone: what is told here follows within seconds."""
    return formats.date_format(timezone.localtime(at), "Y-m-d H:i:s e")


def story(request: HttpRequest, topic: str) -> SafeString:
    """Return a topic's last events as a table for a page of the admin: two queries, whatever its length."""
    found = Topic.objects.filter(name=topic).first()
    last = list(found.events.order_by("-seq")[:SHOWN])[::-1] if found else []
    rows = [{"event": event, "message": message(event), "json": pretty(read(event))} for event in last]
    return render_to_string("admin/sse/story.html", {"topic": found, "name": topic, "rows": rows}, request)


def message(event: Event) -> str:
    """Return what an event says to people, in one line."""
    data = read(event)
    if not isinstance(data, dict):
        return ""
    lesson = data.get("educational_content")
    title = lesson.get("title") if isinstance(lesson, dict) else None
    return visible(spoken(str(data.get("message") or title or "")))


def read(event: Event) -> Any:
    """Return what an event carries; its text where that cannot be read."""
    try:
        return event.data
    except (ValueError, RecursionError):
        # An operator looks at a row for the very reason that something is wrong with it.
        return event.json
