"""What every request passes before anything else."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import loader
from django.utils import translation
from django.utils.decorators import sync_and_async_middleware

from sse.problems import problem

GetResponse = Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def check_body(get_response: GetResponse) -> GetResponse:
    """
    Answer 413 to a request whose body is announced as larger than we read, and 415 to one that is not in UTF-8.

    Django would decode a form by whatever codec the request names, base64 and those that let half a character in too.
    """

    def refusal(request: HttpRequest) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return told_too_large(request) if "text/html" in request.headers.get("Accept", "") else too_large()
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.strip("\"' ").lower() != "utf-8":
            return problem(415, "not_utf_8", f"Text has to be sent as utf-8; this request names {charset!r:.40}.")
        return None

    if iscoroutinefunction(get_response):

        async def amiddleware(request: HttpRequest) -> HttpResponseBase:
            return refusal(request) or await get_response(request)

        return amiddleware

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return refusal(request) or get_response(request)  # type: ignore[return-value]

    return middleware


def told_too_large(request: HttpRequest) -> HttpResponse:
    """Return the 413 as a page, in the language of whoever sent a form; no middleware has read it yet."""
    with translation.override(translation.get_language_from_request(request)):
        return HttpResponse(loader.render_to_string("413.html"), status=413)


def too_large() -> HttpResponse:
    """Return the 413 that names the limit."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return problem(413, "too_large", f"The request's body may have at most {limit} bytes.")
