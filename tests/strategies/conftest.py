"""What tests of strategies share."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests import model_server


@pytest.fixture
def mine(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def serve(settings: Any) -> Iterator[Callable[..., model_server.Server]]:
    """Start a server that stands for a model, and point the settings at it."""
    with contextlib.ExitStack() as stack:

        def start(*script: model_server.Turn, **options: Any) -> model_server.Server:
            server = stack.enter_context(model_server.running(script=script, **options))
            settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = server.url, model_server.KEY
            return server

        yield start
