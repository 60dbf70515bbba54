"""Which addresses may be fetched: read strictly, and public ones alone."""

import pytest

from strategies.autofill import addresses
from strategies.autofill.addresses import Unfetchable


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("https://example.com", "https://example.com/"),
        ("example.com/about", "https://example.com/about"),
        ("  HTTP://EXAMPLE.com./a?b=c#d ", "http://example.com/a?b=c"),
        ("https://example.com:443/", "https://example.com/"),
        ("http://example.com:443/", "http://example.com:443/"),
        ("example.com:80", "https://example.com:80/"),
        (
            "https://bäcker.example.com/brötchen?größe=1",
            "https://xn--bcker-gra.example.com/br%C3%B6tchen?gr%C3%B6%C3%9Fe=1",
        ),
        ("https://example.com/a%20b", "https://example.com/a%20b"),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
    ],
)
def test_an_address_is_read_as_people_type_it(typed: str, read: str) -> None:
    assert addresses.read(typed).url == read


@pytest.mark.parametrize(
    "typed",
    [
        *("", "   ", "https://", "https:///path", "http://?q", "//", "ftp://example.com/", "file:///etc/passwd"),
        *(
            "gopher://example.com/",
            "javascript:alert(1)",
            "data:text/html,x",
            "mailto:a@example.com",
            "redis://example.com",
        ),
        *("https://user@example.com/", "https://user:secret@example.com/", "https://example.com@127.0.0.1/"),
        *(
            "https://exam ple.com/",
            "https://example.com/a b",
            "https://example.com\\@evil.example/",
            "https://a\tb.example/",
        ),
        *(
            "ht\ntp://example.com/",
            "https://example.com/\r\nHost: x",
            "https://example.com:99999/",
            "https://example.com:x/",
        ),
        *("https://example.com:8080/", "https://example.com:22/", "http://example.com:6379/", "https://-example.com/"),
        *("https://exa%6dple.com/", "https://example..com/", f"https://{'a' * 64}.com/", f"https://{'a.' * 200}com/"),
        *("https://example.com/" + "a" * 2_000, "https://[::1", "https://[v1.x]/"),
    ],
)
def test_what_is_no_address_of_a_page_is_refused(typed: str) -> None:
    with pytest.raises(Unfetchable) as refusal:
        addresses.read(typed)

    assert refusal.value.code == "url_bad"
    assert "secret" not in refusal.value.message


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST", "localhost.", "web.localhost", "intranet", "db", "printer.local", "nas.lan"),
        *("metadata.google.internal", "wiki.corp", "router.home.arpa"),
        *("127.0.0.1", "127.1.2.3", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
        *("169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192"),
        *(
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.5",
            "192.88.99.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
        ),
        *("[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[fec0::1]", "[100::1]"),
        *("[::ffff:127.0.0.1]", "[::ffff:8.8.8.8]", "[::127.0.0.1]", "[64:ff9b::a00:1]", "[64:ff9b:1::1]"),
        *("[2002:7f00:1::]", "[2001:0:1::1]", "[2001:db8::1]", "[3fff::1]", "[4000::1]", "[fe80::1%25eth0]"),
        # Full-width digits and dots, which every resolver reads as 127.0.0.1.
        *("１２７.０.０.１", "127。0。0。1", "①②⑦.⓪.⓪.①"),
    ],
)
def test_what_is_not_public_is_refused(host: str) -> None:
    with pytest.raises(Unfetchable) as refusal:
        addresses.read(f"http://{host}/")

    assert refusal.value.code == "url_private"


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "0x7f.1",
        "0",
        "1.2.3.4.5",
        "010.8.8.8",
    ],
)
def test_other_spellings_of_a_number_are_refused(host: str) -> None:
    with pytest.raises(Unfetchable) as refusal:
        addresses.read(f"http://{host}/")

    assert refusal.value.code == "url_bad"


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::1"])
def test_addresses_of_the_public_internet_are_public(address: str) -> None:
    assert addresses.is_public(address)


@pytest.mark.parametrize("address", ["fe80::1%eth0", "2606:4700::1%1", "nonsense", "", "::ffff:8.8.8.8"])
def test_what_cannot_be_told_is_not_public(address: str) -> None:
    assert not addresses.is_public(address)


def test_a_trusted_place_is_read_by_host_and_port() -> None:
    assert addresses.read("http://127.0.0.1:8080/x", trusted={"127.0.0.1:8080"}).port == 8080
    with pytest.raises(Unfetchable):
        addresses.read("http://127.0.0.1:8081/x", trusted={"127.0.0.1:8080"})


def test_port_0_is_a_port_and_none_that_is_fetched_from() -> None:
    with pytest.raises(Unfetchable, match="ports 80 and 443"):
        addresses.read("http://1.1.1.1:0/")
