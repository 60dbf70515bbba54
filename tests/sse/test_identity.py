"""Who asks: what ``request.user`` says, whatever a project has in its place."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as project
from django.contrib import auth
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser, User, UserManager
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from sse import identity, sessions


def asked(session: str | None) -> Any:
    """A request with this session's cookie, as it comes out of Django's middleware."""
    request = RequestFactory().get("/")
    if session is not None:
        request.COOKIES[project.SESSION_COOKIE_NAME] = session
    SessionMiddleware(_answer).process_request(request)
    AuthenticationMiddleware(_answer).process_request(request)
    return request


def _answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def signed_in(user: User) -> str:
    return str(sessions.sign_in(user).session_key)


class Strict(ModelBackend):
    """Lets nobody in."""

    def get_user(self, user_id: Any) -> None:
        return None


def test_a_signed_in_user_is_found_whole_by_two_queries(
    owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = asked(signed_in(owner))
    stored = User.objects.get(pk=owner.pk)

    with django_assert_num_queries(2):
        found = identity.of(request)
        again = request.user
        told = {field.attname: getattr(found, field.attname) for field in User._meta.concrete_fields}

    assert found == again == owner
    assert told == {field.attname: getattr(stored, field.attname) for field in User._meta.concrete_fields}
    assert not found._state.adding


def test_one_after_the_other_is_found_as_who_they_are(owner: User, other: User) -> None:
    keys = [signed_in(owner), signed_in(other)] * 2

    assert [identity.of(asked(key)) for key in keys] == [owner, other] * 2


def _expire(user: User, key: str) -> None:
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))


def _sign_out(user: User, key: str) -> None:
    Session.objects.filter(pk=key).delete()


def _spoil(user: User, key: str) -> None:
    Session.objects.filter(pk=key).update(session_data="nothing that was signed")


def _change_password(user: User, key: str) -> None:
    user.set_password("another")
    user.save()


def _deactivate(user: User, key: str) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def _remove(user: User, key: str) -> None:
    User.objects.filter(pk=user.pk).delete()


@pytest.mark.parametrize("change", [_expire, _sign_out, _spoil, _change_password, _deactivate, _remove])
def test_whose_session_proves_nothing_any_more_is_nobody(owner: User, change: Callable[[User, str], None]) -> None:
    key = signed_in(owner)
    identity.of(asked(key))

    change(owner, key)

    assert identity.of(asked(key)) == AnonymousUser()
    assert auth.get_user(asked(key)) == AnonymousUser()


def test_who_comes_without_a_session_is_nobody(db: None) -> None:
    assert identity.of(asked(None)) == AnonymousUser()
    assert identity.of(asked("no-such-session-anywhere-at-all")) == AnonymousUser()


def test_a_session_that_an_older_secret_signed_is_good_and_renewed(owner: User, settings: Settings) -> None:
    key = signed_in(owner)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a newer secret"
    request = asked(key)

    assert identity.of(request) == owner
    assert request.session.session_key != key  # Django's own way, which renews it


@pytest.mark.parametrize("backends", [["tests.sse.test_identity.Strict"], []])
def test_a_backend_that_lets_nobody_in_is_asked(owner: User, settings: Settings, backends: list[str]) -> None:
    settings.AUTHENTICATION_BACKENDS = backends or settings.AUTHENTICATION_BACKENDS
    session = sessions.sign_in(owner)
    settings.AUTHENTICATION_BACKENDS = backends

    assert identity.of(asked(session.session_key)) == AnonymousUser()


def test_a_manager_that_leaves_somebody_out_is_asked(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    class Members(UserManager[User]):
        def get_queryset(self) -> QuerySet[User]:
            return super().get_queryset().exclude(pk=owner.pk)

    members = Members()
    members.model = User
    key = signed_in(owner)
    monkeypatch.setattr(User._meta, "default_manager", members)

    assert identity.of(asked(key)) == AnonymousUser()


def test_another_session_store_is_left_to_itself(owner: User) -> None:
    class Store(SessionStore):
        def load(self) -> dict[str, Any]:
            return {}

    request = asked(signed_in(owner))
    request.session = Store(request.session.session_key)

    assert identity.of(request) == AnonymousUser()


def test_a_user_that_a_middleware_put_there_stands(owner: User, other: User) -> None:
    request = asked(signed_in(owner))
    request.user = other

    assert identity.of(request) == other
