"""Two versions of a document side by side, section by section."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _

from strategies import sections
from strategies.errors import Refused
from strategies.life import changes
from strategies.life.changes import Change
from strategies.life.said import Teller
from strategies.models import Strategy, Version

Read = Callable[[Mapping[str, Any]], Mapping[str, Any]]

# What a document holds beside its sections, where both versions or one of them has it.
BESIDE: Final = {"calendar": _("Calendar"), "monitoring": _("Monitoring plan"), "foundation": _("Groundwork")}
# What a calendar counts of its own changes: the changes are shown, and the counts would only say them again.
COUNTED: Final = frozenset({"by_hand", "added", "removed"})
# What became of texts and figures: changed, added, removed; each of one and of several.
_COUNTS: Final = {
    "text": (
        (_("{count} text changed"), _("{count} texts changed")),
        (_("{count} text added"), _("{count} texts added")),
        (_("{count} text removed"), _("{count} texts removed")),
    ),
    "figure": (
        (_("{count} figure changed"), _("{count} figures changed")),
        (_("{count} figure added"), _("{count} figures added")),
        (_("{count} figure removed"), _("{count} figures removed")),
    ),
}


@dataclass(frozen=True)
class Compared:
    """A section in two versions: what changed in it, or what became of it as a whole."""

    key: str
    title: str
    changes: tuple[Change, ...]
    became: str = ""

    @property
    def told(self) -> list[str]:
        """What changed, in a few words each; nothing where nothing did."""
        if self.became:
            return [self.became]
        told = []
        for kind, said in _COUNTS.items():
            of_kind = [change for change in self.changes if change.kind == kind]
            came = sum(change.before is None for change in of_kind)
            went = sum(change.after is None for change in of_kind)
            for count, (one, many) in zip((len(of_kind) - came - went, came, went), said, strict=True):
                if count:
                    told.append((one if count == 1 else many).format(count=count))
        return told

    @property
    def summary(self) -> str:
        """What changed, in one line."""
        return ", ".join(self.told)


def chosen(strategy: Strategy, before: int | None, to: int | None) -> tuple[Version, Version]:
    """
    Return the two versions asked for; unnamed, the newest and the one before it.

    Raises ``Http404`` for one that is not there, and ``Refused`` where there are no two.
    """
    found = strategy.versions.only("strategy", "number", "document", "created", "origin")
    newer = get_object_or_404(found, number=to) if to is not None else found.first()
    if newer is None:
        raise Refused("no_document", _("There is no document yet: create the strategy first."))
    if before is None and newer.number == 1:
        raise Refused(
            "one_version", _("Version 1 is the first, so there is nothing to compare it with: change it first.")
        )
    return get_object_or_404(found, number=newer.number - 1 if before is None else before), newer


def compare(
    before: Version, after: Version, teller: Teller = changes.PLAIN, *, read: Read = lambda document: document
) -> list[Compared]:
    """
    Return each section of two versions, in the order of the later one; one without changes is there too.

    ``teller`` says values and what they are called, ``read`` puts a document into the reader's language: all is in
    English, unless a page gives others.
    """
    old, new = _parts(read(before.document)), _parts(read(after.document))
    keys = [*new, *(key for key in old if key not in new)]
    return [_compare(key, old.get(key), new.get(key), teller) for key in keys]


def _parts(document: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    parts = {
        entry["key"]: (entry.get("title") or sections.TITLES.get(entry["key"], entry["key"]), entry.get("data"))
        for entry in document.get("sections", [])
    }
    parts |= {key: (title, document[key]) for key, title in BESIDE.items() if document.get(key)}
    if isinstance(made := document.get("calendar"), Mapping):
        parts["calendar"] = (BESIDE["calendar"], {key: made[key] for key in made if key not in COUNTED})
    return parts


def _compare(key: str, old: tuple[str, Any] | None, new: tuple[str, Any] | None, teller: Teller) -> Compared:
    title = (new or old or ("", None))[0]
    before, after = (part[1] if part else None for part in (old, new))
    became = ""
    if before is None and after is not None:
        became = _("was written; before, it had failed") if old else _("is new")
    elif after is None and before is not None:
        became = _("failed; before, it was there") if new else _("is not there any more")
    return Compared(key, title, tuple(changes.find(before, after, teller=teller)), became)
