"""The buying journey: which of the planned pieces serve which stage of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop as _

from strategies.arithmetic import figures

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


def sort(formats: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Sort the planned pieces into the stages of the buying journey, by what each format is good at."""
    counts: dict[str, dict[str, int]] = {name: {} for name in STAGES}
    for entry in formats:
        weights = STAGES_OF_TEN.get(entry["format"], STAGES_OF_TEN["Other formats"])
        for name, pieces in zip(STAGES, figures.split(entry["pieces"], weights), strict=True):
            if pieces:
                counts[name][entry["format"]] = pieces
    total = max(1, sum(entry["pieces"] for entry in formats))
    formula = _("the planned pieces sorted by which stage their format serves, ÷ all pieces")
    return [
        {
            "stage": name,
            "pieces": sum(by_format.values()),
            "share": figures.computed(100 * sum(by_format.values()) / total, "%", formula),
            "formats": by_format,
        }
        for name, by_format in counts.items()
    ]
