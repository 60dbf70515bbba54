"""Formats: their shares of the work, and what is planned beside what is wanted."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import effort, figures

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


def portion(shares: Mapping[str, Fraction], pieces: int) -> dict[str, int]:
    """Share out so many pieces over the formats."""
    return dict(zip(shares, figures.split(pieces, list(shares.values())), strict=True))


def mix(brief: Mapping[str, Any], planned: int) -> list[dict[str, Any]]:
    """Return the planned pieces of each format, and whether it is one that team and audience asked for."""
    shares = weigh(brief)
    equal = _("an equal share for each of your preferred formats")
    of_user = _("your content mix") if brief.get("content_mix") else equal
    return [
        {
            "format": form,
            "pieces": pieces,
            "share": figures.computed(float(shares[form] * 100), "%", of_user),
            "hours_per_piece": effort.assume_hours(form),
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
        "unlisted_pieces": sum(made[form]["pieces"] for form in unlisted) if unlisted else None,
        "unloved": unloved,
        "absent": [form for form in brief.get("content_preferences", []) if form not in made],
    }
