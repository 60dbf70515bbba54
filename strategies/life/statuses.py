"""
The statuses of a strategy, and the verbs that lead from one to another.

``VERBS`` is the one table of them: API, pages and docs read it. A strategy that is active stays so when its document
changes: what was in force yesterday is not switched off by an edit. Its page says which sections wait for a review.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext_noop as _

from strategies import versions
from strategies.errors import Refused
from strategies.models import Job, Section, Strategy

DRAFT, ACTIVE, PAUSED, INACTIVE, ARCHIVED = Strategy.Status


class Verb(NamedTuple):
    """What may be done with a strategy: from which statuses, to which, and what to do first in any other."""

    label: str
    after: tuple[Strategy.Status, ...]
    to: Strategy.Status
    first: str
    means: str


VERBS: Final = {
    "activate": Verb(
        _("Activate"),
        (DRAFT, INACTIVE),
        ACTIVE,
        _("resume it instead"),
        _("It is in force; every section is reviewed."),
    ),
    "pause": Verb(
        _("Pause"), (ACTIVE,), PAUSED, _("activate it first"), _("It rests for a while, and is resumed as it stands.")
    ),
    "resume": Verb(_("Resume"), (PAUSED,), ACTIVE, _("activate it instead"), _("It is in force again.")),
    "deactivate": Verb(
        _("Deactivate"),
        (ACTIVE, PAUSED),
        INACTIVE,
        _("activate it first"),
        _("It is in force no more; kept in the list."),
    ),
    "archive": Verb(
        _("Archive"),
        (DRAFT, PAUSED, INACTIVE),
        ARCHIVED,
        _("deactivate it first"),
        _("It leaves the list and can't be changed until it is unarchived."),
    ),
    "unarchive": Verb(
        _("Unarchive"),
        (ARCHIVED,),
        DRAFT,
        _("only an archived one can be unarchived"),
        _("It comes back as a draft, with its reviews."),
    ),
}


def change(strategy: Strategy, name: str) -> Strategy:
    """Do what the verb of this name says; return the strategy as it is now. Raises ``Refused``."""
    verb = VERBS[name]
    with transaction.atomic():
        held = versions.hold(strategy)
        _check_status(held, verb)
        if name == "activate":
            check_reviewed(held)
        if name == "archive" and held.jobs.filter(status__in=Job.ACTIVE).exists():
            raise Refused("job_active", _("A job of this strategy is at work: wait for its end, or cancel it first."))
        held.status = verb.to
        held.save(update_fields=["status", "updated"])
    return held


def offered(strategy: Strategy) -> dict[str, Verb]:
    """Return the verbs that its status allows."""
    return {name: verb for name, verb in VERBS.items() if strategy.status in verb.after}


def check_open(strategy: Strategy) -> None:
    """Refuse to change anything about an archived strategy."""
    if strategy.status == ARCHIVED:
        raise Refused("archived", _("The strategy is archived: unarchive it first."))


def check_reviewed(strategy: Strategy) -> None:
    """Refuse unless every section of the newest version is there and reviewed."""
    version = strategy.versions.only("number").first()
    sections = list(version.sections.only("key", "ready", "reviewed")) if version else []
    if not sections:
        raise Refused("no_document", _("There is no document yet: create the strategy first."))
    if failed := [section for section in sections if not section.ready]:
        sentence = _("{names} could not be written: create the strategy again, or retry the run, first.").format(
            names=_list(failed)
        )
        raise Refused("section_failed", sentence)
    if waiting := [section for section in sections if section.reviewed is None]:
        sentence = _("{waiting} of {all} sections wait for a review: review {names} first.").format(
            waiting=len(waiting), all=len(sections), names=_list(waiting)
        )
        raise Refused("not_reviewed", sentence)


def _list(sections: Iterable[Section]) -> str:
    return ", ".join(f"“{section.title}”" for section in sections)


def _check_status(strategy: Strategy, verb: Verb) -> None:
    if strategy.status in verb.after:
        return
    status = Strategy.Status(strategy.status)
    shown = _("a draft") if status == DRAFT else status.label.lower()
    if status == verb.to:
        raise Refused("wrong_status", _("The strategy is {shown} already.").format(shown=shown))
    if status == ARCHIVED:
        check_open(strategy)
    raise Refused("wrong_status", _("The strategy is {shown}: {remedy}.").format(shown=shown, remedy=verb.first))
