"""Addresses of the project (contract §4)."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config import health
from config.api import api

handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", api.urls),
    path("sse/", include("sse.urls")),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("metrics", health.figures),
    path("favicon.ico", RedirectView.as_view(url="/static/strategies/icon.svg")),
    path("", include("strategies.urls")),
]
