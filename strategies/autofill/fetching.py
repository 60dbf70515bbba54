"""
Fetches one page that a user named, within limits: where it may lie, how large it is, how long it takes, what it is.

No cookies, no credentials, no proxy of the environment. The host is resolved once, and the connection goes to an address
that was looked at: a name that means something else a moment later (DNS rebinding) gains nothing.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urljoin

import httpx
from django.utils.translation import gettext_noop as _

from . import addresses, bodies
from .addresses import Target, Unfetchable

logger = logging.getLogger(__name__)

HEADERS: Final = {
    "User-Agent": "Mozilla/5.0 (compatible; strategy-stream; fetches one page when a user asks for it)",
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.8",
    # What is not compressed can't unfold.
    "Accept-Encoding": "identity",
    "Accept-Language": "en, *;q=0.5",
}
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# As many of a host's addresses as are tried.
TRIES: Final = 3
CONNECT_SECONDS: Final = 4.0

# Below warning these tell each request's whole address, query included.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page as it came: where it lay in the end, what it says it is, and its bytes."""

    url: str
    type: str
    charset: str
    content: bytes


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as this machine's resolver says."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one fetch may cost, and where it may go. Tests name a server of their own as ``trusted``."""

    bytes: int = 2_000_000
    seconds: float = 10.0
    redirects: int = 5
    # Hosts with their ports that may be fetched although they are not public.
    trusted: Collection[str] = ()
    resolve: Callable[[str, int], Awaitable[list[str]]] = resolve
    certificates: Callable[[], ssl.SSLContext] = _certificates


async def fetch(url: str, limits: Limits | None = None) -> Page:
    """Return the page at an address; raises ``Unfetchable``, whose code begins with ``url_``."""
    limits = limits or Limits()
    try:
        async with asyncio.timeout(limits.seconds):
            return await _follow(addresses.read(url, trusted=limits.trusted), limits)
    except (TimeoutError, httpx.ReadTimeout):
        sentence = _("The page did not arrive within {seconds} seconds. Try again, or paste its text.")
        raise Unfetchable("url_slow", sentence.format(seconds=f"{limits.seconds:g}"), retryable=True) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        # The kind alone: an error's text may hold what a server said.
        logger.info("a page could not be fetched: %s", type(error).__name__)
        raise bodies.unreachable() from None


async def _follow(target: Target, limits: Limits) -> Page:
    """Fetch, going where redirects lead; each hop is checked like the first."""
    for _hop in range(limits.redirects + 1):
        outcome = await _visit(target, limits)
        if isinstance(outcome, Page):
            return outcome
        target = addresses.read(outcome, trusted=limits.trusted)
    sentence = _("The address leads on more than {most} times. Give the last one.")
    raise Unfetchable("url_redirects", sentence.format(most=limits.redirects))


async def _visit(target: Target, limits: Limits) -> Page | str:
    """Fetch from the first of the host's addresses that takes the connection; return the page, or where it leads."""
    found = await _addresses(target, limits)
    for address in found[:TRIES]:
        try:
            return await _get(target, address, limits)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            if address == found[:TRIES][-1]:
                raise
    raise AssertionError("unreachable")


async def _addresses(target: Target, limits: Limits) -> list[str]:
    try:
        found = await limits.resolve(target.host, target.port)
    except (socket.gaierror, UnicodeError):
        found = []
    if not found:
        raise bodies.unreachable()
    # All of them: a name with one foot in a private network is not a public one.
    if target.place not in limits.trusted and not all(map(addresses.is_public, found)):
        raise addresses.private()
    return found


async def _get(target: Target, address: str, limits: Limits) -> Page | str:
    literal = f"[{address}]" if ":" in address else address
    timeout = httpx.Timeout(limits.seconds, connect=min(CONNECT_SECONDS, limits.seconds))
    request = httpx.Request(
        "GET",
        f"{target.scheme}://{literal}:{target.port}{target.path}",
        headers=HEADERS | {"Host": target.authority},
        # The certificate is checked for the name, though the connection goes to a number.
        extensions={"sni_hostname": target.host, "timeout": timeout.as_dict()},
    )
    # A transport of its own, and so a new connection, for each hop. Not a client: that would read cookies, proxies of the
    # environment and where a redirect leads.
    async with httpx.AsyncHTTPTransport(verify=limits.certificates(), trust_env=False) as transport:
        response = await transport.handle_async_request(request)
        try:
            return await _take(target, response, limits)
        finally:
            await response.aclose()


async def _take(target: Target, response: httpx.Response, limits: Limits) -> Page | str:
    if response.status_code in REDIRECTS and "location" in response.headers:
        return _led_to(target, response.headers["location"])
    if response.status_code != 200:
        raise _status(response.status_code)
    type, charset = bodies.type_of(response)
    return Page(url=target.url, type=type, charset=charset, content=await bodies.read(response, limits.bytes))


def _led_to(target: Target, location: str) -> str:
    try:
        return urljoin(target.url, location)
    except ValueError:
        return location  # refused by whoever reads it next, in its own words


def _status(status: int) -> Unfetchable:
    if status in (401, 403, 407, 429, 451):
        said = _("The page is not shown to everybody, or not to programs")
    elif status in (404, 410):
        said = _("There is no page at this address")
    else:
        said = _("The page's server did not answer with the page")
    passing = status == 429 or status >= 500
    sentence = _("{said} (status {status}). Paste its text instead.").format(said=said, status=status)
    return Unfetchable("url_status", sentence, retryable=passing)
