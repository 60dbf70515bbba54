"""Insights about making: whether formats fit the audience, the rhythm fits the team, and the pieces fit the journey."""

from collections.abc import Sequence
from typing import Any

from strategies.arithmetic import funnel
from strategies.arithmetic.figures import number

from . import playbook, wording
from .goals import insight
from .reading import Reading
from .wording import quote

# Below this share of the team's hours people are not what limits the plan; above the second one sick week breaks it.
SPARE, TIGHT = 50, 85


def tell_rhythm(told: Reading) -> dict[str, Any]:
    """Say whether the rhythm can be kept, and which of wish, limit and hours decided the number of pieces."""
    rhythm = told.foundation["cadence"]
    frequency, wanted, planned = rhythm["frequency"], int(rhythm["wanted"]["value"]), told.planned
    span = wording.months(told.material.timeline_months)
    match rhythm["bound_by"]:
        case "max_content_pieces" if wanted <= 1.1 * planned:
            text = (
                f"{frequency} means {wording.pieces(wanted)} in {span}; the limit of {number(planned)} is close to it."
            )
        case "max_content_pieces":
            months = rhythm["lasts"]["value"]
            lasts = f"{number(months)} months of that" if months >= 1 else "less than a month of that"
            text = (
                f"{frequency} means {wording.pieces(wanted)} in {span}, and the limit of {number(planned)} lasts for "
                f"{lasts}. Raise the limit, or announce {number(rhythm['planned_per_month']['value'])} a month, as this "
                "plan does."
            )
        case "capacity":
            text = (
                f"{frequency} means {wording.pieces(wanted)} in {span}; the team's hours make {number(planned)}. "
                f"Announce {number(rhythm['planned_per_month']['value'])} a month rather than {quote(frequency)}."
            )
        case _:
            text = f"{frequency} means {wording.pieces(planned)} in {span}: announce it, and keep it in bad months too."
    broken = wanted > 1.1 * planned
    return insight(
        "capacity",
        text,
        wording.join(tell_hours(told), tell_money(told)),
        "content_frequency",
        "team_size",
        "preferred_formats",
        "content_mix",
        "content_budget",
        affects="whether readers can rely on the rhythm",
        phase="setup",
        priority="High" if broken else "Medium",
        impact="High" if broken else "Medium",
        confidence="Medium" if told.value("capacity.use") is not None else "Low",
    )


def tell_hours(told: Reading) -> str:
    """Say how the hours that are needed stand to the hours there are."""
    needed, use = told.value("capacity.hours_needed") or 0, told.value("capacity.use")
    if use is None:
        monthly = number(told.value("capacity.hours_needed_per_month") or 0)
        return (
            f"By our planning figures the pieces take {monthly} hours a month. Whether somebody has them is open: add "
            "your team size."
        )
    total = number(told.value("capacity.hours_in_all") or 0)
    share = (
        f"By our planning figures the pieces take {number(needed)} of {total} hours that {tell_team(told)} "
        f"{'has' if told.brief['team_size'] == 1 else 'have'} for making them ({number(use)} %)."
    )
    if use < SPARE:
        return f"{share} People are not what limits it: put free hours into {spare_work(told)}, not into more pieces."
    if use <= TIGHT:
        return f"{share} That leaves room for an illness, not for another format."
    return f"{share} One sick week breaks it: finish a reserve of pieces before the first is published."


def tell_team(told: Reading) -> str:
    """Name the team by its size."""
    size = told.brief["team_size"]
    return "one person" if size == 1 else f"a team of {number(size)}"


def spare_work(told: Reading) -> str:
    """Name the work that free hours are best put into."""
    form = told.format_for("decision")
    return f"research for {wording.plural(form)} and into promoting what is out"


def tell_money(told: Reading) -> str:
    """Say what a piece costs, where there is a budget."""
    per_piece = told.foundation["budget"]["per_piece"]
    if per_piece["value"] is None:
        return ""
    lines = [line for line in told.foundation["budget"]["lines"] if line.get("per_piece")]
    dearest = max(lines, key=lambda line: line["per_piece"]["value"])
    form = dearest["item"].removeprefix("Making: ")
    currency = dearest["per_piece"]["unit"].removesuffix("a piece").strip()
    making = wording.money(dearest["per_piece"]["value"], currency)
    all_in = wording.money(per_piece["value"], per_piece["unit"])
    if len(lines) == 1:
        return f"The budget comes to {all_in}, all in."
    return f"The budget comes to {all_in}, all in; the dearest is {wording.one(form)} with {making} for making it."


def tell_formats(told: Reading) -> dict[str, Any] | None:
    """Set what is made beside what the audience prefers, and say what to change."""
    fit = told.fit
    if not fit["unlisted"] and not fit["absent"] and not fit["unloved"]:
        return None
    parts = []
    if fit["unlisted"]:
        share = f"{number(fit['unlisted_pieces'])} of {wording.pieces(told.planned)}"
        parts.append(
            f"By your content mix {share} are in formats that you don't list among those you make: "
            f"{planned_of(told, fit['unlisted'])}."
        )
    if fit["absent"]:
        parts.append(f"Your audience prefers {wording.listing(fit['absent'])}, and none is planned.")
    if fit["unloved"]:
        parts.append(f"You plan {planned_of(told, fit['unloved'])}, which your audience does not name.")
    unwanted = sum(
        told.made[form] for form in {*fit["unlisted"], *fit["unloved"]} - set(told.items("content_preferences"))
    )
    grave = unwanted > 0.3 * told.planned
    return insight(
        "formats",
        " ".join(parts),
        wording.join(*advise_formats(told)),
        "preferred_formats",
        "content_preferences",
        "content_mix",
        affects="how many of the planned pieces meet a reader who wants them",
        phase="setup",
        priority="High" if grave or told.items("content_preferences")[0] in fit["absent"] else "Medium",
        impact="High" if grave else "Medium",
        confidence="High",
    )


def planned_of(told: Reading, forms: Sequence[str]) -> str:
    """Name the planned pieces of some formats."""
    return wording.counts((form, told.made[form]) for form in forms)


def advise_formats(told: Reading) -> list[str]:
    """Say for each misfit what to do about it."""
    fit, liked, advice = told.fit, told.items("content_preferences"), []
    if wanted := [form for form in fit["unlisted"] if form in liked]:
        advice.append(f"Keep {wording.listing(wanted)} and settle who makes them: the audience asks for them.")
    sources = told.items("traffic_sources")
    needed = [form for form in fit["unlisted"] if form not in liked and playbook.CARRIERS.get(form) in sources]
    for form in needed:
        advice.append(f"Keep {form} all the same: visits come from {playbook.CARRIERS[form]}.")
    if neither := [form for form in fit["unlisted"] if form not in liked and form not in needed]:
        advice.append(f"{wording.listing(neither)} stand on neither list: give their share to {best_formats(told)}.")
    if fit["absent"]:
        advice.append(
            f"Try {wording.one(fit['absent'][0])} made out of a piece that exists, before you add the format: same idea, "
            "no second research."
        )
    if "Email Newsletters" in fit["unloved"]:
        advice.append("Newsletters may stay: they are how the other pieces reach those who know you already.")
    others = [form for form in fit["unloved"] if form != "Email Newsletters"]
    if others and fit["agreed"]:
        advice.append(f"Let {wording.listing(others)} lead to {wording.listing(fit['agreed'])}, which they do ask for.")
    if "content_mix" not in told.brief and len(told.made) > 1:
        advice.append("No content mix is given, so each of your formats has the same share; give the wanted ones more.")
    return advice


def best_formats(told: Reading) -> str:
    """Name the formats that deserve more pieces: those on both lists, the rarest alone where there is one."""
    agreed = sorted(told.fit["agreed"], key=lambda form: told.made[form])
    if not agreed:
        return "formats that are on both"
    if len(agreed) == 1 or told.made[agreed[0]] <= told.made[agreed[1]] / 2:
        pieces = told.made[agreed[0]]
        return f"{agreed[0]}, of which only {number(pieces)} {'is' if pieces == 1 else 'are'} planned"
    return f"{wording.listing(agreed)}, which are on both"


def tell_funnel(told: Reading) -> dict[str, Any]:
    """Say which stage of the journey has too little for what the goal asks."""
    goal_stage = told.goal_stage
    stage = told.stage(goal_stage)
    journey = told.part("buying_journey")
    words = journey.get(goal_stage)
    at = f"the {goal_stage} stage" + (f", which you describe as {quote(words)}" if words else "")
    pieces = wording.counts(stage["formats"].items()) or "nothing"
    thin = bool(told.thin_stage)
    advice = advise_stage(told) if thin else "Keep that share when the mix changes."
    spread = wording.listing(
        (
            f"{number(entry['pieces']) if entry['pieces'] else 'none'} for {entry['stage']}"
            + (f" ({quote(journey[entry['stage']])})" if entry["stage"] in journey else "")
            for entry in told.foundation["funnel"]
        ),
        most=4,
    )
    return insight(
        "funnel",
        f"{quote(told.metric)} is decided at {at}. Planned for it: {pieces}. {advice}",
        f"By what each format is good for, your {wording.pieces(told.planned)} come to {spread}."
        + tell_gaps_of_journey(told),
        "target_metrics",
        "preferred_formats",
        "content_mix",
        "buying_journey",
        affects=f"what becomes of readers at the {goal_stage} stage",
        priority="High" if thin else "Low",
        impact="High" if thin else "Low",
        confidence="Medium",
    )


def advise_stage(told: Reading) -> str:
    """Say how a stage with too few pieces gets more of them."""
    form = choose_format(told, told.goal_stage)
    richest = max(told.foundation["funnel"], key=lambda stage: stage["pieces"])["stage"]
    if not form:
        fitting = wording.plural(
            next(form for form in playbook.ORDER_AT[told.goal_stage] if serves(form, told.goal_stage))
        )
        return (
            f"None of your formats does its best work there. End every third {richest} piece in one request to the "
            f"reader, and find out who could make {fitting}."
        )
    return (
        f"Take every third {richest} piece out of the plan and make {wording.plural(form)} of their subjects instead."
    )


def choose_format(told: Reading, stage: str) -> str:
    """Return the format for more pieces of a stage: one that is made, else one that readers ask for, else none."""
    order = [form for form in playbook.ORDER_AT[stage] if serves(form, stage)]
    for able in (told.items("preferred_formats"), told.items("content_preferences")):
        if form := next((form for form in order if form in able), ""):
            return form
    return ""


def serves(form: str, stage: str) -> bool:
    """Whether a format is sorted into a stage of the journey at all."""
    return bool(funnel.STAGES_OF_TEN[form][funnel.STAGES.index(stage)])


def tell_gaps_of_journey(told: Reading) -> str:
    """Name the stages that the user describes and no piece serves."""
    empty = [name for name in told.part("buying_journey") if not told.stage(name)["pieces"]]
    return f" You describe {wording.listing(empty)}, and no format of yours serves it." if empty else ""
