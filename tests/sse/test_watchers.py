"""Who holds a stream: the address is the one that a trusted proxy heard from, and nothing that a client wrote."""

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from sse import watchers


@pytest.mark.attack(24)
@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "10.0.0.9"),
        (0, "6.6.6.6", "10.0.0.9"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.9"),
        (1, None, "10.0.0.9"),
        (1, "", "10.0.0.9"),
        (1, "6.6.6.6, <script>", "10.0.0.9"),
        (1, "6.6.6.6, 2001:db8::0:1", "2001:db8::1"),
    ],
)
def test_a_forged_forwarded_address_is_never_believed(
    settings: Settings, proxies: int, forwarded: str | None, address: str
) -> None:
    settings.SSE_TRUSTED_PROXIES = proxies
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}

    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.9")

    assert watchers.address(request) == address
