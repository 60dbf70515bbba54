"""A strategy as its page shows it: the document of one version, the brief, and what is being made."""

from typing import Any

from django.http import Http404

from . import brief, sections
from .life import shown
from .models import Job, Section, Strategy, Version


def context(strategy: Strategy, asked: str) -> dict[str, Any]:
    """Return what the template needs; ``asked`` is a version's number, or "" for the newest. 404 for another."""
    versions = list(strategy.versions.only("strategy", "number", "score", "engine", "origin", "created"))
    version = _version(strategy, versions, asked)
    document = version.document if version else {}
    life = shown.context(strategy, version, newest=version is not None and version.number == versions[0].number)
    return {
        "strategy": strategy,
        "versions": versions,
        "version": version,
        "document": document,
        "sections": [_section(entry, life["rows"].get(entry.get("key"))) for entry in document.get("sections", [])],
        "life": life,
        "job": strategy.jobs.order_by("-created").first(),
        "active_job": strategy.jobs.filter(status__in=Job.ACTIVE).first(),
        "completeness": brief.completeness(strategy.brief),
        "answers": brief.describe(strategy.brief),
    }


def _section(entry: dict[str, Any], row: Section | None) -> dict[str, Any]:
    """Return a section with the template that knows its kind; one that is newer than this page is shown plainly."""
    known = entry.get("key") in sections.KEYS
    return {**entry, "row": row, "template": f"strategies/sections/{entry['key'] if known else 'other'}.html"}


def _version(strategy: Strategy, versions: list[Version], asked: str) -> Version | None:
    if not asked:
        return strategy.versions.first() if versions else None
    if not asked.isdecimal() or not asked.isascii() or len(asked) > 9:
        raise Http404
    found = strategy.versions.filter(number=int(asked)).first()
    if found is None:
        raise Http404
    return found
