"""
Which addresses may be fetched: pages of the public web.

A server that fetches what users name could be sent to what only it can reach: its own services, its neighbours, the
metadata of its cloud. So an address is read as strictly as the strictest client would, its host is resolved once, and
every address that came of it has to be a public one.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

import idna
from django.utils.translation import gettext_noop as _

from strategies.errors import JobFailed

LENGTH: Final = 2_000
PORTS: Final = {"http": 80, "https": 443}
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# What old parsers take for a part of an IPv4 address: 0177, 0x7f, 2130706433.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# Kept as it is in a path or query; all else is percent-encoded.
_KEPT = "/?:@!$&'()*+,;=-._~%"
# Names that lead to this machine or its network, whatever a resolver makes of them.
_INNER = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa", "onion", "test")

# Public by their numbers, but not by what they lead to: addresses with another one inside, relays, and Azure's metadata.
_CLOSED = tuple(
    map(
        ipaddress.ip_network,
        (
            *("168.63.129.16/32", "192.88.99.0/24"),
            *("2001::/23", "2002::/16", "64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0/96", "3fff::/20"),
        ),
    )
)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


class Unfetchable(JobFailed):
    """The page can't be had. Its message never quotes what a server said."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """An address taken apart: ``host`` in ASCII and lower case, ``path`` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The address as one line."""
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def place(self) -> str:
        """Host and port, always both."""
        return f"{self.host}:{self.port}"

    @property
    def authority(self) -> str:
        """Host and port, as the header ``Host`` names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def read(text: str, *, trusted: Iterable[str] = ()) -> Target:
    """
    Return an address taken apart; raises ``Unfetchable``: ``url_bad`` or ``url_private``.

    ``trusted`` are hosts with their ports ("127.0.0.1:8080") that may be fetched all the same.
    """
    text = text.strip()
    if len(text) > LENGTH:
        raise _bad(_("The address has more than {most} characters.").format(most=f"{LENGTH:,}"))
    if not text.isprintable() or re.search(r"[\s\\<>\"^`{|}]", text):
        raise _bad(_("The address holds characters that no address has, such as a blank or a line break."))
    try:
        parts = urlsplit(text if _has_scheme(text) else f"https://{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _bad(_("That is not a web address.")) from None
    if parts.scheme not in PORTS:
        raise _bad(_("Only addresses that begin with http:// or https:// are fetched."))
    if "[" in parts.netloc and ":" not in host:
        raise _bad(_("That is not a web address."))
    if "@" in parts.netloc:
        raise _bad(_("An address with a user name or password before the host is not fetched."))
    path = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT)}" if parts.query else "")
    target = Target(
        scheme=parts.scheme, host=_host(host), port=PORTS[parts.scheme] if port is None else port, path=path
    )
    if target.place not in trusted:
        _check(target)
    return target


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if found.is_multicast or found.is_reserved or found.is_unspecified or not found.is_global:
        return False
    if isinstance(found, ipaddress.IPv6Address) and (found.scope_id or found not in _GLOBAL_UNICAST):
        return False
    return not any(found in network for network in _CLOSED if network.version == found.version)


def private() -> Unfetchable:
    """The refusal of an address that is not public."""
    return Unfetchable(
        "url_private",
        _(
            "This address leads into a private network or to this server itself; only pages of the public web are "
            "fetched. Paste the page's text instead."
        ),
    )


def _has_scheme(text: str) -> bool:
    # "example.com:8080/x" is a host with its port, and "javascript:…" a scheme of its own.
    found = _SCHEME.match(text)
    return found is not None and not re.fullmatch(r"[^/:]+\.[^/:]+:[0-9]+(/.*)?", text)


def _host(host: str) -> str:
    """Return a host in one spelling; other spellings of IPv4 addresses (octal, hexadecimal, short) are refused."""
    if ":" in host:
        if "%" in host:  # a zone: an address of this machine's own network
            raise private()
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            raise _bad(_("The host is not an IPv6 address.")) from None
    try:
        # Also plain ASCII: a host in full-width digits becomes what every resolver would read in it.
        host = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        raise _bad(_("The host's name is none that the web knows.")) from None
    host = host.removesuffix(".")
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise _bad(_("The host's name is missing, or none that the web knows."))
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise _bad(_("A host in numbers has to be an IPv4 address in its usual form.")) from None
    return host


def _check(target: Target) -> None:
    if target.port not in PORTS.values():
        raise _bad(_("Only the ports 80 and 443 are fetched from."))
    if ":" in target.host or _NUMBER.fullmatch(target.host.rpartition(".")[2]):
        if not is_public(target.host):
            raise private()
    elif "." not in target.host or any(target.host.endswith(f".{name}") for name in _INNER):
        raise private()


def _bad(reason: str) -> Unfetchable:
    return Unfetchable("url_bad", _("{reason} Give one such as https://example.com/about.").format(reason=reason))
