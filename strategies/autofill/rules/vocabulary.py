"""The words by which rules know a field, an option, a unit. The options themselves come from the brief's registry."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from strategies.autofill.places import PLACES, Place
from strategies.brief import Field

# How people call a field where a text has labels, beside the label that the form has.
_LABELS: Final[Mapping[str, str]] = {
    "name": "project|project name|projekt|projektname|strategy|strategie",
    "industry": "sector|trade|branche|industrie|market|markt",
    "timeline_months": "months to plan|planning period",
    "business_objectives": "objectives|objective|goals|goal|business goals|aims|ziele|ziel|"
    "geschäftsziele|unternehmensziele",
    "target_metrics.primary_metric": "primary metric|main kpi|kpi|north star|north star metric|success metric|kennzahl"
    "|hauptkennzahl|wichtigste kennzahl",
    "target_metrics.target_value": "target value|zielwert|kpi target",
    "target_metrics.secondary_metrics": "secondary metrics|other metrics|weitere kennzahlen",
    "content_budget": "budget|monthly budget|monthly content budget|marketing budget|monatsbudget|monatliches budget|etat"
    "|budget pro monat|budget per month",
    "team_size": "team|team size|content team|people|teamgröße|mitarbeiter|mitarbeitende|leute",
    "implementation_timeline": "time frame|timeframe|duration|horizon|zeitraum|zeitplan|laufzeit|zeithorizont",
    "market_share": "marktanteil",
    "competitive_position": "market position|position|marktposition|wettbewerbsposition",
    "performance_metrics.traffic": "traffic|website traffic|visits|monthly visits|monthly visitors|visits per month"
    "|visitors|visitors per month|besuche|besucher|besuche pro monat|besucher pro monat",
    "performance_metrics.conversion_rate": "conversion|conversions|konversionsrate|conversion rate",
    "performance_metrics.bounce_rate": "absprungrate",
    "content_preferences": "audience likes|audience prefers|our audience likes|content preferences|preferred content"
    "|zielgruppe mag|bevorzugte inhalte",
    "consumption_patterns.primary_channels": "channels|our channels|kanäle|unsere kanäle",
    "consumption_patterns.device_preference": "devices|geräte",
    "audience_pain_points": "pain points|pains|customer problems|problems|challenges|audience problems|probleme"
    "|schmerzpunkte|herausforderungen|sorgen der kunden",
    "seasonal_trends": "seasonality|peak seasons|saison|saisonen|hochsaison",
    "engagement_metrics.click_through_rate": "ctr|click through rate|klickrate",
    "top_competitors.name": "competitors|competitor|competition|main competitors|top competitors|rivals|wettbewerber"
    "|konkurrenten|konkurrenz|mitbewerber|alternatives",
    "market_gaps.gap_description": "gaps|market gaps|gap|marktlücken|lücken|marktlücke",
    "industry_trends.trend_name": "trends|industry trends|branchentrends",
    "emerging_trends.trend_name": "emerging trends|neue trends",
    "preferred_formats": "formats|our formats|content formats|we publish|we make|formate|unsere formate|inhalte",
    "content_frequency": "frequency|publishing frequency|cadence|rhythm|we publish every|häufigkeit|rhythmus"
    "|veröffentlichungsrhythmus|frequenz",
    "optimal_timing.slots": "best times|publishing times|beste zeiten",
    "optimal_timing.timezone": "timezone|zeitzone",
    "editorial_guidelines.style_guide": "stilrichtlinie",
    "editorial_guidelines.prohibited_content": "taboo|taboos|avoid|no-gos|tabu|tabus|nicht erwünscht",
    "editorial_guidelines.language_preferences": "language|languages|sprache|sprachen",
    "brand_voice.tones": "tone|tone of voice|voice|brand voice|tonalität|ton|ansprache",
    "brand_voice.personality_traits": "personality|brand personality|persönlichkeit",
    "brand_voice.key_messages": "key message|messages|core messages|botschaften|kernbotschaften",
    "traffic_sources": "visitors come from|sources of traffic|besucherquellen",
    "ab_testing_capabilities": "a/b testing|a/b test|ab testing|ab tests",
}

# What people say for an option. An option's own words are known without this.
_OPTIONS: Final[Mapping[str, str]] = {
    "Blog Posts": r"blog(?:s|ging|posts?|beitr[aä]ge?n?|artikeln?)?|articles?|artikeln?",
    "Videos": r"videos?|reels|clips",
    "Infographics": r"infographics?|infografiken?",
    "Podcasts": r"podcasts?",
    "Webinars": r"webinars?|webinaren?",
    "Case Studies": r"case stud(?:y|ies)|fallstudien?|success stor(?:y|ies)|referenzberichten?",
    "Whitepapers": r"white ?papers?|e-?books?",
    "Social Media Posts": r"social media(?: posts?)?|social posts|instagram|linkedin posts|tiktok|facebook posts",
    "Social Media": r"social media|soziale[nr]? (?:medien|netzwerken?)|instagram|tiktok|facebook|linkedin",
    "Email Newsletters": r"newsletters?|e-?mail newsletters?|rundbriefe?",
    "Interactive Content": r"interactive content|quiz(?:zes)?|calculators?|rechner",
    "Email": r"e-?mails?",
    "Newsletter": r"newsletters?",
    "Website": r"web ?sites?|webseiten?",
    "Blog": r"blogs?",
    "Podcast": r"podcasts?",
    "YouTube": r"youtube",
    "Mobile": r"mobile|phones?|smartphones?|handys?",
    "Lack of Time": r"lack of time|(?:no|not enough|too little|have no|short on) time|zeitmangel|"
    r"(?:keine|kaum|zu wenig) zeit",
    "Information Overload": r"information overload|too much information|informationsflut",
    "Budget Constraints": r"budget constraints|(?:tight|small|limited) budgets?|"
    r"knappe[sn]? budgets?|zu teuer|too expensive",
    "Technical Complexity": r"technical complexity|too (?:complex|technical|complicated)|"
    r"zu (?:kompliziert|technisch|komplex)",
    "Decision Paralysis": r"decision paralysis|too many (?:choices|options)|zu viel auswahl",
    "Quality Concerns": r"quality concerns|worr\w+ about (?:the )?quality|zweifel an der qualität",
    "Holiday Season": r"holiday season|christmas|weihnachten|weihnachtszeit|advent",
    "Back to School": r"back to school|schulanfang|schulbeginn",
    "Summer Slowdown": r"summer slowdown|(?:summer|sommer)(?:loch|flaute| lull)",
    "Daily": r"daily|every day|each day|täglich|jeden tag",
    "2-3 times per week": r"(?:two|three|2|3|2-3|two or three|two to three) times (?:a|per) week|twice a week"
    r"|(?:zwei|drei|2|3)[- ]?mal (?:pro|die|in der) woche",
    "Weekly": r"weekly|every week|once a week|each week|wöchentlich|jede woche|einmal (?:pro|die|in der) woche",
    "Bi-weekly": r"bi-?weekly|fortnightly|every (?:two|other|second) weeks?|alle zwei wochen|zweiwöchentlich|14-tägig",
    "Monthly": r"monthly|once a month|every month|each month|monatlich|jeden monat|einmal (?:pro|im) monat",
    "Quarterly": r"quarterly|every quarter|once a quarter|vierteljährlich|pro quartal|jedes quartal",
    "3 months": r"(?:3|three|drei) (?:months|monaten?)|(?:a|one|next) quarter|ein(?:em)? quartal|quarter of a year",
    "6 months": r"(?:6|six|sechs) (?:months|monaten?)|half a year|halbe[ns]? jahr|halbjahr",
    "1 year": r"(?:12|twelve|zwölf) (?:months|monaten?)|(?:1|one|a|next|coming|ein(?:em)?|"
    r"nächste[ns]|kommenden) (?:year|jahr)",
    "2 years": r"(?:24) (?:months|monaten?)|(?:2|two|zwei) (?:years|jahren?)",
    "Market Leader": r"market leaders?|marktführer(?:in)?",
    "Challenger": r"challengers?|herausforderer(?:in)?",
    "Follower": r"market followers?",
    "Niche Player": r"niche (?:player|provider|supplier|maker|shop|specialist)s?|nischenanbieter(?:in)?",
    "Professional": r"professional|sachlich|professionell|seriös",
    "Casual": r"casual|relaxed|easy-?going|locker|ungezwungen",
    "Friendly": r"friendly|warm|freundlich|herzlich",
    "Authoritative": r"authoritative|expert|kompetent|fachkundig",
    "Humorous": r"humorous|humou?r|funny|witty|humorvoll|witzig",
    "Inspirational": r"inspirational|inspiring|inspirierend",
    "Educational": r"educational|informative|instructive|lehrreich|informativ",
    "Conversational": r"conversational|im gespräch",
    "Technical": r"technical|technisch",
    "Organic Search": r"organic search|search engines?|google|seo|suche|suchmaschinen?",
    "Email Marketing": r"e-?mail(?: marketing)?|newsletters?",
    "Direct Traffic": r"direct(?:ly| traffic)?|direkt(?:e zugriffe)?",
    "Referral Traffic": r"referrals?(?: traffic)?|links from other sites|verweise|verlinkungen",
    "Paid Advertising": r"paid (?:advertising|ads|search)|ads|advertising|anzeigen|werbung",
    "Lead generation": r"lead generation|leads|leadgenerierung",
    "Conversion rate": r"conversion rate|konversionsrate",
    "Brand awareness": r"brand awareness|markenbekanntheit|bekanntheit",
    "Customer retention": r"customer retention|kundenbindung",
    "Revenue": r"revenue|sales|umsatz",
    "ROI": r"roi|return on investment",
}


@cache
def labels() -> dict[str, Place]:
    """Return the places by the labels they are known by; a label that may mean two of them means the first."""
    known: dict[str, Place] = {}
    for path, words in _LABELS.items():
        known |= dict.fromkeys(words.split("|"), PLACES[path])
    for place in PLACES.values():
        for label in (place.field.label.casefold(), place.field.id.replace("_", " ")):
            known.setdefault(label, _rows_by_name(place))
    for place in PLACES.values():
        if place.in_rows and place.field.id == place.key:
            known.setdefault(place.whole.label.casefold(), place)
    return known


def _rows_by_name(place: Place) -> Place:
    return place if not place.in_rows else PLACES[f"{place.whole.id}.{place.key}"]


@cache
def options(field: Field) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return a field's options, each with the pattern of what people say for it."""
    return tuple((option, _pattern(option)) for option in field.options)


def _pattern(option: str) -> re.Pattern[str]:
    own = re.escape(option).replace(r"\ ", r"\s+")
    said = _OPTIONS.get(option)
    return re.compile(rf"(?<!\w)(?:{f'{own}|{said}' if said else own})(?!\w)", re.IGNORECASE)


def chosen(field: Field, text: str) -> list[str]:
    """Return the options that a text names, in its order. Where one name lies in another, the longer one is meant."""
    spans = [(found.start(), found.end(), option) for option, said in options(field) for found in said.finditer(text)]
    whole = [
        span
        for span in spans
        if not any(other[0] <= span[0] and span[1] <= other[1] and other[:2] != span[:2] for other in spans)
    ]
    return list(dict.fromkeys(option for _, _, option in sorted(whole)))
