"""
Pieces of the calendar by hand: one changed, one added, one taken out; each of it makes the next version.

Where a day asks too much of the team, the piece is dated so all the same and the calendar says it: whose hours they are
knows better.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_noop as _

from strategies import basis, brief, versions
from strategies.arithmetic import overload
from strategies.errors import Refused
from strategies.life import edits, piece_fields, statuses
from strategies.models import Job, Strategy, Version
from strategies.sections import calendar as form

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Twice what a plan may hold: enough for whoever adds by hand, and a page can still show it.
MOST: Final = 400

Calendar = dict[str, Any]


def change(
    strategy: Strategy, id: str, *, author: "User", number: int, values: Mapping[str, Any], note: str = ""
) -> Version:
    """
    Save a piece with other values, as the next version; the newest itself where nothing changed.

    ``number`` is the version that was read: another by now is ``Refused`` (``stale``). Raises ``brief.Invalid`` naming
    each bad value, and ``Http404`` for a piece that is not there.
    """

    def edit(calendar: Calendar, answers: Mapping[str, Any]) -> str:
        piece = find(calendar, id)
        said = piece_fields.read(calendar, values, whole=False)
        changed = piece | said
        if changed == piece:
            return ""
        place = calendar["pieces"].index(piece)
        calendar["pieces"][place] = piece_fields.follow(changed, calendar, answers, before=piece)
        _mark(calendar, id)
        return _("“{name}” changed in the calendar").format(name=changed["title"])

    return _save(strategy, edit, author=author, number=number, note=note)


def add(strategy: Strategy, *, author: "User", number: int, values: Mapping[str, Any], note: str = "") -> Version:
    """Save the calendar with one piece more, as the next version; raises as ``change`` does."""

    def edit(calendar: Calendar, answers: Mapping[str, Any]) -> str:
        said = piece_fields.read(calendar, values, whole=True)
        if len(calendar["pieces"]) >= MOST:
            raise Refused("too_many", _("A calendar has at most {most} pieces: take one out first.").format(most=MOST))
        calendar["added"] += 1
        id = f"own_{calendar['added']:03}"
        calendar["pieces"].append(piece_fields.follow({"id": id, **said}, calendar, answers, before={}))
        _mark(calendar, id)
        return _("“{name}” added to the calendar").format(name=said["title"])

    return _save(strategy, edit, author=author, number=number, note=note)


def remove(strategy: Strategy, id: str, *, author: "User", number: int, note: str = "") -> Version:
    """Save the calendar without a piece, as the next version; one has to stay. Raises as ``change`` does."""

    def edit(calendar: Calendar, answers: Mapping[str, Any]) -> str:
        piece = find(calendar, id)
        if len(calendar["pieces"]) == 1:
            raise Refused("last_piece", _("This is the last piece: a calendar without any says nothing."))
        calendar["pieces"].remove(piece)
        calendar["removed"] += 1
        for named in ("by_hand", "unwritten"):
            calendar[named] = [other for other in calendar[named] if other != id]
        return _("“{name}” taken out of the calendar").format(name=piece["title"])

    return _save(strategy, edit, author=author, number=number, note=note)


def find(calendar: Mapping[str, Any], id: str) -> dict[str, Any]:
    """Return a piece of a calendar; ``Http404`` where it has none of this id."""
    for piece in calendar["pieces"]:
        if piece["id"] == id:
            return dict(piece)
    raise Http404


def calendar_of(version: Version) -> Calendar:
    """Return a version's calendar in the form of this release; raises ``Refused``."""
    made = version.document.get("calendar")
    if not made:
        raise Refused("no_calendar", _("There is no calendar yet: make one first."))
    calendar = form.read(made)
    if calendar is None:
        sentence = _("The calendar has the form of another release: make it again first, then edit it.")
        raise Refused("other_form", sentence)
    return calendar


def read(strategy: Strategy, *, number: int | None = None) -> Version:
    """Return the newest version, whose calendar can be edited now; raises ``Refused``."""
    statuses.check_open(strategy)
    newest = strategy.versions.first()
    if newest is None:
        raise Refused("no_document", _("There is no document yet: create the strategy first."))
    versions.check_newest(newest, number)
    if strategy.jobs.filter(kind="calendar", status__in=Job.ACTIVE).exists():
        raise Refused("job_active", _("The calendar is being made: wait for its end, or cancel it first."))
    return newest


def _save(
    strategy: Strategy,
    edit: Callable[[Calendar, Mapping[str, Any]], str],
    *,
    author: "User",
    number: int,
    note: str,
) -> Version:
    """Save what ``edit`` makes of the newest calendar; it returns what it did in a line, nothing where it did nothing."""
    with transaction.atomic():
        held = versions.hold(strategy)
        newest = read(held, number=number)
        made_from = basis.of(held, newest).brief
        calendar = calendar_of(newest)
        said, done = _try(lambda: brief.read(edits.NOTE, note) or "", lambda: edit(calendar, made_from["brief"]))
        if not done:
            return newest
        return versions.save(
            held,
            {**newest.document, "calendar": _finish(calendar, made_from)},
            origin=Version.Origin.EDITED,
            engine=newest.engine,
            author=author,
            note=said or done[: edits.NOTE.max],
            own_note=bool(said),
        )


def _try(*readings: Callable[[], str]) -> list[str]:
    """Return what each gives; ``Invalid`` names what is wrong in all of them."""
    given, errors = list[str](), dict[str, list[str]]()
    for reading in readings:
        try:
            given.append(reading())
        except brief.Invalid as invalid:
            errors |= invalid.errors
    if errors:
        raise brief.Invalid(errors)
    return given


def _mark(calendar: Calendar, id: str) -> None:
    """Note that a piece is as a person wants it, and so has its words."""
    calendar["by_hand"] = [*dict.fromkeys([*calendar["by_hand"], id])]
    calendar["unwritten"] = [other for other in calendar["unwritten"] if other != id]


def _finish(calendar: Calendar, made_from: Mapping[str, Any]) -> Calendar:
    """Put the pieces into the order of their days, and say what speaks against them."""
    calendar["pieces"].sort(key=lambda piece: piece["date"])
    if not calendar["unwritten"]:
        calendar["reason"] = ""
    start, months, most = date.fromisoformat(calendar["start"]), made_from["timeline_months"], len(calendar["pieces"])
    warnings = [overload.find(calendar["pieces"], made_from["brief"], start, months=months)]
    if most > made_from["max_content_pieces"]:
        limit = made_from["max_content_pieces"]
        warnings.append(f"These are {most} pieces, and your limit is {limit}: take some out, or raise the limit.")
    calendar["warnings"] = [warning for warning in warnings if warning]
    return form.check(calendar)
