"""The five sections and the calendar as blocks, in the order and the words of the page."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from strategies.exports.blocks import Block, Heading, Item, Items, Pair, Pairs, Paragraph, Row, Table
from strategies.exports.values import explained, grounds, measured, rest, statement, texts
from strategies.templatetags import wording

Data = Mapping[str, Any]
Blocks = Iterator[Block]


def of(key: str, data: Data) -> Blocks:
    """Yield the blocks of a section; one that is not known here is told plainly."""
    known = _WRITERS.get(key)
    return known(data) if known else rest(data, "", 2)


def insights(data: Data) -> Blocks:
    """Positioning, SWOT, insights."""
    if position := data.get("positioning"):
        yield Heading("Positioning", 2)
        yield from quoted(position.get("statement"))
        yield from pairs(("Today", position.get("current")), ("Where to", position.get("target")))
        yield from based(position.get("fields"))
    if swot := data.get("swot"):
        yield Heading("Strengths, weaknesses, opportunities, threats", 2)
        for quadrant, statements in swot.items():
            yield Heading(wording.title_of(quadrant), 3)
            yield from listed(statements) if statements else [Paragraph("None found in your answers.", "basis")]
    if found := data.get("insights"):
        yield Heading("Insights", 2)
        for number, one in enumerate(found, 1):
            yield from insight(number, one)
    yield from rest(data, "insights swot positioning", 2)


def insight(number: int, one: Data) -> Blocks:
    """One thing worth knowing or doing."""
    yield Heading(f"{number}. {one.get('insight', '')}", 3)
    facts = [
        ("", wording.title_of(one.get("type", ""))),
        ("Priority: ", one.get("priority")),
        ("Confidence: ", one.get("confidence")),
        ("When: ", one.get("implementation_time")),
    ]
    yield Paragraph(" · ".join(f"{label}{value}" for label, value in facts if value), "note")
    if one.get("reasoning"):
        yield Paragraph(one["reasoning"])
    if one.get("estimated_impact"):
        yield Paragraph(one["estimated_impact"], label="Impact")
    yield from based(one.get("fields"))
    known = "insight type priority confidence implementation_time reasoning estimated_impact fields"
    yield from rest(one, known, 4)


def competition(data: Data) -> Blocks:
    """Rivals side by side, gaps, opportunities, what to do."""
    if apart := data.get("differentiation"):
        yield Heading("What sets you apart", 2)
        yield from quoted(apart.get("text"))
        yield from based(apart.get("fields"))
    if rivals := data.get("competitors"):
        yield Heading("Competitors", 2)
        heads = ("Competitor", "Strengths", "Weaknesses", "What they publish", "Position")
        yield Table(heads, tuple(rival(one) for one in rivals), (4, 5, 5, 8, 7))
    for key, title in (
        ("market_gaps", "Gaps in the market"),
        ("opportunities", "Opportunities"),
        ("recommendations", "Recommendations"),
    ):
        if data.get(key):
            yield Heading(title, 2)
            yield from listed(data[key])
    yield from rest(data, "competitors market_gaps opportunities recommendations differentiation", 2)


def rival(one: Data) -> Row:
    """One competitor; the website stands as text, so that nobody's address becomes a link of ours."""
    website = one.get("website") if wording.is_web_address(one.get("website")) else ""
    cells = (
        "\n".join(filter(None, [one.get("name", ""), website])),
        "\n".join(one.get("strengths") or ["not said"]),
        "\n".join(one.get("weaknesses") or ["not said"]),
        one.get("content_strategy", ""),
        one.get("position", ""),
    )
    return Row(cells, paired(("Your answer", one.get("response"))))


def predictions(data: Data) -> Blocks:
    """Forecast, return, assumptions: every figure with unit, range and basis."""
    if (reading := data.get("reading")) and reading.get("text"):
        yield Paragraph(reading["text"])
        yield from based(reading.get("fields"))
    if metrics := data.get("metrics"):
        yield Heading("Forecast", 2)
        heads = ("Metric", *(wording.title_of(moment) for moment in wording.MOMENTS.values()))
        yield Table(heads, tuple(forecast(one) for one in metrics), (4, 3, 3, 3, 3))
    if roi := data.get("roi"):
        yield Heading("Return", 2)
        months, basis = roi.get("payback_months"), roi.get("payback_basis") or "not estimated"
        back = f"{wording.number(months)} months – {basis}" if months is not None else basis
        needs = [(need["name"], explained(need["figure"])) for need in roi.get("needs", [])]
        yield from pairs(("Return on the budget", explained(roi)), ("Paid back after", back), *needs)
        yield from rest(roi, "value unit low high basis payback_months payback_basis needs", 3)
    if data.get("assumptions"):
        yield Heading("Assumptions", 2)
        yield from listed(data["assumptions"])
    yield from rest(data, "reading metrics roi assumptions", 2)


def forecast(metric: Data) -> Row:
    """One metric, with what its figures rest on."""
    cells = (metric.get("name", ""), *(measured(metric.get(key) or {}) for key in wording.MOMENTS))
    return Row(cells, tuple(Pair(wording.title_of(when), basis) for when, basis in wording.bases(metric)))


def roadmap(data: Data) -> Blocks:
    """Phases, budget, what must not slip."""
    if phases := data.get("phases"):
        yield Heading("Phases", 2)
        for one in phases:
            yield from phase(one)
    if data.get("budget") or data.get("budget_note"):
        yield Heading("Budget", 2)
        yield from budget(data.get("budget") or [], data.get("budget_note", ""))
    for key, title in (("critical_path", "What must not slip"), ("success_metrics", "How you see success")):
        if data.get(key):
            yield Heading(title, 2)
            yield texts(data[key])
    yield from rest(data, "phases budget budget_note critical_path success_metrics", 2)


def phase(one: Data) -> Blocks:
    """Some months with one aim."""
    yield Heading(one.get("name", ""), 3)
    first, last = one.get("start_month"), one.get("end_month")
    facts = [f"Month {first}" if first == last else f"Months {first} to {last}"]
    if (pieces := one.get("pieces")) is not None:
        so_far = one.get("pieces_so_far", pieces)
        also = f", {so_far} in all by then" if so_far != pieces else ""
        facts.append(f"{pieces} {'piece' if pieces == 1 else 'pieces'}{also}")
    if one.get("formats"):
        facts.append(", ".join(f"{name} {count}" for name, count in one["formats"].items()))
    yield Paragraph(" · ".join(facts), "note")
    if one.get("hours"):
        yield Paragraph(explained(one["hours"]), label="Hours")
    milestones = [f"Month {each.get('month')}: {each.get('title', '')}" for each in one.get("milestones", [])]
    lists = (("Goals", one.get("goals")), ("Milestones", milestones), ("Tasks", one.get("tasks")))
    for title, entries in (*lists, ("With", one.get("resources"))):
        if entries:
            yield Heading(title, 4)
            yield texts(entries)
    yield from based(one.get("fields"))
    known = "key name start_month end_month months pieces pieces_so_far formats hours goals tasks milestones resources"
    yield from rest(one, f"{known} fields", 4)


def budget(lines: list[Data], note: str) -> Blocks:
    """The monthly budget, line by line."""
    if note:
        yield Paragraph(note)
    if not lines:
        return
    rows = [
        Row(
            (
                line.get("item", ""),
                measured({**line, "value": line.get("amount")}),
                f"{wording.number(line.get('share'))} %",
                measured(line["per_piece"]) if line.get("per_piece") else "–",
            )
        )
        for line in lines
    ]
    yield Table(("For", "Amount", "Share", "A piece"), tuple(rows), (6, 4, 2, 4))
    bases = wording.distinct(list(lines), "basis")
    each = wording.distinct([line["per_piece"] for line in lines if line.get("per_piece")], "basis")
    yield from (Paragraph(basis, "basis", "Basis") for basis in bases)
    yield from (Paragraph(basis, "basis", "A piece") for basis in each)


def risks(data: Data) -> Blocks:
    """Risks, the worst first, and how they are watched."""
    if data.get("overall_level"):
        yield Paragraph(data["overall_level"], label="Overall level")
    if listed_risks := data.get("risks"):
        caption = "Risks, the worst first: probability and impact from 1 to 5, their product is the score"
        heads = ("Risk", "Kind", "Probability", "Impact", "Score")
        yield Table(heads, tuple(risk(one) for one in listed_risks), (9, 4, 4, 3, 3), caption)
    if watch := data.get("monitoring"):
        yield Heading("How the risks are watched", 2)
        if watch.get("frequency"):
            yield Paragraph(watch["frequency"])
        for title, entries in (("Signs", watch.get("indicators")), ("What follows", watch.get("escalation"))):
            if entries:
                yield Heading(title, 3)
                yield texts(entries)
        yield from rest(watch, "indicators frequency escalation", 3)
    yield from rest(data, "risks overall_level monitoring", 2)


def risk(one: Data) -> Row:
    """One risk, and what is done about it."""
    cells = (
        one.get("title", ""),
        wording.title_of(one.get("category", "")),
        f"{one.get('probability')} of 5",
        f"{one.get('impact')} of 5",
        f"{one.get('score')} of 25",
    )
    told = (
        ("Who and when", ", ".join(part for part in (one.get("owner"), one.get("due")) if part)),
        ("Prevent it", one.get("mitigation")),
        ("If it happens", one.get("contingency")),
        ("The sign to watch", one.get("indicator")),
        ("From your answers on", wording.joined(wording.labels(one.get("fields")))),
    )
    return Row(cells, paired(*told))


def calendar(data: Data) -> Blocks:
    """Themes, and every piece with its date."""
    span = f"From {data.get('start')} to {data.get('end')}" if data.get("start") else ""
    if told := [str(part) for part in (data.get("cadence"), span, data.get("timezone")) if part]:
        yield Paragraph(" · ".join(told))
    if unwritten := data.get("unwritten"):
        some = f"{len(unwritten)} {'piece has' if len(unwritten) == 1 else 'pieces have'} a working title only"
        yield Paragraph(f"{some}: {data.get('reason', '')}", "failed")
    if data.get("themes"):
        yield Heading("Themes", 2)
        yield Items(tuple(theme(one) for one in data["themes"]))
    if pieces := data.get("pieces"):
        yield Heading("Pieces", 2)
        heads = ("Day", "Piece", "Format", "Where", "Stage", "Theme", "Priority")
        yield Table(heads, tuple(piece(one) for one in pieces), (5, 12, 5, 5, 5, 6, 3))
    if data.get("basis"):
        yield Heading("How the dates were set", 2)
        yield texts(data["basis"])
    yield from rest(data, "start end timezone cadence basis themes pieces made_with version unwritten reason", 2)


def monitoring(data: Data) -> Blocks:
    """What is watched, how often, by whom, and from which number on something is wrong."""
    if data.get("owners"):
        yield Paragraph(data["owners"], "note")
    if tasks := data.get("tasks"):
        yield Table(("What", "How often", "Who", "Threshold"), tuple(watch_task(one) for one in tasks), (5, 3, 3, 7))
    if signs := data.get("signs"):
        yield Heading("Signs of the risks", 2)
        rows = (
            Row((f"{one.get('sign', '')}\n{one.get('risk', '')}", *(str(one.get(key, "")) for key in told)))
            for told in [("frequency", "owner", "answer")]
            for one in signs
        )
        yield Table(("Sign", "How often", "Who", "When it shows"), tuple(rows), (7, 3, 3, 7))
    else:
        yield Paragraph("The signs of the risks are missing with the section on risks: write it again.", "note")
    yield from rest(data, "owners tasks signs", 2)


def watch_task(task: Data) -> Row:
    """One metric that is watched, with what its thresholds rest on."""
    # A threshold is a figure; in documents of an earlier day it holds one.
    thresholds = [{**one, **one.get("figure", {})} for one in task.get("thresholds") or []]
    lines = [task["note"]] if task.get("note") else []
    for one in thresholds if not lines else []:
        month = f" in month {one['month']}" if one.get("month") else ""
        lines.append(f"{task.get('bound', '')} {measured(one)}{month}")
    bases = [("Basis", basis) for basis in wording.distinct(thresholds, "basis")]
    own = ("From your answers on", wording.joined(wording.labels(task.get("fields"))))
    cells = (str(task.get("metric", "")), str(task.get("frequency", "")), str(task.get("owner", "")))
    return Row((*cells, "\n".join(lines)), paired(*bases, own))


def theme(one: Data) -> Item:
    """A theme with what it rests on."""
    return Item(one.get("description", ""), one.get("name", ""), grounds(one.get("fields")))


def piece(one: Data) -> Row:
    """One piece of content."""
    told = ("format", "channel", "funnel_stage", "theme", "priority")
    words = "\n".join(str(one[key]) for key in ("title", "description") if one.get(key))
    return Row((str(one.get("date", "")), words, *(str(one.get(key, "")) for key in told)))


def listed(statements: list[Data]) -> Blocks:
    """Yield statements as a list."""
    yield Items(tuple(statement(one) for one in statements))


def quoted(text: object) -> Blocks:
    """Yield a statement that stands for itself."""
    if text:
        yield Paragraph(str(text), "quote")


def based(fields: object) -> Blocks:
    """Yield which answers the paragraph before rests on."""
    yield from (Paragraph(text, "basis") for text in grounds(fields))


def paired(*told: tuple[str, object]) -> tuple[Pair, ...]:
    """Return those terms of which something is said."""
    return tuple(Pair(label, str(text)) for label, text in told if text)


def pairs(*told: tuple[str, object]) -> Blocks:
    """Yield terms of which something is said."""
    if found := paired(*told):
        yield Pairs(found)


_WRITERS: Mapping[str, Callable[[Data], Blocks]] = {
    "strategic_insights": insights,
    "competitive_analysis": competition,
    "performance_predictions": predictions,
    "implementation_roadmap": roadmap,
    "risk_assessment": risks,
}
