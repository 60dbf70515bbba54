"""The fields that describe one's own doing: what is made, how it sounds and how it is measured."""

from .fields import NAME_LENGTH, Field
from .market import CONTENT_FORMATS

# A return can be negative (money lost), but not by more than everything; upwards it is generous, since a newsletter
# that costs next to nothing does return a hundredfold.
LEAST_RETURN = -100
GREATEST_RETURN = 100_000


def _share(id: str, label: str, help: str = "") -> Field:
    return Field(id, label, "percent", help, unit="%", min=0, max=100)


def _return(id: str, label: str, help: str = "") -> Field:
    return Field(id, label, "percent", help, unit="%", min=LEAST_RETURN, max=GREATEST_RETURN)


CONTENT = (
    Field(
        "preferred_formats",
        "Formats you make",
        "choices",
        "What you can produce well, again and again. Two good formats beat six neglected ones.",
        required=True,
        options=(*CONTENT_FORMATS, "Email Newsletters", "Interactive Content"),
    ),
    Field(
        "content_mix",
        "Content mix",
        "object",
        "How your effort divides. The shares add up to 100: half blog posts, a quarter each of videos and e-mail.",
        fields=(
            _share("blog_posts", "Blog posts"),
            _share("videos", "Videos"),
            _share("social_media", "Social media"),
            _share("email", "E-mail"),
            _share("other_formats", "Everything else"),
        ),
    ),
    Field(
        "content_frequency",
        "Publishing rhythm",
        "choice",
        "Choose what you can keep up in a bad month, too.",
        required=True,
        options=("Daily", "2-3 times per week", "Weekly", "Bi-weekly", "Monthly", "Quarterly"),
    ),
    Field(
        "optimal_timing",
        "Best times to publish",
        "object",
        "When your audience is likely to have a minute. The calendar uses these slots.",
        fields=(
            Field(
                "slots",
                "Slots",
                "choices",
                options=(
                    "Monday Morning",
                    "Tuesday Midday",
                    "Wednesday Afternoon",
                    "Thursday Evening",
                    "Friday Morning",
                    "Weekend",
                ),
            ),
            Field("timezone", "Time zone", "timezone", "That of your audience, such as Europe/Vienna."),
        ),
    ),
    Field(
        "quality_metrics",
        "Quality bar",
        "object",
        "What a piece must reach before it goes out.",
        fields=(
            Field(
                "readability_score",
                "Readability",
                "number",
                "Flesch reading ease; 60 reads like a good newspaper.",
                unit="of 100",
                min=0,
                max=100,
            ),
            Field("word_count_range", "Words per piece", "text", "“800–1,200”.", max=NAME_LENGTH),
            Field("seo_score", "SEO score", "number", "As your tool counts it.", unit="of 100", min=0, max=100),
            _share("engagement_threshold", "Least engagement", "Below this a piece is revised."),
            Field(
                "quality_checklist",
                "Checklist",
                "choices",
                options=(
                    "Grammar check",
                    "Fact verification",
                    "SEO optimization",
                    "Visual elements",
                    "Internal linking",
                    "External linking",
                    "CTA placement",
                    "Mobile optimization",
                    "Accessibility",
                    "Brand voice consistency",
                ),
            ),
            Field("review_process", "Review", "text", "Who reads it before it goes out, and how soon."),
        ),
    ),
    Field(
        "editorial_guidelines",
        "Editorial guidelines",
        "object",
        "House rules for whoever writes.",
        fields=(
            Field(
                "tone",
                "Tone",
                "choices",
                options=(
                    "Professional",
                    "Conversational",
                    "Friendly",
                    "Authoritative",
                    "Educational",
                    "Inspirational",
                    "Humorous",
                    "Technical",
                ),
            ),
            Field("style_guide", "Style guide", "text", "“Chicago, with our own word list”, or a link to it."),
            Field("formatting_rules", "Formatting", "text", "“A heading every 300 words, no exclamation marks”."),
            Field("citation_requirements", "Sources", "text", "“Every figure links to where it comes from”."),
            Field("image_guidelines", "Images", "text", "“Our own photographs, with a description”."),
            Field(
                "language_preferences",
                "Language",
                "choices",
                "Tick one, or name yours: “German, formal address”.",
                free_entry=True,
                options=("US English", "UK English", "Canadian English", "Australian English", "Other"),
            ),
            Field("prohibited_content", "Not wanted", "text", "“No comparison with rivals by name”."),
        ),
    ),
    Field(
        "brand_voice",
        "Brand voice",
        "object",
        "How you sound when you are at your best. Pick one or two tones; the rest is for those who like detail.",
        required=True,
        fields=(
            Field(
                "tones",
                "Tones",
                "choices",
                required=True,
                options=(
                    "Professional",
                    "Casual",
                    "Friendly",
                    "Authoritative",
                    "Humorous",
                    "Inspirational",
                    "Educational",
                ),
            ),
            Field("personality_traits", "Traits", "texts", "If the brand were a person: “Patient”, “Dry wit”."),
            Field("key_messages", "Key messages", "texts", "What people should remember, one message on each line."),
            Field("dos", "Do", "texts", "“Name prices openly”."),
            Field("donts", "Don't", "texts", "“Never promise a date we can't keep”."),
        ),
    ),
)

PERFORMANCE = (
    Field(
        "traffic_sources",
        "Traffic sources",
        "choices",
        "Where your visitors come from today, the largest first.",
        options=(
            "Organic Search",
            "Social Media",
            "Email Marketing",
            "Direct Traffic",
            "Referral Traffic",
            "Paid Advertising",
        ),
    ),
    Field(
        "conversion_rates",
        "Conversion rates",
        "object",
        "Of 100 visitors, how many take each step? Leave out what you don't measure.",
        fields=(
            _share("email_signup", "E-mail sign-up"),
            _share("lead_generation", "Enquiry"),
            _share("content_download", "Download"),
            _share("purchase", "Purchase"),
            _share("newsletter_subscription", "Newsletter subscription"),
        ),
    ),
    Field(
        "content_roi_targets",
        "Return you aim for",
        "object",
        "What the money spent on content should bring back. 100% means it came back once more.",
        fields=(
            _return("traffic_roi", "From traffic"),
            _return("lead_roi", "From enquiries"),
            _return("revenue_roi", "From revenue"),
            _return("engagement_roi", "From engagement"),
            Field(
                "measurement_period",
                "Measured",
                "choice",
                options=("Monthly", "Quarterly", "Semi-annually", "Annually"),
            ),
        ),
    ),
    Field(
        "ab_testing_capabilities",
        "A/B tests",
        "boolean",
        "Can you show two versions of a page or subject line and count which does better?",
    ),
)
