"""The stream's address."""

from django.urls import path

from .stream import stream

app_name = "sse"
urlpatterns = [path("stream", stream, name="stream")]
