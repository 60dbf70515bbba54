"""
What was stored in English, and what scripts say, in the reader's language.

Messages of jobs, summaries of steps and reasons of failures are stored as they were told. Those that this project says
itself are known again, with what stands in their braces; anything else is shown as it is.
"""

import functools
import gettext as gettext_module
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.formats import get_format
from django.utils.translation import get_language, gettext, to_locale
from django.utils.translation import gettext_noop as _
from django.utils.translation.trans_real import DjangoTranslation
from django.views.i18n import JavaScriptCatalog

# What the messages of jobs are, beside the summaries of steps.
STANDING = (
    _("Waiting for a worker."),
    _("At work."),
    _("The worker was lost; another goes on."),
    _("Its worker is stopping; another goes on."),
    _("Done."),
    _("Done, but for what is named."),
    _("{step} …"),
)


def told(text: str) -> str:
    """Return a stored sentence in the reader's language."""
    if not text or _is_original(language := _language()):
        return text
    if (known := gettext(text)) != text:
        return known
    for pattern, english in _patterns(language):
        if found := pattern.fullmatch(text):
            return gettext(english).format(**{name: _told_part(part) for name, part in found.groupdict().items()})
    return text


def _told_part(part: str) -> str:
    return localised(part) if re.fullmatch(r"[0-9][0-9,.]*", part) else told(part)


def known_to_page(titles: Iterable[str]) -> dict[str, str]:
    """Return what the events of a job may say and a page says differently, by the English words; {} for English."""
    if _is_original(language := _language()):
        return {}
    patterns = (english for _pattern, english in _patterns(language))
    return {english: gettext(english) for english in (*titles, *STANDING, *patterns)}


def of_scripts() -> Mapping[str, str]:
    """Return the texts of the pages' scripts, by the English ones; nothing for English."""
    return {} if _is_original(language := _language()) else _of_scripts(language)


def localised(figure: str) -> str:
    """Return a number in English writing with the marks of the reader's language."""
    marks = {",": get_format("THOUSAND_SEPARATOR"), ".": get_format("DECIMAL_SEPARATOR")}
    return figure.translate(str.maketrans(marks))


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _is_original(language: str) -> bool:
    return language == settings.LANGUAGE_CODE


@functools.cache
def _patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Return the texts with braces as what finds them filled in, those that say most first."""
    # This project's own alone, without Django's; the attribute is the only way to ask what a language has.
    own: Any = gettext_module.translation("django", settings.LOCALE_PATHS[0], [to_locale(language)], fallback=True)
    texts = {text for text in getattr(own, "_catalog", ()) if isinstance(text, str) and re.search(r"\{[a-z_]+\}", text)}
    return [(_pattern(text), text) for text in sorted(texts, key=len, reverse=True)]


def _pattern(text: str) -> re.Pattern[str]:
    # Every second part is what stands between braces; what stands there twice is the same both times.
    parts, known = re.split(r"\{([a-z_]+)\}", text), set[str]()
    found = ""
    for n, part in enumerate(parts):
        found += re.escape(part) if n % 2 == 0 else f"(?P={part})" if part in known else f"(?P<{part}>.+?)"
        known |= {part} if n % 2 else set()
    return re.compile(found, re.S)


@functools.cache
def _of_scripts(language: str) -> Mapping[str, str]:
    catalog = JavaScriptCatalog()
    catalog.translation = DjangoTranslation(
        language, domain="djangojs", localedirs=[str(path) for path in settings.LOCALE_PATHS]
    )
    return {english: said for english, said in catalog.get_catalog().items() if isinstance(said, str)}
