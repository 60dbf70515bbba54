"""Sentences that say something by the usual words: "we publish every week", "we compete with Matomo and Fathom"."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from strategies.autofill.places import PLACES
from strategies.autofill.quotes import WORDS
from strategies.autofill.rules import figures, vocabulary
from strategies.autofill.rules.labels import Finding, finding

# Not behind an abbreviation: a single letter, or one of these.
_SHORT: Final = "".join(
    rf"(?<!\b{word}\.)" for word in (r"\w", "ca", "approx", "Nr", "No", "Inc", "vs", "Mr", "Mrs", "Dr")
)
_END: Final = re.compile(_SHORT + r"(?:(?<=[.!?])|(?<=[.!?][“\"]))\s+(?=[\"'„“A-ZÄÖÜ0-9])")


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_N, _C = figures.NUMBER, figures.COUNT
_MONTH = r"(?:(?:a|per|each|every|pro|im|je)\s|/\s?)(?:month|monat)"
_VISITS = r"(?:unique |website )?(?:visits|visitors|sessions|besuchen?|besucher\w*|zugriffen?)"

# A figure beside the words that say what it counts; the group is the figure.
_COUNTS: Final = (
    ("performance_metrics.traffic", _re(rf"({_N})\s+{_VISITS}\s+{_MONTH}")),
    ("performance_metrics.traffic", _re(rf"({_N})\s+(?:monthly|monatliche\w*)\s+{_VISITS}")),
    ("performance_metrics.traffic", _re(rf"{_MONTH}\s(?:[\w ]{{0,20}}\s)?({_N})\s+{_VISITS}")),
    ("team_size", _re(rf"team (?:of|von|aus|with) ({_C})(?!\w)")),
    ("team_size", _re(rf"({_C}) (?:people|persons|writers|editors|leute|personen|redakteur\w*)[^.]{{0,30}}\bteam\b")),
    ("team_size", _re(rf"\bteam\b[^.\d]{{0,30}}\b({_C}) (?:people|persons|writers|editors|leute|personen|köpfen?)")),
)

# A percentage no further than this from the words that say of what.
_NEAR = r"[^.;:%\d]{0,25}?"
_RATES: Final = (
    ("performance_metrics.conversion_rate", r"(?:conversion[- ]rate|konversionsrate)"),
    ("performance_metrics.bounce_rate", r"(?:bounce rate|absprungrate)"),
    ("market_share", r"(?:market share|share of the market|marktanteil)"),
    ("engagement_metrics.engagement_rate", r"(?:engagement rate|interaktionsrate)"),
    ("engagement_metrics.click_through_rate", r"(?:click[- ]through rate|ctr|klickrate)"),
)

_MAKE = (
    r"\b(?:we|wir|our|unsere?r?)\b.{0,40}\b(?:publish|post|write|make|produce|record|release|send|veröffentlichen|schreiben|"
    r"produzieren|posten|drehen|verschicken|machen)\b"
)
_THEY = (
    r"\b(?:audience|readers?|customers?|buyers?|visitors?|users?|clients?|kund(?:en|innen)|"
    r"leser(?:innen)?|zielgruppe)\b"
)
_LIKE = r"\b(?:like|love|prefer|enjoy|watch|read|listen|want|mögen|mag|lieben|bevorzugen|lesen|schauen|hören)\b"

# Options that a sentence names, where it has the words that make it a sentence about this.
_OPTIONS: Final = (
    ("content_frequency", _re(_MAKE)),
    ("preferred_formats", _re(_MAKE)),
    ("content_preferences", _re(rf"{_THEY}.{{0,40}}{_LIKE}")),
    ("brand_voice.tones", _re(r"\b(?:tone|voice|sound|tonfall|tonalität|ansprache|klingen)\b")),
    ("audience_pain_points", _re(rf"{_THEY}|\b(?:struggle|suffer|problem|pain|leiden)\w*")),
    ("seasonal_trends", _re(r"\b(?:season\w*|demand|peak|busy|busiest|saison\w*|nachfrage|hochbetrieb)\b")),
    (
        "traffic_sources",
        _re(r"\b(?:traffic|visitors|visits|besucher\w*|zugriffe)\b.{0,40}\b(?:from|through|via|über|aus)\b"),
    ),
    ("competitive_position", _re(r"\b(?:we|wir|as|als)\b.{0,30}\b(?:are|sind|is|ist|the|the|a|der|die|ein)\b")),
    (
        "implementation_timeline",
        _re(r"\b(?:within|over the|in the next|plan for|innerhalb|in den nächsten|binnen|im nächsten)\b"),
    ),
)
_ONE: Final = ("content_frequency", "competitive_position", "implementation_timeline")

_NAMES: Final = (
    _re(
        r"\b(?:competitors?|rivals?|competition)\b[^.:]{0,30}?\b(?:are|is|include|including|such as|"
        r"like)[: ]+(?P<names>.+)"
    ),
    _re(r"\b(?:compete|competing|up) (?:with|against)\s+(?P<names>.+)"),
    _re(r"\balternatives? to\s+(?P<names>.+)"),
    _re(
        r"\b(?:wettbewerber\w*|konkurrent\w*|konkurrenz|mitbewerber\w*)\b[^.:]{0,30}?\b(?:sind|ist|"
        r"heißen|wie)[: ]+(?P<names>.+)"
    ),
    _re(r"\b(?:im wettbewerb mit|konkurrieren mit)\s+(?P<names>.+)"),
)
_VERSUS: Final = re.compile(r"\b[A-Z][\w.]*(?: [A-Z][\w.]*){0,3} vs\.? (?P<names>[A-Z][\w.]*(?: [A-Z][\w.]*){0,3})")
_AIMS: Final = (
    _re(
        r"\b(?:our|the) (?:main |first |second |biggest |business |other )?(?:goal|objective|"
        r"aim)s? (?:is|are) (?:to )?(?P<aim>[^.!?]{8,300})"
    ),
    _re(r"\bwe (?:want|aim|plan|intend|hope|need) to (?P<aim>[^.!?]{8,300})"),
    _re(r"\bunser(?:e)? (?:ziel|hauptziel|ziele) (?:ist|sind)(?: es)?,? (?P<aim>[^.!?]{8,300})"),
    _re(r"\bwir (?:wollen|möchten|planen) (?P<aim>[^.!?]{8,300})"),
)
_BUDGET: Final = _re(r"\b\w*(?:budget|spend|etat|ausgeben)\w*\b")
_TESTS: Final = _re(r"\b(?P<no>no|not|never|can't|cannot|keine?|nicht)?\b[^.]{0,25}\ba/b[- ]?tests?(?:ing)?\b")


def find(text: str) -> list[Finding]:
    """Return what sentences say."""
    finders: tuple[Callable[[str], Iterator[Finding]], ...] = (
        _figures,
        _budget,
        _rates,
        _options,
        _names,
        _aims,
        _tests,
    )
    return [found for sentence in split(text) for finder in finders for found in finder(sentence)]


def split(text: str) -> list[str]:
    """Return the sentences of a text; a line never goes on in the next."""
    return [part.strip() for line in text.split("\n") for part in _END.split(line) if 3 <= len(part.strip()) <= 2_000]


def _found(path: str, value: str, sentence: str, confidence: str = "medium") -> Finding:
    return finding(PLACES[path], value, sentence, confidence)


def _figures(sentence: str) -> Iterator[Finding]:
    for path, pattern in _COUNTS:
        if said := pattern.search(sentence):
            figure = said[1].casefold()
            yield _found(path, str(WORDS[figure]) if figure in WORDS else figures.counted(said[1]), sentence)


def _budget(sentence: str) -> Iterator[Finding]:
    said = figures.MONEY.search(sentence) if _BUDGET.search(sentence) else None
    if said and not figures.OTHER_TIME.search(sentence):
        sure = "medium" if figures.MONTHLY.search(sentence) else "low"
        yield _found("content_budget", figures.amount(said[0]), sentence, sure)


def _rates(sentence: str) -> Iterator[Finding]:
    if "%" not in sentence and "ercent" not in sentence and "rozent" not in sentence:
        return
    percent = figures.PERCENT.pattern
    for path, words in _RATES:
        said = re.search(rf"{words}{_NEAR}({percent})", sentence, re.IGNORECASE) or re.search(
            rf"({percent})\s+{words}", sentence, re.IGNORECASE
        )
        if said:
            yield _found(path, figures.percentage(said[1]), sentence)


def _options(sentence: str) -> Iterator[Finding]:
    for path, about in _OPTIONS:
        if about.search(sentence):
            options = vocabulary.chosen(PLACES[path].field, sentence)
            yield from (_found(path, option, sentence) for option in options[: 1 if path in _ONE else 10])


def _names(sentence: str) -> Iterator[Finding]:
    for pattern in _NAMES:
        if said := pattern.search(sentence):
            yield from (_found("top_competitors.name", name, sentence) for name in figures.names(said["names"]))
    for said in _VERSUS.finditer(sentence):
        yield from (_found("top_competitors.name", name, sentence, "low") for name in figures.names(said["names"]))


def _aims(sentence: str) -> Iterator[Finding]:
    for pattern in _AIMS:
        if said := pattern.search(sentence):
            aim = said["aim"].strip(" ,;:")
            yield _found("business_objectives", aim[0].upper() + aim[1:], sentence)
            return


def _tests(sentence: str) -> Iterator[Finding]:
    if said := _TESTS.search(sentence):
        yield _found(
            "ab_testing_capabilities", "no" if said["no"] else "yes", sentence, "low" if said["no"] else "medium"
        )
