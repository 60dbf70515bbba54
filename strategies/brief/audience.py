"""The fields that describe the audience: what it likes, needs and does."""

from django.utils.translation import gettext_noop as _

from .fields import DAY, Field

CONTENT_FORMATS = (
    _("Blog Posts"),
    _("Videos"),
    _("Infographics"),
    _("Podcasts"),
    _("Webinars"),
    _("Case Studies"),
    _("Whitepapers"),
    _("Social Media Posts"),
)

AUDIENCE = (
    Field(
        "content_preferences",
        _("Formats your audience likes"),
        "choices",
        _("What your readers and viewers open of their own accord."),
        required=True,
        options=CONTENT_FORMATS,
    ),
    Field(
        "consumption_patterns",
        _("Reading and viewing habits"),
        "object",
        _("Where, when and on what your audience reads, watches and listens."),
        fields=(
            Field(
                "primary_channels",
                _("Channels"),
                "choices",
                _("Where they meet you."),
                options=(
                    _("Website"),
                    _("Email"),
                    _("Social Media"),
                    _("Mobile App"),
                    _("Newsletter"),
                    _("Blog"),
                    _("YouTube"),
                    _("Podcast"),
                ),
            ),
            Field(
                "preferred_times",
                _("Times of day"),
                "choices",
                _("In their own time zone."),
                options=(
                    _("6–9 o'clock"),
                    _("9–11 o'clock"),
                    _("12–14 o'clock"),
                    _("14–16 o'clock"),
                    _("17–19 o'clock"),
                    _("19–22 o'clock"),
                ),
            ),
            Field(
                "device_preference",
                _("Devices"),
                "choices",
                options=(_("Desktop"), _("Mobile"), _("Tablet"), _("Smart TV"), _("Smart Speaker")),
            ),
            Field(
                "content_length_preference",
                _("Length"),
                "choice",
                _("How long they stay with one piece."),
                options=(_("Short 1–3 min"), _("Medium 5–10 min"), _("Long 10+ min"), _("Variable")),
            ),
        ),
    ),
    Field(
        "audience_pain_points",
        _("Pain points"),
        "choices",
        _("What keeps them from a good day. Tick what fits, then add their own words: “Nobody answers the hotline”."),
        required=True,
        free_entry=True,
        options=(
            _("Lack of Time"),
            _("Information Overload"),
            _("Budget Constraints"),
            _("Technical Complexity"),
            _("Decision Paralysis"),
            _("Quality Concerns"),
        ),
    ),
    Field(
        "buying_journey",
        _("Buying journey"),
        "object",
        _("What people do and ask at each stage, from the first worry to the second order."),
        fields=(
            Field(
                "awareness",
                _("Awareness"),
                "text",
                _("How they notice the problem: “The old pump fails an inspection”."),
            ),
            Field(
                "consideration",
                _("Consideration"),
                "text",
                _("How they compare: “Asks two plants which pump they use”."),
            ),
            Field("decision", _("Decision"), "text", _("What settles it: “A written offer within two days”.")),
            Field("retention", _("Retention"), "text", _("Why they come back: “Spare parts in 24 hours”.")),
        ),
    ),
    Field(
        "seasonal_trends",
        _("Seasons"),
        "choices",
        _("When demand rises or falls. Add your own: “Easter”, “Budget round in October”."),
        free_entry=True,
        options=(
            _("Q1 Planning"),
            _("Q2 Execution"),
            _("Q3 Optimization"),
            _("Q4 Review"),
            _("Holiday Season"),
            _("Back to School"),
            _("Summer Slowdown"),
        ),
    ),
    Field(
        "engagement_metrics",
        _("Engagement today"),
        "object",
        _("How people respond to what you publish now. Averages of the last three months do well."),
        fields=(
            Field("likes", _("Likes"), "number", unit=_("per post"), min=0),
            Field("shares", _("Shares"), "number", unit=_("per post"), min=0),
            Field("comments", _("Comments"), "number", unit=_("per post"), min=0),
            Field("click_through_rate", _("Click-through rate"), "percent", unit="%", min=0, max=100),
            Field("time_on_page", _("Time on page"), "number", unit=_("seconds"), min=0, max=DAY),
            Field("engagement_rate", _("Engagement rate"), "percent", unit="%", min=0, max=100),
        ),
    ),
)
