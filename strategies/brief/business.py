"""The fields that describe the business: what it wants to reach, and with what."""

from django.utils.translation import gettext_noop as _

from .fields import DAY, NAME_LENGTH, Field

BUSINESS = (
    Field(
        "business_objectives",
        _("Business objectives"),
        "texts",
        _(
            "What should be different a year from now? One objective on each line, with a figure where you have one: "
            "“Win 30 new maintenance contracts”."
        ),
        required=True,
    ),
    Field(
        "target_metrics",
        _("Target metrics"),
        "object",
        _("The one number that shows whether the content works, and where you want it."),
        required=True,
        fields=(
            Field(
                "primary_metric",
                _("Main metric"),
                "text",
                _("The number you would check first on a Monday, such as “Trial sign-ups per month”."),
                required=True,
                max=NAME_LENGTH,
            ),
            Field("target_value", _("Target"), "number", _("A plain number, such as 1,400 or 10k."), min=0),
            Field(
                "secondary_metrics",
                _("Also watched"),
                "choices",
                _("What must not suffer while the main metric rises."),
                options=(
                    _("Lead generation"),
                    _("Conversion rate"),
                    _("Engagement rate"),
                    _("Brand awareness"),
                    _("Customer retention"),
                    _("Revenue"),
                    _("ROI"),
                ),
            ),
        ),
    ),
    Field(
        "content_budget",
        _("Content budget"),
        "money",
        _("All you can spend on content in a month: people, tools, ads. “2.5k EUR” and “$9,000” are both understood."),
        unit=_("per month"),
        min=0,
        max=1_000_000,
    ),
    Field(
        "team_size",
        _("Team size"),
        "integer",
        _("People who make content, yourself included. Count two half-time writers as one."),
        unit=_("people"),
        min=1,
        max=100,
    ),
    Field(
        "implementation_timeline",
        _("Timeline"),
        "choice",
        _("How far ahead to plan. Six months is enough to see a trend in search traffic."),
        options=(_("3 months"), _("6 months"), _("1 year"), _("2 years"), _("Ongoing")),
    ),
    Field(
        "market_share",
        _("Market share"),
        "percent",
        _("Your share of the market you sell in. A rough figure is fine: “4%”."),
        unit="%",
        min=0,
        max=100,
    ),
    Field(
        "competitive_position",
        _("Competitive position"),
        "choice",
        _("How buyers would place you today, not where you hope to be."),
        options=(_("Market Leader"), _("Challenger"), _("Follower"), _("Niche Player")),
    ),
    Field(
        "performance_metrics",
        _("Website performance"),
        "object",
        _("Where you stand now. Forecasts start from these figures; without them nothing is forecast."),
        fields=(
            Field(
                "traffic", _("Visits"), "number", _("As your analytics shows them."), unit=_("visits per month"), min=0
            ),
            Field(
                "conversion_rate",
                _("Conversion rate"),
                "percent",
                _("Visits that end in what you want, such as “1.1%”."),
                unit="%",
                min=0,
                max=100,
            ),
            Field("bounce_rate", _("Bounce rate"), "percent", _("Visits of one page only."), unit="%", min=0, max=100),
            Field(
                "avg_session_duration",
                _("Time per visit"),
                "number",
                _("On average."),
                unit=_("seconds"),
                min=0,
                max=DAY,
            ),
        ),
    ),
)
