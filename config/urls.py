"""Addresses of the project (contract §4)."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from config import health
from config.api import api

handler400 = "config.errors.bad_request"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", api.urls),
    path("sse/", include("sse.urls")),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("metrics", health.figures),
    path("language", set_language, name="set_language"),
    path("favicon.ico", RedirectView.as_view(url="/static/strategies/icon.svg")),
    path("", include("strategies.urls")),
]
