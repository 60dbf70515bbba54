"""The planner's calendar: themes from the brief, a title for each piece by the angle it takes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from strategies.sections.calendar import MOST_THEMES
from strategies.sections.titles import NAME_LENGTH, TITLE_LENGTH, shorten

from . import playbook, standstill, themes, wording
from .reading import Reading
from .wording import quote

ANGLES: Final[Mapping[str, Mapping[str, Sequence[Mapping[str, str]]]]] = json.loads(
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
MOST_PAINS: Final = 4
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


def write_themes(told: Reading) -> dict[str, Any]:
    """Name the subjects of the calendar: pains first, then gaps, trends and what competitors leave open."""
    found: dict[str, dict[str, Any]] = {}
    for each in list_themes(told):
        found.setdefault(each["name"].casefold(), each)
    if len(found) < FEW_THEMES:
        for aim in (of_aim(text) for text in told.objectives):
            found.setdefault(aim["name"].casefold(), aim)
    seasons = [of_season(season) for season in told.material.calendar.get("seasons", [])]
    lasting = list(found.values())[: max(1, MOST_THEMES - len(seasons))]
    return {"themes": [*lasting, *seasons][:MOST_THEMES]}


def list_themes(told: Reading) -> Iterator[dict[str, Any]]:
    """Yield what the brief gives to write about, the most important first."""
    for place, (pain, pillar) in enumerate(zip(told.pains, themes.list_pillars(told), strict=True)):
        if place < MOST_PAINS:
            yield theme(pain, pillar.text, "Medium" if place else "High", EVERY, "audience_pain_points")
    for gap in told.items("market_gaps")[:2]:
        audience = f" For {quote(gap['target_audience'])}." if "target_audience" in gap else ""
        gain = f" What it is to bring: {quote(gap['opportunity'])}." if "opportunity" in gap else ""
        text = f"What nobody offers so far.{audience}{gain}"
        yield theme(gap["gap_description"], text, gap.get("priority", "Medium"), EVERY[:3], "market_gaps")
    for rival in [rival for rival in told.rivals if "weakness" in rival][:2]:
        text = f"Where {rival['name']} is weak, shown by what you do instead; the name stays out of it."
        yield theme(rival["weakness"], text, "Medium", EVERY[1:3], "top_competitors")
    if told.standstill and "weakness" in told.standstill:
        text = f"What {standstill.PHRASE} costs, shown in one case."
        yield theme(told.standstill["weakness"], text, "Medium", EVERY[:2], "top_competitors")
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
    # The name stands before it anyway.
    text = wording.capital(text.removeprefix(f"{season}: ").removeprefix(f"{quote(season)}: "))
    return theme(season, text, "Medium", EVERY, "seasonal_trends") | {"season": season}


def write_pieces(told: Reading) -> dict[str, Any]:
    """Give each of the pieces a title and a description."""
    places = {each["name"]: place for place, each in enumerate(told.material.calendar["themes"])}
    facts = list(list_facts(told))
    return {
        "pieces": [
            write_piece(told, piece, told.material.calendar["themes"][places[piece["theme"]]], facts, turn=turn)
            for piece in told.material.calendar["pieces"]
            for turn in [places[piece["theme"]]]
        ]
    }


def write_piece(
    told: Reading, piece: Mapping[str, Any], of: Mapping[str, Any], facts: Sequence[str], *, turn: int
) -> dict[str, str]:
    """
    Look at a piece's theme from the next angle of its stage.

    Themes of one kind begin at different angles, so that neighbours don't sound alike. When all angles were taken, the
    series goes on in parts.
    """
    field = next(iter(of["fields"]), "")
    angles = ANGLES[ANGLES_OF.get(field, "pain")][piece["funnel_stage"]]
    nth: int = piece["nth"]
    angle = angles[(nth + 5 * turn) % len(angles)]
    subject = name_subject(of["name"])
    part = nth // len(angles) + 1
    title = shorten(angle["title"].format(s=subject, S=wording.capital(subject)), TITLE_LENGTH - 12)
    words = [angle["how"], *tell_making(piece), *tell_facts(told, piece, of, facts, turn=turn)]
    return {
        "id": piece["id"],
        "title": title + (f" (part {part})" if part > 1 else ""),
        "description": " ".join(words if part == 1 else ["Takes up what readers asked after the last part.", *words]),
    }


def tell_making(piece: Mapping[str, Any]) -> Iterator[str]:
    """Say how its format is made; every second time, for who makes one knows it soon."""
    making = MAKING.get(piece["format"], MAKING["Other formats"])
    if piece["nth"] % 2 == 0:
        yield f"{making[piece['nth'] // 2 % len(making)]}."


def tell_facts(
    told: Reading, piece: Mapping[str, Any], of: Mapping[str, Any], facts: Sequence[str], *, turn: int
) -> Iterator[str]:
    """
    Say what it may rest on: the journey's own words for its stage, and in turn with how it is made its theme and what
    holds for all. More would be said of every piece alike.
    """
    met, nth = told.part("buying_journey").get(piece["funnel_stage"]), piece["nth"]
    own = [*tell_ground(told, of), *facts]
    if met and nth % 3 == 0:
        yield f"It meets readers where you write {quote(met)}."
    elif own and nth % 2:
        yield own[(nth // 2 + turn) % len(own)]
    if piece["funnel_stage"] == "decision":
        yield f"Ends with one way on, towards {quote(told.metric)}."


def tell_ground(told: Reading, of: Mapping[str, Any]) -> Iterator[str]:
    """Say why a theme is one: for whom it is, who leaves it open, what it is to bring."""
    name = of["name"]
    match next(iter(of["fields"]), ""):
        case "audience_pain_points":
            known = playbook.PAINS.get(name)
            yield f"For readers who know {known.words}." if known else f"For readers who say {quote(name)}."
        case "market_gaps":
            for gap in told.items("market_gaps"):
                if shorten(gap["gap_description"], NAME_LENGTH) == name:
                    yield from (f"For {quote(gap[key])}." for key in ("target_audience",) if key in gap)
                    yield from (f"It may help with {quote(gap[key])}." for key in ("opportunity",) if key in gap)
        case "top_competitors":
            for rival in told.rivals:
                if "weakness" in rival and shorten(rival["weakness"], NAME_LENGTH) == name:
                    yield f"{rival['name']} leaves this open."
            if told.standstill and shorten(told.standstill.get("weakness", ""), NAME_LENGTH) == name:
                yield f"It speaks against {standstill.PHRASE}."
        case "industry_trends" | "emerging_trends" as field:
            for trend in told.items(field):
                means = trend.get("relevance") or trend.get("early_adoption_benefit")
                if means and shorten(trend["trend_name"], NAME_LENGTH) == name:
                    yield f"What it means for readers: {quote(means)}."
        case "business_objectives":
            yield f"It works towards {quote(name)}."


def name_subject(name: str) -> str:
    """Return a theme's name as a sentence takes it: an option in plain words, the user's own words as a quotation."""
    if known := playbook.PAINS.get(name):
        return known.words
    if name in playbook.SEASONS:
        return name
    return quote(shorten(name, SUBJECT_LENGTH))


def list_facts(told: Reading) -> Iterator[str]:
    """Yield what holds for every piece, whatever its theme: the aim where there is one, messages, rules of voice."""
    if len(told.objectives) == 1:
        yield f"It works towards {quote(told.objectives[0])}."
    for message in told.part("brand_voice").get("key_messages") or []:
        yield f"What is to stay: {quote(message)}."
    for rule in told.part("brand_voice").get("dos") or []:
        yield f"As your voice asks: {quote(rule)}."
    if told.rule:
        yield f"As your guidelines ask: {quote(told.rule)}."
