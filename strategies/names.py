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

# Keys that are read as they are written, with a capital and blanks: named here so that they are translated.
WRITTEN: Final = frozenset(
    {
        _("Actionability"), _("Amount"), _("Answer"), _("Assumptions"), _("Author"), _("Baseline"), _("Baselines"),
        _("Basis"), _("Budget"), _("Budget note"), _("Cadence"), _("Capacity"), _("Category"), _("Channel"),
        _("Completeness"), _("Confidence"), _("Critical path"), _("Date"), _("Derived"), _("Description"),
        _("Differentiation"), _("End"), _("End month"), _("Escalation"), _("Estimated impact"), _("Figure"),
        _("Format"), _("Formats"), _("Frequency"), _("Funnel"), _("Funnel stage"), _("Goals"), _("Growth"),
        _("Hours"), _("Hours needed"), _("Hours needed per month"), _("Hours per month"), _("Hours per piece"),
        _("Impact"), _("Implementation time"), _("Indicators"), _("Industry"), _("Insight"), _("Insights"), _("Item"),
        _("Lines"), _("Made with"), _("Market gaps"), _("Milestones"), _("Monitoring"), _("Month"), _("Month 12"),
        _("Month 3"), _("Month 6"), _("Months"), _("Name"), _("Needs"), _("Note"), _("Opportunities"),
        _("Overall level"), _("Owner"), _("Payback basis"), _("Payback months"), _("Phases"), _("Pieces"),
        _("Pieces per month"), _("Position"), _("Positioning"), _("Priority"), _("Probability"), _("Rate needed"),
        _("Reading"), _("Reason"), _("Reasoning"), _("Recommendations"), _("Relevance"), _("Resources"), _("Risk"),
        _("Risks"), _("Score"), _("Season"), _("Share"), _("Sign"), _("Slot"), _("Stage"), _("Stages"), _("Start"),
        _("Start month"), _("Statement"), _("Strengths"), _("Success metrics"), _("Tasks"), _("Text"), _("Theme"),
        _("Themes"), _("Threats"), _("Thresholds"), _("Timezone"), _("Title"), _("Type"), _("Value"), _("Version"),
        _("Visits needed"), _("Warnings"), _("Weaknesses"), _("Website"), _("Unit"), _("Period"), _("Bounces"),
        _("Email signups"), _("Subscriptions"), _("Engaged"), _("Closing"), _("Fields"), _("Competition"),
        _("Content pillar"), _("Attention"), _("Measurement"),
    }
)  # fmt: skip

# What stands in a document where it could have stood otherwise: words of ours, in the spelling in which they are stored.
CHOICES: Final = frozenset(
    {
        *(_("awareness"), _("consideration"), _("decision"), _("retention")),
        *(_("technical"), _("market"), _("operational"), _("financial")),
        *(
            _("Every two weeks"),
            _("at least"),
            _("at most"),
            _("Before each release"),
            _("Analyst"),
            _("Lead"),
            _("Editor"),
        ),
        *(_("You"), _("Whoever runs the plan")),
        *(_("visits"), _("conversions"), _("conversion_rate"), _("bounce_rate"), _("engagement_rate")),
        *(_("click_through_rate"), _("revenue"), _("other")),
        *(_("blog_posts"), _("videos"), _("social_media"), _("email"), _("other_formats")),
        *(_("frequency"), _("capacity"), _("max_content_pieces")),
        *(_("forecast"), _("phase"), _("end")),
        *(_("active"), _("paused"), _("inactive"), _("archived")),
        *(_("failed"), _("cancelled"), _("succeeded"), _("partly succeeded"), _("queued"), _("running")),
    }
)
