"""Fetching one page over real connections: what comes back, and every limit."""

import asyncio
import datetime
import gzip
import logging
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from strategies.autofill import fetching
from strategies.autofill.addresses import Unfetchable
from strategies.autofill.fetching import Limits, Page
from tests import live
from tests.page_server import Reply, Server, leads_to, page

NAME = "shop.example"


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers = []

    def start(replies: dict[str, Reply] | None = None, **options: Any) -> Server:
        servers.append(Server(replies or {"/": page("<p>Hello")}, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def fetch(url: str, **limits: Any) -> Page:
    return asyncio.run(fetching.fetch(url, Limits(**limits)))


def refusal(url: str, **limits: Any) -> Unfetchable:
    with pytest.raises(Unfetchable) as caught:
        fetch(url, **limits)
    return caught.value


class Resolver:
    """A resolver that answers as it is told, one answer after the other, and the last again and again."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


# --- what comes back ---------------------------------------------------------------------------------------------------


def test_a_page_comes_with_its_address_type_and_bytes(serve: Callable[..., Server]) -> None:
    server = serve({"/about?x=1": page("<p>Bröt", type='text/HTML; charset="UTF-8"')})

    found = fetch(f"{server.url}/about?x=1#part", trusted={server.place})

    assert found == Page(url=f"{server.url}/about?x=1", type="text/html", charset="utf-8", content="<p>Bröt".encode())


def test_the_server_is_told_its_name_and_asked_for_nothing_compressed(serve: Callable[..., Server]) -> None:
    server = serve()

    fetch(f"http://{NAME}:{server.port}/", trusted={f"{NAME}:{server.port}"}, resolve=Resolver(["127.0.0.1"]))

    headers = server.requests[0].headers
    assert headers["host"] == f"{NAME}:{server.port}"
    assert headers["accept-encoding"] == "identity"
    assert not headers.keys() & {"cookie", "authorization", "referer"}


def test_redirects_are_followed_and_cookies_left_behind(serve: Callable[..., Server]) -> None:
    away = leads_to("/b?c=d")
    server = serve(
        {
            "/a": Reply(status=301, headers={**away.headers, "Set-Cookie": "sid=1"}),
            "/b?c=d": leads_to("//127.0.0.1:{port}/c", 307),
            "/c": page("<p>there"),
        }
    )
    server.replies["/b?c=d"] = leads_to(f"//{server.place}/c", 307)

    found = fetch(f"{server.url}/a", trusted={server.place})

    assert found.url == f"{server.url}/c"
    assert [request.path for request in server.requests] == ["/a", "/b?c=d", "/c"]
    assert "cookie" not in server.requests[-1].headers


def test_the_environments_proxy_is_not_used(serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{live.free_port()}")

    assert fetch(f"{server.url}/", trusted={server.place}).content == b"<p>Hello"


# --- where it may go ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"])
def test_this_machine_is_not_fetched_from(serve: Callable[..., Server], host: str) -> None:
    server = serve()

    error = refusal(f"http://{host}:{server.port}/")

    assert error.code in ("url_private", "url_bad")
    assert server.requests == []


@pytest.mark.parametrize(
    "answer",
    [["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["93.184.216.34", "192.168.0.1"], ["::1"], ["fe80::1%1"]],
)
def test_a_name_that_resolves_to_a_private_address_is_refused(answer: list[str]) -> None:
    assert refusal(f"https://{NAME}/", resolve=Resolver(answer)).code == "url_private"


def test_a_name_is_resolved_once_and_that_address_is_connected_to(serve: Callable[..., Server]) -> None:
    server = serve()
    rebinding = Resolver(["127.0.0.1"], ["10.0.0.1"])

    fetch(f"http://{NAME}:{server.port}/", trusted={f"{NAME}:{server.port}"}, resolve=rebinding)

    assert rebinding.asked == [NAME]
    assert len(server.requests) == 1


def test_a_name_that_is_private_the_second_time_is_refused_at_that_hop(serve: Callable[..., Server]) -> None:
    server = serve({"/": leads_to(f"https://{NAME}/inside")})

    error = refusal(f"{server.url}/", trusted={server.place}, resolve=Resolver(["127.0.0.1"], ["10.0.0.1"]))

    assert error.code == "url_private"


def test_the_next_address_is_tried_where_one_takes_no_connection(serve: Callable[..., Server]) -> None:
    server = serve()

    found = fetch(
        f"http://{NAME}:{server.port}/",
        trusted={f"{NAME}:{server.port}"},
        resolve=Resolver(["127.0.0.2", "127.0.0.3", "127.0.0.1"]),
    )

    assert found.content == b"<p>Hello"


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.1:{other}/", "url_bad"),
        ("http://127.0.0.1/", "url_private"),
        ("http://[::ffff:169.254.169.254]/latest/meta-data", "url_private"),
        ("http://localhost/admin", "url_private"),
        ("http://2130706433/", "url_bad"),
        ("file:///etc/passwd", "url_bad"),
        ("javascript:alert(1)", "url_bad"),
        ("http://user:secret@example.com/", "url_bad"),
        ("http://[", "url_bad"),
        ("gopher://127.0.0.1:6379/_FLUSHALL", "url_bad"),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(serve: Callable[..., Server], location: str, code: str) -> None:
    inner = serve()
    server = serve({"/": leads_to(location.format(other=inner.port))})

    error = refusal(f"{server.url}/", trusted={server.place})

    assert error.code == code
    assert inner.requests == []


def test_more_than_five_redirects_are_too_many(serve: Callable[..., Server]) -> None:
    server = serve({f"/{number}": leads_to(f"/{number + 1}") for number in range(9)} | {"/5": page("five")})

    assert fetch(f"{server.url}/0", trusted={server.place}).content == b"five"
    server.replies["/5"] = leads_to("/6")
    assert refusal(f"{server.url}/0", trusted={server.place}).code == "url_redirects"
    assert refusal(f"{server.url}/0", trusted={server.place}, redirects=0).code == "url_redirects"


# --- how much, how long ------------------------------------------------------------------------------------------------


def test_a_page_of_the_greatest_size_is_taken_and_one_byte_more_is_not(serve: Callable[..., Server]) -> None:
    server = serve({"/just": Reply(body=b"x" * 1_000), "/more": Reply(body=b"x" * 1_001)})

    assert len(fetch(f"{server.url}/just", trusted={server.place}, bytes=1_000).content) == 1_000
    assert refusal(f"{server.url}/more", trusted={server.place}, bytes=1_000).code == "url_too_large"


def test_a_page_that_hides_its_size_is_cut_off(serve: Callable[..., Server]) -> None:
    server = serve({"/": Reply(body=b"x" * 5_000_000, length=-1)})

    error = refusal(f"{server.url}/", trusted={server.place})

    assert error.code == "url_too_large"
    assert "2 MB" in error.message


def test_a_page_that_announces_too_much_is_not_read(serve: Callable[..., Server]) -> None:
    server = serve({"/": Reply(body=b"x", length=10**12, pause=0.01)})

    assert refusal(f"{server.url}/", trusted={server.place}).code == "url_too_large"


def test_a_compressed_bomb_does_not_unfold(serve: Callable[..., Server]) -> None:
    bomb = gzip.compress(b"x" * 100_000_000)
    server = serve({"/": Reply(body=bomb, headers={"Content-Encoding": "gzip"})})

    assert refusal(f"{server.url}/", trusted={server.place}).code == "url_too_large"


def test_a_page_compressed_unasked_is_read_all_the_same(serve: Callable[..., Server]) -> None:
    server = serve({"/": Reply(body=gzip.compress(b"<p>Hello" * 1_000), headers={"Content-Encoding": "gzip"})})

    assert fetch(f"{server.url}/", trusted={server.place}).content == b"<p>Hello" * 1_000


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate"])
def test_other_encodings_are_refused(serve: Callable[..., Server], encoding: str) -> None:
    server = serve({"/": Reply(body=b"abc", headers={"Content-Encoding": encoding})})

    assert refusal(f"{server.url}/", trusted={server.place}).code == "url_not_html"


def test_what_is_not_the_gzip_that_it_says_is_unreachable(serve: Callable[..., Server]) -> None:
    server = serve({"/": Reply(body=b"abc" * 100, headers={"Content-Encoding": "gzip"})})

    assert refusal(f"{server.url}/", trusted={server.place}).code == "url_unreachable"


def test_a_server_that_drips_is_left_after_the_whole_time(serve: Callable[..., Server]) -> None:
    server = serve({"/": Reply(body=b"<p>" + b"x" * 1_000, pause=0.05)})
    began = time.monotonic()

    error = refusal(f"{server.url}/", trusted={server.place}, seconds=0.6)

    assert (error.code, error.retryable) == ("url_slow", True)
    assert time.monotonic() - began < 25  # the whole page takes twice as long


def test_redirects_share_one_time(serve: Callable[..., Server]) -> None:
    slow = Reply(status=302, headers={"Location": "/"}, body=b"xxxxxxxx", pause=0.2)
    server = serve({"/": slow})

    assert refusal(f"{server.url}/", trusted={server.place}, seconds=0.5, redirects=1_000).code in (
        "url_slow",
        "url_redirects",
    )


def test_a_resolver_that_does_not_answer_is_not_waited_for() -> None:
    async def silent(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    assert refusal(f"https://{NAME}/", seconds=0.2, resolve=silent).code == "url_slow"


# --- what it is --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "type",
    ["application/pdf", "image/png", "application/json", "text/css", "application/octet-stream", "", None, "html"],
)
def test_what_is_not_a_page_is_refused(serve: Callable[..., Server], type: str | None) -> None:
    server = serve({"/": Reply(body=b"<p>", type=type)})

    error = refusal(f"{server.url}/", trusted={server.place})

    assert error.code == "url_not_html"


@pytest.mark.parametrize("type", ["text/html", "application/xhtml+xml; charset=iso-8859-1", "TEXT/plain"])
def test_pages_and_plain_text_are_taken(serve: Callable[..., Server], type: str) -> None:
    server = serve({"/": Reply(body=b"<p>", type=type)})

    assert fetch(f"{server.url}/", trusted={server.place}).content == b"<p>"


@pytest.mark.parametrize(
    ("status", "retryable"),
    [(204, False), (304, False), (401, False), (403, False), (404, False), (429, True), (503, True)],
)
def test_a_status_is_told_and_never_the_servers_words(
    serve: Callable[..., Server], status: int, retryable: bool
) -> None:
    server = serve({"/": Reply(status=status, body=b"secret words" if status not in (204, 304) else b"")})

    error = refusal(f"{server.url}/", trusted={server.place})

    assert (error.code, error.retryable) == ("url_status", retryable)
    assert str(status) in error.message
    assert "secret" not in error.message


def test_nobody_there_is_unreachable() -> None:
    place = f"127.0.0.1:{live.free_port()}"

    assert refusal(f"http://{place}/", trusted={place}).code == "url_unreachable"


def test_a_name_that_is_none_is_unreachable() -> None:
    assert refusal(f"https://{NAME}/", resolve=Resolver([])).code == "url_unreachable"


def test_half_a_page_is_unreachable(serve: Callable[..., Server]) -> None:
    server = serve({"/": Reply(body=b"<p>half", length=100)})

    assert refusal(f"{server.url}/", trusted={server.place}, seconds=5).code in ("url_unreachable", "url_slow")


def test_nothing_of_a_page_or_its_address_is_logged(
    serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve({"/secret?key=hush": page("<p>private words")})
    caplog.set_level(logging.INFO)

    fetch(f"{server.url}/secret?key=hush", trusted={server.place})
    refusal(f"{server.url}/hush", trusted={server.place})
    refusal(f"http://{NAME}/hush", resolve=Resolver([]))

    assert "hush" not in caplog.text
    assert "private words" not in caplog.text


# --- TLS ---------------------------------------------------------------------------------------------------------------


def certificate(folder: Path, name: str) -> Path:
    """A certificate that signs itself for ``name``, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    return certificate(tmp_path, NAME)


def secured(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_a_certificate_is_checked_for_the_name_though_the_connection_goes_to_a_number(
    serve: Callable[..., Server], pem: Path
) -> None:
    named: list[str | None] = []
    context = secured(pem)
    context.sni_callback = lambda connection, name, _: named.append(name)
    server = serve(context=context)
    place = f"{NAME}:{server.port}"

    found = fetch(
        f"https://{place}/",
        trusted={place},
        resolve=Resolver(["127.0.0.1"]),
        certificates=lambda: ssl.create_default_context(cafile=pem),
    )

    assert found.url == f"https://{place}/"
    assert named == [NAME]


def test_a_certificate_of_another_name_is_refused(serve: Callable[..., Server], pem: Path) -> None:
    server = serve(context=secured(pem))
    place = f"other.example:{server.port}"

    error = refusal(
        f"https://{place}/",
        trusted={place},
        resolve=Resolver(["127.0.0.1"]),
        certificates=lambda: ssl.create_default_context(cafile=pem),
    )

    assert error.code == "url_unreachable"
    assert server.requests == []


def test_a_certificate_that_nobody_vouches_for_is_refused(serve: Callable[..., Server], pem: Path) -> None:
    server = serve(context=secured(pem))
    place = f"{NAME}:{server.port}"

    error = refusal(f"https://{place}/", trusted={place}, resolve=Resolver(["127.0.0.1"]))

    assert error.code == "url_unreachable"
