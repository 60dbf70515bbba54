"""The fields that say what is measured today, and what it should bring."""

from django.utils.translation import gettext_noop as _

from .fields import Field, share

# A return can be negative (money lost), but not by more than everything; upwards it is generous, since a newsletter
# that costs next to nothing does return a hundredfold.
LEAST_RETURN = -100
GREATEST_RETURN = 100_000


def _return(id: str, label: str, help: str = "") -> Field:
    return Field(id, label, "percent", help, unit="%", min=LEAST_RETURN, max=GREATEST_RETURN)


PERFORMANCE = (
    Field(
        "traffic_sources",
        _("Traffic sources"),
        "choices",
        _("Where your visitors come from today, the largest first."),
        options=(
            _("Organic Search"),
            _("Social Media"),
            _("Email Marketing"),
            _("Direct Traffic"),
            _("Referral Traffic"),
            _("Paid Advertising"),
        ),
    ),
    Field(
        "conversion_rates",
        _("Conversion rates"),
        "object",
        _("Of 100 visitors, how many take each step? Leave out what you don't measure."),
        fields=(
            share("email_signup", _("E-mail sign-up")),
            share("lead_generation", _("Enquiry")),
            share("content_download", _("Download")),
            share("purchase", _("Purchase")),
            share("newsletter_subscription", _("Newsletter subscription")),
        ),
    ),
    Field(
        "content_roi_targets",
        _("Return you aim for"),
        "object",
        _("What the money spent on content should bring back. 100% means it came back once more."),
        fields=(
            _return("traffic_roi", _("From traffic")),
            _return("lead_roi", _("From enquiries")),
            _return("revenue_roi", _("From revenue")),
            _return("engagement_roi", _("From engagement")),
            Field(
                "measurement_period",
                _("Measured"),
                "choice",
                options=(_("Monthly"), _("Quarterly"), _("Semi-annually"), _("Annually")),
            ),
        ),
    ),
    Field(
        "ab_testing_capabilities",
        _("A/B tests"),
        "boolean",
        _("Can you show two versions of a page or subject line and count which does better?"),
    ),
)
