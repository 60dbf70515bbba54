"""The planner's calendar: themes from the brief, a title for each piece by the angle it takes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from strategies.sections.calendar import MOST_THEMES, NAME_LENGTH, TITLE_LENGTH, shorten

from . import playbook, wording
from .reading import Reading
from .wording import quote

ANGLES: Final[Mapping[str, Mapping[str, Sequence[str]]]] = json.loads(
    (Path(__file__).parent / "angles.json").read_text(encoding="utf-8")
)
# Where a theme comes from decides how it is looked at.
ANGLES_OF: Final = {
    "audience_pain_points": "pain",
    "market_gaps": "gap",
    "industry_trends": "trend",
    "emerging_trends": "trend",
    "top_competitors": "rival",
    "brand_voice": "message",
    "business_objectives": "aim",
    "seasonal_trends": "season",
}
# A title has to leave room for what is said about its subject.
SUBJECT_LENGTH: Final = 84
FEW_THEMES: Final = 3
EVERY: Final = ("awareness", "consideration", "decision", "retention")

MAKING: Final = {
    "Blog Posts": ("Answer in the first paragraph", "One question, one answer", "Write down what you say on the phone"),
    "Videos": ("Show it being done", "Film where it happens", "Say the answer in the first seconds"),
    "Infographics": ("One drawing, one statement", "Draw the order of steps", "Set two states side by side"),
    "Podcasts": ("Let one person tell", "Ask somebody who does it daily", "Talk through one case"),
    "Webinars": ("Do it live", "Take questions beforehand", "Work through an example together"),
    "Case Studies": ("Tell one customer's way", "Quote the customer", "Begin with how it was before"),
    "Whitepapers": ("Collect all that belongs together", "Name every source", "Begin with the conclusion"),
    "Social Media Posts": ("One sentence and one picture", "End with a question", "Show the detail"),
    "Email Newsletters": ("Write to one reader", "One subject, one link", "Begin with what is new"),
    "Interactive Content": ("Let readers enter their own case", "Ask, then advise", "Let them try it"),
    "Other formats": ("Choose the form by the subject", "Make out of it what fits", "Reuse what exists"),
}
STEPS: Final = {
    "awareness": "next step: the piece that compares the ways out",
    "consideration": "next step: an example from your practice",
    "decision": "next step",
    "retention": "next step: answer, come back or pass it on",
}


def write_themes(told: Reading) -> dict[str, Any]:
    """Name the subjects of the calendar: pains first, then gaps, trends and what competitors leave open."""
    found: dict[str, dict[str, Any]] = {}
    for theme in list_themes(told):
        found.setdefault(theme["name"].casefold(), theme)
    themes = list(found.values())
    if len(themes) < FEW_THEMES:
        for theme in (of_aim(text) for text in told.objectives):
            found.setdefault(theme["name"].casefold(), theme)
        themes = list(found.values())
    seasons = [of_season(season) for season in told.material.calendar.get("seasons", [])]
    return {"themes": [*themes[: max(1, MOST_THEMES - len(seasons))], *seasons][:MOST_THEMES]}


def list_themes(told: Reading) -> Iterator[dict[str, Any]]:
    """Yield what the brief gives to write about, the most important first."""
    for place, pain in enumerate(told.pains[:4]):
        about = playbook.PAINS[pain].words if pain in playbook.PAINS else quote(pain)
        yield theme(
            pain, f"What readers do about {about}.", "Medium" if place else "High", EVERY, "audience_pain_points"
        )
    for gap in told.items("market_gaps")[:2]:
        audience = f" For {quote(gap['target_audience'])}." if "target_audience" in gap else ""
        gain = f" What it is to bring: {quote(gap['opportunity'])}." if "opportunity" in gap else ""
        text = f"What nobody offers so far.{audience}{gain}"
        yield theme(gap["gap_description"], text, gap.get("priority", "Medium"), EVERY[:3], "market_gaps")
    for rival in [rival for rival in told.rivals if "weakness" in rival][:2]:
        text = f"Where {rival['name']} is weak, shown by what you do instead; the name stays out of it."
        yield theme(rival["weakness"], text, "Medium", EVERY[1:3], "top_competitors")
    for field in ("industry_trends", "emerging_trends"):
        for trend in told.items(field)[:1]:
            means = next((trend[key] for key in ("relevance", "early_adoption_benefit") if key in trend), "")
            text = f"What it changes for your customers{f': {quote(means)}' if means else ''}."
            level = "High" if trend.get("impact") == "High" else "Medium"
            yield theme(trend["trend_name"], text, level, (EVERY[0], EVERY[1], EVERY[3]), field)
    for message in (told.part("brand_voice").get("key_messages") or [])[:2]:
        yield theme(message, "What people are to remember, borne out piece by piece.", "Medium", EVERY, "brand_voice")


def theme(name: str, text: str, priority: str, stages: Sequence[str], field: str) -> dict[str, Any]:
    """A theme with the field it comes from."""
    words = {"name": shorten(name, NAME_LENGTH), "description": text, "priority": priority}
    return words | {"stages": list(stages), "season": "", "fields": [field]}


def of_aim(text: str) -> dict[str, Any]:
    """Make a theme of an objective, where the brief gives little else to write about."""
    return theme(text, "What you are working on, told to those it is for.", "Low", EVERY, "business_objectives")


def of_season(season: str) -> dict[str, Any]:
    """Make a theme of a season."""
    text = playbook.SEASONS.get(season) or playbook.OWN_SEASON.format(season=quote(season))
    return theme(season, text, "Medium", EVERY, "seasonal_trends") | {"season": season}


def write_pieces(told: Reading) -> dict[str, Any]:
    """Give each of the pieces a title and a description."""
    themes = told.material.calendar["themes"]
    places = {theme["name"]: place for place, theme in enumerate(themes)}
    return {
        "pieces": [
            {
                "id": piece["id"],
                "title": title(piece, themes[places[piece["theme"]]], turn=places[piece["theme"]]),
                "description": describe(told, piece, themes[places[piece["theme"]]]),
            }
            for piece in told.material.calendar["pieces"]
        ]
    }


def title(piece: Mapping[str, Any], of: Mapping[str, Any], *, turn: int) -> str:
    """
    Return a piece's title: its theme from the next angle of its stage.

    Themes of one kind begin at different angles, so that neighbours don't sound alike. When all angles were taken, the
    series goes on in parts.
    """
    field = next(iter(of["fields"]), "")
    angles = ANGLES[ANGLES_OF.get(field, "pain")][piece["funnel_stage"]]
    angle = angles[(piece["nth"] + 5 * turn) % len(angles)]
    subject = name_subject(of["name"])
    part = piece["nth"] // len(angles) + 1
    text = angle.format(s=subject, S=wording.capital(subject))
    return shorten(text, TITLE_LENGTH - 12) + (f" (part {part})" if part > 1 else "")


def name_subject(name: str) -> str:
    """Return a theme's name as a sentence takes it: an option in plain words, the user's own words as a quotation."""
    if known := playbook.PAINS.get(name):
        return known.words
    if name in playbook.SEASONS:
        return name
    return quote(shorten(name, SUBJECT_LENGTH))


def describe(told: Reading, piece: Mapping[str, Any], of: Mapping[str, Any]) -> str:
    """Say how a piece is made, whom it meets, what it may rest on, and what its readers do next."""
    number = int(piece["id"].rpartition("_")[2])
    making = MAKING.get(piece["format"], MAKING["Other formats"])
    stage = piece["funnel_stage"]
    met = told.part("buying_journey").get(stage)
    meets = f"it meets readers where you write {quote(met)}" if met else f"for readers at the {stage} stage"
    rests = list(list_facts(told))
    fact = rests[number % len(rests)]
    towards = f"{STEPS[stage]}: {quote(told.metric)}" if stage == "decision" else STEPS[stage]
    return f"{making[piece['nth'] % len(making)]}; {meets}. {fact} {wording.capital(towards)}."


def list_facts(told: Reading) -> Iterator[str]:
    """Yield what pieces rest on in turn: aims, messages, competitors, gaps, rules of voice."""
    for aim in told.objectives:
        yield f"It works towards {quote(aim)}."
    for message in told.part("brand_voice").get("key_messages") or []:
        yield f"What is to stay: {quote(message)}."
    for rival in told.rivals:
        if "weakness" in rival:
            yield f"{rival['name']} leaves this open: {quote(rival['weakness'])}."
        elif "strength" in rival:
            yield f"Be different from {rival['name']}: {quote(rival['strength'])}."
    for gap in told.items("market_gaps"):
        if "opportunity" in gap:
            yield f"It may help with {quote(gap['opportunity'])}."
    for rule in told.part("brand_voice").get("dos") or []:
        yield f"As your voice asks: {quote(rule)}."
    if told.rule:
        yield f"As your guidelines ask: {quote(told.rule)}."
