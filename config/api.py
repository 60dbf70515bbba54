"""The API: one NinjaAPI, its errors as problem+json, and what operators ask."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from config import errors
from config.middleware import too_large
from sse import schema, tokens
from sse.errors import TokenRefused
from sse.problems import problem
from strategies import brief, kinds
from strategies.api import router
from strategies.autofill.api import router as autofill
from strategies.brief import Invalid
from strategies.errors import Refused, StrategyError, TooMany, UnknownKind
from strategies.exports import json_
from strategies.exports.api import router as exports
from strategies.job_api import router as jobs
from strategies.life.api import router as life
from strategies.life.piece_api import router as pieces


class StrictParser(Parser):
    """JSON without what has two readings: a name given twice, NaN, Infinity."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            return json.loads(request.body, object_pairs_hook=_once, parse_constant=_refuse)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise Invalid({twice: ["This member is given twice; give it once."]})
    return members


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON number")


def _schemas() -> dict[str, Any]:
    """Return the schemas that the project itself keeps: of events, of a brief, of a document."""
    strategy = {
        "type": "object",
        "required": ["name", "industry", "brief"],
        "properties": {
            "name": {"type": "string", "maxLength": 200},
            "industry": {"type": "string", "maxLength": 200},
            "brief": {"$ref": "#/components/schemas/Brief"},
            "timeline_months": {"type": "integer", "minimum": 1, "maximum": 36},
            "max_content_pieces": {"type": "integer", "minimum": 1, "maximum": 200},
        },
    }
    return {
        "Event": schema.event(),
        "EventPage": schema.page(),
        "Text": schema.text(),
        "Brief": brief.schema(),
        "StrategyIn": strategy,
        "JobIn": kinds.schema(),
        **json_.components(),
    }


class Described(NinjaAPI):
    """An API whose description has these schemas beside those of its operations, and whose answers nobody else keeps."""

    def create_response(self, *args: Any, **options: Any) -> HttpResponse:
        """Return an answer; unless its operation says otherwise it is for whoever asked, and for now."""
        response = super().create_response(*args, **options)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def get_openapi_schema(self, **options: Any) -> Any:
        """Return the OpenAPI document."""
        document = super().get_openapi_schema(**options)
        document["components"]["schemas"] |= _schemas()
        return document


api = Described(
    title="Strategy Stream",
    version="1",
    description="Queue the making of a content strategy, follow its progress, read the document.",
    urls_namespace="api",
    parser=StrictParser(),
)
api.add_router("", jobs)
api.add_router("", router)
api.add_router("", life)
api.add_router("", pieces)
api.add_router("", exports)
api.add_router("", autofill)


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """401: nobody is signed in."""
    return problem(401, "not_signed_in", "Sign in first.")


@api.exception_handler(TokenRefused)
def token_refused(request: HttpRequest, error: TokenRefused) -> HttpResponse:
    """401 or 403: the token is wrong, or is not good for this."""
    return tokens.refusal(error)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    """404: there is no such thing, or it is somebody else's."""
    return problem(404, "not_found", "There is no such thing, or it is not yours.")


@api.exception_handler(Invalid)
def invalid(request: HttpRequest, error: Invalid) -> HttpResponse:
    """422: what was sent is not a brief."""
    return problem(422, "invalid", "Some fields are missing or wrong; errors names each.", errors=error.errors)


@api.exception_handler(ValidationError)
def invalid_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422: a parameter is not what the operation takes."""
    named: dict[str, list[str]] = {}
    for fault in error.errors:
        path = ".".join(str(part) for part in fault["loc"][1:]).removeprefix("payload.") or str(fault["loc"][0])
        named.setdefault(path, []).append(fault["msg"])
    return problem(422, "invalid", "Some parameters are missing or wrong; errors names each.", errors=named)


@api.exception_handler(StrategyError)
def refused(request: HttpRequest, error: StrategyError) -> HttpResponse:
    """409, 429 or 422, as the error says."""
    if isinstance(error, TooMany):
        return problem(429, error.code, error.message, retry_after=error.wait)
    if isinstance(error, UnknownKind):
        return problem(422, error.code, error.message, errors={"kind": [error.message]})
    return problem(409 if isinstance(error, Refused) else 422, error.code, error.message)


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """413: the body turned out larger than was announced."""
    return too_large()


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework itself refuses: an unreadable body, a missing CSRF token."""
    if isinstance(error.__cause__, Invalid):  # raised by our parser, and taken for an unreadable body
        return invalid(request, error.__cause__)
    if error.status_code == 403:
        return problem(403, "csrf", "A write needs the CSRF token, as X-CSRFToken.")
    return problem(error.status_code, "bad_request", str(error))


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def no_database(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    """503: the database is away or locked; nothing was half-done."""
    return errors.no_database(error)


@api.exception_handler(IntegrityError)
def conflict(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    """409: something else happened at the same moment, such as a deletion; nothing was changed."""
    return problem(409, "conflict", "Something else changed this at the same moment; look again. Nothing was changed.")
