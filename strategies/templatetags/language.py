"""
How pages put what the code and the documents hold in English into the reader's language.

Filters of their own, so that the functions of ``wording``, which exports and prompts use too, stay as they are.
"""

from datetime import date, datetime

from django import template
from django.utils.dateformat import format as formatted
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from strategies import brief, texts
from strategies.life import labels

from . import wording

register = template.Library()


@register.filter
def translated(text: object) -> str:
    """Return a text in the reader's language where it is one that this project knows; any other as it is."""
    # Not of "": gettext answers that with the head of its catalogue.
    return text if isinstance(text, texts.Theirs) else gettext(str(text)) if text else ""


@register.filter
def told(text: object) -> str:
    """Return a sentence that was stored in English, as messages and reasons are, in the reader's language."""
    return text if isinstance(text, texts.Theirs) else texts.told(str(text)) if text else ""


@register.filter
def each(row: object) -> str:
    """Return texts of ours with commas between them in the reader's language."""
    return texts.told_row(str(row), ", ")


@register.filter
def label(text: object) -> str:
    """Return what the brief's field with this id is called; any other text as it is."""
    if isinstance(text, texts.Theirs):
        return text
    field, _dot, member = str(text).partition(".")
    named = wording.label_of(text)
    if named == str(text) or not member:
        return translated(named)
    return f"{translated(wording.LABELS[field])}: {translated(_member(field, member))}"


def _member(field: str, member: str) -> str:
    """Return what a member of the brief's field is called; one that it does not have, as it is written."""
    inside = (each for known in brief.FIELDS if known.id == field for each in known.fields)
    return next((each.label for each in inside if each.id == member), member.replace("_", " "))


@register.filter
def place(path: object) -> str:
    """Return the path of something in a document as its place: "risks[0].mitigation" is "Risk 1 · Prevent it"."""
    return labels.path_label(str(path), say=translated)


@register.filter
def localised(figure: object) -> str:
    """Return a number that ``wording`` wrote, with the marks of the reader's language."""
    return texts.localised(str(figure))


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """Return a date: "3 May 2027"."""
    return formatted(value, gettext("j F Y")) if value else ""


@register.filter(expects_localtime=True)
def moment(value: datetime | None) -> str:
    """Return a date with its time and the zone it is told in: "3 May 2027, 14:05 UTC"."""
    moment_of_day = gettext("j F Y, H:i")
    return formatted(value, f"{moment_of_day} T") if value else ""


@register.filter(expects_localtime=True)
def weekday(value: date | None) -> str:
    """Return a date inside its month: "Mon 3"."""
    return formatted(value, gettext("D j")) if value else ""


@register.simple_tag
def texts_of_scripts() -> SafeString:
    """Return the texts of the page's scripts as an element they read; nothing where they are as written."""
    known = texts.of_scripts()
    return json_script(known, "texts") if known else SafeString()
