"""What moves the primary metric: today's baselines, what follows from them, and the tree that joins them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import figures, measures
from strategies.arithmetic.measures import Kind, Measure

# Members of the brief's objects that state a figure of today, with the name and unit they are shown with.
STATED: tuple[tuple[str, str, str], ...] = (
    ("performance_metrics.traffic", _("Website traffic"), _("visits a month")),
    ("performance_metrics.conversion_rate", _("Conversion rate"), "%"),
    ("performance_metrics.bounce_rate", _("Bounce rate"), "%"),
    ("performance_metrics.avg_session_duration", _("Session duration"), _("seconds")),
    ("engagement_metrics.likes", _("Likes"), _("a post")),
    ("engagement_metrics.shares", _("Shares"), _("a post")),
    ("engagement_metrics.comments", _("Comments"), _("a post")),
    ("engagement_metrics.click_through_rate", _("Click-through rate"), "%"),
    ("engagement_metrics.time_on_page", _("Time on page"), _("seconds")),
    ("engagement_metrics.engagement_rate", _("Engagement rate"), "%"),
    ("conversion_rates.email_signup", _("E-mail sign-up rate"), "%"),
    ("conversion_rates.lead_generation", _("Lead generation rate"), "%"),
    ("conversion_rates.content_download", _("Download rate"), "%"),
    ("conversion_rates.purchase", _("Purchase rate"), "%"),
    ("conversion_rates.newsletter_subscription", _("Newsletter subscription rate"), "%"),
)

# What the visits of a month become at the user's own rates.
FOLLOWING: tuple[tuple[str, str, str, str], ...] = (
    ("bounces", _("Visits that end on their first page"), "performance_metrics.bounce_rate", _("bounce rate")),
    ("email_signups", _("E-mail sign-ups"), "conversion_rates.email_signup", _("e-mail sign-up rate")),
    ("leads", _("Leads"), "conversion_rates.lead_generation", _("lead generation rate")),
    ("downloads", _("Downloads"), "conversion_rates.content_download", _("download rate")),
    ("purchases", _("Purchases"), "conversion_rates.purchase", _("purchase rate")),
    (
        "subscriptions",
        _("Newsletter subscriptions"),
        "conversion_rates.newsletter_subscription",
        _("newsletter subscription rate"),
    ),
    ("engaged", _("Engaged visits"), "engagement_metrics.engagement_rate", _("engagement rate")),
)


def list_baselines(brief: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each figure of today that the brief states, in its own unit."""
    return [
        {"key": path, "name": name, "figure": figures.yours(value, unit)}
        for path, name, unit in STATED
        if (value := measures.look_up(brief, path)) is not None
    ]


def follow(brief: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what a month's visits become at the user's own rates, keyed; only what can be computed."""
    traffic = measures.look_up(brief, "performance_metrics.traffic")
    known: dict[str, dict[str, Any]] = {}
    if traffic is None:
        return known
    for key, name, path, rate in FOLLOWING:
        percent = measures.look_up(brief, path)
        if percent is not None:
            formula = _("your monthly traffic × your {rate}").format(rate=rate)
            figure = figures.computed(traffic * percent / 100, _("a month"), formula)
            known[key] = {"name": name, "figure": figure}
    if {"leads", "purchases"} <= known.keys() and known["leads"]["figure"]["value"]:
        share = 100 * known["purchases"]["figure"]["value"] / known["leads"]["figure"]["value"]
        formula = _("purchases a month ÷ leads a month")
        known["closing"] = {"name": _("Purchases for each lead"), "figure": figures.computed(share, "%", formula)}
    return known


def grow_tree(brief: Mapping[str, Any], measure: Measure, cadence: Mapping[str, Any]) -> dict[str, Any]:
    """Return the objectives' tree: the metric that stands for them, what drives it, and what is done each month."""
    work = {"name": _("Published pieces"), "figure": cadence["planned_per_month"], "children": []}
    traffic = measures.look_up(brief, "performance_metrics.traffic")
    visits = (
        figures.missing(_("visits a month"), measures.ADD_TRAFFIC)
        if traffic is None
        else figures.yours(traffic, _("visits a month"))
    )
    drivers: list[dict[str, Any]] = [{"name": _("Website traffic"), "figure": visits, "children": [work]}]
    if measure.kind is Kind.VISITS:
        drivers = [work]
    elif measure.kind is Kind.CONVERSIONS:
        percent = measures.look_up(brief, measure.rate) if measure.rate else None
        rate = figures.missing("%", measures.ADD_RATE) if percent is None else figures.yours(percent, "%")
        drivers.append({"name": _("Share of visits that convert"), "figure": rate, "children": []})
    metric = {"name": measure.name, "figure": measure.baseline, "children": drivers}
    return {"name": brief["business_objectives"][0], "figure": None, "children": [metric]}
