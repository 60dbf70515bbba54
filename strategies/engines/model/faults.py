"""
What goes wrong with a provider, and what is said of it.

Never in the provider's own words: they may quote the key, or be anything at all. Nor does a fault keep the exception that
it was read from, whose text and whose request hold more than a log should.
"""

from dataclasses import dataclass, replace
from typing import Final

import httpx2
from django.utils.translation import gettext_noop as _
from pydantic_ai import exceptions

from strategies.errors import JobFailed, StepFailed

from . import providers
from .client import NotStreamed, Oversized

# Answers after which the same request may succeed; all others are about the request itself.
PASSING: Final = frozenset({408, 409, 429, 500, 502, 503, 504, 529})

BAD_ANSWER: Final = "bad_answer"
REJECTED: Final = "model_request_rejected"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why a call failed."""

    error: StepFailed
    # Whether the same call may succeed in a moment; the provider may have said when.
    passing: bool = False
    wait: float | None = None
    # Whether it may lie in that a stream was asked for: the server took offence at the request, or answered as a whole.
    unstreamed: bool = False


def timed_out(seconds: float) -> Fault:
    """The fault of a call that took too long. It is not passing: whoever is slow is slow again, and costs again."""
    return _step(
        "model_timeout",
        _(
            "The model did not answer within {seconds} seconds. Retry, or raise STRATEGIES_MODEL_TIMEOUT_SECONDS."
        ).format(seconds=f"{seconds:g}"),
    )


def unusable(tries: int) -> StepFailed:
    """The end of a section whose answers could not be used."""
    return StepFailed(
        BAD_ANSWER,
        _(
            "The model answered {tries} times, but not with a section that could be used. Retry, or choose another model."
        ).format(tries=tries),
        retryable=True,
    )


def cut_off(tokens: int) -> StepFailed:
    """The end of a section whose answers were longer than they may be."""
    sentence = _(
        "The model's answer was cut off at the limit of its length, and again when it was asked to be shorter. Raise "
        "what its server lets it write, or choose another model; then retry."
    )
    if tokens:
        sentence = _(
            "The model's answer was cut off at the limit of its length, and again when it was asked to be shorter. Raise "
            "STRATEGIES_MODEL_ANSWER_TOKENS (now {tokens}), or what its server lets it write, or choose another model; "
            "then retry."
        )
    return StepFailed("answer_cut_off", sentence.format(tokens=f"{tokens:,}"), retryable=True)


def refused() -> StepFailed:
    """The end of a section that the model, or a filter before it, would not write."""
    return StepFailed(
        "model_refused",
        _(
            "The model declined to write this section. Look for what it may have taken offence at in the brief, and "
            "retry."
        ),
        retryable=True,
    )


def read(error: Exception, *, name: str) -> Fault:
    """Return what an exception of the client library means; ``name`` is the engine's, provider:model."""
    provider, _colon, model = name.partition(":")
    asked = providers.PROVIDERS[provider]
    match error:
        case Oversized():
            return _step("answer_too_large", _("The model's answer was larger than 1 MB and was not read. Retry."))
        case exceptions.ModelAuthenticationError():
            return _job(
                "model_unauthorized",
                _("The model's provider refused the key. Correct {key}, start the worker again, then retry.").format(
                    key=asked.key
                ),
            )
        case exceptions.ModelQuotaExceededError():
            return _job(
                "model_quota_exceeded",
                _("The account's credit at the model's provider is used up. Top it up, then retry."),
            )
        case exceptions.ModelNotFoundError():
            return _job(
                "model_not_found",
                _(
                    "The provider knows no model “{model}”, or {address} is not where it answers. Correct "
                    "STRATEGIES_MODEL or {address}, start the worker again, then retry."
                ).format(model=model[:100], address=asked.base),
            )
        case exceptions.ModelContextWindowExceededError():
            return _step(
                "model_context_exceeded",
                _(
                    "Brief and earlier sections are longer than this model can read. Shorten the brief or choose another."
                ),
                retryable=False,
            )
        case exceptions.ModelHTTPError():
            return _read_status(error)
        case exceptions.ModelConnectionError() | httpx2.TransportError():
            # The second: in the middle of a stream.
            return _unavailable()
        case NotStreamed():
            return replace(_rejected(200), unstreamed=True)
    # Whatever else the library trips over is an answer that is none: a page of HTML, half a JSON, a redirect.
    return _step(
        BAD_ANSWER,
        _("The model's server answered, but not as such a server does. Check {address}, then retry.").format(
            address=asked.base
        ),
    )


def _read_status(error: exceptions.ModelHTTPError) -> Fault:
    status = error.status_code
    if status == 429:
        fault = _step(
            "model_rate_limited",
            _("The model's provider lets no more requests through at the moment. Retry in a few minutes."),
        )
        return replace(fault, passing=True, wait=error.retry_after)
    if status in PASSING or status >= 500:
        fault = replace(_unavailable(), passing=status in PASSING, wait=error.retry_after)
        return replace(fault, unstreamed=status == 501)
    return replace(_rejected(status), unstreamed=True)


def _rejected(status: int) -> Fault:
    return _step(
        REJECTED,
        _(
            "The model's server refused the request itself (status {status}). Choose a model that can answer in JSON by "
            "a schema, lower STRATEGIES_MODEL_ANSWER_TOKENS if it writes shorter answers only, or look into that "
            "server's log."
        ).format(status=status),
        retryable=False,
    )


def _unavailable() -> Fault:
    message = _("The model's server could not be reached, or failed. Retry later.")
    return replace(_step("model_unavailable", message), passing=True)


def _step(code: str, message: str, *, retryable: bool = True) -> Fault:
    return Fault(error=StepFailed(code, message, retryable=retryable))


def _job(code: str, message: str) -> Fault:
    # No other section would fare better. All of these are put right in the settings or at the provider.
    return Fault(error=JobFailed(code, message, retryable=True))
