"""What each dated piece is for: its slot, its stage, its channel, its season, its theme, and how much depends on it."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from strategies.arithmetic import cadence, seasons
from strategies.arithmetic.days import SLOT_DAYS

# Metrics of being known: they are decided where people meet the name, not where they buy.
KNOWN = re.compile(r"follower|abonnent|subscribers|ranking|awareness|bekanntheit", re.IGNORECASE)

# Our sorting, not the user's: where a format is at home, the likeliest place first.
CHANNELS: Mapping[str, tuple[str, ...]] = {
    "Blog Posts": ("Blog", "Website"),
    "Videos": ("YouTube", "Social Media", "Website"),
    "Infographics": ("Social Media", "Blog", "Website"),
    "Podcasts": ("Podcast", "Website"),
    "Webinars": ("Website", "Email"),
    "Case Studies": ("Website", "Email"),
    "Whitepapers": ("Website", "Email"),
    "Social Media Posts": ("Social Media",),
    "Email Newsletters": ("Newsletter", "Email"),
    "Interactive Content": ("Website", "Mobile App"),
    "Other formats": ("Website",),
}
# Of the pieces that appear in a season so many are about it: enough to be seen, and the pillars go on.
ONE_IN = 3
# The shares of themes by what they are worth.
WEIGHTS = {"High": 3, "Medium": 2, "Low": 1}


def assign_slots(pieces: list[dict[str, Any]], brief: Mapping[str, Any]) -> None:
    """Name the slot of the brief that each piece's day belongs to; empty where it is none of them."""
    slots = brief.get("optimal_timing", {}).get("slots") or []
    for piece in pieces:
        weekday = date.fromisoformat(piece["date"]).weekday()
        piece["slot"] = next((slot for slot in slots if weekday in SLOT_DAYS[slot]), "")


def assign_stages(pieces: list[dict[str, Any]], foundation: Mapping[str, Any]) -> None:
    """Give each piece the stage it serves, so that each format's pieces come to the counts of the funnel."""
    wanted: dict[str, dict[str, int]] = defaultdict(dict)
    for stage in foundation["funnel"]:
        for form, count in stage["formats"].items():
            wanted[form][stage["stage"]] = count
    rows = {form: iter(cadence.interleave(counts)) for form, counts in wanted.items()}
    for piece in pieces:
        piece["funnel_stage"] = next(rows[piece["format"]])


def assign_channels(pieces: list[dict[str, Any]], brief: Mapping[str, Any]) -> None:
    """Give each piece the place it appears in: those of the user's channels that suit its format, in turn."""
    used = brief.get("consumption_patterns", {}).get("primary_channels") or []
    turns: dict[str, int] = defaultdict(int)
    for piece in pieces:
        form = piece["format"]
        homes = CHANNELS.get(form, CHANNELS["Other formats"])
        fit = [channel for channel in homes if channel in used] or homes[:1]
        piece["channel"] = fit[turns[form] % len(fit)]
        turns[form] += 1


def assign_seasons(pieces: list[dict[str, Any]], brief: Mapping[str, Any]) -> None:
    """Give some of the pieces within each season to it; a piece belongs to one season at most."""
    for piece in pieces:
        piece["season"] = ""
    first, last = (date.fromisoformat(pieces[at]["date"]) for at in (0, -1))
    for season in brief.get("seasonal_trends", []):
        for span in seasons.find(season, first, last):
            inside = [p for p in pieces if not p["season"] and span[0] <= date.fromisoformat(p["date"]) <= span[1]]
            for piece in inside[::ONE_IN]:
                piece["season"] = season


def goal_stage(brief: Mapping[str, Any], foundation: Mapping[str, Any]) -> str:
    """Return the stage of the journey at which the primary metric is decided."""
    early = {"visits": "awareness", "bounce_rate": "awareness", "engagement_rate": "retention"}
    stage = early.get(
        foundation["metric"]["kind"], "awareness" if KNOWN.search(foundation["metric"]["name"]) else "decision"
    )
    if "Customer retention" in (brief.get("target_metrics", {}).get("secondary_metrics") or []):
        pieces = {entry["stage"]: entry["pieces"] for entry in foundation["funnel"]}
        return min((stage, "retention"), key=lambda name: pieces[name])
    return stage


def assign_themes(pieces: list[dict[str, Any]], themes: Sequence[Mapping[str, Any]], *, goal: str) -> None:
    """
    Give each piece its theme, and say how much depends on it.

    A season's pieces belong to the season's theme. The others are shared out over the themes that serve their stage,
    more to those that matter more. ``nth`` counts a theme's pieces at one stage.
    """
    of_season = {theme["season"]: theme for theme in themes if theme["season"]}
    lasting = [theme for theme in themes if not theme["season"]] or list(themes)
    taken: dict[str, int] = defaultdict(int)
    nth: dict[tuple[str, str], int] = defaultdict(int)
    for piece in pieces:
        stage = piece["funnel_stage"]
        fit = [theme for theme in lasting if stage in theme["stages"]] or lasting
        theme = of_season.get(piece["season"]) or min(fit, key=lambda theme: _full(theme, taken))
        taken[theme["name"]] += 1
        piece["theme"], piece["nth"] = theme["name"], nth[theme["name"], stage]
        nth[theme["name"], stage] += 1
        points = (theme["priority"] == "High") + (theme["priority"] != "Low") + (stage == goal or bool(piece["season"]))
        piece["priority"] = ("Low", "Low", "Medium", "High")[points]


def _full(theme: Mapping[str, Any], taken: Mapping[str, int]) -> float:
    """Return how far a theme is ahead once it gets one more."""
    return (taken[theme["name"]] + 1) / WEIGHTS[theme["priority"]]
