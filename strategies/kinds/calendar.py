"""
The kind ``calendar``: dated pieces with titles, from a strategy that is active or was reviewed.

The words of the pieces are written in four parts, each a step: what was paid for once is never asked again. A part that
fails is named, and its pieces keep their dates with a working title; a retry writes them.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _
from pydantic import ValidationError

from sse import border
from strategies import basis, calendar_start, sections, versions, writing
from strategies.arithmetic import assignments, calendar
from strategies.engines import Usage
from strategies.kinds import Kind, Outcome, StepSpec, Words
from strategies.models import Job, Version
from strategies.run import Run
from strategies.sections import calendar as form

PARTS = ("pieces_1", "pieces_2", "pieces_3", "pieces_4")
PART_TITLES = (
    _("Writing the pieces, part 1"),
    _("Writing the pieces, part 2"),
    _("Writing the pieces, part 3"),
    _("Writing the pieces, part 4"),
)


async def read_context(run: Run) -> Outcome:
    """Say which document the calendar is made from."""
    base = await border.cross(basis.read, run.job)
    count = len(base.sections)
    said = _("Version {number}, {count} section.") if count == 1 else _("Version {number}, {count} sections.")
    summary = said.format(number=base.number, count=count)
    return Outcome(output={"version": base.number}, summary=summary, count=count)


async def set_dates(run: Run) -> Outcome:
    """Date the pieces, by arithmetic."""
    base = await border.cross(basis.read, run.job)
    start = date.fromisoformat(run.job.brief["start"])
    dated = calendar.schedule(run.job.brief["brief"], base.document["foundation"], start=start)
    if not run.job.params.get("start"):
        dated["basis"].insert(0, _("No first day was asked for, so the calendar begins on the Monday after."))
    count = len(dated["pieces"])
    said = _("{count} pieces dated, from {first} to {last}.") if count > 1 else _("{count} piece dated, {first}.")
    summary = said.format(count=count, first=dated["pieces"][0]["date"], last=dated["pieces"][-1]["date"])
    return Outcome(output=dated, summary=summary, count=count)


async def write_themes(run: Run) -> Outcome:
    """Have the themes written, and share the pieces out over them."""
    base = await border.cross(basis.read, run.job)
    dated = run.results["dates"]
    seasons = list(dict.fromkeys(piece["season"] for piece in dated["pieces"] if piece["season"]))
    settled = {key: dated[key] for key in ("start", "end", "cadence")} | {"seasons": seasons}
    kept = {key: base.sections[key] for key in sections.KEYS[:2] if key in base.sections}
    written = await writing.write(run.job, "themes", "calendar_themes", base.material(earlier=kept, calendar=settled))
    themes = _accept(written, lambda: form.compose_themes(written.draft, seasons))
    pieces = [dict(piece) for piece in dated["pieces"]]
    goal = assignments.goal_stage(run.job.brief["brief"], base.document["foundation"])
    assignments.assign_themes(pieces, themes, goal=goal)
    output = {"themes": themes, "pieces": pieces, "raw": written.raw}
    summary = (_("{count} theme.") if len(themes) == 1 else _("{count} themes.")).format(count=len(themes))
    return writing.outcome(written, output=output, summary=summary, count=len(themes))


def _write_part(number: int) -> Callable[[Run], Awaitable[Outcome]]:
    async def write(run: Run) -> Outcome:
        themes, pieces = run.results["themes"]["themes"], part(run.results["themes"]["pieces"], number)
        if not pieces:
            return Outcome(output={"words": {}}, summary=_("No piece is left for this part."))
        base = await border.cross(basis.read, run.job)
        told = [words["title"] for key in PARTS for words in run.results.get(key, {}).get("words", {}).values()]
        positioning = base.sections.get("strategic_insights", {}).get("positioning")
        kept = {"strategic_insights": {"positioning": positioning}} if positioning else {}
        settled = {"themes": themes, "pieces": pieces, "written": told}
        written = await writing.write(
            run.job, PARTS[number - 1], "calendar_pieces", base.material(earlier=kept, calendar=settled)
        )
        words = _accept(written, lambda: form.read_words(written.draft, [piece["id"] for piece in pieces]))
        if not words:
            raise writing.failed(_("The engine wrote about none of the pieces it was asked for."), written)
        summary = _("{count} of {all} pieces have their words.").format(count=len(words), all=len(pieces))
        output = {"words": words, "raw": written.raw}
        return writing.outcome(written, output=output, summary=summary, count=len(words))

    return write


def part(pieces: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    """Return one of the four parts of the pieces; no two differ by more than a piece."""
    count = len(PARTS)
    return pieces[len(pieces) * (number - 1) // count : len(pieces) * number // count]


def _accept[T](written: Usage, read: Callable[[], T]) -> T:
    try:
        return read()
    except ValidationError as error:
        raise writing.unusable(error, written) from error


async def compile_calendar(run: Run) -> Outcome:
    """Join dates, themes and words."""
    words = {id: own for key in PARTS for id, own in run.results.get(key, {}).get("words", {}).items()}
    joined = form.join(
        run.results["dates"],
        run.results["themes"]["themes"],
        run.results["themes"]["pieces"],
        words,
        made_with=run.job.engine,
        version=run.job.brief["version"],
        reason=next(iter(run.failures.values()), ""),
    )
    count = len(joined["pieces"])
    said = _("{count} piece in the calendar.") if count == 1 else _("{count} pieces in the calendar.")
    if lacking := len(joined["unwritten"]):
        said = _("{count} pieces in the calendar, {lacking} of them without a title.")
    return Outcome(output=joined, summary=said.format(count=count, lacking=lacking), count=count)


def finish(job: Job, results: Mapping[str, Any]) -> str:
    """Put the calendar into the newest document, whoever saved one meanwhile, as the next version."""
    assert job.strategy is not None
    held = versions.hold(job.strategy)
    newest = held.versions.order_by("-number")[0]
    made = results["compile"]
    versions.save(
        held,
        newest.document | {"calendar": made},
        origin=Version.Origin.CALENDAR,
        engine=job.engine,
        job=job,
        author=job.owner,
        note=_("Calendar from {first} to {last}, {count} pieces").format(
            first=made["start"], last=made["end"], count=len(made["pieces"])
        ),
    )
    return read_at(job)


def read_at(job: Job) -> str:
    """Return where the calendar is read."""
    assert job.strategy is not None
    return f"{job.strategy.get_absolute_url()}#calendar"


KIND = Kind(
    key="calendar",
    title=_("Content calendar"),
    check=calendar_start.check,
    params=("start",),
    freeze=calendar_start.freeze,
    finish=finish,
    result_url=read_at,
    words=Words(
        doing=_("The calendar is being made"),
        ready=_("Your calendar is ready"),
        untouched=_("Your strategy stays as it was."),
        read=_("Read the calendar"),
        cancel=_("Cancel the calendar of"),
    ),
    steps=(
        StepSpec(key="context", title=_("Reading the strategy"), work=read_context, weight=1),
        StepSpec(key="dates", title=_("Setting the dates"), work=set_dates, weight=1),
        StepSpec(key="themes", title=_("Choosing the themes"), work=write_themes, weight=3),
        *(
            StepSpec(key=key, title=title, work=_write_part(number), weight=4, optional=True)
            for number, (key, title) in enumerate(zip(PARTS, PART_TITLES, strict=True), 1)
        ),
        StepSpec(key="compile", title=_("Joining the calendar"), work=compile_calendar, weight=1, joins=True),
    ),
)
