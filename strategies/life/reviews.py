"""Reviews: a person has read a section and stands by it. A review holds until the section's data change."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from strategies import brief, versions
from strategies.errors import Refused
from strategies.life import statuses
from strategies.models import Section, Strategy

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LONGEST_NOTE = brief.TEXT_LENGTH
NOTE = brief.Field("note", "Note", "text", max=LONGEST_NOTE)


def review(
    strategy: Strategy,
    key: str,
    *,
    reviewer: "User",
    reviewed: bool = True,
    note: str = "",
    number: int | None = None,
) -> Section:
    """
    Mark a section of the newest version as reviewed, or take that back; the note is kept either way.

    ``number`` is the version that was read: where another came since, it is ``Refused`` (``stale``), for nobody has
    read that one. Raises ``Http404`` for a section that is not there and ``brief.Invalid`` for a bad note.
    """
    text = brief.read(NOTE, note) or ""
    with transaction.atomic():
        held = versions.hold(strategy)
        statuses.check_open(held)
        section = newest(held, key, number=number)
        if not section.ready:
            raise Refused(
                "section_failed",
                _("“{title}” could not be written, so there is nothing to review.").format(title=section.title),
            )
        section.reviewed = timezone.now() if reviewed else None
        section.reviewer = reviewer if reviewed or text else None
        section.review_note = text
        section.save(update_fields=["reviewed", "reviewer", "review_note"])
    return section


def newest(strategy: Strategy, key: str, *, number: int | None) -> Section:
    """Return a section of the newest version, which must be the one of this number."""
    version = strategy.versions.only("number").first()
    if version is None:
        raise Refused("no_document", _("There is no document yet: create the strategy first."))
    versions.check_newest(version, number)
    section = version.sections.filter(key=key).first()
    if section is None:
        raise Http404
    return section


def tell(section: Section) -> dict[str, Any]:
    """Return a section's review as the API tells it."""
    return {
        "key": section.key,
        "title": section.title,
        "ready": section.ready,
        "reviewed": section.reviewed.isoformat() if section.reviewed else None,
        "reviewer": section.reviewer.get_username() if section.reviewer else None,
        "note": section.review_note,
    }
