"""The body of an answer: of a kind that is read, and no larger than it may be, whatever it says of itself."""

import zlib
from collections.abc import AsyncIterator
from typing import Final

import httpx
from django.utils.translation import gettext_noop as _

from .addresses import Unfetchable

TYPES: Final = ("text/html", "application/xhtml+xml", "text/plain")


def type_of(response: httpx.Response) -> tuple[str, str]:
    """Return what an answer says it is, and in which encoding; raises ``Unfetchable``."""
    named, _semicolon, parameters = response.headers.get("content-type", "").partition(";")
    if named.strip().lower() not in TYPES:
        raise Unfetchable(
            "url_not_html",
            _("At this address lies no web page but another kind of file. Paste the text that you mean instead."),
        )
    fields = (part.strip().partition("=") for part in parameters.split(";"))
    charset = next((value for name, _, value in fields if name.lower() == "charset"), "")
    return named.strip().lower(), charset.strip("\"' ").lower()


async def read(response: httpx.Response, most: int) -> bytes:
    """Return the body; one that is too large is not read to its end."""
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise _too_large(most)
    content = bytearray()
    async for chunk in _unfolded(response, most):
        content += chunk
        if len(content) > most:
            raise _too_large(most)
    return bytes(content)


async def _unfolded(response: httpx.Response, most: int) -> AsyncIterator[bytes]:
    """Yield the body; what came as gzip although that was not asked for unfolds only as far as it may."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip", "x-gzip"):
        raise Unfetchable(
            "url_not_html", _("The page came in an encoding that was not asked for. Paste its text instead.")
        )
    unzip = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    async for chunk in response.aiter_raw():
        try:
            yield unzip.decompress(chunk, most + 1) if unzip else chunk
        except zlib.error:
            raise unreachable() from None


def _too_large(most: int) -> Unfetchable:
    sentence = _("The page is larger than {most} MB. Paste the part that matters.")
    return Unfetchable("url_too_large", sentence.format(most=f"{most / 1e6:g}"))


def unreachable() -> Unfetchable:
    """The refusal of a page whose server is none, or does not speak as one."""
    return Unfetchable(
        "url_unreachable",
        _(
            "The page could not be fetched: there is no such host, it does not answer, or not as a web server does. "
            "Check the address, or paste the page's text."
        ),
        retryable=True,
    )
