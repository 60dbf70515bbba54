"""The kind ``autofill``: a brief's values from a text, or from the page at an address that the user gives."""

import asyncio
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from strategies import brief, writing
from strategies.autofill import addresses, checking, fetching, plain
from strategies.brief.texts import blank
from strategies.engines import Material
from strategies.errors import JobFailed, StrategyError
from strategies.kinds import Kind, Outcome, StepSpec, Words
from strategies.life import statuses
from strategies.models import Job, Strategy
from strategies.run import Run

TEXT = brief.Field("text", "Text", "text", max=plain.LENGTH)
EITHER = _("Give either text or url: a text of your own, or the address of a page.")


def check(strategy: Strategy | None, params: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the one parameter given.

    Raises ``brief.Invalid``, ``Refused``, or ``Unfetchable`` for an address that can be refused by its looks.
    """
    if strategy is not None:
        statuses.check_open(strategy)
    given = {name: value for name, value in params.items() if not blank(value)}
    if len(given) != 1:
        raise brief.Invalid({name: [EITHER] for name in given or ("text", "url")})
    ((name, value),) = given.items()
    if not isinstance(value, str):
        raise brief.Invalid({name: [_("This has to be text. {either}").format(either=EITHER)]})
    if name == "text":
        return {"text": _read_text(value)}
    if not settings.STRATEGIES_FETCH:
        raise StrategyError("fetch_off", _("This server fetches no pages: paste the page's text instead."))
    addresses.read(value, trusted=settings.STRATEGIES_FETCH_TRUSTED)
    return {"url": value.strip()}


def _read_text(value: str) -> str:
    if len(value) > plain.LENGTH:
        reason = _("{count} characters are too many; accepted is text of up to {most} characters.").format(
            count=f"{len(value):,}", most=f"{plain.LENGTH:,}"
        )
        raise brief.Invalid({"text": [reason]})
    text = plain.tidy(value)
    if not text:
        raise brief.Invalid({"text": [_("There are no words in it.")]})
    return text


async def read(run: Run) -> Outcome:
    """Have the text at hand: the one given, or the page's."""
    text, url, title = run.job.params.get("text", ""), "", ""
    if "url" in run.job.params:
        if not settings.STRATEGIES_FETCH:
            raise JobFailed("fetch_off", _("This server fetches no pages any more: paste the page's text instead."))
        limits = fetching.Limits(trusted=settings.STRATEGIES_FETCH_TRUSTED)
        page = await fetching.fetch(run.job.params["url"], limits)
        # In a thread of its own: two megabytes of HTML take a second, and other jobs wait for the loop.
        title, text = await asyncio.to_thread(plain.read, page)
        url = page.url
    words = len(text.split())
    if not words:
        raise JobFailed(
            "url_empty", _("There are no words on the page as it comes without scripts. Paste its text instead.")
        )
    here, at = _("{count} words to read."), _("{count} words to read at {url}.")
    if words == 1:
        here, at = _("{count} word to read."), _("{count} word to read at {url}.")
    summary = (at if url else here).format(count=f"{words:,}", url=url)
    return Outcome(output={"text": text, "url": url, "title": title}, summary=summary, count=words)


async def find(run: Run) -> Outcome:
    """Have the engine look for values."""
    material = Material.of_text(run.results["read"]["text"])
    written = await writing.write(run.job, "find", "autofill", material)
    found = written.draft["values"]
    summary = (_("{count} value found.") if len(found) == 1 else _("{count} values found.")).format(count=len(found))
    return writing.outcome(written, output={"values": found, "raw": written.raw}, summary=summary, count=len(found))


async def compare(run: Run) -> Outcome:
    """Keep what the text says and the brief takes; name what is left out."""
    source = run.results["read"]
    found = run.results["find"]["values"]
    checked = await asyncio.to_thread(checking.check, found, text=source["text"], url=source["url"])
    kept, dropped = len(checked["values"]), len(checked["dropped"])
    one, many = (
        _("{kept} value to choose from, {dropped} left out."),
        _("{kept} values to choose from, {dropped} left out."),
    )
    said = one if kept == 1 else many
    return Outcome(
        output=checked | {"title": source["title"]},
        summary=said.format(kept=kept, dropped=dropped),
        count=kept,
    )


def result_url(job: Job) -> str:
    """Return the page on which the user chooses what to take."""
    return reverse("job-found", args=[job.pk])


def finish(job: Job, results: Mapping[str, Any]) -> str:
    """Store nothing but the steps: values are taken by the user, not by the job."""
    return result_url(job)


KIND = Kind(
    key="autofill",
    title=_("Brief from a text or a page"),
    words=Words(ready=_("The text is read"), read=_("See what was found"), untouched=_("Nothing was stored.")),
    check=check,
    params=("text", "url"),
    result_url=result_url,
    finish=finish,
    of_strategy=None,
    steps=(
        StepSpec(key="read", title=_("Reading the text"), work=read, weight=2),
        StepSpec(key="find", title=_("Looking for values"), work=find, weight=4),
        StepSpec(key="check", title=_("Checking what was found"), work=compare, weight=1),
    ),
)
