"""
What was stored in English, and what scripts say, in the reader's language.

Messages of jobs, summaries of steps and reasons of failures are stored as they were told. Those that this project says
itself are known again, with what stands in their braces; anything else is shown as it is. What may stand there follows
from the name in the braces, so that a sentence of somebody's is not taken for one of ours.
"""

import functools
import gettext as gettext_module
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.utils.dateformat import format as formatted
from django.utils.formats import get_format
from django.utils.translation import get_language, gettext, to_locale
from django.utils.translation import gettext_noop as _
from django.utils.translation.trans_real import DjangoTranslation
from django.views.i18n import JavaScriptCatalog

from strategies.brief.description import Tongue

# What the messages of jobs are, beside the summaries of steps.
STANDING = (
    _("Waiting for a worker."),
    _("At work."),
    _("The worker was lost; another goes on."),
    _("Its worker is stopping; another goes on."),
    _("Done."),
    _("Done, but for what is named."),
    _("Next: {step} …"),
    _("{step} …"),
)

NUMBER: Final = r"-?[0-9][0-9,.]*"
DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
# What may stand in braces, by the name in them; where it is not here, anything.
_HOLDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("after", "all", "amount", "before", "count", "dropped", "entries", "given", "have", "high"), NUMBER
    ),
    **dict.fromkeys(("hours", "kept", "known", "lacking", "length", "limit", "longest", "low", "month"), NUMBER),
    **dict.fromkeys(("months", "most", "needed", "now", "number", "position", "required", "score", "seconds"), NUMBER),
    **dict.fromkeys(("tokens", "total", "tries", "waiting", "workers"), NUMBER),
    **dict.fromkeys(("first", "last", "until"), DAY),
    "currency": "[A-Z]{3}",
    "period": "a (?:day|week|month|quarter|year)",
    "value": "“.*”|[0-9][0-9,]*",
    "level": "Very High|High|Medium|Low",
    "waits": "one figure waits|[0-9,]+ figures wait",
}
# Somebody's words, and what programs are called: shown as they are, also where they sound like ours.
_THEIRS: Final = frozenset(
    {"address", "currency", "draft", "instruction", "key", "model", "name", "own", "theme", "url", "value"}
)
# Several texts of ours in a row, by what stands between them.
_ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    "days": (", ", _(" and ")),
    "formats": (", ",),
    "members": (", ",),
    "names": (", ",),
    "options": ("; ",),
    "spans": ("; ", _(" to ")),
    "what": (" and ",),
}


class Theirs(str):
    """Somebody's own words: never taken for a text of ours, whatever they say."""

    __slots__ = ()


def told_row(row: str, separator: str) -> str:
    """Return several texts of ours that stand in a row in the reader's language."""
    return row if is_original() else _told_row(row, (separator,))


def told(text: str) -> str:
    """Return a stored sentence in the reader's language."""
    if not text or isinstance(text, Theirs) or is_original(language := _language()):
        return text
    return _told(text, language)


@functools.lru_cache(maxsize=4_096)
def _told(text: str, language: str) -> str:
    if text in _own(language):
        return gettext(text)
    for pattern, english in _patterns(language):
        if found := pattern.fullmatch(text):
            return gettext(english).format(**{name: _told_part(name, part) for name, part in found.groupdict().items()})
    return text


def _told_part(name: str, part: str) -> str:
    if name in _THEIRS:
        return part
    if name in _ROWS:
        return _told_row(part, _ROWS[name])
    if name == "figure":
        amount, _blank, unit = part.partition(" ")
        return f"{localised(amount)} {told(unit)}".rstrip()
    if re.fullmatch(NUMBER, part):
        return localised(part)
    return told_day(part) if re.fullmatch(DAY, part) else told(part)


def _told_row(row: str, separators: Iterable[str]) -> str:
    """Return several texts of ours that stand in a row; one that is not known stays, with those behind it."""
    if (known := _told_item(row)) is not None:
        return known
    for separator in separators:
        for cut in re.finditer(re.escape(separator), row):
            if (known := _told_item(row[: cut.start()])) is not None:
                return f"{known}{gettext(separator)}{_told_row(row[cut.end() :], separators)}"
    return row


def _told_item(text: str) -> str | None:
    """Return one of a row: a text of ours, one with a count behind it or in quotation marks, a day."""
    if re.fullmatch(DAY, text):
        return told_day(text)
    if quoted := re.fullmatch(r"“([^“”]+)”", text):
        return gettext("“…”").replace("…", told(quoted[1]))
    if (counted := re.fullmatch(rf"(.+) ({NUMBER})", text)) and counted[1] in _own(_language()):
        return f"{told(counted[1])} {localised(counted[2])}"
    known = told(text)
    return known if known != text or text in _own(_language()) else None


def told_day(day: str) -> str:
    """Return a stored day as prose writes it, "3 May 2027"; what is none, as it is."""
    try:
        return formatted(date.fromisoformat(day), gettext("j F Y"))
    except ValueError:
        return day


def known_to_page(titles: Iterable[str]) -> dict[str, str]:
    """Return what the events of a job may say and a page says differently, by the English words; {} for English."""
    if is_original(language := _language()):
        return {}
    patterns = (english for _pattern, english in _patterns(language))
    return {english: gettext(english) for english in (*titles, *STANDING, *patterns)}


def of_scripts() -> Mapping[str, str]:
    """Return the texts of the pages' scripts, by the English ones; nothing for English."""
    return {} if is_original(language := _language()) else _of_scripts(language)


def of_lessons() -> Mapping[str, str]:
    """Return the lessons that come with this project, by the English texts; nothing for English."""
    return {} if is_original(language := _language()) else _of_lessons(language)


@functools.cache
def _of_lessons(language: str) -> Mapping[str, str]:
    found: Any = gettext_module.translation("lessons", settings.LOCALE_PATHS[0], [to_locale(language)], fallback=True)
    return {english: said for english, said in getattr(found, "_catalog", {}).items() if english}


def tongue() -> Tongue:
    """Return the reader's language, as it says what a brief holds."""
    return Tongue(say=told, mark=localised)


def localised(figure: str) -> str:
    """Return a number in English writing with the marks of the reader's language."""
    marks = {",": get_format("THOUSAND_SEPARATOR"), ".": get_format("DECIMAL_SEPARATOR")}
    return figure.translate(str.maketrans(marks))


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def is_original(language: str | None = None) -> bool:
    """Whether the reader's language is the one that all is stored in."""
    return (language or _language()) == settings.LANGUAGE_CODE


@functools.cache
def _own(language: str) -> frozenset[str]:
    """Return the texts that this project has in a language, without Django's."""
    # The attribute is the only way to ask what a language has.
    found: Any = gettext_module.translation("django", settings.LOCALE_PATHS[0], [to_locale(language)], fallback=True)
    return frozenset(text for text in getattr(found, "_catalog", ()) if isinstance(text, str) and text)


@functools.cache
def _patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Return the texts with braces as what finds them filled in, those that say most first."""
    texts = [text for text in _own(language) if re.search(r"\{[a-z_]+\}", text)]
    return [(_pattern(text), text) for text in sorted(sorted(texts), key=len, reverse=True)]


def _pattern(text: str) -> re.Pattern[str]:
    # Every second part is what stands between braces; what stands there twice is the same both times.
    parts, known = re.split(r"\{([a-z_]+)\}", text), set[str]()
    found = ""
    for n, part in enumerate(parts):
        held = _HOLDS.get(part, ".+?")
        found += re.escape(part) if n % 2 == 0 else f"(?P={part})" if part in known else f"(?P<{part}>{held})"
        known |= {part} if n % 2 else set()
    return re.compile(found, re.S)


@functools.cache
def _of_scripts(language: str) -> Mapping[str, str]:
    catalog = JavaScriptCatalog()
    catalog.translation = DjangoTranslation(
        language, domain="djangojs", localedirs=[str(path) for path in settings.LOCALE_PATHS]
    )
    return {english: said for english, said in catalog.get_catalog().items() if isinstance(said, str)}
