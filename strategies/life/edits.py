"""Edits by hand: a person's words in the places of a section, checked and saved as the next version."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_noop as _
from pydantic import ValidationError

from strategies import basis, brief, document, sections, versions
from strategies.errors import Refused
from strategies.life import amendments, places, statuses
from strategies.life.amendments import Texts
from strategies.models import Strategy, Version

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NOTE: Final = brief.Field("note", "Note", "text", max=300)


def edit(
    strategy: Strategy,
    key: str,
    *,
    author: "User",
    number: int,
    texts: Texts | None = None,
    data: Mapping[str, Any] | None = None,
    note: str = "",
) -> Version:
    """
    Save a section of the newest version with other words, as the next version; the newest itself where nothing changed.

    ``texts`` says what stands in which place, or ``data`` the section as a whole. ``number`` is the version that was
    read: another by now is ``Refused`` (``stale``). Raises ``brief.Invalid`` naming each bad place.
    """
    with transaction.atomic():
        held = versions.hold(strategy)
        statuses.check_open(held)
        newest = read(held, key, number=number)
        before = section_of(newest, key)
        said, after = _checked(key, before, texts=texts, data=data, note=note)
        if after == before:
            return newest
        return versions.save(
            held,
            _joined(held, newest, key, before=before, after=after),
            origin=Version.Origin.EDITED,
            engine=newest.engine,
            author=author,
            note=said or _("“{title}” edited").format(title=sections.TITLES[key]),
            own_note=bool(said),
        )


def _checked(
    key: str, before: Mapping[str, Any], *, texts: Texts | None, data: Mapping[str, Any] | None, note: str
) -> tuple[str, dict[str, Any]]:
    """Return the note and the section as they may be saved; ``Invalid`` names what is wrong in both."""
    said, after, errors = "", dict(before), dict[str, list[str]]()
    try:
        said = brief.read(NOTE, note) or ""
    except brief.Invalid as invalid:
        errors |= invalid.errors
    try:
        after = amendments.apply(key, before, texts or {}) if data is None else amendments.check(key, before, data)
    except brief.Invalid as invalid:
        errors |= invalid.errors
    if errors:
        raise brief.Invalid(errors)
    return said, after


def read(strategy: Strategy, key: str, *, number: int | None = None) -> Version:
    """Return the newest version, in which this section can be edited; raises ``Refused`` or ``Http404``."""
    newest = strategy.versions.first()
    if newest is None:
        raise Refused("no_document", _("There is no document yet: create the strategy first."))
    versions.check_newest(newest, number)
    section_of(newest, key)
    return newest


def section_of(version: Version, key: str) -> dict[str, Any]:
    """Return a section's data in the form of this release; raises ``Refused`` or ``Http404``."""
    entry = next((entry for entry in version.document["sections"] if entry["key"] == key), None)
    if entry is None or key not in sections.KEYS:
        raise Http404
    if entry["status"] != "ready":
        raise Refused(
            "section_failed", _("“{title}” could not be written: write it again first.").format(title=entry["title"])
        )
    try:
        return sections.check(key, entry["data"])
    except ValidationError:
        sentence = f"“{entry['title']}” has the form of another release: write it again first, then edit it."
        raise Refused("other_form", sentence) from None


def _joined(
    strategy: Strategy, newest: Version, key: str, *, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the document with the section in it, scored anew, the author's words marked as such."""
    base = basis.of(strategy, newest)
    old = {text for _, text in _texts(key, before)}
    own = [text for _, text in _texts(key, after) if text not in old]
    return document.replace(
        newest.document, base.material(), key, after, made_with=newest.document["made_with"], own_words=own
    )


def _texts(key: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for place in places.of(key, data):
        for text in place.value if place.kind == "lines" else [place.value] if place.kind == "text" else []:
            if text:
                yield place.path, text
