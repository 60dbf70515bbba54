"""What the primary metric counts, over which period, and where it stands today."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import figures


class Kind(StrEnum):
    """What can be counted, as far as the brief holds a baseline for it."""

    VISITS = "visits"
    CONVERSIONS = "conversions"
    CONVERSION_RATE = "conversion_rate"
    BOUNCE_RATE = "bounce_rate"
    ENGAGEMENT_RATE = "engagement_rate"
    CLICK_THROUGH_RATE = "click_through_rate"
    REVENUE = "revenue"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Period:
    """The span a metric is counted over, and how many of them make an average month."""

    name: str
    per_month: float
    named: bool = True


@dataclass(frozen=True, kw_only=True)
class Measure:
    """The primary metric: the user's words for it, what it counts, its target and its start."""

    name: str
    kind: Kind
    period: Period
    rate: str
    target: figures.Number | None
    baseline: dict[str, Any]

    @property
    def unit(self) -> str:
        """What its numbers are counted in."""
        return "%" if self.kind in RATES else self.period.name


RATES = (Kind.CONVERSION_RATE, Kind.BOUNCE_RATE, Kind.ENGAGEMENT_RATE, Kind.CLICK_THROUGH_RATE)
# Less is better: a path to a target below the baseline is progress here, and a mistake elsewhere.
FALLING = (Kind.BOUNCE_RATE,)

# The words people name metrics with, in English and German. A metric that none of them fits is taken for conversions
# when a conversion rate is known, and the document says that it was taken so.
WORDS: tuple[tuple[Kind, str], ...] = (
    (Kind.BOUNCE_RATE, r"bounce|absprung"),
    (Kind.CONVERSION_RATE, r"conversion rate|conversion-rate|conversionrate|konversionsrate"),
    (Kind.ENGAGEMENT_RATE, r"engagement|interaktionsrate"),
    (Kind.CLICK_THROUGH_RATE, r"click-through|click through|\bctr\b|klickrate"),
    (Kind.REVENUE, r"revenue|turnover|\bmrr\b|\barr\b|umsatz|erlös|income|einnahmen"),
    (Kind.VISITS, r"traffic|visit|session|page ?view|besuche|zugriff|seitenaufruf|sitzung"),
)
# Things that are had, not counted over time: visits × a rate does not give them.
STOCK = re.compile(
    r"follower|abonnent|subscribers|ranking|rating|score|\bnps\b|awareness|bekanntheit|market share|"
    r"(?<!new )(?:members\b|regular (?:donors|customers|clients))|(?<!neue )mitglieder",
    re.I,
)
# Which of the user's conversion rates a metric's words point to; the first that is given wins.
RATE_WORDS: tuple[tuple[str, str], ...] = (
    ("newsletter_subscription", r"newsletter"),
    ("email_signup", r"e-?mail"),
    ("content_download", r"download|herunterlad"),
    ("purchase", r"purchase|order|sale|buy|booking|kauf|käufe|bestell|buchung|verk[aä]uf|subscription|\babos?\b"),
    ("lead_generation", r"lead|inquir|enquir|request|demo|trial|sign-?up|registr|anfrage|anmeldung|termin|kontakt"),
)
MONTH = Period(name=_("a month"), per_month=1)
PERIODS: tuple[tuple[Period, str], ...] = (
    (Period(name=_("a day"), per_month=365 / 12), r"per day|a day|daily|/day|pro tag|am tag|täglich"),
    (Period(name=_("a week"), per_month=52 / 12), r"per week|a week|weekly|/week|pro woche|je woche|wöchentlich"),
    (MONTH, r"per month|a month|monthly|/month|pro monat|im monat|monatlich"),
    (Period(name=_("a quarter"), per_month=1 / 3), r"per quarter|a quarter|quarterly|pro quartal|im quartal"),
    (Period(name=_("a year"), per_month=1 / 12), r"per year|a year|yearly|annual|per annum|pro jahr|im jahr|jährlich"),
)
UNNAMED = Period(name=_("a month"), per_month=1, named=False)

ADD_TRAFFIC = _("your monthly traffic")
ADD_RATE = _("your conversion rate")
# What the brief's rates are called inside a sentence, by the member that holds them.
_RATES = {
    "conversion_rate": _("conversion rate"),
    "email_signup": _("email signup rate"),
    "lead_generation": _("lead generation rate"),
    "content_download": _("content download rate"),
    "purchase": _("purchase rate"),
    "newsletter_subscription": _("newsletter subscription rate"),
}
# What to add where a rate is not stated.
_ADD = {
    "conversion_rate": _("your conversion rate (performance metrics)"),
    "bounce_rate": _("your bounce rate (performance metrics)"),
    "engagement_rate": _("your engagement rate (engagement metrics)"),
    "click_through_rate": _("your click through rate (engagement metrics)"),
}


def measure(brief: Mapping[str, Any]) -> Measure:
    """Read the primary metric: by its words what it counts, by the brief's other figures where it stands."""
    metrics = brief["target_metrics"]
    name: str = metrics["primary_metric"]
    period = find_period(name)
    kind = find_kind(name, period)
    rate = find_rate(name, brief) if kind is Kind.CONVERSIONS else ""
    baseline = find_baseline(brief, kind=kind, period=period, rate=rate)
    return Measure(
        name=name, kind=kind, period=period, rate=rate, target=metrics.get("target_value"), baseline=baseline
    )


def find_period(name: str) -> Period:
    """Return the period that the metric's words name, or a month where they name none."""
    for period, words in PERIODS:
        if re.search(words, name, re.IGNORECASE):
            return period
    return UNNAMED


def find_kind(name: str, period: Period) -> Kind:
    """Return what the metric's words say it counts."""
    for kind, words in WORDS:
        if re.search(words, name, re.IGNORECASE):
            return kind
    return Kind.OTHER if STOCK.search(name) and not period.named else Kind.CONVERSIONS


def find_rate(name: str, brief: Mapping[str, Any]) -> str:
    """Return where the rate stands that turns visits into this metric; empty where the brief has none."""
    rates = brief.get("conversion_rates") or {}
    for key, words in RATE_WORDS:
        if key in rates and re.search(words, name, re.IGNORECASE):
            return f"conversion_rates.{key}"
    if "conversion_rate" in (brief.get("performance_metrics") or {}):
        return "performance_metrics.conversion_rate"
    return ""


def look_up(brief: Mapping[str, Any], path: str) -> figures.Number | None:
    """Return a member of an object field by ``field.member``, or nothing."""
    field, _dot, member = path.partition(".")
    value: figures.Number | None = (brief.get(field) or {}).get(member)
    return value


def find_baseline(brief: Mapping[str, Any], *, kind: Kind, period: Period, rate: str) -> dict[str, Any]:
    """Return where the metric stands today, in its own period."""
    traffic = look_up(brief, "performance_metrics.traffic")
    match kind:
        case Kind.VISITS if traffic is not None and period.per_month == 1:
            return figures.yours(traffic, period.name)
        case Kind.VISITS if traffic is not None:
            formula = _("your monthly traffic {period}").format(period=period.name)
            return figures.computed(traffic / period.per_month, period.name, formula)
        case Kind.VISITS:
            return figures.missing(period.name, ADD_TRAFFIC)
        case Kind.CONVERSIONS:
            return find_conversions(brief, period=period, rate=rate)
        case Kind.CONVERSION_RATE | Kind.BOUNCE_RATE:
            return stated(brief, f"performance_metrics.{kind}")
        case Kind.ENGAGEMENT_RATE | Kind.CLICK_THROUGH_RATE:
            return stated(brief, f"engagement_metrics.{kind}")
    lacking = _("a count of it to your records: none of the fields measures where this metric stands today")
    return figures.missing(period.name, lacking)


def name_rate(path: str) -> str:
    """Return what the rate at ``field.member`` is called inside a sentence."""
    return _RATES[path.partition(".")[2]]


def stated(brief: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Return a rate as the brief states it, or what to add."""
    value = look_up(brief, path)
    if value is None:
        return figures.missing("%", _ADD[path.partition(".")[2]])
    return figures.yours(value, "%")


def find_conversions(brief: Mapping[str, Any], *, period: Period, rate: str) -> dict[str, Any]:
    """Return visits × rate in the metric's period, or which of the two is lacking."""
    traffic = look_up(brief, "performance_metrics.traffic")
    percent = look_up(brief, rate) if rate else None
    if traffic is None or percent is None:
        lacking = [what for what, value in ((ADD_TRAFFIC, traffic), (ADD_RATE, percent)) if value is None]
        return figures.missing(period.name, " and ".join(lacking))
    formula = _("your monthly traffic × your {rate}").format(rate=name_rate(rate))
    return figures.computed(traffic * percent / 100 / period.per_month, period.name, formula)
