"""Versions of a document: every change is a new one, and none is changed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _

from strategies.errors import Refused
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
    own_note: bool = False,
    raw: Mapping[str, str] | None = None,
    prompts: Mapping[str, str] | None = None,
) -> Version:
    """
    Save ``document`` as the strategy's next version, with its sections, and return it.

    ``own_note`` says that the note is its author's words. ``raw`` holds what the engine answered, by section, and
    ``prompts`` the version of what it was asked. A review of a section whose data did not change is kept.
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
            own_note=own_note,
        )
        known = {section.key: section for section in before.sections.all()} if before else {}
        Section.objects.bulk_create(
            _section(
                version,
                number,
                entry,
                before=known.get(entry["key"]),
                raw=(raw or {}).get(entry["key"], ""),
                prompt=(prompts or {}).get(entry["key"], ""),
            )
            for number, entry in enumerate(document["sections"], 1)
        )
    return version


def hold(strategy: Strategy) -> Strategy:
    """
    Return the strategy as it is now, held until the transaction ends; ``Http404`` where it is gone.

    Whoever looks at the newest version and then writes about it holds the strategy first, as ``save`` does.
    """
    return get_object_or_404(Strategy.objects.select_for_update(), pk=strategy.pk)


def check_newest(version: Version, number: int | None) -> None:
    """Refuse where somebody read the version of this number and it is not the newest any more."""
    if number is not None and number != version.number:
        raise Refused(
            "stale",
            _("This is about version {number}, but the newest is {now}: look at that one first.").format(
                number=number, now=version.number
            ),
        )


def _section(
    version: Version, number: int, entry: Mapping[str, Any], *, before: Section | None, raw: str, prompt: str
) -> Section:
    section = Section(
        version=version,
        key=entry["key"],
        number=number,
        ready=entry["status"] == "ready",
        data=entry.get("data"),
        reason=entry.get("reason") or "",
        raw=raw,
        engine=version.engine,
        prompt=prompt,
    )
    if before is not None and before.ready and before.data == section.data:
        section.raw, section.engine, section.prompt = raw or before.raw, before.engine, before.prompt
        section.reviewed, section.reviewer, section.review_note = before.reviewed, before.reviewer, before.review_note
    return section
