"""What tests of a document's life share."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from strategies.models import Strategy
from tests.strategies.life import papers


@pytest.fixture
def strategy(owner: User) -> Strategy:
    return papers.saved(owner)


@pytest.fixture
def mine(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client
