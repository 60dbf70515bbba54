"""
Who asks, by the session: what ``request.user`` says, for a fifth of its price.

A connect has two rows read to learn who somebody is, and Django's ORM takes ten times as long to find the words as the
database to answer. So where everything is as Django ships it, the rows are read with statements that are kept, and put
where Django itself keeps them once it has read them. That is all: ``request.user`` then decides as ever. Where anything
is different (another session store, backend or manager; a middleware that asked before) it reads them as ever, too.
"""

import threading
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model, load_backend
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Manager, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare


def of(request: HttpRequest) -> Any:
    """Return ``request.user``. Sync: it queries."""
    session = getattr(request, "session", None)
    if type(session) is SessionStore and not hasattr(request, "_cached_user"):
        _foresee(session)
        user = _holder(session)
        if user is not None:
            request._cached_user = user  # type: ignore[attr-defined]  # as django.contrib.auth.middleware does
    return request.user


def _foresee(session: SessionStore) -> None:
    """Read the session. One that is not there is left to Django, which has more to do with it."""
    if hasattr(session, "_session_cache") or session.session_key is None:
        return
    model = session.model
    connection = connections[router.db_for_read(model)]
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT session_data FROM {connection.ops.quote_name(model._meta.db_table)} "
            "WHERE session_key = %s AND expire_date > %s",
            [session.session_key, now],
        )
        row = cursor.fetchone()
    if row is not None:
        session._session_cache = session.decode(row[0])  # type: ignore[attr-defined]


def _holder(session: SessionStore) -> Model | None:
    """Return the user that a session proves; None for every doubt, which Django settles."""
    data: dict[str, Any] = session.__dict__.get("_session_cache") or {}
    path, proof = data.get(BACKEND_SESSION_KEY), data.get(HASH_SESSION_KEY)
    if SESSION_KEY not in data or not proof or not path or path not in settings.AUTHENTICATION_BACKENDS:
        return None
    backend: Any = load_backend(path)
    model = get_user_model()
    if type(backend).get_user is not ModelBackend.get_user or not _is_plain(model._default_manager):
        return None
    user: Any = _read(model, model._meta.pk.to_python(data[SESSION_KEY]))
    if user is None or not backend.user_can_authenticate(user) or not hasattr(user, "get_session_auth_hash"):
        return None
    return user if constant_time_compare(proof, user.get_session_auth_hash()) else None


def _is_plain(manager: Any) -> bool:
    """Whether a manager asks for nothing of its own: a tenant, a join, rows that were not deleted."""
    return type(manager).get_queryset is Manager.get_queryset and manager._queryset_class is QuerySet


class _Statement:
    """What the ORM would ask for one row by its primary key, put into words once."""

    def __init__(self, model: type[Model], connection: BaseDatabaseWrapper, key: Any) -> None:
        query = model._default_manager.using(connection.alias).filter(pk=key).query
        compiler = query.get_compiler(connection=connection)
        self.sql, params = compiler.as_sql()
        self.usable = len(params) == 1
        self.model, self.connection = model, connection
        self._compiler = compiler
        self._converters = compiler.get_converters([column for column, *_ in compiler.select])
        self._names = [compiler.select[place][0].target.attname for place in compiler.klass_info["select_fields"]]

    def one(self, key: Any) -> Model | None:
        """Return the row's object."""
        with self.connection.cursor() as cursor:
            cursor.execute(self.sql, [self.model._meta.pk.get_db_prep_value(key, self.connection)])
            rows = cursor.fetchmany(1)
        for row in self._compiler.apply_converters(rows, self._converters) if self._converters else rows:
            return self.model.from_db(self.connection.alias, self._names, row)
        return None


# Each thread's own, as its connections are.
_kept = threading.local()


def _read(model: type[Model], key: Any) -> Model | None:
    connection = connections[router.db_for_read(model)]
    statement: _Statement | None = getattr(_kept, "statement", None)
    if statement is None or statement.model is not model or statement.connection is not connection:
        statement = _kept.statement = _Statement(model, connection, key)
    return statement.one(key) if statement.usable else None
