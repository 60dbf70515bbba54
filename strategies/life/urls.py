"""Addresses of the pages of a document's life."""

from django.urls import path

from strategies.life import edit_pages, history_pages, pages, piece_pages, statuses

urlpatterns = [
    *(path(verb, pages.change, {"verb": verb}, name=f"strategy-{verb}") for verb in statuses.VERBS),
    path("versions", history_pages.versions, name="strategy-versions"),
    path("versions/<int:number>/restore", history_pages.restore, name="version-restore"),
    path("compare", history_pages.compare, name="strategy-compare"),
    path("duplicate", history_pages.duplicate, name="strategy-duplicate"),
    path("calendar/pieces/add", piece_pages.add, name="piece-add"),
    path("calendar/pieces/<slug:id>", piece_pages.edit, name="piece-edit"),
    path("sections/<slug:key>/edit", edit_pages.edit, name="section-edit"),
    path("sections/<slug:key>/review", pages.review, name="section-review"),
]
