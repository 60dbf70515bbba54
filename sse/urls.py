"""The addresses of streams and of polling."""

from django.urls import path

from .polling import poll
from .stream import stream

app_name = "sse"
urlpatterns = [path("stream", stream, name="stream"), path("events", poll, name="events")]
