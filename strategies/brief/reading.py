"""One pass over raw input: reads objects in objects, and gathers every fault on the way."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext_noop as _

from .fields import ROWS_LENGTH, Field
from .registry import SHORTHAND, member
from .texts import blank
from .values import READERS
from .words import QUOTE_LENGTH, Rejected, accepted, mistaken, quote, refused, shortened

# Shares are typed by hand: three thirds of 33.33 are meant to be everything.
MIX_TOTAL = 100
MIX_TOLERANCE = 0.01

# A body of a megabyte can hold a hundred thousand made-up names, and looking for a close match to each takes minutes.
UNKNOWN_NAMED = 20


class Invalid(ValueError):
    """
    The input has faults, all of which are named.

    ``errors`` maps the path of a value ("top_competitors.2.name") to sentences for the person who gave it.
    """

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(" ".join(f"{path}: {' '.join(sentences)}" for path, sentences in errors.items()))
        self.errors = errors


class Reading:
    """
    Raw input being read.

    Only what the registry knows is descended into, so the depth of hostile JSON costs nothing.
    """

    def __init__(self, *, partial: bool) -> None:
        self.partial = partial
        self.errors: dict[str, list[str]] = {}

    def close(self) -> None:
        """Raise `Invalid` if anything was wrong."""
        if self.errors:
            raise Invalid(self.errors)

    def whole(self, field: Field, raw: object, *, prefix: str = "", beside: str = "") -> dict[str, Any]:
        """Read an object that is there even when it is empty; ``beside`` is a member that is read elsewhere."""
        if not isinstance(raw, Mapping):
            self._note(field.id, str(mistaken(field, raw)))
            return {}
        return self._members(field, {key: raw[key] for key in raw if key != beside}, prefix=prefix)

    def _note(self, path: str, sentence: str) -> None:
        self.errors.setdefault(path, []).append(sentence)

    def _members(self, field: Field, raw: Mapping[Any, Any], *, prefix: str) -> dict[str, Any]:
        self._strangers(field, raw, prefix=prefix)
        cleaned = {}
        for each in field.fields:
            path, faults = prefix + each.id, len(self.errors)
            value = self._value(each, raw.get(each.id), path=path)
            if value is not None:
                cleaned[each.id] = value
            elif each.required and not self.partial and len(self.errors) == faults:
                self._note(path, _("This is missing; accepted is {accepted}.").format(accepted=accepted(each)))
        return cleaned

    def _value(self, field: Field, raw: object, *, path: str) -> Any:
        """Return the canonical value, or None where nothing was said or a fault was noted."""
        if blank(raw):
            return None
        try:
            match field.type:
                case "object":
                    return self._object(field, raw, path=path)
                case "objects":
                    return self._objects(field, raw, path=path)
                case _:
                    return READERS[field.type](field, raw)
        except Rejected as rejected:
            self._note(path, str(rejected))
            return None

    def _object(self, field: Field, raw: object, *, path: str) -> dict[str, Any] | None:
        listed, faults = SHORTHAND.get(field.id), len(self.errors)
        if listed and isinstance(raw, str | list | tuple):
            # The fault of a bare list is the field's own: whoever typed it never saw a member.
            value = self._value(member(field, listed), raw, path=path)
            cleaned = {listed: value} if value is not None else {}
        elif isinstance(raw, Mapping):
            cleaned = self._row(field, raw, path=path) or {}
        else:
            raise mistaken(field, raw)
        if not cleaned:
            return None
        if field.id == "content_mix" and len(self.errors) == faults:
            _check_total(field, cleaned)
        return {"slots": [], "timezone": ""} | cleaned if field.id == "optimal_timing" else cleaned

    def _objects(self, field: Field, raw: object, *, path: str) -> list[dict[str, Any]] | None:
        if not isinstance(raw, list | tuple):
            raise mistaken(field, raw)
        if len(raw) > ROWS_LENGTH:
            raise refused(field, _("{said} entries are too many").format(said=f"{len(raw):,}"))
        rows = []
        for position, row in enumerate(raw):
            place = f"{path}.{position}"
            if isinstance(row, Mapping):
                rows.append(self._row(field, row, path=place))
            elif not blank(row):
                self._note(place, str(mistaken(field, row)))
        return [row for row in rows if row] or None

    def _row(self, field: Field, raw: Mapping[Any, Any], *, path: str) -> dict[str, Any] | None:
        # Nothing is missing from an object in which nothing was said: an empty row of a form, say.
        if all(blank(value) for value in raw.values()):
            self._strangers(field, raw, prefix=f"{path}.")
            return None
        return self._members(field, raw, prefix=f"{path}.")

    def _strangers(self, field: Field, raw: Mapping[Any, Any], *, prefix: str) -> None:
        known = [each.id for each in field.fields]
        strange = [key if isinstance(key, str) else f"({type(key).__name__})" for key in raw if key not in known]
        for key in strange[:UNKNOWN_NAMED]:
            close = get_close_matches(key[:QUOTE_LENGTH].lower(), known, n=2)
            hint = _("Accepted are {key}.").format(key=", ".join(known))
            if close:
                hint = _("Did you mean {key}?").format(key=" or ".join(close))
            said = _("{value} is not known here. {hint}").format(value=quote(key), hint=hint)
            self._note(prefix + shortened(key), said)
        if len(strange) > UNKNOWN_NAMED:
            rest = len(strange) - UNKNOWN_NAMED
            self._note(prefix.rstrip(".") or field.id, _("{count} more fields are unknown.").format(count=f"{rest:,}"))


def _check_total(field: Field, shares: Mapping[str, float]) -> None:
    # Rounded once more than the tolerance needs: 99.99 is as far from 100 as it may be, and a float is farther.
    total = round(sum(shares.values()), 4)
    if round(abs(total - MIX_TOTAL), 4) > MIX_TOLERANCE:
        sentence = _("The shares add up to {amount}; accepted are percentages of {members} that total 100.")
        raise Rejected(sentence.format(amount=f"{total:g}", members=", ".join(each.id for each in field.fields)))
