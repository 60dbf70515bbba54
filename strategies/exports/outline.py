"""One walk through a version of a strategy, which Markdown, Word and PDF all render: none can forget a section."""

from collections.abc import Iterator, Mapping

from django.utils import dateformat, timezone

from strategies import basis, brief
from strategies.exports import chapters, shapes, values
from strategies.exports.blocks import Block, Heading, Outline, Pair, Pairs, Paragraph
from strategies.exports.chapters import quality, summary
from strategies.exports.shapes import Data, UnknownShape
from strategies.exports.text import legible, legible_all
from strategies.models import Version
from strategies.templatetags import wording

KNOWN = "title industry made_with engine_note summary brief foundation sections score calendar monitoring own_words"

# Parts of the groundwork that a section shows whole.
TOLD = {"performance_predictions": "metrics roi assumptions", "implementation_roadmap": "phases"}


def of(version: Version) -> Outline:
    """
    Return a version as it is read: in short, sections, calendar, groundwork, quality, brief.

    The brief is the one that the version was made from, whatever it says by now.
    """
    document: Data = legible_all(version.document)
    strategy = version.strategy
    return Outline(
        title=one_line(_text(document, "title") or strategy.name),
        subtitle=one_line(_text(document, "industry") or strategy.industry),
        facts=tuple(facts(version)),
        note=_text(document, "engine_note"),
        blocks=tuple(walk(document, basis.of(strategy, version).brief)),
    )


def _text(document: Data, key: str) -> str:
    try:
        return shapes.text(document.get(key))
    except UnknownShape:
        return ""


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


def walk(document: Data, made_from: Data) -> Iterator[Block]:
    """Yield the blocks of a document whose texts are legible; ``made_from`` is its brief, with what is set beside it."""
    yield Heading("In short")
    yield from chapters.attempt(summary.write, document.get("summary") or {}, key="summary")
    yield from sections(document)
    if document.get("calendar"):
        yield Heading("Content calendar")
        yield from chapters.of("calendar", document["calendar"])
    if document.get("monitoring"):
        yield Heading("Monitoring plan")
        yield from chapters.of("monitoring", document["monitoring"])
    yield from values.rest(document, KNOWN, 1)
    if document.get("foundation"):
        yield Heading("Groundwork")
        yield from groundwork(document)
    yield Heading("Quality")
    yield from chapters.attempt(quality.write, document.get("score") or {}, key="score")
    yield Heading("Your brief")
    yield from answers(made_from)
    yield from chapters.attempt(gaps, document.get("brief") or {}, key="brief")


def sections(document: Data) -> Iterator[Block]:
    """Yield each section with its heading."""
    if (listed := document.get("sections")) and not listed_sections(document):
        yield Heading("Sections")
        yield from chapters.tell_plainly(listed, key="sections")
    own = document.get("own_words")
    for entry in listed_sections(document):
        key = _text(entry, "key")
        yield Heading(_text(entry, "title") or wording.title_of(key))
        yield from chapters.attempt(section, entry, key="sections")
        if isinstance(own, Mapping) and isinstance(words := own.get(key), list) and words:
            yield Paragraph(f"Texts of this section written by hand: {len(words)}.", "basis")


def listed_sections(document: Data) -> list[Data]:
    """Return the sections; none where they are no list of objects."""
    try:
        return shapes.rows(document.get("sections"))
    except UnknownShape:
        return []


def section(entry: Data) -> Iterator[Block]:
    """Yield a section; one that failed says why."""
    if entry.get("status") == "ready":
        yield from chapters.of(shapes.text(entry.get("key")), entry.get("data") or {})
    else:
        yield Paragraph(shapes.text(entry.get("reason")), "failed", "This section could not be written.")
    yield from values.rest(entry, "key title status reason data", 2)


def groundwork(document: Data) -> Iterator[Block]:
    """Yield what was computed, but for what a section that is there has told already."""
    yield Paragraph("What was computed from your answers before a word was written.", "note")
    found = document["foundation"]
    if isinstance(found, Mapping):
        ready = {_text(entry, "key") for entry in listed_sections(document) if entry.get("status") == "ready"}
        told = " ".join(members for key, members in TOLD.items() if key in ready)
        yield from values.rest(found, told, 3)
    else:
        yield from values.anything(found)


def answers(made_from: Data) -> Iterator[Block]:
    """Yield the brief, answer by answer."""
    told = [Pair(field.label, said) for field, said in brief.describe(legible_all(made_from["brief"]))]
    own = (
        Pair("Months to plan", str(made_from["timeline_months"])),
        Pair("Most pieces of content", str(made_from["max_content_pieces"])),
    )
    yield Pairs((*told, *own))


def gaps(read: Data) -> Iterator[Block]:
    """Yield what the answers that are lacking mean."""
    if missing := shapes.rows(read.get("missing")):
        yield Heading("Not answered, and what that means", 2)
        yield from values.pairs(*((shapes.text(one.get("label")), one.get("means")) for one in missing))
