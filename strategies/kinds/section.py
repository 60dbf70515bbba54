"""The kind ``section``: one section of a finished document is written again, with an instruction where one was given."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from sse import border
from strategies import basis, brief, document, sections, versions, writing
from strategies.engines import Material
from strategies.kinds import Kind, Outcome, StepSpec, Words
from strategies.kinds.strategy import gist
from strategies.models import Job, Strategy, Version
from strategies.run import Run

LONGEST_INSTRUCTION = 2_000
INSTRUCTION = brief.Field("instruction", "Instruction", "text", max=LONGEST_INSTRUCTION)
NOTE_LENGTH = 300


def check(strategy: Strategy | None, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters; ``brief.Invalid`` names each bad one, ``Refused`` where there is no document to add to."""
    assert strategy is not None
    errors: dict[str, list[str]] = {}
    key, instruction = params.get("section"), None
    if not isinstance(key, str) or key not in sections.KEYS:
        errors["section"] = [f"Name the section to write again, one of: {', '.join(sections.KEYS)}."]
    try:
        instruction = brief.read(INSTRUCTION, params.get("instruction"))
    except brief.Invalid as invalid:
        errors |= invalid.errors
    if errors:
        raise brief.Invalid(errors)
    basis.check(strategy)
    return {"section": key, **({"instruction": instruction} if instruction else {})}


async def read_context(run: Run) -> Outcome:
    """Say which document the section is written for."""
    base = await border.cross(basis.read, run.job)
    others = len(base.sections.keys() - {run.job.params["section"]})
    title = sections.TITLES[run.job.params["section"]]
    said = _("“{title}” of version {number}, beside {count} other sections.")
    if others == 1:
        said = _("“{title}” of version {number}, beside {count} other section.")
    summary = said.format(title=title, number=base.number, count=others)
    return Outcome(output={"version": base.number}, summary=summary, count=others)


def _material(run: Run, base: basis.Basis) -> Material:
    key = run.job.params["section"]
    return base.material(
        earlier={other: data for other, data in base.sections.items() if other != key},
        previous=base.sections.get(key, {}),
        instruction=run.job.params.get("instruction", ""),
    )


async def write(run: Run) -> Outcome:
    """Have the section written again."""
    key = run.job.params["section"]
    base = await border.cross(basis.read, run.job)
    section, written = await writing.compose(run.job, "write", key, _material(run, base))
    count, noun = gist(section)
    told = [
        _("{count} {noun}.").format(count=count, noun=noun),
        _tell_unheard(run.job),
        _tell_same(section, base.sections.get(key)),
    ]
    return writing.outcome(
        written,
        output={"section": section, "raw": written.raw, "prompt": written.prompt},
        summary=" ".join(filter(None, told)),
        count=count,
    )


def _tell_unheard(job: Job) -> str:
    """Say it where an instruction could not be followed."""
    if job.engine != "offline" or not job.params.get("instruction"):
        return ""
    return _(
        "The planner in code can't follow an instruction: it took the brief alone, and kept yours with the version."
    )


def _tell_same(section: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    return _("It says what it said before, word for word.") if section == before else ""


async def compile_document(run: Run) -> Outcome:
    """Put the section into the newest document, and score the whole."""
    joined = await border.cross(_join, run.job, run.results)
    before, after = joined["before"], joined["document"]["score"]["total"]
    return Outcome(
        output=joined,
        summary=_("Quality {after} of 100; it was {before}.").format(after=after, before=before),
        count=after,
    )


def _join(job: Job, results: Mapping[str, Any]) -> dict[str, Any]:
    assert job.strategy_id is not None
    newest = Version.objects.filter(strategy=job.strategy_id).order_by("-number")[0]
    frozen = job.brief
    material = Material(**{name: frozen[name] for name in basis.MEMBERS}, foundation=newest.document["foundation"])
    whole = document.replace(
        newest.document, material, job.params["section"], results["write"]["section"], made_with=job.engine
    )
    return {"document": whole, "version": newest.number, "before": newest.score}


def finish(job: Job, results: Mapping[str, Any]) -> str:
    """Save the document with its new section as the next version; anew where somebody saved one meanwhile."""
    assert job.strategy is not None
    held = versions.hold(job.strategy)
    made, key = results["compile"], job.params["section"]
    if held.versions.filter(number__gt=made["version"]).exists():
        made = _join(job, results)
    instruction = job.params.get("instruction", "")
    said = _("“{title}” written again: {instruction}") if instruction else _("“{title}” written again")
    note = said.format(title=sections.TITLES[key], instruction=instruction)
    versions.save(
        held,
        made["document"],
        origin=Version.Origin.REGENERATED,
        engine=job.engine,
        job=job,
        author=job.owner,
        note=" ".join(note.split())[:NOTE_LENGTH],
        raw={key: results["write"]["raw"]},
        prompts={key: results["write"].get("prompt", "")},
    )
    return read_at(job)


def read_at(job: Job) -> str:
    """Return where the section is read."""
    assert job.strategy is not None
    return f"{job.strategy.get_absolute_url()}#{job.params['section']}"


KIND = Kind(
    key="section",
    title=_("Section written again"),
    check=check,
    params=("section", "instruction"),
    freeze=basis.freeze,
    finish=finish,
    result_url=read_at,
    words=Words(
        doing=_("A section is being written again"),
        ready=_("The section is ready"),
        untouched=_("Your strategy stays as it was."),
        read=_("Read the section"),
        cancel=_("Cancel the writing of a section of"),
    ),
    steps=(
        StepSpec(key="context", title=_("Reading the document"), work=read_context, weight=1),
        StepSpec(key="write", title=_("Writing the section"), work=write, weight=4),
        StepSpec(key="compile", title=_("Joining and scoring"), work=compile_document, weight=1, joins=True),
    ),
)
