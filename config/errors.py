"""Errors that reach nobody else: what a page answers when something breaks."""

import logging
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views import defaults

from config.middleware import told_too_large, too_large
from sse.problems import problem

logger = logging.getLogger(__name__)

RETRY_SECONDS = 2
# Below these, answers are for programs.
PROGRAMS = ("/api/", "/sse/")


def no_database(error: DatabaseError | InterfaceError) -> HttpResponse:
    """Return the 503 that says that the database is away or locked."""
    logger.error("the database did not answer: %s", error)
    detail = "The database does not answer; nothing was changed. Try again."
    return problem(503, "no_database", detail, retry_after=RETRY_SECONDS)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 400, or 413 for a body that turned out larger than was announced; to programs as a problem."""
    programs = request.path.startswith(PROGRAMS)
    if isinstance(exception, RequestDataTooBig):
        return too_large() if programs else told_too_large(request)
    if programs:
        return problem(400, "bad_request", "The request could not be understood; nothing was changed.")
    return defaults.bad_request(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 404: to programs as they are told of everything, to people as a page."""
    if request.path.startswith(PROGRAMS):
        return problem(404, "not_found", "There is nothing at this address; /api/docs lists those there are.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return 500; or 503 where it was the database that did not answer, which a moment may mend."""
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError | InterfaceError):
        return defaults.server_error(request)
    if request.path.startswith(PROGRAMS):
        return no_database(error)
    response = HttpResponse(loader.render_to_string("503.html"), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response
