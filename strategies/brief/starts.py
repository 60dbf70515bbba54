"""
Starting templates: the optional fields filled in for five common aims, to be edited.

A template holds decisions (rhythm of the year, mix, house rules), never facts. Budget, team, traffic, rates and
rivals stay open, because forecasts rest on them and a figure nobody measured would be passed off as yours.
"""

import copy
from typing import Any

from django.utils.translation import gettext_noop as _

Brief = dict[str, Any]

_CHECKS = ["Grammar check", "Fact verification", "Brand voice consistency"]


def templates() -> dict[str, dict[str, Any]]:
    """Return ``{id: {label, description, brief}}``; the briefs are canonical, and copies to be changed at will."""
    return copy.deepcopy(_TEMPLATES)


def _mix(*, blog_posts: int, videos: int, social_media: int, email: int) -> dict[str, int]:
    rest = 100 - blog_posts - videos - social_media - email
    return {
        "blog_posts": blog_posts,
        "videos": videos,
        "social_media": social_media,
        "email": email,
        "other_formats": rest,
    }


def _journey(awareness: str, consideration: str, decision: str, retention: str) -> dict[str, str]:
    return {"awareness": awareness, "consideration": consideration, "decision": decision, "retention": retention}


_GROWTH: Brief = {
    "implementation_timeline": "1 year",
    "competitive_position": "Challenger",
    "consumption_patterns": {
        "primary_channels": ["Website", "Blog", "Newsletter"],
        "preferred_times": ["9–11 o'clock", "12–14 o'clock"],
        "device_preference": ["Desktop", "Mobile"],
        "content_length_preference": "Medium 5–10 min",
    },
    "buying_journey": _journey(
        "Searches for a problem and lands on an article that solves part of it",
        "Reads two or three more and takes the newsletter",
        "Starts a trial or asks for an offer from an article with a worked example",
        "Gets one useful tip a week and tells a colleague",
    ),
    "seasonal_trends": ["Q1 Planning", "Summer Slowdown"],
    "content_mix": _mix(blog_posts=45, videos=15, social_media=15, email=20),
    "optimal_timing": {"slots": ["Tuesday Midday", "Wednesday Afternoon"], "timezone": ""},
    "quality_metrics": {
        "readability_score": 60,
        "word_count_range": "1,000–1,800",
        "quality_checklist": [*_CHECKS, "SEO optimization", "Internal linking", "CTA placement"],
        "review_process": "A second person reads every article before it goes out.",
    },
    "editorial_guidelines": {
        "tone": ["Educational", "Conversational"],
        "formatting_rules": "The answer in the first paragraph, a subheading every 300 words.",
        "citation_requirements": "Every figure links to its source.",
    },
    "traffic_sources": ["Organic Search", "Email Marketing", "Referral Traffic"],
    "content_roi_targets": {"measurement_period": "Quarterly"},
}

_BRAND: Brief = {
    "implementation_timeline": "2 years",
    "consumption_patterns": {
        "primary_channels": ["Social Media", "YouTube", "Podcast"],
        "preferred_times": ["17–19 o'clock", "19–22 o'clock"],
        "device_preference": ["Mobile"],
        "content_length_preference": "Variable",
    },
    "buying_journey": _journey(
        "Sees a story about people like themselves, shared by somebody they know",
        "Looks at who is behind it and what else they stand for",
        "Buys where the name is already familiar",
        "Feels part of it: is asked, quoted and thanked",
    ),
    "seasonal_trends": ["Holiday Season", "Back to School"],
    "content_mix": _mix(blog_posts=20, videos=35, social_media=30, email=10),
    "optimal_timing": {"slots": ["Thursday Evening", "Weekend"], "timezone": ""},
    "quality_metrics": {
        "word_count_range": "500–900",
        "quality_checklist": [*_CHECKS, "Visual elements", "Accessibility"],
        "review_process": "Whoever guards the brand sees every piece with pictures first.",
    },
    "editorial_guidelines": {
        "tone": ["Inspirational", "Friendly"],
        "style_guide": "First person plural, active verbs, no jargon.",
        "image_guidelines": "Real people and places, each picture with a description.",
    },
    "traffic_sources": ["Social Media", "Direct Traffic", "Referral Traffic"],
    "content_roi_targets": {"measurement_period": "Semi-annually"},
}

_SALES: Brief = {
    "implementation_timeline": "6 months",
    "consumption_patterns": {
        "primary_channels": ["Email", "Website"],
        "preferred_times": ["9–11 o'clock", "14–16 o'clock"],
        "device_preference": ["Desktop"],
        "content_length_preference": "Short 1–3 min",
    },
    "buying_journey": _journey(
        "Is reminded of what the problem costs each month",
        "Compares offers in a table that names the drawbacks too",
        "Reads how a similar customer did it, then talks to a person",
        "Hears from us before the contract runs out, with a result to show",
    ),
    "seasonal_trends": ["Q1 Planning", "Q4 Review"],
    "content_mix": _mix(blog_posts=25, videos=15, social_media=10, email=30),
    "optimal_timing": {"slots": ["Monday Morning", "Tuesday Midday"], "timezone": ""},
    "quality_metrics": {
        "readability_score": 60,
        "word_count_range": "600–1,200",
        "quality_checklist": [*_CHECKS, "CTA placement", "Mobile optimization"],
        "review_process": "Someone from sales checks every claim and every price.",
    },
    "editorial_guidelines": {
        "tone": ["Professional", "Authoritative"],
        "formatting_rules": "One request to the reader on each page, never two.",
        "citation_requirements": "Customer results with name and date, or not at all.",
        "prohibited_content": "Discounts that are not in the price list.",
    },
    "traffic_sources": ["Email Marketing", "Paid Advertising", "Organic Search"],
    "content_roi_targets": {"measurement_period": "Monthly"},
}

_NICHE: Brief = {
    "implementation_timeline": "1 year",
    "competitive_position": "Niche Player",
    "consumption_patterns": {
        "primary_channels": ["Website", "Newsletter", "Podcast"],
        "preferred_times": ["6–9 o'clock", "12–14 o'clock"],
        "device_preference": ["Desktop", "Tablet"],
        "content_length_preference": "Long 10+ min",
    },
    "buying_journey": _journey(
        "Finds the only thorough answer to a rare question",
        "Checks whether the author has done the work with their own hands",
        "Asks a hard question and gets a straight answer",
        "Comes back for the yearly reference and sends corrections",
    ),
    "content_mix": _mix(blog_posts=35, videos=10, social_media=10, email=15),
    "optimal_timing": {"slots": ["Wednesday Afternoon", "Friday Morning"], "timezone": ""},
    "quality_metrics": {
        "readability_score": 45,
        "word_count_range": "1,500–3,000",
        "quality_checklist": [*_CHECKS, "External linking", "Visual elements"],
        "review_process": "A practitioner from outside reads it before the editor does.",
    },
    "editorial_guidelines": {
        "tone": ["Technical", "Authoritative"],
        "style_guide": "The terms of the trade, each explained once.",
        "citation_requirements": "Standards, laws and studies with number and year.",
    },
    "traffic_sources": ["Organic Search", "Referral Traffic", "Direct Traffic"],
    "content_roi_targets": {"measurement_period": "Annually"},
}

_REPURPOSING: Brief = {
    "implementation_timeline": "6 months",
    "consumption_patterns": {
        "primary_channels": ["Blog", "Newsletter", "Social Media", "YouTube"],
        "preferred_times": ["12–14 o'clock", "19–22 o'clock"],
        "device_preference": ["Mobile", "Desktop"],
        "content_length_preference": "Variable",
    },
    "buying_journey": _journey(
        "Meets one idea in a short clip or post",
        "Follows it to the long piece it was cut from",
        "Finds the same answer in the mail, at the moment it is needed",
        "Gets last year's best pieces again, brought up to date",
    ),
    "seasonal_trends": ["Q4 Review", "Summer Slowdown"],
    "content_mix": _mix(blog_posts=20, videos=25, social_media=30, email=20),
    "optimal_timing": {"slots": ["Monday Morning", "Thursday Evening"], "timezone": ""},
    "quality_metrics": {
        "word_count_range": "300–900",
        "quality_checklist": [*_CHECKS, "Internal linking", "Mobile optimization"],
        "review_process": "Facts are checked in the source piece once, the cut for sense each time.",
    },
    "editorial_guidelines": {
        "tone": ["Conversational", "Educational"],
        "formatting_rules": "Every piece names and links the one it was made from.",
        "image_guidelines": "Made once in the largest size, cropped for each channel.",
    },
    "traffic_sources": ["Social Media", "Organic Search", "Email Marketing"],
    "content_roi_targets": {"measurement_period": "Quarterly"},
}

_TEMPLATES: dict[str, dict[str, Any]] = {
    "growth": {
        "label": _("Growth"),
        "description": _("More of the right visitors through search, and a newsletter that keeps them."),
        "brief": _GROWTH,
    },
    "brand": {
        "label": _("Brand"),
        "description": _("A name people recognise and like, through stories, pictures and video."),
        "brief": _BRAND,
    },
    "sales": {
        "label": _("Sales"),
        "description": _("Material that helps people decide: comparisons, proof and timely mail."),
        "brief": _SALES,
    },
    "niche": {
        "label": _("Niche"),
        "description": _("The best source on a narrow subject: few pieces, deep and well checked."),
        "brief": _NICHE,
    },
    "repurposing": {
        "label": _("Repurposing"),
        "description": _("Each good piece becomes five: a small team's way to be present everywhere."),
        "brief": _REPURPOSING,
    },
}
