"""The feed against every server it has to work with: Valkey and Redis, with a password, an access list, over TLS."""

import asyncio
import contextlib
import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis as redis_py
from asgiref.sync import async_to_sync
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config import supervisor
from sse import feed
from tests import live

pytestmark = pytest.mark.live

REDIS = shutil.which("redis-server")
SERVERS = {
    "Valkey 9": lambda: supervisor.redis_binary(),
    "Redis 7": lambda: REDIS or pytest.skip("needs Debian's redis-server"),
}


class Heard:
    """A feed at work, and what it heard."""

    def __init__(self, url: str, **options: Any) -> None:
        self.messages: list[tuple[bytes, bytes]] = []
        self.confirmed: list[str] = []
        self.changes: list[bool] = []
        self.feed = feed.Feed(
            url,
            on_message=lambda channel, payload: self.messages.append((channel, payload)),
            on_subscribed=self.confirmed.append,
            on_change=self.changes.append,
            options=options,
        )

    async def until(self, condition: Any) -> None:
        """Wait for something that was heard."""
        async with asyncio.timeout(live.PATIENCE_SECONDS):
            while not condition():  # noqa: ASYNC110 - what is waited for has no event of its own
                await asyncio.sleep(0.01)


@contextlib.contextmanager
def server(binary: str, *options: str, client: redis_py.Redis) -> Iterator[live.Process]:
    """A server of its own on a port."""

    def ready() -> bool:
        with contextlib.suppress(redis_py.RedisError):
            return bool(client.ping())
        return False

    process = live.Process([binary, "--save", "", "--loglevel", "warning", *options], ready)
    process.start()
    try:
        yield process
    finally:
        process.stop()
        client.close()


def hears(heard: Heard, client: redis_py.Redis) -> None:
    """Prove that a feed hears what is published, is told of the loss of its connection, and hears again."""

    async def scenario() -> None:
        heard.feed.subscribe("a")
        running = asyncio.create_task(heard.feed.run())
        try:
            await heard.until(lambda: heard.confirmed == ["a"])
            heard.feed.subscribe("b")
            await heard.until(lambda: heard.confirmed == ["a", "b"])
            client.publish("b", b"\xff\x00 any bytes")
            await heard.until(lambda: heard.messages == [(b"b", b"\xff\x00 any bytes")])

            client.client_kill_filter(_type="pubsub")

            await heard.until(lambda: sorted(heard.confirmed) == ["a", "a", "b", "b"])
            client.publish("a", "again")
            await heard.until(lambda: heard.messages[-1] == (b"a", b"again"))
            assert heard.changes == [True, False, True]
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async_to_sync(scenario)()


@pytest.mark.parametrize("name", SERVERS)
def test_a_feed_signs_in_with_a_password(name: str) -> None:
    port = live.free_port()
    client = redis_py.Redis(port=port, password="open sesame")

    with server(SERVERS[name](), "--port", str(port), "--requirepass", "open sesame", client=client):
        hears(Heard(f"redis://:open%20sesame@127.0.0.1:{port}/0"), client)
        hears(Heard(f"redis://127.0.0.1:{port}/0", password="open sesame"), client)


def test_a_feed_signs_in_as_a_user_of_an_access_list() -> None:
    port = live.free_port()
    client = redis_py.Redis(port=port)

    with server(supervisor.redis_binary(), "--port", str(port), client=client):
        client.acl_setuser(
            "reader", enabled=True, passwords=["+secret"], channels=["*"], commands=["+@pubsub", "+@connection"]
        )
        hears(Heard(f"redis://reader:secret@127.0.0.1:{port}/0"), client)


@pytest.mark.attack(29)
@pytest.mark.parametrize("url", ["redis://:wrong@127.0.0.1:{port}/0", "redis://127.0.0.1:{port}/0"])
def test_a_feed_that_is_refused_tries_on_until_it_is_let_in(url: str) -> None:
    port = live.free_port()
    client = redis_py.Redis(port=port, password="right")

    async def scenario(heard: Heard) -> None:
        heard.feed.subscribe("a")
        running = asyncio.create_task(heard.feed.run())
        try:
            await heard.until(lambda: heard.feed.failed)
            assert not heard.feed.up
            client.config_set("requirepass", "" if "wrong" not in url else "wrong")
            await heard.until(lambda: heard.confirmed == ["a"])
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    with server(supervisor.redis_binary(), "--port", str(port), "--requirepass", "right", client=client):
        async_to_sync(scenario)(Heard(url.format(port=port)))


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for this machine and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@pytest.mark.skipif(REDIS is None, reason="needs Debian's redis-server, which speaks TLS")
def test_a_feed_speaks_tls_and_refuses_a_stranger(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    port = live.free_port()
    client = redis_py.Redis(host="localhost", port=port, ssl=True, ssl_ca_certs=str(cert), password="p")
    options = ["--port", "0", "--tls-port", str(port), "--tls-cert-file", str(cert), "--tls-key-file", str(key)]
    options += ["--tls-auth-clients", "no", "--requirepass", "p"]

    async def refused(heard: Heard) -> None:
        running = asyncio.create_task(heard.feed.run())
        await heard.until(lambda: heard.feed.failed)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert not heard.changes

    with server(str(REDIS), *options, client=client):
        hears(Heard(f"rediss://:p@localhost:{port}/0?ssl_ca_certs={cert}"), client)
        async_to_sync(refused)(Heard(f"rediss://:p@localhost:{port}/0"))  # nobody vouches for its certificate


@pytest.mark.attack(29)
def test_a_connection_on_which_nothing_is_heard_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    port = live.free_port()
    client = redis_py.Redis(port=port)
    monkeypatch.setattr(feed, "SILENCE_SECONDS", 0.3)

    async def scenario(heard: Heard) -> None:
        heard.feed.subscribe("a")
        running = asyncio.create_task(heard.feed.run())
        try:
            await heard.until(lambda: len(heard.confirmed) >= 2)
            assert set(heard.confirmed) == {"a"}
            assert heard.feed.silences >= 1
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    with server(supervisor.redis_binary(), "--port", str(port), client=client):
        async_to_sync(scenario)(Heard(f"redis://127.0.0.1:{port}/0"))


def test_a_cache_of_django_redis_says_how_to_sign_in(settings: Any) -> None:
    settings.CACHES = {
        **settings.CACHES,
        "events": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": "rediss://somewhere:6390/3",
            "OPTIONS": {
                "PASSWORD": "hush",
                "USERNAME": "reader",
                "CONNECTION_POOL_KWARGS": {"ssl_ca_certs": "/ca.pem", "retry": None},
            },
        },
    }

    made = feed.of_cache("events", on_message=print, on_subscribed=print, on_change=print)

    known = made._pool.connection_kwargs
    assert (known["username"], known["password"], known["ssl_ca_certs"]) == ("reader", "hush", "/ca.pem")
    assert (known["host"], known["port"]) == ("somewhere", 6390)
