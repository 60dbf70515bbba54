"""What may be said of a piece of a calendar, and how it is read: as a brief's fields, with this calendar's options."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, get_args

from django.utils.translation import gettext_noop as _

from strategies import brief
from strategies.arithmetic import assignments
from strategies.brief import Field, Invalid, Reading
from strategies.sections import calendar as form
from strategies.sections import titles
from strategies.sections.reading import Level

Calendar = Mapping[str, Any]

# A piece is named in one line; its other texts are a choice.
_CHANNELS: Final = brief.member(brief.field("consumption_patterns"), "primary_channels").options
_FORMATS: Final = (*brief.field("preferred_formats").options, _("Other formats"))


def of(calendar: Calendar) -> tuple[Field, ...]:
    """Return the fields of a piece of this calendar, in the order of a form."""
    used = {key: [piece[key] for piece in calendar["pieces"]] for key in ("format", "channel")}
    themes = tuple(theme["name"] for theme in calendar["themes"])
    span = _("From {first} to {last}.").format(first=calendar["start"], last=calendar["end"])

    def choice(id: str, label: str, options: tuple[str, ...]) -> Field:
        return Field(id, label, "choice", required=True, options=tuple(dict.fromkeys(options)))

    return (
        Field("title", _("Title"), "text", required=True, max=titles.TITLE_LENGTH),
        Field("description", _("Description"), "text"),
        Field("date", _("Day"), "text", span, required=True, max=10),
        choice("format", _("Format"), (*_FORMATS, *used["format"])),
        choice("channel", _("Channel"), (*_CHANNELS, *used["channel"])),
        choice("funnel_stage", _("For readers in the stage"), get_args(form.Stage)),
        choice("theme", _("Theme"), (*themes, *(piece["theme"] for piece in calendar["pieces"]))),
        choice("priority", _("Priority"), get_args(Level)),
    )


def read(calendar: Calendar, given: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """
    Return what is said of a piece; ``Invalid`` names each fault, and what is accepted.

    ``whole``: nothing that a piece needs may be left out. Else what is not given stays as it is.
    """
    known = of(calendar)
    reading = Reading(partial=not whole)
    said = reading.whole(Field("piece", "Piece", "object", fields=known), given)
    errors = dict(reading.errors)
    for field in known:
        if not whole and field.required and field.id in given and field.id not in said and field.id not in errors:
            errors[field.id] = [
                _("This can't be empty; accepted is {accepted}.").format(accepted=brief.accepted(field))
            ]
    if "description" in given or whole:
        said.setdefault("description", "")
    if "date" in said and not _is_within(said["date"], calendar):
        sentence = _("This is no day of the calendar; accepted is a day from {first} to {last}, written as these are.")
        errors["date"] = [sentence.format(first=calendar["start"], last=calendar["end"])]
    if errors:
        raise Invalid(errors)
    return said


def _is_within(text: str, calendar: Calendar) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    # Python reads more ways of writing a day than the one that is stored.
    return day.isoformat() == text and calendar["start"] <= text <= calendar["end"]


def follow(
    piece: Mapping[str, Any], calendar: Calendar, answers: Mapping[str, Any], *, before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a piece with what follows from another day and another theme: the slot of the brief, and the season."""
    whole = dict(piece)
    if whole["theme"] != before.get("theme"):
        seasons = {theme["name"]: theme["season"] for theme in calendar["themes"]}
        whole["season"] = seasons.get(whole["theme"], "")
    if whole["date"] != before.get("date"):
        assignments.assign_slots([whole], answers)
    return whole
