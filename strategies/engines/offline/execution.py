"""Risks of the making: formats that nobody makes, rules that are broken, subjects that run out."""

from . import playbook, production, wording
from .hazards import Risks, risk
from .reading import Reading
from .wording import quote


def formats(told: Reading) -> Risks:
    """Pieces are planned that nobody makes, or nobody asked for."""
    own, unlisted, absent = told.items("preferred_formats"), told.fit["unlisted"], told.fit["absent"]
    found = []
    if unlisted:
        planned = production.planned_of(told, unlisted)
        found.append(
            risk(
                f"{planned} are in the mix but not among your formats, and come out late or badly.",
                "operational",
                4,
                3,
                "content_mix",
                "preferred_formats",
                mitigation="Settle who makes them in the first month, or take them out of the mix.",
                contingency=f"Give their share to {wording.listing([form for form in told.made if form in own] or own)}.",
                indicator=f"The first {wording.SINGULAR.get(unlisted[0], unlisted[0])} is late.",
            )
        )
    if absent:
        found.append(
            risk(
                f"Your audience prefers {wording.listing(absent)} and goes where they are.",
                "market",
                3,
                3,
                "content_preferences",
                "preferred_formats",
                mitigation=f"Make {wording.one(absent[0])} out of one of your pieces and count who stays.",
                contingency=f"Exchange part of {wording.plural(next(iter(told.made)))} for it.",
                indicator="Readers ask for it, or competitors begin with it.",
            )
        )
    return found


def rules(told: Reading) -> Risks:
    """A piece breaks a rule, or a joke misses."""
    found = []
    if told.rule:
        found.append(
            risk(
                f"A piece breaks your rule {quote(told.rule)}.",
                "operational",
                2,
                4,
                "editorial_guidelines",
                mitigation="Read each piece once for this rule alone, title first.",
                contingency="Take it down the same day, correct it, and say that you did.",
                indicator="A piece goes back for it before release.",
            )
        )
    if "Humorous" in told.tones:
        found.append(
            risk(
                f"A joke misses with people who say {quote(told.pains[-1])}.",
                "market",
                2,
                3,
                "brand_voice",
                "audience_pain_points",
                mitigation="Joke about yourselves, never about the one who waits; a second person reads it first.",
                contingency="Apologise in one sentence, without a joke.",
                indicator="Comments explain the joke, or ask what was meant.",
            )
        )
    review = told.part("quality_metrics").get("review_process")
    if review:
        found.append(
            risk(
                f"Pieces wait for review: {quote(review)}.",
                "operational",
                3,
                2,
                "quality_metrics",
                mitigation="Fix the day of review together with the day of release.",
                contingency="Whoever is not heard from by then has agreed.",
                indicator="A finished piece waits for more than a week.",
            )
        )
    return found


def proof(told: Reading) -> Risks:
    """Nobody can tell what worked."""
    if told.brief.get("ab_testing_capabilities") is not False:
        return []
    return [
        risk(
            f"Without A/B tests it stays open what moved {quote(told.metric)}.",
            "technical",
            3,
            2,
            "ab_testing_capabilities",
            "target_metrics",
            mitigation="Change one thing a month, and write down what and when.",
            contingency="Put the old version back for a month and compare.",
            indicator="Two changes in one month.",
        )
    ]


def rhythm(told: Reading) -> Risks:
    """The rhythm wears out the subjects, or the pieces are forgotten between two releases."""
    frequency = told.rhythm
    pains = wording.listing(
        [playbook.PAINS[pain].words if pain in playbook.PAINS else quote(pain) for pain in told.pains], most=3
    )
    if frequency in ("Daily", "2-3 times per week"):
        return [
            risk(
                f"{frequency} uses up what there is to say about {pains}, and pieces begin to repeat.",
                "operational",
                3,
                3,
                "content_frequency",
                "audience_pain_points",
                mitigation="Collect every question that customers ask, with its date; it is next month's plan.",
                contingency="Repeat the best pieces openly before the rhythm makes weak ones.",
                indicator="The list of subjects is shorter than two weeks.",
            )
        ]
    if frequency in ("Monthly", "Quarterly"):
        return [
            risk(
                f"{frequency} is rare: one piece that misses {pains} is a gap of "
                f"{'a month' if frequency == 'Monthly' else 'a quarter'}.",
                "operational",
                3,
                3,
                "content_frequency",
                "audience_pain_points",
                mitigation="Show the outline to a customer before it is made.",
                contingency="Send a short addition between two releases: one question, one answer.",
                indicator="Nobody answers, asks or calls within a week of a release.",
            )
        ]
    return []
