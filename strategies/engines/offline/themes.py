"""Insights about subjects: what the user keeps returning to, the pillars, the gaps, the trends and the seasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from strategies.arithmetic.figures import number

from . import playbook, wording
from .goals import insight
from .reading import Reading
from .wording import quote

MOST_PILLARS = 4
MOST_GAPS = 3


def tell_echo(told: Reading) -> dict[str, Any] | None:
    """Name the word that several answers share: it is the theme, whether or not anybody said so."""
    if not told.echoes:
        return None
    word, places = told.echoes[0]
    named = wording.quotes((text for _, text in places), most=3)
    form = told.format_for("awareness")
    return insight(
        "theme",
        f"One word runs through your answers: {quote(word)}. Make it the lead theme, with {wording.one(form)} that "
        "explains it whole and every other piece linking there.",
        f"It comes up in {named}, each an answer to another question. What a brief returns to unasked is what its "
        "writer knows most about.",
        *(field for field, _ in places),
        affects="what you are known for",
        phase="setup",
        priority="High" if len(places) > 2 else "Medium",
        impact="High" if len(places) > 2 else "Medium",
        confidence="Medium",
    )


@dataclass(frozen=True, kw_only=True)
class Pillar:
    """A pain that content answers: in which words, at which stage, in which format, when, and how."""

    words: str
    stage: str
    form: str
    phase: str
    text: str


def list_pillars(told: Reading) -> list[Pillar]:
    """Return a pillar for each pain; those that prove something wait until the others have brought readers."""
    pillars: list[tuple[str, str, str]] = []
    own = 0
    for pain in told.pains:
        if answer := playbook.PAINS.get(pain):
            stage, words, advice = answer.stage, answer.words, answer.advice
        else:
            stage = playbook.OWN_WORDS_ORDER[own % len(playbook.OWN_WORDS_ORDER)]
            words, advice, own = quote(pain), playbook.OWN_WORDS[stage], own + 1
        pillars.append((words, stage, advice))
    phases = ["growth" if stage == "decision" else "launch" for _, stage, _ in pillars]
    if "launch" not in phases:
        phases[0] = "launch"
    return [
        raise_pillar(told, words, stage, advice, phase=phase)
        for (words, stage, advice), phase in zip(pillars, phases, strict=True)
    ]


def raise_pillar(told: Reading, words: str, stage: str, advice: str, *, phase: str) -> Pillar:
    """Return a pillar in a format that its phase publishes."""
    form = told.format_for(stage, phase)
    text = advice.format(pain=words, one=wording.one(form), forms=wording.plural(form))
    return Pillar(words=words, stage=stage, form=form, phase=phase, text=text)


def tell_pillars(told: Reading) -> list[dict[str, Any]]:
    """Make each pain a pillar of the content."""
    return [
        insight(
            "content pillar",
            pillar.text,
            reason_pillar(told, pillar.stage, pillar.form),
            "audience_pain_points",
            "preferred_formats",
            "buying_journey",
            "content_preferences",
            affects=f"readers at the {pillar.stage} stage who face {pillar.words}",
            phase=pillar.phase,
            priority="Medium" if place else "High",
        )
        for place, pillar in enumerate(list_pillars(told)[:MOST_PILLARS])
    ]


def reason_pillar(told: Reading, stage: str, form: str) -> str:
    """Say where a pillar meets its readers, and why in this format."""
    words = told.part("buying_journey").get(stage)
    meets = f"It meets them where you write {quote(words)}." if words else ""
    liked, own = form in told.items("content_preferences"), form in told.items("preferred_formats")
    if liked and own:
        why = f"{form} are both what your audience prefers and what you make"
    elif liked:
        why = f"{form} are what your audience prefers, though you don't list them among the formats you make"
    else:
        why = f"{form} suit the {stage} stage best of what you make, though your audience does not name them"
    return wording.join(meets, f"{why}: {wording.count(told.made.get(form, 0), form)} in the plan.")


def tell_gaps(told: Reading) -> list[dict[str, Any]]:
    """Say how each of the user's market gaps is filled."""
    insights = []
    ranked = sorted(told.items("market_gaps"), key=lambda gap: rank(gap.get("priority", "Medium")))
    for gap in ranked[:MOST_GAPS]:
        phase = gap_phase(gap.get("priority", "Medium"))
        form = told.format_for("consideration", phase)
        audience = f" for {quote(gap['target_audience'])}" if "target_audience" in gap else ""
        gain = f" What it is to bring: {quote(gap['opportunity'])}." if "opportunity" in gap else ""
        level = gap.get("priority", "Medium")
        insights.append(
            insight(
                "market gap",
                f"Fill {quote(gap['gap_description'])}{audience}: {wording.one(form)} that is complete enough for "
                f"others to link to.{gain}",
                reason_gap(told, gap),
                "market_gaps",
                "top_competitors",
                affects=quote(gap["opportunity"]) if "opportunity" in gap else f"{quote(told.metric)} from new readers",
                phase=phase,
                priority=level,
                impact=level,
                confidence="Medium",
            )
        )
    return insights


def gap_phase(level: str) -> str:
    """Return the phase in which what has this priority is done."""
    return "launch" if level == "High" else "growth"


def reason_gap(told: Reading, gap: Mapping[str, str]) -> str:
    """Say why a gap matters, by the user's own priority and the competitors who leave it open."""
    weak = [f"{rival['name']} ({quote(rival['weakness'])})" for rival in told.rivals if "weakness" in rival]
    rated = f"You rate it {gap['priority']}." if "priority" in gap else "You did not rate it."
    if weak:
        return f"{rated} Read what {wording.listing(weak, most=3)} have on it first: where they are weak it stays open."
    names = wording.listing((rival["name"] for rival in told.rivals), most=3)
    return f"{rated} Look first whether {names} have anything on it; an hour of reading settles that."


def rank(level: str) -> int:
    """Return the place of a level, the highest first."""
    order = ("Very High", "High", "Medium", "Low", "Unknown")
    return order.index(level) if level in order else 2


def tell_trends(told: Reading) -> dict[str, Any] | None:
    """Say which trend is written about now, and which is only watched."""
    now, next_up = told.items("industry_trends"), told.items("emerging_trends")
    if not now and not next_up:
        return None
    text, reasons = [], []
    for trend in sorted(now, key=lambda entry: rank(entry.get("impact", "Medium")))[:2]:
        form = told.format_for("consideration", gap_phase(trend.get("impact", "Medium")))
        name = quote(trend["trend_name"])
        about = f" ({quote(trend['description'])})" if "description" in trend else ""
        text.append(
            f"Write about {name} now{about}: {wording.one(form)} on what it changes for your customers, with a date and "
            "someone who keeps it true."
        )
        rated = f"you rate its impact {trend['impact']}" if "impact" in trend else "you did not rate its impact"
        means = f"; what it means for you: {quote(trend['relevance'])}" if "relevance" in trend else ""
        reasons.append(f"{name}: {rated}{means}.")
    for trend in sorted(next_up, key=lambda entry: rank(entry.get("growth_potential", "Unknown")))[:1]:
        tell_emerging(trend, told, text, reasons)
    level = min((entry.get("impact", "Medium") for entry in now), key=rank, default="Low")
    return insight(
        "trend",
        " ".join(text),
        " ".join(reasons),
        "industry_trends",
        "emerging_trends",
        affects="being the source that others name when it is talked about",
        phase="launch" if level == "High" else "growth",
        priority=level,
        impact=level,
        confidence="Medium",
    )


def tell_emerging(trend: Mapping[str, str], told: Reading, text: list[str], reasons: list[str]) -> None:
    """Say what to do about a trend that is still small."""
    name, growth = quote(trend["trend_name"]), trend.get("growth_potential", "Unknown")
    form = wording.one(told.format_for("awareness", gap_phase("High" if growth in ("Very High", "High") else "Medium")))
    about = f" ({quote(trend['description'])})" if "description" in trend else ""
    if growth in ("Very High", "High"):
        text.append(f"Be early with {name}{about}: {form} before anybody asks, and a second one when they do.")
    else:
        text.append(f"Watch {name}{about} for now: {form} on it when the first customer asks, not before.")
    gain = f"; being early brings {quote(trend['early_adoption_benefit'])}" if "early_adoption_benefit" in trend else ""
    reasons.append(f"{name}: growth potential {growth}, in your view{gain}.")


def tell_seasons(told: Reading) -> dict[str, Any] | None:
    """Say what the seasons ask of the calendar."""
    seasons = told.items("seasonal_trends")
    if not seasons:
        return None
    lines = [playbook.SEASONS.get(season) or playbook.OWN_SEASON.format(season=quote(season)) for season in seasons[:5]]
    slump = next((season for season in seasons if season in playbook.SLUMPS), "")
    per_month = told.foundation["cadence"]["planned_per_month"]["value"]
    reason = f"With {number(per_month)} pieces a month a season gets one only if it was planned for before"
    lull = f"; {slump} is a weak month to expect: compare it with the same month, not with the one before"
    return insight(
        "season",
        " ".join(lines),
        f"{reason}{lull if slump else ''}.",
        "seasonal_trends",
        "content_frequency",
        affects="whether pieces are ready when readers want them",
        phase="setup",
        confidence="Medium",
    )
