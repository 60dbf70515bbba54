"""What keys of the groundwork are called where people read them; a key that is not here is read as it is written."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop as _

KEYS: Final[Mapping[str, str]] = {
    "timeline_months": _("Months of the plan"),
    "cadence": _("Rhythm"),
    "per_month": _("A month"),
    "wanted": _("Pieces that the rhythm asks for"),
    "limit": _("Pieces at most"),
    "planned": _("Pieces planned"),
    "planned_per_month": _("Pieces planned a month"),
    "lasts": _("How long the rhythm lasts"),
    "bound_by": _("What decided the number"),
    "by_month": _("Pieces in each month"),
    "preferred": _("You make it"),
    "audience": _("Your audience asks for it"),
    "fit": _("Your formats and your audience's"),
    "agreed": _("You make them, and your audience asks for them"),
    "unlisted": _("In your mix, but not among your formats"),
    "unlisted_pieces": _("Pieces in these"),
    "unloved": _("You make them, and your audience does not name them"),
    "absent": _("Your audience asks for them, and none is planned"),
    "use": _("Share of the hours that the plan takes"),
    "hours_in_all": _("Hours there are"),
    "per_piece": _("A piece"),
    "monthly": _("A month"),
    "total": _("In all"),
    "metric": _("How your primary metric is read"),
    "kind": _("It counts"),
    "period_named": _("Its name says the period"),
    "rate": _("The rate behind it"),
    "derived": _("What a month's visits become"),
    "reachable": _("The target is progress"),
    "factor": _("Target ÷ today"),
    "metrics": _("Forecast"),
    "roi": _("Return"),
    "kpi_tree": _("KPI tree"),
    "children": _("Moved by"),
    "pieces_so_far": _("Pieces in all by then"),
}
