"""Risks from outside: competitors, sources of visits, the market, its seasons and trends."""

from strategies.arithmetic.figures import number

from . import playbook, positioning, wording
from .hazards import Risks, risk
from .reading import Reading
from .wording import quote


def rivals(told: Reading) -> Risks:
    """A competitor answers better, or more often."""
    found = []
    strong = [rival for rival in told.rivals if "strength" in rival]
    if strong:
        wins = wording.listing((f"{rival['name']} by {quote(rival['strength'])}" for rival in strong), most=3)
        weak = next((rival for rival in strong if "weakness" in rival), None)
        found.append(
            risk(
                f"Competitors win the same readers: {wins}.",
                "market",
                3,
                4,
                "top_competitors",
                mitigation=f"Write where {weak['name']} is open: {quote(weak['weakness'])}."
                if weak
                else "Find out from customers where that does not help, and write about it.",
                contingency="Leave them the broad question and take the narrower one below it.",
                indicator=f"{strong[0]['name']} publishes on one of your pillars.",
            )
        )
    theirs = told.part("competitor_content_strategies").get("publishing_frequency")
    if theirs and positioning.outpaced(told, theirs):
        found.append(
            risk(
                f"Competitors publish {theirs}, you {told.brief['content_frequency']}: yours is not seen.",
                "market",
                4,
                3,
                "competitor_content_strategies",
                "content_frequency",
                mitigation="Choose questions whose answer stays true for a year.",
                contingency="Move hours from new pieces to bringing the best ones up to date.",
                indicator="A new piece gets fewer visits than the one before, three times in a row.",
            )
        )
    return found


def visits(told: Reading) -> Risks:
    """Visits stay away, or leave at once."""
    found, sources = [], told.items("traffic_sources")
    if len(sources) == 1 or (sources and sources[0] in ("Organic Search", "Paid Advertising", "Social Media")):
        alone = "the only source you name" if len(sources) == 1 else "the first of your sources"
        found.append(
            risk(
                f"{sources[0]}, {alone}, brings fewer visits from one month to the next.",
                "technical",
                4 if len(sources) == 1 else 3,
                4,
                "traffic_sources",
                mitigation="Ask every reader for an address, so that the next piece needs nobody in between.",
                contingency=f"Send the next pieces to {wording.listing(sources[1:]) or 'existing customers'} first.",
                indicator=f"Visits from {sources[0]} a tenth below the month before.",
            )
        )
    bounce = told.part("performance_metrics").get("bounce_rate")
    if bounce is not None and bounce >= 50:
        found.append(
            risk(
                f"New visits leave as {number(bounce)} % do now, after one page.",
                "technical",
                4,
                3,
                "performance_metrics",
                mitigation="One next step on each page before more visits are brought there.",
                contingency=f"Stop promoting pages that do nothing for {quote(told.metric)}.",
                indicator=f"Bounce rate above {number(bounce)} %.",
            )
        )
    return found


def market(told: Reading) -> Risks:
    """The name is not known, or buyers put it off."""
    found, share = [], told.brief.get("market_share")
    if share is not None and share < positioning.SMALL_SHARE:
        form = wording.one(told.format_for("decision"))
        found.append(
            risk(
                f"At {number(share)} % of the market buyers don't think of you, however good a piece is.",
                "market",
                3,
                3,
                "market_share",
                "competitive_position",
                mitigation="Let others say your name: customers, associations, trade papers, in each piece one.",
                contingency=f"Fewer readers, chosen by name: send {form} to them yourself.",
                indicator=f"New {quote(told.metric)} come only from people who knew you.",
            )
        )
    if "Budget Constraints" in told.pains and told.buys:
        found.append(
            risk(
                f"Buyers want it and have no budget: {quote(told.metric)} is put off.",
                "financial",
                3,
                4,
                "audience_pain_points",
                mitigation=f"Have {wording.one(told.format_for('decision'))} ready that helps them to ask for the money.",
                contingency="Stay in touch until their next budget, on a date they name.",
                indicator="“Next year” as an answer.",
            )
        )
    return found


def seasons(told: Reading) -> Risks:
    """A season empties or overfills the calendar."""
    found = []
    peaks = [season for season in told.items("seasonal_trends") if season not in playbook.SLUMPS]
    if peaks:
        named = wording.quotes(peaks)
        found.append(
            risk(
                f"{named}: the weeks that matter come and their pieces are not ready.",
                "operational",
                3,
                3,
                "seasonal_trends",
                mitigation="Finish them a month ahead, before the daily work takes the hours.",
                contingency="One piece instead of several, on what customers ask in that very week.",
                indicator=f"Four weeks before {quote(peaks[0])} none of its pieces is begun.",
            )
        )
    for season in [season for season in told.items("seasonal_trends") if season in playbook.SLUMPS]:
        found.append(
            risk(
                f"{season}: pieces find no readers.",
                "market",
                4,
                2,
                "seasonal_trends",
                mitigation="Bring the best older pieces again, and keep new ones for the weeks after.",
                contingency="Compare with the same weeks of the year before, and change nothing in a hurry.",
                indicator=f"{quote(told.metric)} in the first week of {season}.",
            )
        )
    return found


def trends(told: Reading) -> Risks:
    """What was written about changes."""
    strong = [trend for trend in told.items("industry_trends") if trend.get("impact", "Medium") != "Low"][:2]
    found = [
        risk(
            f"{quote(trend['trend_name'])} moves on, and pieces say what is no longer so.",
            "market",
            3,
            3,
            "industry_trends",
            mitigation="Date each piece on it, name who keeps it up to date, and look at it each quarter.",
            contingency="Correct it with a note on what has changed; that is a piece of its own.",
            indicator=f"News about {quote(trend['trend_name'])}.",
        )
        for trend in strong
    ]
    early = [trend for trend in told.items("emerging_trends") if trend.get("growth_potential", "Unknown") != "Low"][:1]
    return found + [
        risk(
            f"{quote(trend['trend_name'])} comes to nothing, and the hours for it are gone.",
            "market",
            3,
            2,
            "emerging_trends",
            mitigation="One piece to begin with; the second only when somebody asks.",
            contingency="Turn it into a sober look back: what was expected, what came.",
            indicator=f"Nobody asks about {quote(trend['trend_name'])} for three months.",
        )
        for trend in early
    ]
