"""What the calls of a section used, and what that costs."""

from dataclasses import dataclass
from typing import Final

from genai_prices import calc_price
from pydantic_ai.messages import ModelResponse

# What a database column of whole numbers holds: a server may count as it likes.
MOST_TOKENS: Final = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What the calls of one section used. ``cost`` is absent as soon as one call's is not known."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = 0.0
    calls: int = 0

    def add(self, reply: ModelResponse) -> "Bill":
        """Return the bill with one more call."""
        cost = price(reply)
        return Bill(
            tokens_in=_count(self.tokens_in + reply.usage.input_tokens),
            tokens_out=_count(self.tokens_out + reply.usage.output_tokens),
            cost=None if cost is None or self.cost is None else self.cost + cost,
            calls=self.calls + 1,
        )

    def __str__(self) -> str:
        return f"{self.tokens_in} tokens in, {self.tokens_out} out"


def _count(tokens: int) -> int:
    return max(0, min(tokens, MOST_TOKENS))


def price(reply: ModelResponse) -> float | None:
    """
    Return what a call cost in US dollars, or None: nobody knows the server's prices, or it counted no tokens.

    Prices are looked up by the server's address: by a model's name alone an own server would be billed as another's.
    """
    if not (reply.model_name and reply.provider_url) or reply.usage.unmeasured_requests:
        return None
    try:
        found = calc_price(
            reply.usage,
            reply.model_name,
            provider_api_url=reply.provider_url,
            genai_request_timestamp=reply.timestamp,
            price_context=reply.provider_details,
        )
    except (LookupError, ValueError):
        return None
    return float(found.total_price)
