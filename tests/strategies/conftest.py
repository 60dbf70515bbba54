"""What tests of strategies share."""

import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture
def mine(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client
