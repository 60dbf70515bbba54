"""The catalogues: nothing is missing, nothing left over, and what is compiled is what is written."""

import gettext
import re
from string import Formatter

import pytest

from tests import catalogs

DOMAINS = ("django", "djangojs")
LANGUAGES = sorted(path.name for path in catalogs.LOCALES.iterdir())
# What stands for a value: %(name)s, {name}; and markup.
PLACES = re.compile(r"%\(\w+\)s|%%|<[^>]+>")

every = pytest.mark.parametrize(("language", "domain"), [(one, each) for one in LANGUAGES for each in DOMAINS])


def entries(language: str, domain: str) -> dict[str, catalogs.Entry]:
    return catalogs.read(catalogs.LOCALES / language / "LC_MESSAGES" / f"{domain}.po")


def places(text: str) -> list[str]:
    return sorted([*PLACES.findall(text), *(name for _, name, _, _ in Formatter().parse(text) if name is not None)])


def test_german_is_there() -> None:
    assert "de" in LANGUAGES


@every
def test_a_catalogue_holds_every_text_that_the_sources_ask_for_and_no_other(language: str, domain: str) -> None:
    written = entries(language, domain).keys() - {""}

    wanted = catalogs.wanted(domain)

    assert len(wanted) > 10
    assert sorted(wanted - written) == [], "run make messages, and translate these"
    assert sorted(written - wanted) == [], "run make messages: nothing asks for these any more"


@every
def test_every_text_is_translated_and_none_is_a_guess(language: str, domain: str) -> None:
    lacking = [one.text for one in entries(language, domain).values() if one.fuzzy or not all(one.said)]

    assert lacking == []


@every
def test_a_translation_has_the_same_values_and_markup_in_it(language: str, domain: str) -> None:
    shown = [one for one in entries(language, domain).values() if one.text]

    differing = [one.text for one in shown for said in one.said if places(said) != places(one.plural or one.text)]

    assert differing == []


@pytest.mark.parametrize(("language", "domain"), [(one, each) for one in LANGUAGES for each in (*DOMAINS, "lessons")])
def test_what_is_compiled_is_what_is_written(language: str, domain: str) -> None:
    with (catalogs.LOCALES / language / "LC_MESSAGES" / f"{domain}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    for one in entries(language, domain).values():
        if one.plural:
            said = (compiled.ngettext(one.text, one.plural, 1), compiled.ngettext(one.text, one.plural, 2))
            assert said == one.said, "run make messages"
        elif one.text:
            assert compiled.gettext(one.text) == one.said[0], "run make messages"
