"""What every request passes before anything else."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from sse.problems import problem

GetResponse = Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def limit_body(get_response: GetResponse) -> GetResponse:
    """Answer 413 to a request whose body is announced as larger than we read."""

    def refusal(request: HttpRequest) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return None
        return too_large()

    if iscoroutinefunction(get_response):

        async def amiddleware(request: HttpRequest) -> HttpResponseBase:
            return refusal(request) or await get_response(request)

        return amiddleware

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return refusal(request) or get_response(request)  # type: ignore[return-value]

    return middleware


def too_large() -> HttpResponse:
    """Return the 413 that names the limit."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return problem(413, "too_large", f"The request's body may have at most {limit} bytes.")
