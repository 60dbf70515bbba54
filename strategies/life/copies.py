"""An old version brought back, and a strategy made from another."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _

from strategies import versions
from strategies.brief import NAME_LENGTH
from strategies.errors import Refused
from strategies.life import statuses
from strategies.models import Strategy, Version

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SUFFIX = " (copy)"


def restore(strategy: Strategy, number: int, *, author: "User") -> Version:
    """
    Save an old version's document as the next version.

    A section that the newest version has as well keeps its review; any other waits for one.
    """
    with transaction.atomic():
        held = versions.hold(strategy)
        statuses.check_open(held)
        old = get_object_or_404(held.versions, number=number)
        if not held.versions.filter(number__gt=number).exists():
            raise Refused(
                "newest",
                _("Version {number} is the newest already: there is nothing to restore.").format(number=number),
            )
        return versions.save(
            held,
            old.document,
            origin=Version.Origin.RESTORED,
            engine=old.engine,
            author=author,
            note=_("Version {number} restored").format(number=number),
            raw=dict(old.sections.values_list("key", "raw")),
        )


def duplicate(strategy: Strategy, *, owner: "User") -> Strategy:
    """
    Make a new draft with the same brief and, as its first version, the newest document.

    Reviews stay behind: nobody has read this one for what it will be used for. So do jobs and older versions.
    """
    with transaction.atomic():
        held = versions.hold(strategy)
        copy = Strategy.objects.create(
            owner=owner,
            name=held.name[: NAME_LENGTH - len(SUFFIX)] + SUFFIX,
            industry=held.industry,
            brief=held.brief,
            timeline_months=held.timeline_months,
            max_content_pieces=held.max_content_pieces,
        )
        newest = held.versions.first()
        if newest is not None:
            versions.save(
                copy,
                {**newest.document, "title": copy.name},
                origin=Version.Origin.COPIED,
                engine=newest.engine,
                author=owner,
                note=_("Copied from version {number} of “{name}”").format(number=newest.number, name=held.name)[:300],
                raw=dict(newest.sections.values_list("key", "raw")),
            )
    return copy
