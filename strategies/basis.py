"""What a job works from that adds to a finished document: its newest version, and the brief that this was made from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies import arithmetic
from strategies.engines import Material
from strategies.errors import Refused
from strategies.life import statuses
from strategies.models import Job, Strategy, Version

MEMBERS = ("name", "industry", "brief", "timeline_months", "max_content_pieces")


def asked(strategy: Strategy) -> dict[str, Any]:
    """Return what a document would be made from now: what the strategy's owner answered, as it stands."""
    return {name: getattr(strategy, name) for name in MEMBERS}


@dataclass(frozen=True, kw_only=True)
class Basis:
    """A version of a document, with the frozen brief."""

    number: int
    document: Mapping[str, Any]
    brief: Mapping[str, Any]

    @property
    def sections(self) -> dict[str, Mapping[str, Any]]:
        """The sections that are there, by their keys."""
        return {entry["key"]: entry["data"] for entry in self.document["sections"] if entry["status"] == "ready"}

    def material(self, **more: Any) -> Material:
        """Return what an engine gets to know; the figures are those of the document, so that it stays of one piece."""
        given = {name: self.brief[name] for name in MEMBERS}
        return Material(**given, foundation=self.document["foundation"], **more)


def check(strategy: Strategy) -> Version:
    """Return the newest version, whose document can be added to now; raises ``Refused``."""
    statuses.check_open(strategy)
    version = strategy.versions.order_by("-number").first()
    if version is None:
        raise Refused("no_document", _("There is no document yet: create the strategy first."))
    if strategy.jobs.filter(kind="strategy", status__in=Job.ACTIVE).exists():
        raise Refused("job_active", _("A new version of the strategy is being made: wait for it, or cancel it first."))
    return version


def freeze(job: Job) -> dict[str, Any]:
    """Return what the job works from, as it stands when the job is asked for."""
    assert job.strategy is not None
    version = check(job.strategy)
    return {**_brief_of(job.strategy, version), "version": version.number}


def read(job: Job) -> Basis:
    """Return the version that was the newest when the job was asked for; it is never changed."""
    version = Version.objects.get(strategy=job.strategy_id, number=job.brief["version"])
    return Basis(number=version.number, document=version.document, brief=job.brief)


def of(strategy: Strategy, version: Version) -> Basis:
    """Return a version with the brief that it was made from."""
    return Basis(number=version.number, document=version.document, brief=_brief_of(strategy, version))


def _brief_of(strategy: Strategy, version: Version) -> dict[str, Any]:
    """
    Return the brief that a version was made from.

    Documents keep the figures and not the answers. A brief that gives the same figures is the one; where none does, by a
    release that computes otherwise, the last that was worked from.
    """
    known = list(_briefs(strategy, version))
    made = version.document.get("foundation")
    return next((brief for brief in known if _found(brief) == made), known[0])


def _briefs(strategy: Strategy, version: Version) -> Iterator[dict[str, Any]]:
    """Yield what a version may have been made from, the likeliest first, each once."""
    jobs = Job.objects.filter(version__strategy=strategy, version__number__lte=version.number)
    worked_from = list(jobs.order_by("-version__number").values_list("brief", flat=True))
    told: list[dict[str, Any]] = []
    for brief in [*worked_from, asked(strategy)]:
        if brief.keys() >= set(MEMBERS) and (own := {name: brief[name] for name in MEMBERS}) not in told:
            told.append(own)
            yield own


def _found(brief: Mapping[str, Any]) -> dict[str, Any]:
    months, pieces = brief["timeline_months"], brief["max_content_pieces"]
    return arithmetic.found(brief["brief"], timeline_months=months, max_content_pieces=pieces)
