"""Under WSGI, where an endless body would never send a byte."""

from django.contrib.auth.models import User
from django.test import Client


def test_a_wsgi_server_is_told_that_it_cannot_stream(owner: User) -> None:
    client = Client()
    client.force_login(owner)

    answer = client.get(f"/sse/stream?topic=user:{owner.pk}")

    assert answer.status_code == 501
    assert answer.json()["code"] == "asgi_needed"
