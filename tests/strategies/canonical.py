"""Briefs to test with: the three real ones, the shortest that is accepted, and one with every field."""

import asyncio
import copy
import json
from pathlib import Path
from typing import Any

from strategies import arithmetic, brief, document, sections
from strategies.engines import Material
from strategies.engines.offline import Offline

FOLDER = Path(__file__).parents[1] / "briefs"
REAL = ("analytics-saas", "bakery", "pumpen")

SHORTEST: dict[str, Any] = {
    "name": "Ferry to the islands",
    "industry": "Passenger shipping",
    "brief": {
        "business_objectives": ["Fill the early ferry"],
        "target_metrics": {"primary_metric": "Seats sold"},
        "content_preferences": ["Videos"],
        "audience_pain_points": ["Decision Paralysis"],
        "top_competitors": [{"name": "The bridge"}],
        "preferred_formats": ["Videos"],
        "content_frequency": "Quarterly",
        "brand_voice": {"tones": ["Friendly"]},
    },
}

FULL: dict[str, Any] = {
    "name": "Refill stations",
    "industry": "Household goods",
    "timeline_months": 18,
    "max_content_pieces": 120,
    "brief": {
        "business_objectives": ["Open 40 refill stations in supermarkets", "Halve the plastic of each litre sold"],
        "target_metrics": {
            "primary_metric": "Refill orders per week",
            "target_value": 300,
            "secondary_metrics": ["Engagement rate", "Customer retention", "Revenue"],
        },
        "content_budget": {"amount": 4200, "currency": "EUR"},
        "team_size": 3,
        "implementation_timeline": "2 years",
        "market_share": 6,
        "competitive_position": "Follower",
        "performance_metrics": {
            "traffic": 31000,
            "conversion_rate": 1.9,
            "bounce_rate": 61,
            "avg_session_duration": 74,
        },
        "content_preferences": ["Videos", "Infographics", "Blog Posts"],
        "consumption_patterns": {
            "primary_channels": ["YouTube", "Newsletter"],
            "preferred_times": ["19–22 o'clock"],
            "device_preference": ["Mobile", "Tablet"],
            "content_length_preference": "Short 1–3 min",
        },
        "audience_pain_points": ["Quality Concerns", "Nobody tells me where the next station is"],
        "buying_journey": {
            "awareness": "Carries out a bag of empty bottles",
            "consideration": "Compares the price of a litre",
            "decision": "Sees a station beside the till",
            "retention": "Comes back with the same bottle",
        },
        "seasonal_trends": ["Back to School", "Summer Slowdown", "Spring cleaning"],
        "engagement_metrics": {
            "likes": 42,
            "shares": 7,
            "comments": 3,
            "click_through_rate": 2.2,
            "time_on_page": 51,
            "engagement_rate": 3.4,
        },
        "top_competitors": [
            {
                "name": "Froschteich",
                "website": "https://froschteich.example",
                "strength": "In every supermarket",
                "weakness": "New plastic for each litre",
            },
            {"name": "Kernseifenwerk", "strength": "Cheapest litre", "weakness": "Smells of nothing"},
        ],
        "competitor_content_strategies": {
            "content_types": ["Videos", "Social Media"],
            "publishing_frequency": "Daily",
            "content_themes": ["Entertainment"],
            "distribution_channels": ["YouTube", "Facebook"],
            "engagement_approach": "Prizes for the funniest bottle",
        },
        "market_gaps": [
            {
                "gap_description": "No list of refill stations by postcode",
                "opportunity": "Be the map that town councils link to",
                "target_audience": "Town councils",
                "priority": "Medium",
            }
        ],
        "industry_trends": [
            {
                "trend_name": "Deposit on detergent bottles",
                "description": "Two states have announced it",
                "impact": "High",
                "relevance": "A station needs no deposit",
            }
        ],
        "emerging_trends": [
            {
                "trend_name": "Solid detergent",
                "description": "Sheets instead of liquid",
                "growth_potential": "High",
                "early_adoption_benefit": "First test in the language",
            }
        ],
        "preferred_formats": ["Videos", "Blog Posts", "Email Newsletters"],
        "content_mix": {"blog_posts": 40, "videos": 35, "social_media": 5, "email": 15, "other_formats": 5},
        "content_frequency": "Bi-weekly",
        "optimal_timing": {"slots": ["Thursday Evening"], "timezone": "Europe/Vienna"},
        "quality_metrics": {
            "readability_score": 65,
            "word_count_range": "600–900",
            "seo_score": 80,
            "engagement_threshold": 5,
            "quality_checklist": ["Grammar check", "Accessibility"],
            "review_process": "The chemist reads every claim",
        },
        "editorial_guidelines": {
            "tone": ["Conversational"],
            "style_guide": "Short sentences, no capitals",
            "formatting_rules": "A picture before the first scroll",
            "citation_requirements": "Every litre with its source",
            "image_guidelines": "Real kitchens",
            "language_preferences": ["UK English"],
            "prohibited_content": "No words like eco or green",
        },
        "brand_voice": {
            "tones": ["Casual", "Educational"],
            "personality_traits": ["Patient"],
            "key_messages": ["One bottle is enough"],
            "dos": ["Show the price"],
            "donts": ["Never shame anybody"],
        },
        "traffic_sources": ["Social Media", "Direct Traffic"],
        "conversion_rates": {
            "email_signup": 1.7,
            "lead_generation": 0.6,
            "content_download": 0.9,
            "purchase": 1.3,
            "newsletter_subscription": 1.1,
        },
        "content_roi_targets": {
            "traffic_roi": 20,
            "lead_roi": 90,
            "revenue_roi": 150,
            "engagement_roi": 35,
            "measurement_period": "Semi-annually",
        },
        "ab_testing_capabilities": False,
    },
}


# Another answer for each field of the full brief.
OTHER_ANSWERS: dict[str, Any] = {
    "business_objectives": ["Open 41 refill stations in supermarkets", "Halve the plastic of each litre sold"],
    "target_metrics": {"primary_metric": "Refill orders per week", "target_value": 310},
    "content_budget": {"amount": 4300, "currency": "EUR"},
    "team_size": 1,
    "implementation_timeline": "1 year",
    "market_share": 7,
    "competitive_position": "Challenger",
    "performance_metrics": {"traffic": 31100, "conversion_rate": 1.9, "bounce_rate": 61, "avg_session_duration": 74},
    "content_preferences": ["Videos", "Blog Posts"],
    "consumption_patterns": {"device_preference": ["Smart TV"]},
    "audience_pain_points": ["Quality Concerns", "Nobody tells me where the last station is"],
    "buying_journey": {"decision": "Sees a station at the exit"},
    "seasonal_trends": ["Holiday Season"],
    "engagement_metrics": {"likes": 43, "engagement_rate": 3.4},
    "top_competitors": [
        {"name": "Seifenfabrik", "strength": "In every supermarket", "weakness": "New plastic each time"}
    ],
    "competitor_content_strategies": {"content_types": ["Podcasts"], "publishing_frequency": "Monthly"},
    "market_gaps": [{"gap_description": "No price list for refills"}],
    "industry_trends": [{"trend_name": "Ban of sachets", "impact": "Low"}],
    "emerging_trends": [{"trend_name": "Bottles on loan", "growth_potential": "Unknown"}],
    "preferred_formats": ["Videos", "Blog Posts"],
    "content_mix": {"blog_posts": 50, "videos": 50},
    "content_frequency": "Monthly",
    "optimal_timing": {"slots": ["Weekend"], "timezone": ""},
    "quality_metrics": {"readability_score": 70},
    "editorial_guidelines": {"prohibited_content": "No word of plastic"},
    "brand_voice": {"tones": ["Humorous"]},
    "traffic_sources": ["Paid Advertising"],
    "conversion_rates": {"purchase": 1.4},
    "content_roi_targets": {"lead_roi": 95},
    "ab_testing_capabilities": True,
}


def request(name: str) -> dict[str, Any]:
    """Return one of the requests, fresh: a real one by its file, or ``shortest`` or ``full``."""
    if name in REAL:
        loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
        return loaded
    return copy.deepcopy({"shortest": SHORTEST, "full": FULL}[name])


def material(asked: dict[str, Any]) -> Material:
    """Return what an engine gets to know for a request."""
    cleaned = brief.clean_strategy(asked)
    foundation = arithmetic.found(
        cleaned.brief, timeline_months=cleaned.timeline_months, max_content_pieces=cleaned.max_content_pieces
    )
    return Material(
        name=cleaned.name,
        industry=cleaned.industry,
        brief=cleaned.brief,
        timeline_months=cleaned.timeline_months,
        max_content_pieces=cleaned.max_content_pieces,
        foundation=foundation,
    )


def write(given: Material) -> dict[str, dict[str, Any]]:
    """Return the sections that the offline engine makes of it."""

    async def run() -> dict[str, dict[str, Any]]:
        written = {}
        for key in sections.KEYS:
            answer = await Offline().write(key, given)
            written[key] = sections.compose(key, answer.draft, given)
        return written

    return asyncio.run(run())


def made(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the finished document for a request."""
    given = material(asked)
    return document.compile(given, write(given), {})
