"""The fields that describe one's own doing: what is made, how often, and how it sounds."""

from django.utils.translation import gettext_noop as _

from .audience import CONTENT_FORMATS
from .fields import NAME_LENGTH, Field, share

CONTENT = (
    Field(
        "preferred_formats",
        _("Formats you make"),
        "choices",
        _("What you can produce well, again and again. Two good formats beat six neglected ones."),
        required=True,
        options=(*CONTENT_FORMATS, _("Email Newsletters"), _("Interactive Content")),
    ),
    Field(
        "content_mix",
        _("Content mix"),
        "object",
        _("How your effort divides. The shares add up to 100: half blog posts, a quarter each of videos and e-mail."),
        fields=(
            share("blog_posts", _("Blog posts")),
            share("videos", _("Videos")),
            share("social_media", _("Social media")),
            share("email", _("E-mail")),
            share("other_formats", _("Everything else")),
        ),
    ),
    Field(
        "content_frequency",
        _("Publishing rhythm"),
        "choice",
        _("Choose what you can keep up in a bad month, too."),
        required=True,
        options=(_("Daily"), _("2-3 times per week"), _("Weekly"), _("Bi-weekly"), _("Monthly"), _("Quarterly")),
    ),
    Field(
        "optimal_timing",
        _("Best times to publish"),
        "object",
        _("When your audience is likely to have a minute. The calendar uses these slots."),
        fields=(
            Field(
                "slots",
                _("Slots"),
                "choices",
                options=(
                    _("Monday Morning"),
                    _("Tuesday Midday"),
                    _("Wednesday Afternoon"),
                    _("Thursday Evening"),
                    _("Friday Morning"),
                    _("Weekend"),
                ),
            ),
            Field("timezone", _("Time zone"), "timezone", _("That of your audience, such as Europe/Vienna.")),
        ),
    ),
    Field(
        "quality_metrics",
        _("Quality bar"),
        "object",
        _("What a piece must reach before it goes out."),
        fields=(
            Field(
                "readability_score",
                _("Readability"),
                "number",
                _("Flesch reading ease; 60 reads like a good newspaper."),
                unit=_("of 100"),
                min=0,
                max=100,
            ),
            Field("word_count_range", _("Words per piece"), "text", "“800–1,200”.", max=NAME_LENGTH),
            Field(
                "seo_score", _("SEO score"), "number", _("As your tool counts it."), unit=_("of 100"), min=0, max=100
            ),
            share("engagement_threshold", _("Least engagement"), _("Below this a piece is revised.")),
            Field(
                "quality_checklist",
                _("Checklist"),
                "choices",
                options=(
                    _("Grammar check"),
                    _("Fact verification"),
                    _("SEO optimization"),
                    _("Visual elements"),
                    _("Internal linking"),
                    _("External linking"),
                    _("CTA placement"),
                    _("Mobile optimization"),
                    _("Accessibility"),
                    _("Brand voice consistency"),
                ),
            ),
            Field("review_process", _("Review"), "text", _("Who reads it before it goes out, and how soon.")),
        ),
    ),
    Field(
        "editorial_guidelines",
        _("Editorial guidelines"),
        "object",
        _("House rules for whoever writes."),
        fields=(
            Field(
                "tone",
                _("Tone"),
                "choices",
                options=(
                    _("Professional"),
                    _("Conversational"),
                    _("Friendly"),
                    _("Authoritative"),
                    _("Educational"),
                    _("Inspirational"),
                    _("Humorous"),
                    _("Technical"),
                ),
            ),
            Field("style_guide", _("Style guide"), "text", _("“Chicago, with our own word list”, or a link to it.")),
            Field("formatting_rules", _("Formatting"), "text", _("“A heading every 300 words, no exclamation marks”.")),
            Field("citation_requirements", _("Sources"), "text", _("“Every figure links to where it comes from”.")),
            Field("image_guidelines", _("Images"), "text", _("“Our own photographs, with a description”.")),
            Field(
                "language_preferences",
                _("Language"),
                "choices",
                _("Tick one, or name yours: “German, formal address”."),
                free_entry=True,
                options=(_("US English"), _("UK English"), _("Canadian English"), _("Australian English"), _("Other")),
            ),
            Field("prohibited_content", _("Not wanted"), "text", _("“No comparison with rivals by name”.")),
        ),
    ),
    Field(
        "brand_voice",
        _("Brand voice"),
        "object",
        _("How you sound when you are at your best. Pick one or two tones; the rest is for those who like detail."),
        required=True,
        fields=(
            Field(
                "tones",
                _("Tones"),
                "choices",
                required=True,
                options=(
                    _("Professional"),
                    _("Casual"),
                    _("Friendly"),
                    _("Authoritative"),
                    _("Humorous"),
                    _("Inspirational"),
                    _("Educational"),
                ),
            ),
            Field("personality_traits", _("Traits"), "texts", _("If the brand were a person: “Patient”, “Dry wit”.")),
            Field(
                "key_messages", _("Key messages"), "texts", _("What people should remember, one message on each line.")
            ),
            Field("dos", _("Do"), "texts", _("“Name prices openly”.")),
            Field("donts", _("Don't"), "texts", _("“Never promise a date we can't keep”.")),
        ),
    ),
)
