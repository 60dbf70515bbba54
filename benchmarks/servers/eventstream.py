"""django-eventstream with its Redis listener, without middleware and storage, on uvicorn."""

import sys

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path

from benchmarks.servers import listening

settings.configure(
    SECRET_KEY="benchmark",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_eventstream"],
    EVENTSTREAM_REDIS={"unix_socket_path": sys.argv[2]},
)
sys.modules["__main__"] = sys.modules[__name__]
django.setup()

import django_eventstream.views  # noqa: E402
from django.http import HttpRequest, HttpResponseBase  # noqa: E402


def stream(request: HttpRequest) -> HttpResponseBase:
    """Stream one topic."""
    return django_eventstream.views.events(request, channels=[request.GET["topic"]])  # type: ignore[no-any-return]


urlpatterns = [path("sse/stream", stream)]

if __name__ == "__main__":
    listening.serve(get_asgi_application())
