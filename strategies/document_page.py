"""A strategy as its page shows it: the document of one version, the brief, and what is being made."""

from typing import Any

from django.conf import settings
from django.http import Http404

from . import basis, brief, calendar_page, sections, snapshot, spoken, texts
from .kinds.section import LONGEST_INSTRUCTION
from .life import own, shown
from .models import Job, Section, Step, Strategy, Version


def context(strategy: Strategy, asked: str) -> dict[str, Any]:
    """Return what the template needs; ``asked`` is a version's number, or "" for the newest. 404 for another."""
    versions = list(strategy.versions.only("strategy", "number", "score", "engine", "origin", "created"))
    version = _version(strategy, versions, asked)
    document = version.document if version else {}
    steps = {step.key: step for step in version.job.steps.defer("output")} if version and version.job else {}
    newest = version is not None and version.number == versions[0].number
    life = shown.context(strategy, version, newest=newest)
    # An older version is shown with the brief that it was made from; beside the newest stands what the owner says now.
    made_from = basis.asked(strategy) if newest or version is None else basis.of(strategy, version).brief
    return {
        "strategy": strategy,
        "versions": versions,
        "version": version,
        "document": spoken.document({name: part for name, part in document.items() if name != "sections"}),
        "sections": [
            _section(entry, document, row=life["rows"].get(entry.get("key")), step=steps.get(entry.get("key")))
            for entry in document.get("sections", [])
        ],
        "life": life,
        "job": strategy.jobs.order_by("-created").first(),
        "active_job": _active_job(strategy),
        "calendar": calendar_page.context(strategy, document, newest=newest),
        "again": again(),
        "completeness": brief.completeness(made_from["brief"]),
        "answers": brief.describe(made_from["brief"], texts.tongue()),
        "made_from": made_from,
        "older": version is not None and not newest,
    }


def again() -> dict[str, Any]:
    """Return what the form to write a section again needs beside the section."""
    return {"longest_instruction": LONGEST_INSTRUCTION, "follows": settings.STRATEGIES_MODEL != "offline"}


def _active_job(strategy: Strategy) -> Any:
    """Return the job that is at work, with what its kind says of it; None where there is none."""
    job: Any = strategy.jobs.filter(status__in=Job.ACTIVE).first()
    if job is not None:
        job.words = snapshot.kind_of(job).words
    return job


def _section(
    entry: dict[str, Any], document: dict[str, Any], *, row: Section | None, step: Step | None
) -> dict[str, Any]:
    """Return a section with the template that knows its kind; one that is newer than this page is shown plainly."""
    known = entry.get("key") in sections.KEYS
    return {
        **spoken.section(own.shown(entry, document), document),
        "row": row,
        "step": step,
        "template": f"strategies/sections/{entry['key'] if known else 'other'}.html",
    }


def _version(strategy: Strategy, versions: list[Version], asked: str) -> Version | None:
    if not asked:
        return strategy.versions.first() if versions else None
    if not asked.isdecimal() or not asked.isascii() or len(asked) > 9:
        raise Http404
    found = strategy.versions.filter(number=int(asked)).first()
    if found is None:
        raise Http404
    return found
