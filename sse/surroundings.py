"""System checks of what is around the app: middleware, server, transactions, other packages' settings."""

import inspect
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from .checks import TAG

type Configs = Sequence[AppConfig] | None

# In the order that they have to stand in.
NEEDED: Final = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
)


@register(TAG)
def check_middleware(app_configs: Configs, **_: Any) -> list[CheckMessage]:
    """W010: something compresses answers."""
    compressors = [name for name in settings.MIDDLEWARE if re.search(r"gzip|brotli|zstd|compress", name, re.IGNORECASE)]
    return [
        Warning(
            f"MIDDLEWARE has {name}, which compresses answers. Streams say Content-Encoding: identity, and Django's "
            "GZipMiddleware leaves such answers as they are; one that compresses them all the same, or anything that "
            "removes this header, makes Chromium show the first piece of a stream and then nothing.",
            hint="Let the proxy compress, for everything but the streams; and see that an event arrives in a browser as "
            "soon as it is published.",
            id="sse.W010",
        )
        for name in compressors
    ]


@register(TAG)
def check_users(app_configs: Configs, **_: Any) -> list[CheckMessage]:
    """W022: nothing says who asks. A warning, since a middleware of the project's own may."""
    lacking = [name for name in NEEDED if not any(_is_a(path, name) for path in settings.MIDDLEWARE)]
    if not lacking:
        return []
    return [
        Warning(
            f"MIDDLEWARE lacks {' and '.join(lacking)}: streams and polling ask request.user who may watch, and fail "
            "where there is none.",
            hint=f"MIDDLEWARE needs {', then '.join(NEEDED)}.",
            id="sse.W022",
        )
    ]


def _is_a(path: str, name: str) -> bool:
    """Whether a middleware is the one of this name or made from it."""
    try:
        one, other = import_string(path), import_string(name)
    except ImportError:
        return False  # Django says so itself, when it loads them
    return inspect.isclass(one) and issubclass(one, other)


@register(TAG)
def check_addresses(app_configs: Configs, **_: Any) -> list[CheckMessage]:
    """W023: streams have no address."""
    from .stream import stream

    if any(inspect.unwrap(view) is stream for _, view in _views(get_resolver().url_patterns)):
        return []
    return [
        Warning(
            f"ROOT_URLCONF ({settings.ROOT_URLCONF!r}) includes no sse.urls: there is no address to stream or poll from.",
            hint='Add path("sse/", include("sse.urls")) to its urlpatterns.',
            id="sse.W023",
        )
    ]


@register(TAG)
def check_server(app_configs: Configs, **_: Any) -> list[CheckMessage]:
    """W011: the project is set up for WSGI alone."""
    if getattr(settings, "ASGI_APPLICATION", None):
        return []
    wsgi = getattr(settings, "WSGI_APPLICATION", None)
    return [
        Warning(
            f"ASGI_APPLICATION is not set (WSGI_APPLICATION is {wsgi!r}): under WSGI streams answer 501 and pages poll.",
            hint="Serve with an ASGI server, such as uvicorn project.asgi:application, with ASGI_APPLICATION = "
            "'project.asgi.application' made by sse.asgi.get_asgi_application().",
            id="sse.W011",
        )
    ]


@register(TAG, deploy=True)
def check_application(app_configs: Configs, **_: Any) -> list[CheckMessage]:
    """W012: the ASGI application is not the one that hands streams off. It is imported, hence with --deploy only."""
    path = getattr(settings, "ASGI_APPLICATION", None)
    if not path:
        return []
    try:
        application = import_string(path)
    except ImportError as error:
        return [Error(f"ASGI_APPLICATION: {path!r} cannot be imported ({error}).", id="sse.E012")]
    if _hands_off(application):
        return []
    return [
        Warning(
            f"ASGI_APPLICATION: {path!r} is not made by sse.asgi.get_asgi_application(): streams work, but each holds a "
            "request and a task of Django's own, and costs several times the memory.",
            hint="In its module: from sse.asgi import get_asgi_application.",
            id="sse.W012",
        )
    ]


def _hands_off(application: object, depth: int = 5) -> bool:
    """Whether this is sse's application, or something wrapped around it."""
    from .asgi import Application

    if isinstance(application, Application):
        return True
    return depth > 0 and any(_hands_off(inner, depth - 1) for inner in _callables(application))


def _callables(thing: object) -> Iterator[object]:
    members = getattr(thing, "__dict__", {})
    return (member for member in members.values() if callable(member) and not inspect.isclass(member))


@register(TAG)
def check_transactions(app_configs: Configs, **_: Any) -> list[CheckMessage]:
    """E013, W013: ATOMIC_REQUESTS."""
    atomic = [alias for alias, options in settings.DATABASES.items() if options.get("ATOMIC_REQUESTS")]
    if not atomic:
        return []
    told = f"DATABASES[{atomic[0]!r}] has ATOMIC_REQUESTS. The stream's own view is spared, "
    broken = sorted(set(_async_views(get_resolver().url_patterns, atomic)))
    if broken:
        return [
            Error(
                f"{told}but these are async views, which Django refuses to run so: {', '.join(broken)}.",
                hint="Mark each with @transaction.non_atomic_requests, or unset ATOMIC_REQUESTS and use atomic().",
                id="sse.E013",
            )
        ]
    return [
        Warning(
            f"{told}but what other views publish is sent only when their request has ended, and the topic's row stays "
            "locked until then.",
            hint="Unset ATOMIC_REQUESTS and use transaction.atomic() where things belong together.",
            id="sse.W013",
        )
    ]


def _async_views(patterns: Sequence[URLPattern | URLResolver], atomic: Sequence[str]) -> Iterator[str]:
    for pattern, view in _views(patterns):
        spared: set[str] = getattr(view, "_non_atomic_requests", set())
        if inspect.iscoroutinefunction(view) and not spared.issuperset(atomic):
            yield f"{view.__module__}.{getattr(view, '__qualname__', view)} (at {pattern.pattern})"


def _views(patterns: Sequence[URLPattern | URLResolver]) -> Iterator[tuple[URLPattern, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns)
        else:
            yield pattern, pattern.callback


@register(TAG)
def check_origins(app_configs: Configs, **_: Any) -> list[CheckMessage]:
    """E014: django-cors-headers lets every site read with the user's cookies."""
    if not getattr(settings, "CORS_ALLOW_CREDENTIALS", False):
        return []
    for name in ("CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"):
        if getattr(settings, name, False):
            return [_open_to_all(name, getattr(settings, name))]
    for name in ("CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST"):
        if bad := [origin for origin in getattr(settings, name, ()) if origin in ("*", "null")]:
            return [_open_to_all(name, bad)]
    for name in ("CORS_ALLOWED_ORIGIN_REGEXES", "CORS_ORIGIN_REGEX_WHITELIST"):
        if bad := [rule for rule in getattr(settings, name, ()) if re.match(rule, "https://a.invalid")]:
            return [_open_to_all(name, [getattr(rule, "pattern", rule) for rule in bad])]
    return []


def _open_to_all(name: str, value: object) -> CheckMessage:
    return Error(
        f"{name} is {value!r} with CORS_ALLOW_CREDENTIALS: any site could read the streams and the API of whoever is "
        "signed in here.",
        hint="Name the origins that may, in CORS_ALLOWED_ORIGINS, or set CORS_ALLOW_CREDENTIALS = False.",
        id="sse.E014",
    )
