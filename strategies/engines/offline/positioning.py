"""SWOT and positioning: what the brief says for and against the user, and the sentence that follows."""

from collections.abc import Sequence
from typing import Any

from strategies.arithmetic.figures import number

from . import playbook, standstill, wording
from .reading import Reading
from .themes import rank
from .wording import quote, statement

# Below this share of a market a name can't be taken for known.
SMALL_SHARE, LARGE_SHARE = 10, 30
MOST = 7


def list_strengths(told: Reading) -> list[dict[str, Any]]:
    """Return what the brief says the user has."""
    brief, strengths = told.brief, []
    both = [form for form in brief["preferred_formats"] if form in brief["content_preferences"] and form in told.made]
    if both:
        planned = wording.counts((form, told.made[form]) for form in both)
        strengths.append(
            statement(
                f"{wording.listing(both)}: what your audience prefers is what you make ({planned}).",
                "preferred_formats",
                "content_preferences",
            )
        )
    if (traffic := told.part("performance_metrics").get("traffic")) and told.value("metric.baseline"):
        rate = number(told.value("metric.baseline") or 0)
        text = f"{number(traffic)} visits a month are there already, and bring {quote(told.metric)} to {rate}."
        if told.foundation["metric"]["kind"] == "visits":
            text = f"{number(traffic)} visits a month are there already."
        strengths.append(statement(text, "performance_metrics", "target_metrics"))
    if signups := told.derived("email_signups"):
        text = f"At the rate you state {number(signups)} people a month leave an address: readers you reach unaided."
        strengths.append(statement(text, "conversion_rates", "performance_metrics"))
    if (use := told.value("capacity.use")) is not None and use < 50 and brief["team_size"] > 1:
        text = f"A team of {number(brief['team_size'])} with free hours: the plan takes {number(use)} % of them."
        strengths.append(statement(text, "team_size", "content_frequency"))
    if brief.get("ab_testing_capabilities"):
        strengths.append(statement("A/B tests: changes can be proven instead of argued.", "ab_testing_capabilities"))
    if (share := brief.get("market_share")) is not None and share >= LARGE_SHARE:
        strengths.append(statement(f"A market share of {number(share)} %: the name is known.", "market_share"))
    if messages := told.part("brand_voice").get("key_messages"):
        strengths.append(statement(f"Something to say: {wording.quotes(messages, most=3)}.", "brand_voice"))
    traits = told.part("brand_voice").get("personality_traits")
    voice = f", a brand that is {wording.quotes(traits)}" if traits else ""
    tones = wording.listing([tone.lower() for tone in told.tones])
    strengths.append(statement(f"A decided voice: {tones or 'described in your words'}{voice}.", "brand_voice"))
    return strengths[:MOST]


def list_weaknesses(told: Reading) -> list[dict[str, Any]]:
    """Return what the brief says the user lacks, or does not know."""
    brief, weaknesses = told.brief, []
    if told.value("metric.baseline") is None:
        text = f"Nobody knows where {quote(told.metric)} stands today, so no step can be called progress."
        weaknesses.append(statement(text, "target_metrics"))
    if brief.get("team_size") == 1:
        text = "One person makes everything: an illness, a holiday or a large order stops the plan."
        weaknesses.append(statement(text, "team_size"))
    if (share := brief.get("market_share")) is not None and share < SMALL_SHARE:
        text = (
            f"A market share of {number(share)} %: most buyers don't know the name, so each piece has to introduce you."
        )
        weaknesses.append(statement(text, "market_share"))
    if (bounce := told.part("performance_metrics").get("bounce_rate")) is not None and bounce >= 50:
        lost = told.derived("bounces")
        visits = f": {number(lost)} visits a month see one page only" if lost else ""
        weaknesses.append(statement(f"A bounce rate of {number(bounce)} %{visits}.", "performance_metrics"))
    if told.thin_stage:
        text = (
            f"{wording.share(told.stage(told.thin_stage)['pieces'], of=told.planned)} for the {told.thin_stage} stage, "
            f"where {quote(told.metric)} is decided."
        )
        weaknesses.append(statement(text, "target_metrics", "preferred_formats", "content_mix"))
    if told.fit["unlisted"]:
        text = f"{wording.listing(told.fit['unlisted'])}: in the content mix, but nobody is said to make them."
        weaknesses.append(statement(text, "content_mix", "preferred_formats"))
    if told.fit["absent"]:
        text = f"{wording.listing(told.fit['absent'])}: preferred by the audience, and none is planned."
        weaknesses.append(statement(text, "content_preferences", "preferred_formats"))
    if brief.get("ab_testing_capabilities") is False:
        text = "No A/B tests: what worked will be a matter of opinion."
        weaknesses.append(statement(text, "ab_testing_capabilities"))
    silent = [rival["name"] for rival in told.rivals if "weakness" not in rival]
    if silent and told.names_firms:
        text = f"You name no weakness of {wording.listing(silent)}: there is nothing yet to be better at."
        weaknesses.append(statement(text, "top_competitors"))
    if "content_budget" not in brief:
        text = (
            f"No budget is named: what a piece may cost is decided anew each time, {wording.pieces(told.planned)} long."
        )
        weaknesses.append(statement(text, "content_budget", "content_frequency"))
    return weaknesses[:MOST]


def list_opportunities(told: Reading) -> list[dict[str, Any]]:
    """Return what the market leaves open, by the brief."""
    chances = [
        statement(
            f"{quote(gap['gap_description'])}" + (f": {quote(gap['opportunity'])}." if "opportunity" in gap else "."),
            "market_gaps",
        )
        for gap in sorted(told.items("market_gaps"), key=lambda gap: rank(gap.get("priority", "Medium")))[:3]
    ]
    chances += [
        statement(f"{rival['name']} is weak where you write {quote(rival['weakness'])}.", "top_competitors")
        for rival in told.rivals
        if "weakness" in rival
    ][:3]
    if told.standstill and "weakness" in told.standstill:
        text = f"{wording.capital(standstill.PHRASE)} has its price: {quote(told.standstill['weakness'])}."
        chances.append(statement(text, "top_competitors"))
    for field, key, word in (
        ("industry_trends", "impact", "impact"),
        ("emerging_trends", "growth_potential", "growth"),
    ):
        for trend in sorted(told.items(field), key=lambda entry: rank(entry.get(key, "Medium")))[:2]:
            rated = f", {word} {trend[key]}" if key in trend else ""
            chances.append(
                statement(f"{quote(trend['trend_name'])}{rated}: whoever explains it first is asked.", field)
            )
    if not chances:
        pain = told.pains[0]
        words = playbook.PAINS[pain].words if pain in playbook.PAINS else quote(pain)
        text = (
            f"No gap in the market is named. Search for {words} as a customer would, and note who answers and who not."
        )
        chances.append(statement(text, "audience_pain_points"))
    return chances[:MOST]


def list_threats(told: Reading) -> list[dict[str, Any]]:
    """Return what the market may do to the user, by the brief."""
    threats = [
        statement(f"{rival['name']}: {quote(rival['strength'])}.", "top_competitors")
        for rival in told.rivals
        if "strength" in rival
    ][:4]
    if told.standstill and "strength" in told.standstill:
        text = f"{wording.capital(standstill.PHRASE)}: {quote(told.standstill['strength'])}."
        threats.append(statement(text, "top_competitors"))
    theirs = told.part("competitor_content_strategies").get("publishing_frequency")
    if theirs and outpaced(told, theirs):
        text = f"Your competitors publish {theirs}, you {told.brief['content_frequency']}: on volume they win."
        threats.append(statement(text, "competitor_content_strategies", "content_frequency"))
    for season in told.items("seasonal_trends"):
        if season in playbook.SLUMPS:
            threats.append(statement(f"{season}: weeks in which good pieces find no readers.", "seasonal_trends"))
    if "Budget Constraints" in told.pains and told.buys:
        text = f"Budget constraints of your buyers can put off {quote(told.metric)} however good the content is."
        threats.append(statement(text, "audience_pain_points", "target_metrics"))
    if not threats:
        names = wording.listing(rival["name"] for rival in told.rivals)
        text = f"You name no strength of {names}: where they are hard to beat is not known."
        threats.append(statement(text, "top_competitors"))
    return threats[:MOST]


def outpaced(told: Reading, theirs: str) -> bool:
    """Whether competitors publish more often."""
    order: Sequence[str] = playbook.RHYTHMS
    own = order.index(told.brief["content_frequency"])
    return order.index(playbook.RHYTHMS_OF_RIVALS.get(theirs, theirs)) > own


def position(told: Reading) -> dict[str, Any]:
    """Say from where to where, and the sentence that says why."""
    return {
        "current": tell_current(told),
        "target": tell_target(told),
        "statement": state(told),
        "fields": [
            "competitive_position",
            "market_share",
            "business_objectives",
            "target_metrics",
            "audience_pain_points",
            "top_competitors",
            "brand_voice",
        ],
    }


def tell_current(told: Reading) -> str:
    """Say where the user stands."""
    firms = [rival["name"] for rival in told.rivals] if told.names_firms else []
    rivals = wording.listing([*firms, *([standstill.PHRASE] if told.standstill else [])], most=3)
    place = told.brief.get("competitive_position")
    share = told.brief.get("market_share")
    with_share = f" with {number(share)} % of the market" if share is not None else ""
    if place:
        return f"{place} in {told.material.industry}{with_share}, compared with {rivals}. {told.position}"
    if share is not None:
        return f"In {told.material.industry}{with_share}, compared with {rivals}."
    return (
        f"In {told.material.industry}, compared with {rivals}. Whether as leader, challenger, follower or in a niche is "
        "not said; it decides how openly you may compare."
    )


def tell_target(told: Reading) -> str:
    """Say where the user wants to stand, in their words, and by which figure it is seen."""
    target = told.value("growth.target")
    seen = (
        f"Seen by {quote(told.metric)} at {number(target)} in month {told.material.timeline_months}."
        if target is not None
        else f"It will be seen by {quote(told.metric)}, once that has a target value."
    )
    return f"{wording.quotes(told.objectives, most=3)}. {seen}"


def state(told: Reading) -> str:
    """Return the positioning statement: for whom, against what, what, unlike whom."""
    options = [playbook.PAINS[pain].words for pain in told.pains if pain in playbook.PAINS]
    own = [quote(pain) for pain in told.pains if pain not in playbook.PAINS]
    face = f"who face {wording.listing(options, most=2)}" if options else ""
    say = f"who say {wording.listing(own, most=2)}" if own else ""
    tones = wording.listing([tone.lower() for tone in told.tones], most=3)
    formats = wording.listing((wording.plural(form) for form in told.brief["preferred_formats"]), most=3)
    rival = next((rival for rival in told.rivals if "weakness" in rival), None)
    price = told.standstill.get("weakness") if told.standstill else None
    unlike = (
        f" It begins where {rival['name']} leaves off: {quote(rival['weakness'])}."
        if rival
        else f" It is for those for whom {standstill.PHRASE} has its price: {quote(price)}."
        if price
        else f" What sets it apart from {told.rivals[0]['name']} is still to be found: no weakness of theirs is named."
    )
    whom = f"those {' and '.join(part for part in (face, say) if part)}"
    return (
        f"In {told.material.industry}, for {whom}, our {formats} are the {tones + ' ' if tones else ''}answer.{unlike}"
    )
