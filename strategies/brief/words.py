"""The words of the brief's errors: what was wrong, what is accepted, and how much of the input may be quoted."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_noop as _

from .fields import LIST_LENGTH, ROWS_LENGTH, Field, bounds, single_line, text_length

# An error is shown, logged and sent back: it quotes enough to recognise the value, and no more.
QUOTE_LENGTH = 60


class Rejected(ValueError):
    """
    The value can't be taken as it is.

    Its message is the sentence for the person who gave it: what was wrong, and what is accepted.
    """


def mistaken(field: Field, raw: object) -> Rejected:
    """Return the error for a value of the wrong JSON type."""
    return refused(field, _("This is {kind}").format(kind=kind(raw)))


def refused(field: Field, reason: str) -> Rejected:
    """Return the error for a value with a fault; the reason fits before a semicolon."""
    return Rejected(_("{reason}; accepted is {accepted}.").format(reason=reason, accepted=accepted(field)))


def shortened(text: str) -> str:
    """Return the beginning of a text from outside, with nothing in it that could act on a terminal or a page."""
    short = text if len(text) <= QUOTE_LENGTH else text[: QUOTE_LENGTH - 1] + "…"
    return "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in short)


def quote(text: str) -> str:
    """Return the beginning of a text from outside in quotation marks."""
    return f"“{shortened(text)}”"


def kind(raw: object) -> str:
    """Name the JSON type of a value."""
    match raw:
        case None:
            return _("null")
        case bool():
            return _("true or false")
        case str():
            return _("text")
        case int() | float():
            return _("a number")
        case list() | tuple():
            return _("a list")
        case Mapping():
            return _("an object")
        case _:
            return _("of a type that JSON does not have")


def accepted(field: Field) -> str:
    """Say what the field takes, to end the sentence "accepted is …"."""
    match field.type:
        case "text":
            most = f"{text_length(field):,}"
            line = (
                _("one line of up to {most} characters") if single_line(field) else _("text of up to {most} characters")
            )
            return line.format(most=most)
        case "texts":
            return _("a list of up to {entries} texts of up to {most} characters, one on each line").format(
                entries=LIST_LENGTH, most=f"{text_length(field):,}"
            )
        case "choice":
            return _("one of: {options}").format(options=_listed(field.options))
        case "choices":
            listed = _("a list of: {options}")
            if field.free_entry:
                listed = _("a list of: {options}; or your own words, up to {most} characters each")
            return listed.format(options=_listed(field.options), most=text_length(field))
        case "boolean":
            return _("true or false, yes or no")
        case "object":
            return _("an object with {key}").format(key=_members(field))
        case "objects":
            return _("a list of up to {most} objects with {key}").format(most=ROWS_LENGTH, key=_members(field))
        case "url":
            return _("a web address such as https://example.com")
        case "timezone":
            return _("an IANA time zone such as Europe/Berlin")
        case _:
            return _accepted_figure(field)


def _accepted_figure(field: Field) -> str:
    low, high = bounds(field)
    bounded = _("from {low} to {high}") if field.min is not None else _("up to {high}")
    span = bounded.format(low=f"{low:,}", high=f"{high:,}")
    match field.type:
        case "integer":
            return _("a whole number {span}").format(span=span)
        case "percent":
            return _("a percentage {span}, such as 25 or 2.5%").format(span=span)
        case "money":
            return _(
                "an amount {span}, such as 9000, €9,000 or 2.5k EUR, or an object with amount and currency"
            ).format(span=span)
        case _:
            return _("a number {span}, such as 12000, 12,000, 2.5 or 10k").format(span=span)


def _listed(options: Sequence[str]) -> str:
    return "; ".join(options)


def _members(field: Field) -> str:
    return ", ".join(member.id for member in field.fields)
