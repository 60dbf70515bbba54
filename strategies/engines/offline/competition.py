"""The section competitive_analysis: each competitor in turn, what they leave open, and what is done about it."""

from collections.abc import Mapping
from typing import Any

from strategies.arithmetic.figures import number

from . import playbook, positioning, standstill, wording
from .reading import Reading
from .themes import rank
from .wording import quote, statement


def write(told: Reading) -> dict[str, Any]:
    """Return the section's draft."""
    return {
        "competitors": [
            standstill.describe(told, rival) if standstill.is_meant(rival) else describe(told, rival, place)
            for place, rival in enumerate(told.items("top_competitors"))
        ],
        "market_gaps": list_gaps(told),
        "opportunities": list_opportunities(told),
        "recommendations": list_recommendations(told),
        "differentiation": differ(told),
    }


def describe(told: Reading, rival: Mapping[str, str], place: int) -> dict[str, Any]:
    """Return what the brief says of a competitor, and what follows from it."""
    return {
        "name": rival["name"],
        "strengths": [rival["strength"]] if "strength" in rival else [],
        "weaknesses": [rival["weakness"]] if "weakness" in rival else [],
        "content_strategy": tell_content(told, rival),
        "position": tell_position(told, rival),
        "response": respond(told, rival, place),
        "fields": ["top_competitors", "competitor_content_strategies"]
        if "competitor_content_strategies" in told.brief
        else ["top_competitors"],
    }


def tell_content(told: Reading, rival: Mapping[str, str]) -> str:
    """Say what is known of a competitor's content, or how to find out."""
    known = told.part("competitor_content_strategies")
    site = f" on {rival['website']}" if "website" in rival else ""
    if not known:
        return f"Not described in the brief. {find_out(rival, site)}"
    parts = []
    if types := known.get("content_types"):
        parts.append(wording.listing(types, most=9))
    if often := known.get("publishing_frequency"):
        parts.append(often)
    if channels := known.get("distribution_channels"):
        parts.append(f"on {wording.listing(channels, most=8)}")
    if themes := known.get("content_themes"):
        parts.append(f"about {wording.listing(themes, most=7)}")
    approach = f" {quote(known['engagement_approach'])}." if "engagement_approach" in known else ""
    described = f"Described for your competitors as a group: {', '.join(parts)}." if parts else "As a group:"
    return f"{described}{approach} What {rival['name']} alone does, the brief does not say. {find_out(rival, site)}"


def find_out(rival: Mapping[str, str], site: str) -> str:
    """Say what to look for at a competitor of whose content nothing is known."""
    if "weakness" in rival:
        return (
            f"Look{site} whether they answer {quote(rival['weakness'])} themselves: if they do, link to it and go one "
            "question further; if not, the question is free."
        )
    if "strength" in rival:
        return f"Look{site} how they show {quote(rival['strength'])}, and which question they leave out because of it."
    return f"List the last ten pieces of {rival['name']}{site}: date, format, question answered."


def tell_position(told: Reading, rival: Mapping[str, str]) -> str:
    """Say where a competitor is hard to beat and where not."""
    strength, weakness = rival.get("strength"), rival.get("weakness")
    if strength and weakness:
        return f"Hard to beat on {quote(strength)}, open on {quote(weakness)}."
    if strength:
        return f"Hard to beat on {quote(strength)}; you name nothing that they do badly."
    if weakness:
        return f"Open on {quote(weakness)}; you name nothing that they do well."
    return f"The brief names {rival['name']} and says neither what they do well nor what they do badly."


def respond(told: Reading, rival: Mapping[str, str], place: int) -> str:
    """Say what is done about a competitor: where to meet them, where not to."""
    strength, weakness, name = rival.get("strength"), rival.get("weakness"), rival["name"]
    form = told.format_for("decision")
    rule = f" Mind your rule: {quote(told.rule)}." if told.rule else ""
    if weakness:
        shown = answer_weakness(told, weakness, place)
        concede = f" Leave {quote(strength)} to them: say it yourself, once." if strength else ""
        return f"{shown}{concede}{rule}"
    pain = told.pains[place % len(told.pains)]
    words = playbook.PAINS[pain].words if pain in playbook.PAINS else quote(pain)
    if strength:
        return (
            f"Don't argue with {quote(strength)}. Ask where it does not help against {words}, and put the answer into "
            f"{wording.one(form)}.{rule}"
        )
    return (
        f"Ask the next three customers why they did or did not choose {name}, above all because of {words}; their words "
        f"become {wording.one(form)}.{rule}"
    )


def answer_weakness(told: Reading, weakness: str, place: int) -> str:
    """Say which piece answers a weakness; each competitor in turn gets another format, so that no two read alike."""
    forms = [form for form in playbook.PROOF if form in told.made] or list(told.made)
    form = forms[place % len(forms)] if place else told.format_for("decision", "launch")
    one = wording.capital(wording.one(form))
    kinds = (
        f"{one} on {quote(weakness)}, the way your customers meet it, and how it goes without.",
        f"{one} that shows the opposite of {quote(weakness)} in one concrete case, from first to last step.",
        f"{one} that answers {quote(weakness)} as a question: when does it matter, when does it not?",
    )
    return kinds[place % len(kinds)]


def list_gaps(told: Reading) -> list[dict[str, Any]]:
    """Return the user's gaps; where there are none, the pains to look for one at."""
    gaps = []
    for gap in sorted(told.items("market_gaps"), key=lambda gap: rank(gap.get("priority", "Medium")))[:8]:
        audience = f" For {quote(gap['target_audience'])}." if "target_audience" in gap else ""
        gain = f" It would bring {quote(gap['opportunity'])}." if "opportunity" in gap else ""
        rated = f" Priority {gap['priority']}." if "priority" in gap else ""
        gaps.append(statement(f"{quote(gap['gap_description'])}.{audience}{gain}{rated}", "market_gaps"))
    if gaps:
        return gaps
    names = wording.listing((rival["name"] for rival in told.rivals), most=3, word="or")
    pains = wording.listing(
        (playbook.PAINS[pain].words if pain in playbook.PAINS else quote(pain) for pain in told.pains),
        most=3,
        word="or",
    )
    text = (
        f"To be checked, since the brief names no gap: where does {names} answer {pains}? What they leave out is one."
    )
    return [statement(text, "audience_pain_points", "top_competitors")]


def list_opportunities(told: Reading) -> list[dict[str, Any]]:
    """Return what competitors don't do, as far as the brief tells."""
    known, chances = told.part("competitor_content_strategies"), []
    theirs = {playbook.FORMATS_OF_RIVALS.get(form, form) for form in known.get("content_types") or ()}
    if theirs:
        free = [form for form in told.made if form not in theirs and form != "Other formats"]
        shared = [form for form in told.made if form in theirs]
        if free:
            text = f"{wording.listing(free)}: in your plan, and not among what your competitors publish."
            chances.append(statement(text, "competitor_content_strategies", "preferred_formats"))
        if shared:
            text = (
                f"{wording.listing(shared)}: they publish these too, so a piece has to be the better answer to one "
                "question, not one more."
            )
            chances.append(statement(text, "competitor_content_strategies", "preferred_formats"))
    for word, places in told.echoes[:1]:
        if "top_competitors" in dict(places):
            others = wording.quotes((text for field, text in places if field != "top_competitors"), most=3)
            theirs_too = quote(dict(places)["top_competitors"])
            text = f"{quote(word)} is in what you say of a competitor ({theirs_too}) and in {others}."
            chances.append(statement(f"{text} One piece can serve both.", *dict(places)))
    chances += positioning.list_opportunities(told)
    return chances[:10]


def list_recommendations(told: Reading) -> list[dict[str, Any]]:
    """Return what to do about the competition, first things first."""
    advice = []
    weak = [rival for rival in told.rivals if "weakness" in rival]
    bare = [rival["name"] for rival in told.rivals if "weakness" not in rival and "strength" not in rival]
    bare = bare if told.names_firms else []
    start = told.foundation["phases"][min(1, len(told.foundation["phases"]) - 1)]["start_month"]
    if weak:
        form = wording.one(told.format_for("decision", "launch"))
        text = f"In month {start} publish {form} on {quote(weak[0]['weakness'])}, where {weak[0]['name']} is open."
        advice.append(statement(text, "top_competitors"))
    if len(weak) > 1:
        then = wording.listing((f"{rival['name']} ({quote(rival['weakness'])})" for rival in weak[1:]), most=4)
        last = told.foundation["phases"][-1]["end_month"]
        text = f"After that, by month {last}, a piece for readers who know {then}; let the pieces link to one another."
        advice.append(statement(text, "top_competitors"))
    if bare:
        does, names = ("does", "name") if len(bare) == 1 else ("do", "names")
        text = f"Find out what {wording.listing(bare)} {does} well and badly; the brief has only the {names}."
        advice.append(statement(text, "top_competitors"))
    advice += standstill.advise(told)
    if told.position:
        advice.append(statement(told.position, "competitive_position"))
    advice += tell_volume(told)
    if told.rule:
        text = f"Before any of this is published, check it against your rule {quote(told.rule)}."
        advice.append(statement(text, "editorial_guidelines"))
    watched = wording.listing((rival["name"] for rival in told.rivals), most=5)
    text = f"Once a month note what is new at {watched}: new pieces, and who links to them. It takes an hour."
    advice.append(statement(text, "top_competitors"))
    return advice


def tell_volume(told: Reading) -> list[dict[str, Any]]:
    """Say how one's rhythm and channels stand to the competitors'."""
    known, advice = told.part("competitor_content_strategies"), []
    theirs, own = known.get("publishing_frequency"), told.brief["content_frequency"]
    if theirs:
        per_month = number(told.foundation["cadence"]["planned_per_month"]["value"])
        text = (
            f"They publish {theirs}, you {own}: don't race. With {per_month} pieces a month each has to stay true longer "
            "than their news."
            if positioning.outpaced(told, theirs)
            else f"They publish {theirs}, you {own}: you are there more often, so link your pieces to one another."
        )
        advice.append(statement(text, "competitor_content_strategies", "content_frequency"))
    if channels := known.get("distribution_channels"):
        sources = told.items("traffic_sources")
        mine = f", while your visits come from {wording.listing(sources)}" if sources else ""
        text = f"They are on {wording.listing(channels, most=8)}{mine}. Answer there only when you are asked there."
        advice.append(statement(text, "competitor_content_strategies", "traffic_sources"))
    if themes := known.get("content_themes"):
        pain = told.pains[0]
        own = playbook.PAINS[pain].words if pain in playbook.PAINS else quote(pain)
        text = f"Their themes are {wording.listing(themes, most=7)}; yours begin with {own}, whoever covers the rest."
        advice.append(statement(text, "competitor_content_strategies", "audience_pain_points"))
    return advice


def differ(told: Reading) -> dict[str, Any]:
    """Say what makes the user's content another than the competitors'."""
    tones = wording.listing([tone.lower() for tone in told.tones], most=3)
    own = next((pain for pain in told.pains if pain not in playbook.PAINS), "")
    pain = quote(own) if own else playbook.PAINS[told.pains[0]].words
    voice = f"a voice that is {tones}" if tones else "your own voice"
    messages = told.part("brand_voice").get("key_messages") or []
    said = f" What has to stay with the reader: {wording.quotes(messages, most=3)}." if messages else ""
    weak = [rival for rival in told.rivals if "weakness" in rival]
    against = (
        f"where {wording.listing((rival['name'] for rival in weak), most=3)} are open"
        if len(weak) > 1
        else f"where {weak[0]['name']} is open"
        if weak
        else f"against {standstill.PHRASE}"
        if not told.names_firms
        else "and as soon as a weakness of theirs is known, against that"
    )
    text = f"You speak about {pain} in {voice}, {against}.{said}"
    return statement(text, "audience_pain_points", "brand_voice", "top_competitors")
