"""
What can go wrong when something is published, or somebody signs in with a token.

    SseError
    ├── TopicClosed      trying again cannot help
    ├── EventTooLarge    trying again cannot help; a smaller event can; a ValueError too
    └── TokenRefused     trying again cannot help; another token can
        ├── InvalidToken    401
        └── ScopeMissing    403

A wrong type, name or value raises ``ValueError`` or ``TypeError``, as anywhere in Python. None of them stores anything.
"""


class SseError(Exception):
    """Something that sse refuses to do."""

    code = "sse_error"


class TopicClosed(SseError):
    """The topic's final event was published, and nothing may follow it."""

    code = "topic_closed"


class EventTooLarge(SseError, ValueError):
    """The event's JSON is longer than ``SSE_MAX_EVENT_BYTES``."""

    code = "event_too_large"


class TokenRefused(SseError):
    """The token that a request came with does not let it in."""


class InvalidToken(TokenRefused):
    """
    The Authorization header is no Bearer token, or one that is unknown, expired or revoked, or its user is inactive.

    One answer for all: what a token was is nobody's business who does not hold it.
    """

    code = "invalid_token"


class ScopeMissing(TokenRefused):
    """The token is good, but not for this."""

    code = "scope_missing"

    def __init__(self, *accepted: str) -> None:
        super().__init__(*accepted)
        self.accepted = accepted
