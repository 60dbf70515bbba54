"""Versions of a document: every change is a new one, and none is changed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from strategies.models import Job, Section, Strategy, Version

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def save(
    strategy: Strategy,
    document: Mapping[str, Any],
    *,
    origin: Version.Origin,
    engine: str,
    job: Job | None = None,
    author: "User | None" = None,
    note: str = "",
    raw: Mapping[str, str] | None = None,
) -> Version:
    """
    Save ``document`` as the strategy's next version, with its sections, and return it.

    ``raw`` holds what the engine answered, by section. A review of a section whose data did not change is kept.
    """
    with transaction.atomic():
        # Held until the outer transaction ends: versions are numbered without gaps, whoever else saves one.
        Strategy.objects.select_for_update().get(pk=strategy.pk)
        before = strategy.versions.order_by("-number").first()
        version = Version.objects.create(
            strategy=strategy,
            number=before.number + 1 if before else 1,
            job=job,
            document=document,
            score=round(document["score"]["total"]),
            engine=engine,
            origin=origin,
            author=author,
            note=note,
        )
        known = {section.key: section for section in before.sections.all()} if before else {}
        Section.objects.bulk_create(
            _section(version, number, entry, known.get(entry["key"]), (raw or {}).get(entry["key"], ""))
            for number, entry in enumerate(document["sections"], 1)
        )
    return version


def _section(version: Version, number: int, entry: Mapping[str, Any], before: Section | None, raw: str) -> Section:
    section = Section(
        version=version,
        key=entry["key"],
        number=number,
        ready=entry["status"] == "ready",
        data=entry.get("data"),
        reason=entry.get("reason") or "",
        raw=raw,
        engine=version.engine,
    )
    if before is not None and before.ready and before.data == section.data:
        section.raw, section.engine, section.prompt = raw or before.raw, before.engine, before.prompt
        section.reviewed, section.reviewer, section.review_note = before.reviewed, before.reviewer, before.review_note
    return section
