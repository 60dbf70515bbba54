"""One walk through a version of a strategy, which Markdown, Word and PDF all render: none can forget a section."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import dateformat, timezone

from strategies import brief
from strategies.exports import chapters, values
from strategies.exports.blocks import Block, Heading, Outline, Pair, Pairs, Paragraph
from strategies.exports.text import legible, legible_all
from strategies.models import Strategy, Version
from strategies.templatetags import wording

Data = Mapping[str, Any]

KNOWN = "title industry made_with engine_note summary brief foundation sections score calendar monitoring own_words"

# Parts of the groundwork that a section shows whole.
TOLD = {"performance_predictions": "metrics roi assumptions", "implementation_roadmap": "phases"}


def of(version: Version) -> Outline:
    """Return a version as it is read: in short, sections, calendar, groundwork, quality, brief."""
    document: Data = legible_all(version.document)
    strategy = version.strategy
    return Outline(
        title=one_line(document.get("title") or strategy.name),
        subtitle=one_line(document.get("industry") or strategy.industry),
        facts=tuple(facts(version)),
        note=document.get("engine_note", ""),
        blocks=tuple(walk(document, strategy)),
    )


def one_line(text: str) -> str:
    """Return a text that is a name: legible, on one line."""
    return " ".join(legible(text).split())


def facts(version: Version) -> Iterator[Pair]:
    """Yield what the first page says of the version."""
    made = timezone.localtime(version.created)
    how = Version.Origin(version.origin).label if version.origin in Version.Origin else version.origin
    yield Pair("Version", str(version.number))
    yield Pair("Made", dateformat.format(made, "j F Y, H:i T"))
    yield Pair("How", ": ".join(filter(None, [how, one_line(version.note)])))
    if version.author is not None:
        yield Pair("By", one_line(version.author.get_username()))
    yield Pair("Written by", one_line(version.engine))
    yield Pair("Quality", f"{version.score} of 100")


def walk(document: Data, strategy: Strategy) -> Iterator[Block]:
    """Yield the blocks of a document whose texts are legible."""
    yield Heading("In short")
    yield from summary(document.get("summary") or {})
    for entry in document.get("sections", []):
        yield Heading(entry.get("title", ""))
        yield from section(entry)
        if own := (document.get("own_words") or {}).get(entry.get("key")):
            yield Paragraph(f"Texts of this section written by hand: {len(own)}.", "basis")
    if document.get("calendar"):
        yield Heading("Content calendar")
        yield from chapters.calendar(document["calendar"])
    if document.get("monitoring"):
        yield Heading("Monitoring plan")
        yield from chapters.monitoring(document["monitoring"])
    yield from values.rest(document, KNOWN, 1)
    if document.get("foundation"):
        yield Heading("Groundwork")
        yield from groundwork(document)
    yield Heading("Quality")
    yield from quality(document.get("score") or {})
    yield Heading("Your brief")
    yield from answers(document, strategy)


def section(entry: Data) -> Iterator[Block]:
    """Yield a section; one that failed says why."""
    if entry.get("status") == "ready":
        yield from chapters.of(entry.get("key", ""), entry.get("data") or {})
    else:
        yield Paragraph(entry.get("reason") or "", "failed", "This section could not be written.")


def groundwork(document: Data) -> Iterator[Block]:
    """Yield what was computed, but for what a section that is there has told already."""
    yield Paragraph("What was computed from your answers before a word was written.", "note")
    ready = {entry.get("key") for entry in document.get("sections", []) if entry.get("status") == "ready"}
    told = " ".join(members for key, members in TOLD.items() if key in ready)
    yield from values.rest(document["foundation"], told, 3)


def summary(short: Data) -> Iterator[Block]:
    """Yield the document in a few facts."""
    yield from chapters.quoted(short.get("statement"))
    level = f" (overall level: {short['risk_level']})" if short.get("risk_level") else ""
    yield from chapters.pairs(
        ("Aim", short.get("aim")),
        ("Objectives", "\n".join(short.get("objectives", []))),
        ("Volume", short.get("volume")),
        ("Budget", short.get("budget")),
        ("First steps", "\n".join(short.get("first_steps", []))),
        ("Worst risk", f"{short['worst_risk']}{level}" if short.get("worst_risk") else ""),
    )
    known = "statement aim objectives volume budget first_steps worst_risk risk_level phases"
    yield from values.rest(short, known, 2)


def quality(score: Data) -> Iterator[Block]:
    """Yield the score with its reasons, and what would raise it."""
    yield Paragraph(f"{wording.number(score.get('total'))} of 100. Computed from the document itself.")
    if score.get("advice"):
        yield Heading("What would raise it most", 2)
        yield values.texts([f"{one['text']} About {wording.number(one['gain'])} of 100." for one in score["advice"]])
    for key, part in (score.get("parts") or {}).items():
        counts = f"counts for {wording.percent(part.get('weight'))}"
        yield Heading(f"{wording.title_of(key)}: {wording.number(part.get('value'))} of 100, {counts}", 2)
        if part.get("reasons"):
            yield values.texts(part["reasons"])
        if part.get("advice"):
            yield Heading("What would raise it", 3)
            yield values.texts(part["advice"])


def answers(document: Data, strategy: Strategy) -> Iterator[Block]:
    """Yield the brief, answer by answer, and what the answers that are lacking mean."""
    told = [Pair(field.label, said) for field, said in brief.describe(legible_all(strategy.brief))]
    own = (
        Pair("Months to plan", str(strategy.timeline_months)),
        Pair("Most pieces of content", str(strategy.max_content_pieces)),
    )
    yield Pairs((*told, *own))
    if missing := (document.get("brief") or {}).get("missing"):
        yield Heading("Not answered, and what that means", 2)
        yield from chapters.pairs(*((one.get("label", ""), one.get("means")) for one in missing))
