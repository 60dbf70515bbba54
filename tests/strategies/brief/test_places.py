"""Addresses and time zones of the brief, read through the fields that have them."""

import pytest

from strategies.brief import field, member, places
from strategies.brief.words import Rejected

WEBSITE = member(field("top_competitors"), "website")
ZONE = member(field("optimal_timing"), "timezone")


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("https://matomo.org", "https://matomo.org"),
        ("HTTP://localhost:8000/x?y=1#z", "HTTP://localhost:8000/x?y=1#z"),
        ("matomo.org", "https://matomo.org"),
        ("www.example.com:8080/a", "https://www.example.com:8080/a"),
        ("example.com/?next=http://other.example", "https://example.com/?next=http://other.example"),
        ("//example.com/a", "https://example.com/a"),
        ("müller.de", "https://müller.de"),
        ("xn--mller-kva.de.", "https://xn--mller-kva.de."),
        ("http://192.168.0.1/", "http://192.168.0.1/"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]:80/"),
    ],
)
def test_a_web_address_may_lack_its_scheme(raw: str, address: str) -> None:
    assert places.url(WEBSITE, raw) == address
    assert places.url(WEBSITE, address) == address


@pytest.mark.parametrize(
    "raw",
    [
        *("javascript:alert(1)", "JavaScript://%0aalert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x"),
        *("file:///etc/passwd", "ftp://example.com", "mailto:a@example.com", "https://", "https:///x", "http:example"),
        *("https://user:pass@example.com", "https://bank.example@evil.example", "https://a b.com", "https://a.com/<b>"),
        *(
            "https://..",
            "https://-a.com",
            "https://a_.com-",
            "example",
            "1.5",
            "https://[::1",
            "http://[x]/",
            "a.com:port",
        ),
        *(
            "https://a.com:99999",
            "https:\\\\a.com",
            'https://a.com/"x',
            "https://a.com/\u202egpj",
            "https://a.com\n.b",
            "?",
        ),
        *("javascript:1", "example.com" + "/x" * 300, "https://" + "a" * 64 + ".com"),
    ],
)
def test_what_does_not_lead_to_a_site_is_refused(raw: str) -> None:
    with pytest.raises(Rejected, match=r"accepted is a web address such as https://example\.com"):
        places.url(WEBSITE, raw)


def test_an_address_that_fits_only_without_its_scheme_is_refused_now_and_not_at_the_next_edit() -> None:
    raw = "example.com/" + "x" * (500 - len("example.com/"))

    with pytest.raises(Rejected):
        places.url(WEBSITE, raw)


@pytest.mark.parametrize(
    ("raw", "zone"), [("Europe/Vienna", "Europe/Vienna"), ("europe/vienna", "Europe/Vienna"), ("utc", "UTC")]
)
def test_a_time_zone_is_found_whatever_its_case(raw: str, zone: str) -> None:
    assert places.timezone(ZONE, raw) == zone


@pytest.mark.parametrize(
    "raw", ["Europe/Wien", "../../etc/passwd", "CET+1", "Europe", "localtime", "/etc/localtime", "Factory"]
)
def test_an_unknown_time_zone_is_refused(raw: str) -> None:
    with pytest.raises(Rejected, match="is not a time zone; accepted is an IANA time zone such as Europe/Berlin"):
        places.timezone(ZONE, raw)


def test_a_time_zone_that_is_nearly_right_is_suggested() -> None:
    with pytest.raises(Rejected, match=r"Did you mean Europe/Berlin\?"):
        places.timezone(ZONE, "Europe/Berlinn")
