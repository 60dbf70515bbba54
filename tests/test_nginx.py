"""deploy/nginx.conf, run by a real nginx before real servers."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import sse
from config import supervisor
from tests import live
from tests.config.test_doctor import examined

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(NGINX is None or shutil.which("openssl") is None, reason="needs nginx and openssl"),
]

MAIN = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass
class Front:
    """nginx with TLS before two servers."""

    url: str
    certificate: Path
    servers: list[live.Process]


def certify(folder: Path) -> None:
    """Make a certificate for this machine."""
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    )
    paths = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([*command.split(), *paths], check=True, capture_output=True)


def adapted(folder: Path, tls: int, ports: list[int]) -> str:
    """The deployed configuration, with this machine's ports, paths and name and nothing else changed."""
    text = (live.ROOT / "deploy" / "nginx.conf").read_text()
    changes = {
        "listen 80;": f"listen 127.0.0.1:{live.free_port()};",
        "listen 443 ": f"listen 127.0.0.1:{tls} ",
        "/etc/ssl/strategy.example": str(folder),
        "server_name strategy.example;": "server_name 127.0.0.1;",
        "127.0.0.1:8001": f"127.0.0.1:{ports[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{ports[1]}",
    }
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def front(site: live.Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """nginx as deploy/nginx.conf has it."""
    assert NGINX
    folder, tls = tmp_path_factory.mktemp("nginx"), live.free_port()
    url = f"https://127.0.0.1:{tls}"
    options = {"SSE_HEARTBEAT_SECONDS": "1", "SSE_TRUSTED_PROXIES": "1", "DJANGO_CSRF_TRUSTED_ORIGINS": url}
    servers = [live.web(**options).start() for _ in range(2)]
    certify(folder)
    ports = [int(server.command[-1]) for server in servers]
    (folder / "site.conf").write_text(adapted(folder, tls, ports))
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    nginx = live.Process([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], supervisor.listening(tls))
    try:
        nginx.start()
        yield Front(url, folder / "fullchain.pem", servers)
    finally:
        nginx.stop()
        for server in servers:
            server.stop()


def test_doctor_finds_streams_behind_it_well(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(front.certificate))

    found = examined(front.url)

    assert found.returncode == 0, found.stdout
    assert "✓ HTTP version" in found.stdout
    assert "✓ heartbeat" in found.stdout


def test_pages_are_compressed_and_streams_are_not(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(front.certificate))
    visitor = live.Visitor(front.url, live.new_user())

    script = visitor.http.get("/static/sse/SSEConnection.js", headers={"Accept-Encoding": "gzip"})
    with visitor.http.stream(
        "GET", "/sse/stream", params={"topic": f"user:{visitor.user.pk}"}, headers={"Accept-Encoding": "gzip"}
    ) as answer:
        encoding = answer.headers.get("content-encoding", "identity")
        first = next(answer.iter_text())

    assert script.headers["content-encoding"] == "gzip"
    assert encoding == "identity"
    assert "event: hello" in first


def test_a_rolling_restart_behind_it_loses_nothing_and_refuses_nobody(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(front.certificate))
    visitor = live.Visitor(front.url, live.new_user())
    topic = f"user:{visitor.user.pk}"
    readers = [visitor.watch(topic) for _ in range(4)]
    live.wait_for(lambda: all(reader.named("hello") for reader in readers))
    pages: list[int] = []

    for server in front.servers:
        server.stop()
        sse.publish(topic, "status")
        pages += [live.get(f"{front.url}/health/live").status_code for _ in range(5)]
        server.start()
        sse.publish(topic, "status")

    live.wait_for(lambda: all(len(reader.ledger) >= 4 for reader in readers), what="all events")
    for reader in readers:
        reader.leave()
        assert [event["seq"] for event in reader.ledger] == [1, 2, 3, 4]
    assert pages == [200] * 10
