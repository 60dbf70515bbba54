"""Rhythm and volume: how many pieces, of which formats, for which stage, made in whose hours."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from strategies.arithmetic import figures

# Publications a month. "2-3 times per week" is counted at its middle; the range keeps both ends.
PER_MONTH: Mapping[str, tuple[Fraction, Fraction, Fraction]] = {
    "Daily": (Fraction(365, 12),) * 3,
    "2-3 times per week": (Fraction(104, 12), Fraction(130, 12), Fraction(156, 12)),
    "Weekly": (Fraction(52, 12),) * 3,
    "Bi-weekly": (Fraction(26, 12),) * 3,
    "Monthly": (Fraction(1),) * 3,
    "Quarterly": (Fraction(1, 3),) * 3,
}

# Planning assumption: half of a 160-hour month goes to content, and a quarter of that to planning, distribution and
# measuring. The range runs from a person with one day and a half a week to one with little else to do.
MAKING_HOURS_PER_PERSON = (30, 60, 90)

# Planning assumption: hours for one piece from brief to release, with review and pictures, without promotion.
HOURS_PER_PIECE: Mapping[str, tuple[float, float, float]] = {
    "Blog Posts": (4, 8, 16),
    "Videos": (8, 20, 40),
    "Infographics": (6, 10, 16),
    "Podcasts": (6, 12, 20),
    "Webinars": (16, 24, 40),
    "Case Studies": (8, 16, 30),
    "Whitepapers": (24, 40, 56),
    "Social Media Posts": (0.5, 1.5, 3),
    "Email Newsletters": (2, 4, 8),
    "Interactive Content": (20, 40, 56),
    "Other formats": (4, 12, 24),
}

STAGES = ("awareness", "consideration", "decision", "retention")

# Our sorting, not the user's: out of ten pieces of a format, how many serve which stage of the journey.
STAGES_OF_TEN: Mapping[str, tuple[int, int, int, int]] = {
    "Blog Posts": (6, 4, 0, 0),
    "Videos": (5, 3, 2, 0),
    "Infographics": (8, 2, 0, 0),
    "Podcasts": (6, 0, 0, 4),
    "Webinars": (0, 5, 3, 2),
    "Case Studies": (0, 3, 7, 0),
    "Whitepapers": (0, 8, 2, 0),
    "Social Media Posts": (7, 0, 0, 3),
    "Email Newsletters": (0, 3, 2, 5),
    "Interactive Content": (3, 5, 2, 0),
    "Other formats": (4, 4, 2, 0),
}

# Which share of the user's content mix a format belongs to; the formats not named here are "other_formats".
BUCKETS: Mapping[str, str] = {
    "Blog Posts": "blog_posts",
    "Videos": "videos",
    "Social Media Posts": "social_media",
    "Email Newsletters": "email",
}
FORMAT_OF_BUCKET = {bucket: form for form, bucket in BUCKETS.items()} | {"other_formats": "Other formats"}


def weigh(brief: Mapping[str, Any]) -> dict[str, Fraction]:
    """Return each format's share of the work as a fraction; together one, in the order of the brief."""
    preferred: list[str] = brief.get("preferred_formats") or ["Other formats"]
    mix: Mapping[str, float] = brief.get("content_mix") or {}
    total = sum(Fraction(mix.get(bucket, 0)) for bucket in FORMAT_OF_BUCKET)
    if not total:
        return {form: Fraction(1, len(preferred)) for form in preferred}
    shares: dict[str, Fraction] = dict.fromkeys(preferred, Fraction(0))
    for bucket, fallback in FORMAT_OF_BUCKET.items():
        share = Fraction(mix.get(bucket, 0)) / total
        members = [form for form in preferred if BUCKETS.get(form, "other_formats") == bucket]
        for form in members or [fallback]:
            shares[form] = shares.get(form, Fraction(0)) + share / len(members or [fallback])
    return {form: share for form, share in shares.items() if share}


def hours_of(form: str) -> Fraction:
    """Return the hours that one piece of a format is planned with."""
    return Fraction(HOURS_PER_PIECE.get(form, HOURS_PER_PIECE["Other formats"])[1])


def settle(brief: Mapping[str, Any], *, timeline_months: int, max_content_pieces: int) -> dict[str, Any]:
    """Decide how many pieces there will be, and say which of rhythm, limit and capacity decided it."""
    shares = weigh(brief)
    low, per_month, high = PER_MONTH[brief["content_frequency"]]
    wanted = max(1, math.floor(per_month * timeline_months))
    planned, bound_by = wanted, "frequency"
    if max_content_pieces < planned:
        planned, bound_by = max_content_pieces, "max_content_pieces"
    team = brief.get("team_size")
    if team:
        affordable = fit(shares, planned, hours=team * MAKING_HOURS_PER_PERSON[1] * timeline_months)
        if affordable < planned:
            planned, bound_by = affordable, "capacity"
    return {
        "frequency": brief["content_frequency"],
        "per_month": figures.computed(
            float(per_month),
            "pieces a month",
            "your publishing frequency in an average month",
            low=None if low == high else float(low),
            high=None if low == high else float(high),
        ),
        "wanted": figures.computed(wanted, "pieces", "your publishing frequency × the months of the timeline"),
        "limit": figures.computed(max_content_pieces, "pieces", "the limit set for this plan"),
        "planned": figures.computed(planned, "pieces", "the smallest of rhythm, limit and capacity"),
        "planned_per_month": figures.computed(
            planned / timeline_months, "pieces a month", "planned pieces ÷ the months of the timeline"
        ),
        "lasts": figures.computed(
            min(float(timeline_months), float(planned / per_month)),
            "months",
            "planned pieces ÷ your publishing frequency, at most the timeline",
        ),
        "bound_by": bound_by,
        "by_month": spread(planned, timeline_months),
    }


def fit(shares: Mapping[str, Fraction], pieces: int, *, hours: int) -> int:
    """Return how many of so many pieces can be made in so many hours, whole formats counted; at least one."""
    while pieces > 1 and sum(n * hours_of(form) for form, n in portion(shares, pieces).items()) > hours:
        pieces -= 1
    return pieces


def portion(shares: Mapping[str, Fraction], pieces: int) -> dict[str, int]:
    """Share out so many pieces over the formats."""
    return dict(zip(shares, figures.split(pieces, list(shares.values())), strict=True))


def spread(pieces: int, months: int) -> list[int]:
    """Lay pieces evenly over months; rounded down cumulatively, so that work is never due before it can be done."""
    return [pieces * month // months - pieces * (month - 1) // months for month in range(1, months + 1)]


def queue(formats: Sequence[Mapping[str, Any]], by_month: Sequence[int] = (), *, hours: int | None = None) -> list[str]:
    """
    Return the format of each piece in the order of publication: well mixed from first to last, the sums exact.

    With a team's ``hours`` a month, what takes long waits until the hours up to its month suffice for all before it.
    """
    order = interleave({entry["format"]: entry["pieces"] for entry in formats})
    return order if hours is None else _level(order, by_month, hours)


def interleave(wanted: Mapping[str, int]) -> list[str]:
    """Lay so many of each thing in one row, well mixed from first to last; the sums are exact."""
    wanted = {name: count for name, count in wanted.items() if count}
    total, done = sum(wanted.values()), dict.fromkeys(wanted, 0)
    order = []
    for place in range(1, total + 1):
        # What is furthest behind its share so far comes next; what is all out is never behind.
        chosen = max(wanted, key=lambda name: wanted[name] * place - done[name] * total)
        done[chosen] += 1
        order.append(chosen)
    return order


def _level(order: list[str], by_month: Sequence[int], hours: int) -> list[str]:
    """
    Put lighter pieces first where the months so far have too few hours.

    Each exchange lowers the hours of every month before it, and with the lightest pieces first all months suffice if the
    whole does; so this ends, and no month is left over its hours that need not be.
    """
    order, end = list(order), 0
    for month, pieces in enumerate(by_month, 1):
        end += pieces
        while sum(hours_of(form) for form in order[:end]) > hours * month:
            heavy = max(range(end), key=lambda place: (hours_of(order[place]), place))
            light = min(range(end, len(order)), key=lambda place: (hours_of(order[place]), place), default=heavy)
            if hours_of(order[light]) >= hours_of(order[heavy]):
                break
            order[heavy], order[light] = order[light], order[heavy]
    return order


def monthly_hours(brief: Mapping[str, Any]) -> int | None:
    """Return the hours a month that the team has for making pieces, as planned with; None where its size is not known."""
    team: int | None = brief.get("team_size")
    return team * MAKING_HOURS_PER_PERSON[1] if team else None


def mix(brief: Mapping[str, Any], planned: int) -> list[dict[str, Any]]:
    """Return the planned pieces of each format, and whether it is one that team and audience asked for."""
    shares = weigh(brief)
    of_user = "your content mix" if brief.get("content_mix") else "an equal share for each of your preferred formats"
    return [
        {
            "format": form,
            "pieces": pieces,
            "share": figures.computed(float(shares[form] * 100), "%", of_user),
            "hours_per_piece": assume_hours(form),
            "preferred": form in brief.get("preferred_formats", []),
            "audience": form in brief.get("content_preferences", []),
        }
        for form, pieces in portion(shares, planned).items()
    ]


def compare(brief: Mapping[str, Any], formats: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Set what is planned beside what the user makes and what the audience prefers."""
    made = {entry["format"]: entry for entry in formats if entry["pieces"]}
    unlisted = [form for form, entry in made.items() if not entry["preferred"] and form != "Other formats"]
    unloved = [form for form, entry in made.items() if entry["preferred"] and not entry["audience"]]
    return {
        "agreed": [form for form, entry in made.items() if entry["preferred"] and entry["audience"]],
        "unlisted": unlisted,
        "unlisted_pieces": sum(made[form]["pieces"] for form in unlisted),
        "unloved": unloved,
        "absent": [form for form in brief.get("content_preferences", []) if form not in made],
    }


def assume_hours(form: str) -> dict[str, Any]:
    """Return what one piece of a format is planned with."""
    low, value, high = HOURS_PER_PIECE.get(form, HOURS_PER_PIECE["Other formats"])
    reason = "from brief to release, with review and pictures; put your own time sheets in its place"
    return figures.estimated(value, "hours a piece", low=low, high=high, reason=reason)


def measure_capacity(
    brief: Mapping[str, Any], formats: Sequence[Mapping[str, Any]], *, timeline_months: int
) -> dict[str, Any]:
    """Return the hours there are, the pieces they make, and how much of them the plan takes."""
    shares = weigh(brief)
    per_piece = sum(share * hours_of(form) for form, share in shares.items())
    needed = sum(entry["pieces"] * hours_of(entry["format"]) for entry in formats)
    hours_per_piece = figures.computed(
        float(per_piece), "hours a piece", "the hours of each format (planning assumptions) weighted by its share"
    )
    hours_needed = figures.computed(float(needed), "hours", "planned pieces of each format × its hours a piece")
    hours_needed_per_month = figures.computed(
        float(needed / timeline_months), "hours a month", "hours the plan needs ÷ the months of the timeline"
    )
    team = brief.get("team_size")
    if not team:
        return {
            "hours_per_piece": hours_per_piece,
            "hours_needed": hours_needed,
            "hours_needed_per_month": hours_needed_per_month,
            "hours_in_all": figures.missing("hours", "your team size"),
            "hours_per_month": figures.missing("hours a month", "your team size"),
            "pieces_per_month": figures.missing("pieces a month", "your team size"),
            "use": figures.missing("%", "your team size"),
        }
    low, value, high = (team * hours for hours in MAKING_HOURS_PER_PERSON)
    reason = "half of each person's month, less a quarter of that for planning, distribution and measuring"
    return {
        "hours_per_piece": hours_per_piece,
        "hours_needed": hours_needed,
        "hours_needed_per_month": hours_needed_per_month,
        "hours_in_all": figures.estimated(
            value * timeline_months,
            "hours",
            low=low * timeline_months,
            high=high * timeline_months,
            reason="the team's hours a month × the months of the timeline",
        ),
        "hours_per_month": figures.estimated(value, "hours a month", low=low, high=high, reason=reason),
        "pieces_per_month": figures.estimated(
            float(value / per_piece),
            "pieces a month",
            low=float(low / per_piece),
            high=float(high / per_piece),
            reason="the team's hours a month ÷ the hours a piece",
        ),
        "use": figures.computed(
            float(100 * needed / (value * timeline_months)), "%", "hours the plan needs ÷ the team's hours in it"
        ),
    }


def stage(formats: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Sort the planned pieces into the stages of the buying journey, by what each format is good at."""
    counts: dict[str, dict[str, int]] = {name: {} for name in STAGES}
    for entry in formats:
        weights = STAGES_OF_TEN.get(entry["format"], STAGES_OF_TEN["Other formats"])
        for name, pieces in zip(STAGES, figures.split(entry["pieces"], weights), strict=True):
            if pieces:
                counts[name][entry["format"]] = pieces
    total = max(1, sum(entry["pieces"] for entry in formats))
    formula = "the planned pieces sorted by which stage their format serves, ÷ all pieces"
    return [
        {
            "stage": name,
            "pieces": sum(by_format.values()),
            "share": figures.computed(100 * sum(by_format.values()) / total, "%", formula),
            "formats": by_format,
        }
        for name, by_format in counts.items()
    ]
