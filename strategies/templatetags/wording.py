"""How pages put numbers, names and what they were not told the shape of."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from strategies import brief, names, states, texts
from strategies.arithmetic import figures
from strategies.models import Step

register = template.Library()

LABELS = {field.id: field.label for field in (*brief.FIELDS, *brief.STRATEGY_FIELDS)}
# What is said of a metric, in the order of time.
THROUGHOUT = _("throughout")
MOMENTS = {"baseline": _("today"), "month_3": _("month 3"), "month_6": _("month 6"), "month_12": _("month 12")}


@register.filter
def step_look(status: str) -> states.Look:
    """Return the word and the symbol for a step's state."""
    return states.STEPS.get(status, states.Look(status, ""))


@register.filter
def job_look(status: str) -> states.Look:
    """Return the word and the colour for a job's status; for a strategy without a job there is none."""
    return states.JOBS.get(status, states.DRAFT)


@register.filter
def strategy_look(status: str) -> states.Look:
    """Return the word and the colour for a strategy's status."""
    return states.STRATEGIES.get(status, states.Look(status, ""))


@register.filter
def duration(seconds: float | None) -> str:
    """Return a time as people say it: "0.4 s", "12 s", "1 min 5 s"."""
    if seconds is None:
        return ""
    if seconds < 0.1:
        return gettext("under 0.1 s")
    if seconds < 10:
        return f"{texts.localised(f'{seconds:.1f}')} s"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


@register.filter
def usage(used: Mapping[str, Any] | Step) -> str:
    """Return what a model used for a step, of a snapshot or as a row: tokens, and US dollars where they are known."""
    told = used if isinstance(used, Mapping) else vars(used)
    tokens_in, tokens_out, cost = told["tokens_in"], told["tokens_out"], told["cost"]
    if not tokens_in and not tokens_out:
        return ""
    read, written = (texts.localised(f"{count:,}") for count in (tokens_in, tokens_out))
    tokens = gettext("{read} tokens read, {written} written").format(read=read, written=written)
    return tokens if cost is None else f"{tokens}, US$ {texts.localised(f'{cost:.4f}')}"


@register.filter
def remaining(eta: dict[str, Any] | None) -> str:
    """Return the time that is left as a range: "about 20–40 s left"; nothing where it is not known."""
    if not eta:
        return ""
    low, high = eta["low"], eta["high"]
    if high < 90:
        return gettext("about {low}–{high} s left").format(low=low, high=high)
    low, high = max(1, round(low / 60)), max(2, round(high / 60))
    return gettext("about {low}–{high} min left").format(low=low, high=high)


@register.filter
def number(value: object) -> str:
    """Return a number as prose writes it: thousands grouped, no needless decimals; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    return figures.number(value)


@register.filter
def percent(share: object) -> str:
    """Return a share of one as a percentage."""
    return f"{share * 100:.0f} %" if isinstance(share, int | float) else ""


@register.filter
def labels(ids: object) -> list[str]:
    """Return the labels of the brief's fields with these ids; an unknown id stays."""
    return [label_of(id) for id in ids] if isinstance(ids, list) else []


@register.filter
def label_of(text: object) -> str:
    """Return the label of the brief's field with this id; any other text as it is."""
    field, _, member = str(text).partition(".")
    if field in LABELS and re.fullmatch(r"[a-z_]+", member):
        return f"{LABELS[field]}: {member.replace('_', ' ')}"
    return LABELS.get(str(text), str(text))


@register.filter
def title_of(key: object) -> str:
    """Return a key of the document as people read it: "payback_months" is "Payback months"."""
    if named := names.KEYS.get(str(key)):
        return named
    words = str(key).replace("_", " ").strip()
    return words[:1].upper() + words[1:]


@register.filter
def is_web_address(value: object) -> bool:
    """Whether a text may become a link: never ``javascript:`` or the like."""
    return isinstance(value, str) and value.startswith(("https://", "http://"))


@register.filter
def bases(metric: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what the figures of a metric rest on, each basis once, with the moments that it holds for."""
    told: dict[str, list[str]] = {}
    for key, moment in MOMENTS.items():
        if is_figure(figure := metric.get(key)):
            told.setdefault(figure["basis"], []).append(moment)
    return [(THROUGHOUT if len(told) == 1 else ", ".join(moments), basis) for basis, moments in told.items()]


@register.filter
def distinct(rows: object, key: str) -> list[str]:
    """Return the texts that stand under a key of some rows, each once."""
    found = (
        (str(row[key]) for row in rows if isinstance(row, Mapping) and row.get(key)) if isinstance(rows, list) else ()
    )
    return list(dict.fromkeys(found))


@register.filter
def without(data: object, keys: str) -> dict[str, Any]:
    """Return what is left of an object without these keys, so that what is new in a document is shown all the same."""
    if not isinstance(data, Mapping):
        return {}
    known = set(keys.split())
    return {key: value for key, value in data.items() if key not in known and value not in (None, "", [], {})}


@register.filter
def shape(value: object) -> str:
    """Return how to show a value that nothing is known of: nothing, figure, object, table, list, text …"""
    if value in (None, "", [], {}):
        return "nothing"
    match value:
        case Mapping():
            return "figure" if is_figure(value) else "object"
        case list():
            if all(isinstance(row, Mapping) and not is_figure(row) for row in value):
                return "table"
            return "numbers" if all(isinstance(entry, int | float) for entry in value) else "list"
        case bool():
            return "flag"
        case int() | float():
            return "number"
        case _:
            return "text"


@register.filter
def table(rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return rows of objects as heads and cells; each cell comes with its head."""
    heads = list(dict.fromkeys(key for row in rows for key in row))
    # What people read has a name beside its key.
    heads = [head for head in heads if head != "key" or "name" not in heads]
    return {"heads": heads, "rows": [[(head, row.get(head)) for head in heads] for row in rows]}


def is_figure(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a value is a number that says what it measures and where it comes from."""
    return isinstance(value, Mapping) and {"value", "unit", "basis"} <= value.keys()


@register.filter
def beside_figure(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a figure has beside its number."""
    return without(value, "value unit basis low high")


@register.filter
def joined(values: object) -> str:
    """Return texts with commas between them."""
    return ", ".join(map(str, values)) if isinstance(values, Iterable) and not isinstance(values, str) else str(values)
