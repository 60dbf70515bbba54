"""What is done in the plan's phases: tasks that somebody could begin tomorrow morning."""

from collections.abc import Mapping
from typing import Any

from strategies.arithmetic import figures
from strategies.arithmetic.figures import number

from . import playbook, production, wording
from .reading import Reading
from .themes import gap_phase, list_pillars, rank
from .wording import quote


def set_up(told: Reading) -> list[str]:
    """Return what has to be there before much is published: figures, rules, people, places."""
    return [
        tell_start(told),
        tell_lacking(told),
        tell_figures(told),
        tell_objectives(told),
        ask_customers(told),
        tell_mix(told),
        tell_voice(told),
        *tell_rules(told),
        tell_quality(told),
        tell_makers(told),
        tell_slots(told),
        tell_test(told),
    ]


def tell_start(told: Reading) -> str:
    """Fix where everything begins."""
    today = told.value("metric.baseline")
    name = quote(told.metric)
    if today is None:
        return f"Count {name} every Monday from the first week on and write it where everybody sees it."
    return f"Write down the start: {name} at {number(today)}."


def tell_figures(told: Reading) -> str:
    """Name the other figures of today, to be set beside later ones."""
    stated = [f"{entry['name']} {figures.reading(entry['figure'])}" for entry in told.foundation["baselines"]]
    return f"Keep beside it, as of today: {wording.listing(stated, most=15)}." if stated else ""


def tell_lacking(told: Reading) -> str:
    """Name what the brief lacks most: without these, figures stay empty."""
    start = told.foundation["metric"]["baseline"]
    holds = told.foundation["metric"]["kind"] not in ("other", "revenue")
    lacking = [start["basis"].removeprefix("not estimated: add ")] if start["value"] is None and holds else []
    wanted = {"team_size": "your team size", "content_budget": "your monthly budget"}
    lacking += [words for field, words in wanted.items() if field not in told.brief]
    return f"Add to the brief, and make this plan again: {wording.listing(lacking)}." if lacking else ""


def tell_objectives(told: Reading) -> str:
    """Share out the first pieces over the objectives, where there are several."""
    if len(told.objectives) < 2:
        return ""
    phases = told.foundation["phases"]
    first = wording.pieces(phases[min(1, len(phases) - 1)]["pieces_so_far"])
    return (
        f"List the subjects of the first {first}, each with the objective it serves: {wording.quotes(told.objectives)}."
    )


def ask_customers(told: Reading) -> str:
    """Find out why customers choose, where the brief names no weakness of anybody."""
    if any("weakness" in rival for rival in told.rivals):
        return ""
    names = wording.listing((rival["name"] for rival in told.rivals), most=3, word="or")
    return f"Ask the last five customers who looked at {names} too what they missed there; keep their words."


def tell_mix(told: Reading) -> str:
    """Change the mix where the stage that counts has too few pieces."""
    if not told.thin_stage:
        return ""
    share = wording.share(told.stage(told.thin_stage)["pieces"], of=told.planned).lower()
    return f"Decide about the mix: {share} for the {told.thin_stage} stage is thin. {production.advise_stage(told)}"


def tell_voice(told: Reading) -> str:
    """Turn the brand's voice into a page for whoever writes."""
    voice = told.part("brand_voice")
    tones = wording.listing([tone.lower() for tone in told.tones])
    parts = [f"one real paragraph of yours that sounds {tones}"] if tones else []
    if dos := voice.get("dos"):
        parts.append(f"do {wording.quotes(dos)}")
    if donts := voice.get("donts"):
        parts.append(f"don't {wording.quotes(donts)}")
    if traits := voice.get("personality_traits"):
        parts.append(f"a brand that is {wording.quotes(traits)}")
    return f"Put the voice on one page: {'; '.join(parts)}." if parts else ""


def tell_rules(told: Reading) -> list[str]:
    """Turn the editorial guidelines into a list to check each piece against."""
    rules = told.part("editorial_guidelines")
    names = {
        "style_guide": "style",
        "formatting_rules": "form",
        "citation_requirements": "sources",
        "image_guidelines": "images",
    }
    parts = [f"{name} {quote(rules[key])}" for key, name in names.items() if key in rules]
    if tone := rules.get("tone"):
        parts.insert(0, f"tone {wording.listing(tone).lower()}")
    languages = rules.get("language_preferences") or []
    if named := [language for language in languages if language != "Other"]:
        parts.append(f"language {wording.listing(named)}")
    elif languages:
        parts.append("the language, of which the brief says only that it is another than English")
    lines = [f"Put the house rules beside it: {'; '.join(parts)}."] if parts else []
    if told.rule:
        alone = told.brief.get("team_size") == 1
        who = "Read each piece again the day after" if alone else "Somebody other than the writer reads each piece"
        lines.append(f"{who}, for one thing only: {quote(told.rule)}.")
    return lines


def tell_quality(told: Reading) -> str:
    """Turn the quality bar into what a piece has to pass."""
    bar, parts = told.part("quality_metrics"), []
    if (score := bar.get("readability_score")) is not None:
        parts.append(f"a Flesch score of {number(score)} or more")
    if (score := bar.get("seo_score")) is not None:
        parts.append(f"an SEO score of {number(score)} or more")
    if words := bar.get("word_count_range"):
        parts.append(f"a length of {quote(words)} words")
    if checks := bar.get("quality_checklist"):
        parts.append(wording.listing(checks, most=10))
    review = f" Review: {quote(bar['review_process'])}." if "review_process" in bar else ""
    if (least := bar.get("engagement_threshold")) is not None:
        review += f" A piece below {number(least)} % engagement is revised."
    return f"Release only what passes: {'; '.join(parts)}.{review}" if parts else review.strip()


def tell_makers(told: Reading) -> str:
    """Settle who makes what nobody is said to make."""
    if not told.fit["unlisted"]:
        return ""
    planned = production.planned_of(told, told.fit["unlisted"])
    return f"Settle who makes the {planned} of your content mix, or change the mix: they are not among your formats."


def tell_slots(told: Reading) -> str:
    """Give the rhythm its place in the week."""
    slots = told.part("optimal_timing").get("slots") or []
    zone = told.part("optimal_timing").get("timezone")
    if not slots:
        return ""
    return f"Reserve {wording.listing(slots)}{f' ({zone})' if zone else ''} in all calendars for releases."


def tell_test(told: Reading) -> str:
    """Choose the first test, where tests are possible."""
    if not told.brief.get("ab_testing_capabilities"):
        return ""
    source = wording.first(told.items("traffic_sources"))
    page = f"the page that most visits from {source} begin on" if source else "the page that most visits begin on"
    return f"Prepare the first A/B test: {page}, with two wordings of the step to {quote(told.metric)}."


def publish(told: Reading, phase: Mapping[str, Any]) -> str:
    """Name the pieces of a phase."""
    if not phase["pieces"]:
        return "Prepare the next piece; by the rhythm none is due yet."
    last = phase["end_month"]
    until = f"in month {last}" if phase["months"] == 1 else f"in months {phase['start_month']}–{last}"
    return f"Publish {wording.counts(phase['formats'].items())} {until}."


def launch(told: Reading) -> list[str]:
    """Return the first pieces that matter: pillars, the first competitor, what is rated High."""
    pillars = [pillar.text for pillar in list_pillars(told) if pillar.phase == "launch"][:3]
    return [*pillars, *answer_rivals(told, 0, 1), *fill_gaps(told, "High"), *write_trends(told, "High"), *place(told)]


def grow(told: Reading) -> list[str]:
    """Return what builds on the first pieces: proof, the other competitors, what is rated lower, the seasons."""
    pillars = [pillar.text for pillar in list_pillars(told) if pillar.phase == "growth"][:3]
    gaps = [line for level in ("Medium", "Low") for line in fill_gaps(told, level)]
    trends = [line for level in ("Medium", "Low") for line in write_trends(told, level)]
    peaks = [quote(season) for season in told.items("seasonal_trends") if season not in playbook.SLUMPS]
    slumps = [season for season in told.items("seasonal_trends") if season in playbook.SLUMPS]
    prepared = [f"A month before {wording.listing(peaks, word='or')} begins: its pieces finished."] if peaks else []
    prepared += [f"For {season}: choose the best older pieces to bring again." for season in slumps]
    improve = (
        f"Once a month take the piece with the most readers and the least {quote(told.metric)} and give it another next "
        "step."
    )
    return [*pillars, *answer_rivals(told, 1, 4), *gaps[:2], *trends[:2], *prepared, improve]


def answer_rivals(told: Reading, start: int, end: int) -> list[str]:
    """Return the pieces about competitors whose weakness is known, in the order of the brief."""
    weak = [rival for rival in told.rivals if "weakness" in rival][start:end]
    if not weak:
        return []
    if len(weak) == 1:
        form = wording.one(told.format_for("decision", "growth" if start else "launch"))
        return [f"Publish {form} on {quote(weak[0]['weakness'])}, for readers who know {weak[0]['name']}."]
    named = wording.listing(f"{rival['name']} ({quote(rival['weakness'])})" for rival in weak)
    return [f"Publish one piece each for readers who know {named}."]


def fill_gaps(told: Reading, level: str) -> list[str]:
    """Return the pieces for market gaps of a priority; one that was not rated counts as Medium."""
    form = wording.one(told.format_for("consideration", gap_phase(level)))
    gaps = [gap for gap in told.items("market_gaps") if gap.get("priority", "Medium") == level][:2]
    return [f"Finish {form} on {quote(gap['gap_description'])}, and send it to ten people it is for." for gap in gaps]


def write_trends(told: Reading, level: str) -> list[str]:
    """Return the pieces about trends of an impact; one that was not rated counts as Medium."""
    form, early = (wording.one(told.format_for(stage, gap_phase(level))) for stage in ("consideration", "awareness"))
    trends = [trend for trend in told.items("industry_trends") if trend.get("impact", "Medium") == level]
    lines = [f"Publish {form} on {quote(trend['trend_name'])}, dated, and note when to revise it." for trend in trends]
    for trend in told.items("emerging_trends"):
        grows = trend.get("growth_potential", "Unknown")
        if min(rank(grows), 3) == rank(level) or (level == "High" and grows == "Very High"):
            lines.append(f"Publish {early} on {quote(trend['trend_name'])} while few do.")
    return lines[:2]


def place(told: Reading) -> list[str]:
    """Return what is done with each piece once it is out, by the sources of visits."""
    sources = told.items("traffic_sources")
    if not sources:
        return []
    return [wording.capital("; ".join(playbook.SOURCES[source] for source in sources[:2]) + ".")]


def close(told: Reading) -> list[str]:
    """Return what is done at the end: compare, drop, decide."""
    target, month = told.value("growth.target"), told.material.timeline_months
    goal = f" and set it beside {number(target)}" if target is not None else ""
    forms = list(told.made)
    lines = [f"Count {quote(told.metric)} in month {month}{goal}."]
    if len(forms) > 1:
        lines.append(f"Compare {wording.listing(forms, most=6)} by result for each hour, and drop the weakest.")
    per_piece = told.foundation["budget"]["per_piece"]
    if per_piece["value"] is not None:
        planned = wording.money(per_piece["value"], per_piece["unit"])
        lines.append(f"Set what a piece really cost beside the planned {planned}.")
    period = told.part("content_roi_targets").get("measurement_period")
    targets = [
        f"{key.removesuffix('_roi')} {number(value)} %"
        for key, value in told.part("content_roi_targets").items()
        if key.endswith("_roi")
    ]
    if targets:
        when = f", {period.lower()}," if period else ""
        lines.append(f"Check the return targets ({wording.listing(targets)}){when} against what was earned.")
    lines.append(f"Ask of each objective whether it is reached: {wording.quotes(told.objectives, most=4)}.")
    return lines
