"""The kind ``strategy``: from a brief to a document, in eight steps."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies import arithmetic, basis, context, document, sections, versions, writing
from strategies.engines import Material
from strategies.kinds import Kind, Outcome, StepSpec, Words
from strategies.life import statuses
from strategies.models import Job, Version
from strategies.run import Run


def freeze(job: Job) -> dict[str, Any]:
    """Return what the job works from, as the strategy stands when it is asked for; ``Refused`` for an archived one."""
    assert job.strategy is not None
    statuses.check_open(job.strategy)
    return basis.asked(job.strategy)


async def read_context(run: Run) -> Outcome:
    """Say what is known, what is missing, and what that means."""
    read = context.read(**run.job.brief)
    known, missing = len(read["known"]), len(read["missing"])
    summary = _("{known} of {all} fields of the brief are filled in.").format(known=known, all=known + missing)
    return Outcome(output=read, summary=summary, count=known)


async def found(run: Run) -> Outcome:
    """Compute what follows from the brief by arithmetic."""
    frozen = run.job.brief
    computed = arithmetic.found(
        frozen["brief"], timeline_months=frozen["timeline_months"], max_content_pieces=frozen["max_content_pieces"]
    )
    figures = _count_figures(computed)
    return Outcome(
        output=computed, summary=_("{count} figures given or computed.").format(count=figures), count=figures
    )


def _count_figures(value: Any) -> int:
    if isinstance(value, Mapping):
        if "basis" in value and value.get("value") is not None:
            return 1
        return sum(map(_count_figures, value.values()))
    return sum(map(_count_figures, value)) if isinstance(value, list) else 0


def _material(run: Run) -> Material:
    return Material(
        **{name: run.job.brief[name] for name in basis.MEMBERS},
        foundation=run.results["foundation"],
        earlier={key: run.results[key]["section"] for key in sections.KEYS if key in run.results},
    )


def _write(key: str) -> Callable[[Run], Awaitable[Outcome]]:
    async def write(run: Run) -> Outcome:
        section, written = await writing.compose(run.job, key, key, _material(run))
        count, noun = gist(section)
        output = {"section": section, "raw": written.raw, "prompt": written.prompt}
        return writing.outcome(
            written, output=output, summary=_("{count} {noun}.").format(count=count, noun=noun), count=count
        )

    return write


_GISTS = (
    (_("insights"), _("insight")),
    (_("competitors"), _("competitor")),
    (_("metrics"), _("metric")),
    (_("phases"), _("phase")),
    (_("risks"), _("risk")),
)


def gist(section: Mapping[str, Any]) -> tuple[int, str]:
    """Return how many of what a section has: the first of its lists says it."""
    for many, one in _GISTS:
        if many in section:
            return len(section[many]), one if len(section[many]) == 1 else many
    return len(section), _("parts")


async def compile_document(run: Run) -> Outcome:
    """Join the sections into the document, and score it."""
    material = _material(run)
    whole = {key: material.earlier.get(key) for key in sections.KEYS}
    compiled = document.compile(material, whole, run.failures, made_with=run.job.engine)
    score = compiled["score"]["total"]
    ready = sum(section is not None for section in whole.values())
    return Outcome(
        output=compiled,
        summary=_("{count} sections joined; quality {score} of 100.").format(count=ready, score=score),
        count=ready,
    )


def finish(job: Job, results: Mapping[str, Any]) -> str:
    """Save the document as the strategy's next version; return the page it is read on."""
    assert job.strategy is not None
    versions.save(
        job.strategy,
        results["compile"],
        origin=Version.Origin.GENERATED,
        engine=job.engine,
        job=job,
        author=job.owner,
        raw={key: results[key].get("raw", "") for key in sections.KEYS if key in results},
        prompts={key: results[key].get("prompt", "") for key in sections.KEYS if key in results},
    )
    return job.strategy.get_absolute_url()


KIND = Kind(
    key="strategy",
    title=_("Content strategy"),
    freeze=freeze,
    finish=finish,
    words=Words(
        doing=_("A new version is being made"),
        ready=_("Your strategy is ready"),
        untouched=_("Your brief is kept."),
        read=_("Read your strategy"),
        cancel=_("Cancel the making of"),
    ),
    steps=(
        StepSpec(key="context", title=_("Reading the brief"), work=read_context, weight=1),
        StepSpec(key="foundation", title=_("Laying the groundwork"), work=found, weight=1),
        *(
            StepSpec(key=key, title=sections.TITLES[key], work=_write(key), weight=4, optional=True)
            for key in sections.KEYS
        ),
        StepSpec(key="compile", title=_("Compiling the document"), work=compile_document, weight=1, joins=True),
    ),
)
