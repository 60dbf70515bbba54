"""Addresses of the pages."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from . import kind_pages, views
from .autofill import pages as autofill
from .start import brief_pages, draft_pages, pages

urlpatterns = [
    path("", views.home, name="home"),
    path("strategies/new", pages.new, name="strategy-new"),
    path("strategies/drafts", draft_pages.save, name="draft-save"),
    path("strategies/drafts/<uuid:key>/delete", draft_pages.delete, name="draft-delete"),
    path("strategies/<uuid:pk>/", views.strategy, name="strategy"),
    path("strategies/<uuid:pk>/run", views.run, name="strategy-run"),
    path("strategies/<uuid:pk>/calendar", kind_pages.make_calendar, name="strategy-calendar"),
    path("strategies/<uuid:pk>/sections/<slug:key>/again", kind_pages.write_again, name="section-again"),
    path("strategies/<uuid:pk>/brief", brief_pages.edit, name="strategy-brief"),
    path("strategies/<uuid:pk>/delete", views.delete, name="strategy-delete"),
    path("strategies/<uuid:pk>/", include("strategies.life.urls")),
    path("strategies/autofill", autofill.start, name="autofill"),
    path("strategies/<uuid:pk>/autofill", autofill.start, name="strategy-autofill"),
    path("jobs/<uuid:pk>/found", autofill.found, name="job-found"),
    path("jobs/<uuid:pk>/", views.job, name="job"),
    path("jobs/at-work", views.at_work, name="jobs-at-work"),
    path("jobs/<uuid:pk>/steps/<slug:key>", views.job_section, name="job-section"),
    path("jobs/<uuid:pk>/cancel", views.cancel, name="job-cancel"),
    path("jobs/<uuid:pk>/retry", views.retry, name="job-retry"),
    path("accounts/login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
]
