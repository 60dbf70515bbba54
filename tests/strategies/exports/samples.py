"""Documents to export: small and large, mild and hostile, whole and in part."""

import copy
import datetime
import re
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from strategies import brief
from strategies.models import Strategy, Version
from tests.strategies import canonical

# PostgreSQL can't store NUL in JSON, so that no document there holds one.
LEAST = "\x00" if connection.vendor == "sqlite" else "\x01"
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[click](javascript:alert(1)) ![x](http://x/y.png) <http://x> https://evil.example www.evil.example",
    "# Heading\n## Another\n\n---\n\n    code\n```\nfence\n```",
    "1. one\n2) two\n- three\n+ four\n> five\n=====\n| a | b |\n| - | - |",
    "*a* _b_ **c** `d` ~~e~~ &amp; &lt; \\ \\\\ $x$ ^y^",
    f"\u202eevil\u202c \u2066in\u2069 {LEAST}\x07\x1b[31m\x9f\ufffe end",
    "one\u2028two\u2029three\x85four\x0bfive\x0csix\rseven\r\neight\ttab",
    '=HYPERLINK("http://x") +1 -1 @SUM(A1) \' " ,;',
    "مرحبا بالعالم, استراتيجية المحتوى",
    "שלום עולם, אסטרטגיה",
    "Grüße aus Österreich – Übergrößen ß “Zitat” 👩‍👩‍👧 🇦🇹 🚀 漢字 Ελληνικά Русский",
    '#let x = read("/etc/passwd"); $ #sys.inputs $ @ref <label> `raw` */ //',
)


# Without what no brief is stored with; a document, which others write too, may hold it all the same.
STORED = tuple(re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe]", "", text) for text in HOSTILE)


def hostile() -> dict[str, Any]:
    """A request with such a text in every field that takes one."""
    asked = canonical.request("full")
    asked["name"] = STORED[0] + STORED[8] + " 🚀"
    asked["industry"] = "Grüße & *Stern* " + STORED[1]
    given = asked["brief"]
    given["business_objectives"] = list(STORED[:6])
    given["audience_pain_points"] = ["Lack of Time", "<b>Übergröße</b>", "مرحبا", "=1+1"]
    given["top_competitors"] = [
        {"name": f"{number} {text}"[:200].replace("\n", " "), "strength": text, "weakness": STORED[-number - 1]}
        for number, text in enumerate(STORED)
    ]
    given["top_competitors"][0]["website"] = "https://example.com/%3Cb%3E?a=(1)&b=_x_"
    given["buying_journey"] = dict(zip(given["buying_journey"], STORED[2:6], strict=True))
    given["brand_voice"]["key_messages"] = list(STORED[6:])
    return asked


def planted(document: dict[str, Any], texts: tuple[str, ...] = HOSTILE) -> dict[str, Any]:
    """The document with each of its texts for people replaced by a hostile one, as a model might write it."""
    turn = iter(range(10**6))

    def plant(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: plant(part, name) for name, part in value.items()}
        if isinstance(value, list):
            return [plant(part, key) for part in value]
        kept = {"key", "status", "basis", "unit", "fields", "priority", "confidence", "category", "overall_level"}
        keep = not isinstance(value, str) or key in kept | {"frequency", "field", "group", "made_with", "date", "id"}
        return value if keep else texts[next(turn) % len(texts)]

    return document | {"sections": plant(document["sections"]), "summary": plant(document["summary"])}


def calendar(count: int = 3, **changes: Any) -> dict[str, Any]:
    """A calendar of so many pieces."""
    start = datetime.date(2026, 12, 1)
    pieces = [
        {
            "id": f"piece_{number:03}",
            "title": f"Piece {number}: how a bottle comes back",
            "description": "What happens to it, step by step.",
            "format": "Videos",
            "channel": "YouTube",
            "date": (start + datetime.timedelta(days=5 * number)).isoformat(),
            "slot": "Thursday Evening",
            "theme": "Refilling",
            "funnel_stage": "awareness",
            "season": "",
            "priority": "High",
            **changes,
        }
        for number in range(1, count + 1)
    ]
    theme = {"name": "Refilling", "description": "What a bottle is for.", "priority": "High", "stages": ["awareness"]}
    return {
        "start": start.isoformat(),
        "end": "2028-05-31",
        "timezone": "Europe/Vienna",
        "cadence": "Bi-weekly, on Thursday.",
        "basis": ["No piece is dated before your team has had the hours for it."],
        "themes": [{**theme, "season": "", "fields": ["top_competitors"]}],
        "pieces": pieces,
        "made_with": "offline",
        "version": 1,
        "unwritten": [],
        "reason": "",
    }


def large() -> dict[str, Any]:
    """A request as large as one may be: 36 months, 200 pieces, 30 competitors."""
    asked = canonical.request("full") | {"timeline_months": 36, "max_content_pieces": 200}
    asked["brief"] |= {
        "content_frequency": "Daily",
        "team_size": 40,
        "top_competitors": [
            {"name": f"Competitor {number}", "strength": "Everywhere. " * 30, "weakness": "Dear. " * 40}
            for number in range(30)
        ],
    }
    return asked


def failed(document: dict[str, Any], key: str, reason: str) -> dict[str, Any]:
    """The document without one of its sections."""
    changed = copy.deepcopy(document)
    for entry in changed["sections"]:
        if entry["key"] == key:
            entry |= {"status": "failed", "reason": reason, "data": None}
    return changed


def store(owner: User, asked: dict[str, Any], document: dict[str, Any] | None = None, **changes: Any) -> Version:
    """Store a request with its document, as version 1."""
    strategy = Strategy.objects.create(owner=owner, **vars(brief.clean_strategy(asked)))
    return add(strategy, document or canonical.made(asked), **changes)


def add(strategy: Strategy, document: dict[str, Any], **changes: Any) -> Version:
    """Store a document as the strategy's next version."""
    values = {"number": strategy.versions.count() + 1, "engine": "offline", "score": document["score"]["total"]}
    return Version.objects.create(strategy=strategy, document=document, **(values | changes))
