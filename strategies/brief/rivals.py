"""The fields that describe the market one shares with others: rivals, gaps and trends."""

from .fields import NAME_LENGTH, Field

LEVELS = ("High", "Medium", "Low")

COMPETITION = (
    Field(
        "top_competitors",
        "Competitors",
        "objects",
        "Who else your customers look at. Two or three are enough, and “doing nothing” can be one of them.",
        required=True,
        fields=(
            Field("name", "Name", "text", required=True, max=NAME_LENGTH),
            Field("website", "Website", "url", "example.com is enough.", max=500),
            Field("strength", "Strength", "text", "What they do better than you."),
            Field("weakness", "Weakness", "text", "What their customers complain about."),
        ),
    ),
    Field(
        "competitor_content_strategies",
        "What competitors publish",
        "object",
        "What you see when you follow them for a month.",
        fields=(
            Field(
                "content_types",
                "Formats",
                "choices",
                options=(
                    "Blog Posts",
                    "Videos",
                    "Webinars",
                    "Case Studies",
                    "Whitepapers",
                    "Infographics",
                    "Podcasts",
                    "Social Media",
                    "Email Campaigns",
                ),
            ),
            Field(
                "publishing_frequency",
                "How often",
                "choice",
                options=("Daily", "Multiple times per week", "Weekly", "Bi-weekly", "Monthly", "Irregular"),
            ),
            Field(
                "content_themes",
                "Themes",
                "choices",
                options=(
                    "Product features",
                    "Industry insights",
                    "Customer success",
                    "Thought leadership",
                    "Educational",
                    "Entertainment",
                    "News and updates",
                ),
            ),
            Field(
                "distribution_channels",
                "Channels",
                "choices",
                options=(
                    "Website/Blog",
                    "LinkedIn",
                    "Twitter",
                    "Facebook",
                    "YouTube",
                    "Email",
                    "Newsletter",
                    "Podcast platforms",
                ),
            ),
            Field(
                "engagement_approach",
                "How they talk to people",
                "text",
                "For example “Answers every comment, never mentions prices”.",
            ),
        ),
    ),
    Field(
        "market_gaps",
        "Gaps in the market",
        "objects",
        "Questions nobody answers well, and people nobody writes for.",
        fields=(
            Field(
                "gap_description",
                "Gap",
                "text",
                "“No plain guide to analytics without consent, for agencies”.",
                required=True,
            ),
            Field("opportunity", "Opportunity", "text", "What filling it would bring you."),
            Field("target_audience", "For whom", "text", max=NAME_LENGTH),
            Field("priority", "Priority", "choice", options=LEVELS),
        ),
    ),
    Field(
        "industry_trends",
        "Industry trends",
        "objects",
        "What is changing in your trade already: a law, a price, a habit.",
        fields=(
            Field("trend_name", "Trend", "text", "“New drinking water rules”.", required=True, max=NAME_LENGTH),
            Field("description", "Description", "text"),
            Field("impact", "Impact", "choice", options=LEVELS),
            Field("relevance", "What it means for you", "text"),
        ),
    ),
    Field(
        "emerging_trends",
        "Emerging trends",
        "objects",
        "What may matter in two years and is still small today.",
        fields=(
            Field("trend_name", "Trend", "text", "“Answers by voice in the workshop”.", required=True, max=NAME_LENGTH),
            Field("description", "Description", "text"),
            Field(
                "growth_potential",
                "Growth potential",
                "choice",
                options=("Very High", "High", "Medium", "Low", "Unknown"),
            ),
            Field("early_adoption_benefit", "What you gain by being early", "text"),
        ),
    ),
)
