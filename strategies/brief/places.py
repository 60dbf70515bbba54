"""Where something is, in the world or the web: addresses and time zones in their canonical form, as in `values`."""

import functools
import re
import zoneinfo
from difflib import get_close_matches
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as _

from .fields import Field, text_length
from .texts import text
from .words import QUOTE_LENGTH, Rejected, quote, refused

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HOST_LABEL = re.compile(r"\w(?:[\w-]{0,61}\w)?")


def url(field: Field, raw: object) -> str | None:
    """Read a web address; a bare domain is taken as https."""
    value = text(field, raw)
    if value is None:
        return None
    bare = not _SCHEME.match(value)
    address = f"https://{value.removeprefix('//')}" if bare else value
    # Measured with its scheme, or a stored address could be too long to be read again.
    if len(address) > text_length(field) or not _leads_to_a_site(address, bare=bare):
        raise refused(field, _("{value} is not a web address").format(value=quote(value)))
    return address


def timezone(field: Field, raw: object) -> str | None:
    """Read the name of a time zone, whatever its case."""
    value = text(field, raw)
    if value is None:
        return None
    zones = _zones()
    if value.lower() in zones:
        return zones[value.lower()]
    error = refused(field, _("{value} is not a time zone").format(value=quote(value)))
    close = get_close_matches(value[:QUOTE_LENGTH].lower(), zones, n=1)
    raise Rejected(_("{error} Did you mean {close}?").format(error=error, close=zones[close[0]])) if close else error


@functools.cache
def _zones() -> dict[str, str]:
    # Two names that some systems list and that mean "whatever this machine is set to" and "not set".
    return {zone.lower(): zone for zone in zoneinfo.available_timezones() - {"localtime", "Factory"}}


def _leads_to_a_site(address: str, *, bare: bool) -> bool:
    if not address.isprintable() or re.search(r"[ <>\"\\^`{|}]", address):
        return False
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    # A user name before the host is how a false address looks true: https://bank.example@evil.example.
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return False
    if parts.netloc.startswith("["):
        return True  # an IPv6 address, which urlsplit has checked
    labels = host.removesuffix(".").split(".")
    named = len(labels) > 1 and not labels[-1].isdigit()
    return all(map(_HOST_LABEL.fullmatch, labels)) and (named or not bare)
