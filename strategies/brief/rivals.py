"""The fields that describe the market one shares with others: rivals, gaps and trends."""

from django.utils.translation import gettext_noop as _

from .fields import NAME_LENGTH, Field

LEVELS = (_("High"), _("Medium"), _("Low"))

COMPETITION = (
    Field(
        "top_competitors",
        _("Competitors"),
        "objects",
        _("Who else your customers look at. Two or three are enough, and “doing nothing” can be one of them."),
        required=True,
        fields=(
            Field("name", _("Name"), "text", required=True, max=NAME_LENGTH),
            Field("website", _("Website"), "url", _("example.com is enough."), max=500),
            Field("strength", _("Strength"), "text", _("What they do better than you.")),
            Field("weakness", _("Weakness"), "text", _("What their customers complain about.")),
        ),
    ),
    Field(
        "competitor_content_strategies",
        _("What competitors publish"),
        "object",
        _("What you see when you follow them for a month."),
        fields=(
            Field(
                "content_types",
                _("Formats"),
                "choices",
                options=(
                    _("Blog Posts"),
                    _("Videos"),
                    _("Webinars"),
                    _("Case Studies"),
                    _("Whitepapers"),
                    _("Infographics"),
                    _("Podcasts"),
                    _("Social Media"),
                    _("Email Campaigns"),
                ),
            ),
            Field(
                "publishing_frequency",
                _("How often"),
                "choice",
                options=(
                    _("Daily"),
                    _("Multiple times per week"),
                    _("Weekly"),
                    _("Bi-weekly"),
                    _("Monthly"),
                    _("Irregular"),
                ),
            ),
            Field(
                "content_themes",
                _("Themes"),
                "choices",
                options=(
                    _("Product features"),
                    _("Industry insights"),
                    _("Customer success"),
                    _("Thought leadership"),
                    _("Educational"),
                    _("Entertainment"),
                    _("News and updates"),
                ),
            ),
            Field(
                "distribution_channels",
                _("Channels"),
                "choices",
                options=(
                    _("Website/Blog"),
                    _("LinkedIn"),
                    _("Twitter"),
                    _("Facebook"),
                    _("YouTube"),
                    _("Email"),
                    _("Newsletter"),
                    _("Podcast platforms"),
                ),
            ),
            Field(
                "engagement_approach",
                _("How they talk to people"),
                "text",
                _("For example “Answers every comment, never mentions prices”."),
            ),
        ),
    ),
    Field(
        "market_gaps",
        _("Gaps in the market"),
        "objects",
        _("Questions nobody answers well, and people nobody writes for."),
        fields=(
            Field(
                "gap_description",
                _("Gap"),
                "text",
                _("“No plain guide to analytics without consent, for agencies”."),
                required=True,
            ),
            Field("opportunity", _("Opportunity"), "text", _("What filling it would bring you.")),
            Field("target_audience", _("For whom"), "text", max=NAME_LENGTH),
            Field("priority", _("Priority"), "choice", options=LEVELS),
        ),
    ),
    Field(
        "industry_trends",
        _("Industry trends"),
        "objects",
        _("What is changing in your trade already: a law, a price, a habit."),
        fields=(
            Field("trend_name", _("Trend"), "text", _("“New drinking water rules”."), required=True, max=NAME_LENGTH),
            Field("description", _("Description"), "text"),
            Field("impact", _("Impact"), "choice", options=LEVELS),
            Field("relevance", _("What it means for you"), "text"),
        ),
    ),
    Field(
        "emerging_trends",
        _("Emerging trends"),
        "objects",
        _("What may matter in two years and is still small today."),
        fields=(
            Field(
                "trend_name",
                _("Trend"),
                "text",
                _("“Answers by voice in the workshop”."),
                required=True,
                max=NAME_LENGTH,
            ),
            Field("description", _("Description"), "text"),
            Field(
                "growth_potential",
                _("Growth potential"),
                "choice",
                options=(_("Very High"), _("High"), _("Medium"), _("Low"), _("Unknown")),
            ),
            Field("early_adoption_benefit", _("What you gain by being early"), "text"),
        ),
    ),
)
