"""How the admin shows what a job's row holds."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Model, TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from sse.admin import pretty, visible
from strategies import brief, kinds, texts
from strategies.errors import UnknownKind
from strategies.models import Job

NOTHING = SafeString("–")


def status(job: Job, *, stuck: bool) -> SafeString:
    """Return the status as a word, coloured by its class; and that nobody works on it although somebody should."""
    look = looks()[job.status]
    said = format_html(
        '<span class="{}" data-part="look"><span data-part="word">{}</span></span>', look["class"], look["word"]
    )
    badge = format_html(' <span class="status status-stuck" data-part="stuck">{}</span>', gettext("stuck"))
    return live(job, said + badge if stuck else said)


def progress(job: Job) -> SafeString:
    """Return the progress as a bar with its percentage."""
    bar = '<progress max="100" value="{0}" aria-label="{1}">{0} %</progress> '
    percent = '<span class="percent" data-part="percent">{0} %</span>'
    return live(job, format_html(bar + percent, job.progress, gettext("Progress")))


def live(job: Job, cell: SafeString) -> SafeString:
    """Return a cell that a page's `job-list` finds, and keeps up to date."""
    marks = 'data-job="{}" data-status="{}" data-progress="{}" data-step="{}" data-kind="{}"'
    return format_html(f"<span {marks}>{{}}</span>", job.pk, job.status, job.progress, job.step, job.kind, cell)


def two(first: str, second: str) -> SafeString:
    """Return two lines of a cell: so many columns beside each other would not fit a window."""
    return format_html('{}<span class="beneath">{}</span>', first, second)


def kind(key: str) -> str:
    """Return the title of a kind of job; the word itself where a release knows it no longer."""
    try:
        return gettext(kinds.get(key).title)
    except UnknownKind:
        return visible(key)


def choice(offered: type[TextChoices], value: str) -> str:
    """Return the word for what is stored of a field's choices; the value itself where a release knows it no longer."""
    return gettext(str(offered(value).label)) if value in offered else visible(value)


def step_title(job: Job, key: str) -> str:
    """Return the title of one of the job's steps; its key where there is no such step any longer."""
    try:
        return next((gettext(step.title) for step in kinds.get(job.kind).steps if step.key == key), visible(key))
    except UnknownKind:
        return visible(key)


def step(job: Job) -> SafeString:
    """Return where the job is: the step's number, how many there are, and its title."""
    return live(job, format_html('<span data-part="step">{}</span>', _step(job) or NOTHING))


def message(job: Job) -> SafeString:
    """Return what the job's watchers were told last."""
    return live(job, format_html('<span data-part="message">{}</span>', visible(texts.told(job.message)) or NOTHING))


def _step(job: Job) -> str:
    if not job.step:
        return ""
    try:
        steps = kinds.get(job.kind).steps
    except UnknownKind:
        return str(job.step)
    title = gettext(steps[job.step - 1].title) if job.step <= len(steps) else ""
    return f"{job.step}/{len(steps)} {title}"


def words() -> dict[str, Any]:
    """Return what a `job-list` says of a job: each status, and the titles of the steps of each kind."""
    return {"looks": looks(), "steps": titles()}


def looks() -> dict[str, dict[str, str]]:
    """Return how the admin shows each status: in its own colours, and in the words that its filters use."""
    shown = ((value, gettext(str(label))) for value, label in Job.Status.choices)
    return {value: {"word": word, "class": f"status status-{value}"} for value, word in shown}


def titles() -> dict[str, list[str]]:
    """Return the steps of each kind by their titles: an event tells a number."""
    return {kind.key: [gettext(step.title) for step in kind.steps] for kind in kinds.listed()}


def span(length: timedelta) -> str:
    """Return a length of time in its two largest units."""
    seconds = max(length.total_seconds(), 0)
    if seconds < 10:
        return texts.localised(f"{seconds:.1f} s")
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")]
    first = next(i for i, (number, _) in enumerate(parts) if number)
    return " ".join(f"{number} {unit}" for number, unit in parts[first : first + 2] if number)


def age(job: Job) -> str:
    """Return how long ago the job was asked for."""
    return span(timezone.now() - job.created)


def duration(job: Job) -> str:
    """Return how long it has been worked on, from the first claim."""
    return span((job.finished or timezone.now()) - job.started) if job.started else ""


def failure(job: Job, error: dict[str, Any] | None) -> str:
    """Return an error in words, with its code for whoever searches the logs."""
    if not error:
        return NOTHING
    key = error.get("step_key")
    where = gettext(", step “%(title)s”") % {"title": step_title(job, str(key))} if key else ""
    hope = gettext("Trying again can help.") if error.get("retryable") else gettext("Trying again cannot help.")
    message, code = visible(texts.told(str(error.get("message", "")))), visible(str(error.get("code", "")))
    return f"{message} {hope} (Code {code}{where}.)"


def link(row: Model | None, text: str = "") -> SafeString:
    """Return a link to a row's page in the admin."""
    if row is None:
        return NOTHING
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, visible(text or str(row)))


def short(id: uuid.UUID) -> str:
    """Return the part of an id that people read out to each other; the search finds a job by it."""
    return str(id)[:8]


# What a brief that another release wrote may raise where this one reads it.
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)


def answered(given: Mapping[str, Any]) -> str:
    """Return how much of a brief is filled in."""
    try:
        count = brief.completeness(given)
    except UNREADABLE:
        return ""
    return gettext("{needed} of the {required} required, {given} of all {total}").format(
        needed=count.required_given, required=count.required_total, given=count.given, total=count.total
    )


def brief_table(given: Mapping[str, Any]) -> SafeString:
    """Return a brief, field by field; as JSON where this release cannot read it."""
    try:
        said = brief.describe(given)
    except UNREADABLE:
        return pretty(given)
    rows = format_html_join(
        "", "<dt>{}</dt><dd>{}</dd>", ((gettext(field.label), visible(text)) for field, text in said)
    )
    return format_html('<dl class="brief">{}</dl>', rows) if said else NOTHING


def frozen(job: Job) -> SafeString:
    """Return what a job works from: its brief field by field, and the rest as JSON."""
    given = job.brief
    if not isinstance(given, dict) or not isinstance(given.get("brief"), dict):
        return pretty(given)
    rest = {name: value for name, value in given.items() if name != "brief"}
    return format_html("{}{}", brief_table(given["brief"]), pretty(rest))
