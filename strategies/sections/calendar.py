"""The content calendar: what an engine writes of it, what is stored, and how one becomes the other."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _
from pydantic import BeforeValidator, Field

from strategies.sections.composition import ground
from strategies.sections.drafts import Draft
from strategies.sections.reading import Grounds, High, Level, Text, trim
from strategies.sections.schemas import Stored
from strategies.sections.titles import NAME_LENGTH, TITLE_LENGTH, distinguish, shorten, working_title

Stage = Literal["awareness", "consideration", "decision", "retention"]

# More would each get too few pieces to become known for.
MOST_THEMES = 10


def read_stages(value: Any) -> Any:
    """Keep what is a stage; a theme that names none serves all."""
    values = value if isinstance(value, list | tuple) else str(value).split(",")
    names = (str(name).strip().lower() for name in values)
    return [name for name in dict.fromkeys(names) if name in Stage.__args__]  # type: ignore[attr-defined]


class ThemeDraft(Draft):
    """A subject that several pieces come back to."""

    name: Text = Field(description="A few words, in the client's own terms. No two themes have the same name.")
    description: Text = Field(description="What its pieces say and why these readers care, in one or two sentences.")
    priority: High = Field(description="How much depends on it; what matters more gets more pieces.")
    stages: Annotated[list[Stage], BeforeValidator(read_stages)] = Field(
        default=[], description="The stages of the journey that it serves. Empty: all of them."
    )
    season: str = Field(default="", description="The season it belongs to, exactly as listed; empty for all others.")
    fields: Grounds = []


class CalendarThemesDraft(Draft):
    """The themes of a calendar."""

    themes: Annotated[list[ThemeDraft], BeforeValidator(trim(MOST_THEMES)), Field(min_length=1, max_length=MOST_THEMES)]


class PieceDraft(Draft):
    """The words of one piece."""

    id: Text = Field(description="The id of the piece, as it was given.")
    title: Text = Field(description="Its title as readers will see it. No two pieces have the same.")
    description: Text = Field(description="What it says, for whom, and what readers do next; at most thirty words.")


class CalendarPiecesDraft(Draft):
    """The words of some pieces of a calendar."""

    pieces: Annotated[list[PieceDraft], BeforeValidator(trim(200)), Field(min_length=1, max_length=200)]


class Theme(Stored):
    """A theme, with the ids of the brief's fields that it rests on."""

    name: str
    description: str
    priority: Level
    stages: list[Stage]
    season: str = ""
    fields: list[str] = []


class Piece(Stored):
    """One piece: its words by an engine, all else by arithmetic. The id stays when a calendar is made again."""

    id: str
    title: str
    description: str
    format: str
    channel: str
    date: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    slot: str = ""
    theme: str
    funnel_stage: Stage
    season: str = ""
    priority: Level


class ContentCalendar(Stored):
    """The calendar of a strategy, as its document holds it."""

    start: str
    end: str
    timezone: str = ""
    cadence: str
    basis: list[str]
    themes: list[Theme]
    pieces: list[Piece]
    made_with: str
    # The version of the document that it was made from.
    version: int
    # Pieces that have a working title only, and why.
    unwritten: list[str] = []
    reason: str = ""
    # What people did to it: the pieces they changed or added, how many they ever added and took out, and what speaks
    # against its days since.
    by_hand: list[str] = []
    added: int = Field(default=0, ge=0)
    removed: int = Field(default=0, ge=0)
    warnings: list[str] = []


def compose_themes(draft: Mapping[str, Any], seasons: Sequence[str]) -> list[dict[str, Any]]:
    """Return themes of different names, with one for each season that has pieces; at least one has no season."""
    known: dict[str, dict[str, Any]] = {}
    for entry in CalendarThemesDraft.model_validate(draft).model_dump()["themes"]:
        name = shorten(entry["name"], NAME_LENGTH)
        season = entry["season"] if entry["season"] in seasons else ""
        known.setdefault(name.casefold(), entry | {"name": name, "season": season, "fields": ground(entry["fields"])})
    themes = list(known.values())
    for season in seasons:
        if season not in {theme["season"] for theme in themes}:
            themes.append(_of_season(season, taken=set(known)))
    return [Theme.model_validate(theme).model_dump(mode="json") for theme in themes]


def _of_season(season: str, *, taken: set[str]) -> dict[str, Any]:
    name = shorten(season, NAME_LENGTH)
    return {
        "name": f"{name} (season)" if name.casefold() in taken else name,
        "description": _("What readers need for “{season}”, ready before it begins.").format(season=season),
        "priority": "Medium",
        "stages": [],
        "season": season,
        "fields": ["seasonal_trends"],
    }


def read_words(draft: Mapping[str, Any], ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return title and description of each piece that was asked for, the first where an id comes twice."""
    words: dict[str, dict[str, str]] = {}
    for entry in CalendarPiecesDraft.model_validate(draft).model_dump()["pieces"]:
        if entry["id"] in ids:
            title = shorten(" ".join(entry["title"].split()), TITLE_LENGTH)
            words.setdefault(entry["id"], {"title": title, "description": entry["description"]})
    return words


def join(
    schedule: Mapping[str, Any],
    themes: Sequence[Mapping[str, Any]],
    pieces: Sequence[Mapping[str, Any]],
    words: Mapping[str, Mapping[str, str]],
    *,
    made_with: str,
    version: int,
    reason: str = "",
) -> dict[str, Any]:
    """Return the calendar as it is stored; a piece without words gets a working title that says so."""
    told: set[str] = set()
    joined = []
    for piece in pieces:
        own = dict(words.get(piece["id"]) or working_title(piece))
        joined.append({key: piece[key] for key in Piece.model_fields if key in piece} | own)
        joined[-1]["title"] = distinguish(own["title"], told)
    unwritten = [piece["id"] for piece in pieces if piece["id"] not in words]
    stored = {key: schedule[key] for key in ("start", "end", "timezone", "cadence", "basis")}
    used = {piece["theme"] for piece in pieces}
    stored |= {"themes": [theme for theme in themes if theme["name"] in used], "pieces": joined}
    stored |= {"made_with": made_with, "version": version, "unwritten": unwritten}
    return check(stored | {"reason": (reason or _("The engine left them out.")) if unwritten else ""})


def check(calendar: Mapping[str, Any]) -> dict[str, Any]:
    """Return a calendar as JSON, as it should be; `pydantic.ValidationError` where it is not."""
    return ContentCalendar.model_validate(calendar).model_dump(mode="json")


def read(stored: Any) -> dict[str, Any] | None:
    """Return a calendar in the form of this release, with days that there are; None for what has another form."""
    try:
        calendar = check(stored)
        for day in (calendar["start"], calendar["end"], *(piece["date"] for piece in calendar["pieces"])):
            date.fromisoformat(day)
    except ValueError:  # pydantic's errors are of this kind too
        return None
    return calendar


def tell_by_hand(calendar: Mapping[str, Any]) -> str:
    """Say how many pieces a person set and took out; nothing where nobody did."""
    set_, gone = len(calendar.get("by_hand") or []), calendar.get("removed") or 0
    one, many = _("{count} piece set by hand."), _("{count} pieces set by hand.")
    told = [(one if set_ == 1 else many).format(count=set_)] if set_ else []
    told += [_("{count} taken out.").format(count=gone)] if gone else []
    return " ".join(told)
