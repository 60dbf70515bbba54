"""Insights about readers that are there: where they come from, how they read, what keeps them."""

from typing import Any

from strategies.arithmetic.figures import number

from . import playbook, wording
from .goals import insight
from .reading import Reading
from .wording import quote


def tell_attention(told: Reading) -> dict[str, Any] | None:
    """Say what becomes of the visits that are there: bounces, time, engagement."""
    bounce = told.part("performance_metrics").get("bounce_rate")
    lost = told.derived("bounces")
    session = told.part("performance_metrics").get("avg_session_duration")
    engagement = told.part("engagement_metrics")
    if bounce is None and session is None and not engagement:
        return None
    parts = []
    if bounce is not None:
        of_visits = f" ({number(lost)} a month)" if lost is not None else ""
        parts.append(f"{number(bounce)} % of visits{of_visits} end on the page they began on")
    if session is not None:
        parts.append(f"a visit lasts {number(session)} seconds")
    parts += tell_engagement(engagement)
    return insight(
        "attention",
        f"{wording.capital('; '.join(parts))}. Give the pages that bring these visits one next step each, towards "
        f"{quote(told.metric)}.",
        "A second page for those who already came costs no new visit. Begin with the ten most visited pages, since "
        "they decide these figures.",
        "performance_metrics",
        "engagement_metrics",
        "target_metrics",
        affects=f"the share of visits that can become {quote(told.metric)}",
        phase="setup",
        priority="Medium",
        impact="High" if bounce is not None and bounce >= 50 else "Medium",
        confidence="High",
    )


def tell_engagement(metrics: Any) -> list[str]:
    """Say the engagement figures that were given."""
    parts = []
    reactions = [f"{number(metrics[key])} {key}" for key in ("likes", "shares", "comments") if key in metrics]
    if reactions:
        parts.append(f"a post gets {wording.listing(reactions)}")
    if "engagement_rate" in metrics:
        parts.append(f"{number(metrics['engagement_rate'])} % engage")
    if "click_through_rate" in metrics:
        parts.append(f"{number(metrics['click_through_rate'])} % click through")
    if "time_on_page" in metrics:
        parts.append(f"a page holds them for {number(metrics['time_on_page'])} seconds")
    return parts


def tell_channels(told: Reading) -> dict[str, Any] | None:
    """Say where pieces have to be found, and what that asks of each."""
    sources, habits = told.items("traffic_sources"), told.part("consumption_patterns")
    slots = told.part("optimal_timing").get("slots") or []
    if not sources and not habits and not slots:
        return None
    brought = f"Visits come from {wording.listing(sources)}" if sources else ""
    read = tell_habits(told)
    where = wording.capital("; ".join(part for part in (brought, *read) if part))
    asks = [playbook.SOURCES[source] for source in sources[:3]]
    asks += [f"on {device} {playbook.DEVICES[device]}" for device in (habits.get("device_preference") or [])[:2]]
    zone = told.part("optimal_timing").get("timezone")
    if slots:
        asks.append(f"release on {wording.listing(slots)}{f' ({zone})' if zone else ''}, so that readers expect it")
    return insight(
        "channel",
        f"{where or 'A fixed place in the week makes readers come back'}. Plan each piece for that: "
        f"{'; '.join(asks) or 'send it there first, and only then elsewhere'}.",
        wording.join(
            tell_mail(told),
            f"A piece made for no channel in particular costs the same and is seen by "
            f"fewer of those who could become {quote(told.metric)}.",
        ),
        "traffic_sources",
        "consumption_patterns",
        "optimal_timing",
        "conversion_rates",
        affects="how many of the planned pieces are found",
        confidence="Medium",
    )


def tell_habits(told: Reading) -> list[str]:
    """Say when, where and how the audience reads."""
    habits = told.part("consumption_patterns")
    parts = []
    if channels := habits.get("primary_channels"):
        parts.append(f"your audience is reached by {wording.listing(channels)}")
    if times := habits.get("preferred_times"):
        parts.append(f"it reads at {wording.listing(times)}")
    if devices := habits.get("device_preference"):
        parts.append(f"it uses {wording.listing(devices)}")
    if length := habits.get("content_length_preference"):
        parts.append(f"the length it likes is {length}")
    return parts


def tell_mail(told: Reading) -> str:
    """Say what newsletters can build on, where they are planned but bring no visits yet."""
    letters, signups = told.made.get("Email Newsletters", 0), told.derived("email_signups")
    if not letters or "Email Marketing" in told.items("traffic_sources"):
        return ""
    base = f"; {number(signups)} sign-ups a month, at the rate you state, are there to build on" if signups else ""
    sources = "not named among your sources of visits" if told.items("traffic_sources") else "a channel of your own"
    return f"{wording.capital(wording.count(letters, 'Email Newsletters'))} are planned, and e-mail is {sources}{base}."
