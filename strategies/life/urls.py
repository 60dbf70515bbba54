"""Addresses of the pages of a document's life."""

from django.urls import path

from strategies.life import pages, statuses

urlpatterns = [
    *(path(verb, pages.change, {"verb": verb}, name=f"strategy-{verb}") for verb in statuses.VERBS),
    path("sections/<slug:key>/review", pages.review, name="section-review"),
]
