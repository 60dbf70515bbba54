"""
The model engine: a language model writes the sections, by the schema of their drafts.

One section is one call; an answer that can't be used gets one more. Calls that fail for a passing reason are repeated,
each for itself: what was answered is never asked again.
"""

import asyncio
import itertools
import logging
import time
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from genai_prices import calc_price
from pydantic_ai.direct import model_request
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, SystemPromptPart, TextPart, UserPromptPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.output import OutputObjectDefinition

from strategies import sections
from strategies.engines import Material, Show, Written, prompts
from strategies.errors import JobFailed

from . import answers, client, faults, streams
from .patience import Patience

logger = logging.getLogger(__name__)

PROVIDERS: Final = ("openai",)
ROUNDS: Final = 2
# An answer that could not be used is shown to the model again up to this length; beyond it, repairing costs more than
# writing anew.
SHOWN_CHARACTERS: Final = 50_000
# What a database column of whole numbers holds: a server may count as it likes.
MOST_TOKENS: Final = 2**31 - 1


class Model:
    """Writes sections with the model called ``provider:name``."""

    def __init__(self, name: str, *, patience: Patience | None = None) -> None:
        self.name = name
        self._provider, _, self._model = name.partition(":")
        self._patience = patience or Patience()
        # Whether the server streams; not known before the first answer.
        self._streams: bool | None = None

    async def write(self, section: str, material: Material, *, show: Show | None = None) -> Written:
        """Return the section's words; raises ``StepFailed``, or ``JobFailed`` where no section could be written."""
        self._check_provider()
        chat = client.open_chat(self._model)
        prompt = prompts.ask(section, material, title=sections.NAMES[section], schema=answers.schema(section))
        form, talk, bill = _form(chat, section), _open(prompt), Bill()
        for _ in range(ROUNDS):
            raw = ""
            try:
                reply = await self._ask(chat, talk, form, show)
                bill = bill.add(reply)
                raw = answers.clean("".join(part.content for part in reply.parts if isinstance(part, TextPart)))
                draft = answers.read(section, _complete(reply, raw))
            except answers.Unusable as fault:
                talk = _correct(prompt, raw, str(fault))
                continue
            logger.info("%s wrote %s (prompt %s): %s", self.name, section, prompt.version, bill)
            return Written(
                draft=draft,
                raw=raw,
                engine=self.name,
                model=answers.clean(reply.model_name or self._model)[:200],
                tokens_in=bill.tokens_in,
                tokens_out=bill.tokens_out,
                cost=bill.cost,
            )
        logger.warning("%s wrote no %s (prompt %s): %s", self.name, section, prompt.version, bill)
        raise faults.unusable(ROUNDS)

    def _check_provider(self) -> None:
        if self._provider not in PROVIDERS or not self._model:
            raise JobFailed(
                "model_unknown_provider",
                f"STRATEGIES_MODEL says “{self.name:.100}”, and no such provider is known here. It may be “offline”, or "
                "“openai:” and a model's name, for any server at OPENAI_BASE_URL that speaks as OpenAI's does. Once it "
                "is set right and the worker was started again, retry.",
                retryable=True,
            )

    async def _ask(
        self, chat: OpenAIChatModel, talk: list[ModelMessage], form: ModelRequestParameters, show: Show | None
    ) -> ModelResponse:
        """Return the model's answer; raises ``StepFailed``, or ``Unusable`` where it is none."""
        began = time.monotonic()
        for tried in itertools.count(1):
            outcome = await self._call(chat, talk, form, show if self._streams is not False else None)
            if isinstance(outcome, faults.Fault) and outcome.unstreamed and show is not None and self._streams is None:
                # Some servers refuse to stream, or to count what they stream. Once it is known, nothing is asked twice.
                outcome = await self._call(chat, talk, form, None)
                self._streams = False if isinstance(outcome, ModelResponse) else None
            if isinstance(outcome, ModelResponse):
                return outcome
            if outcome.error.code == faults.BAD_ANSWER:
                raise answers.Unusable("It was not received as a whole.")
            pause = None
            if outcome.passing:
                spent = time.monotonic() - began
                pause = self._patience.pause(tried=tried, spent=spent, asked=outcome.wait)
            if pause is None:
                logger.warning("%s: %s after %s tries", self.name, outcome.error.code, tried)
                raise outcome.error
            logger.warning("%s: %s, asking again in %.1f s", self.name, outcome.error.code, pause)
            await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    async def _call(
        self, chat: OpenAIChatModel, talk: list[ModelMessage], form: ModelRequestParameters, show: Show | None
    ) -> ModelResponse | faults.Fault:
        """
        Ask once.

        A fault is returned and not raised, so that no error of ours keeps the library's: its request holds the key.
        """
        limit = settings.STRATEGIES_MODEL_TIMEOUT_SECONDS
        try:
            async with asyncio.timeout(limit):
                if show is None:
                    return await model_request(chat, talk, model_request_parameters=form)
                reply = await streams.read(chat, talk, form, show=show)
                self._streams = True
                return reply
        except TimeoutError:
            return faults.timed_out(limit)
        except Exception as error:  # noqa: BLE001 - a server may answer anything, and the library may trip over all of it
            return faults.read(error, model=self._model)


def _form(chat: OpenAIChatModel, section: str) -> ModelRequestParameters:
    """
    Say in which form the answer is to come: JSON by a schema, in ``response_format``.

    Most servers that speak this protocol constrain a model's output by it (OpenAI, Azure, vLLM, llama.cpp, Ollama, LM
    Studio, OpenRouter), and small models keep to it, where tools depend on each model's template and are often not called
    at all. The schema stands in the prompt too, for servers that pass over the parameter; and where a model is known
    to refuse it, plain JSON is asked for.
    """
    definition = OutputObjectDefinition(name=section, json_schema=answers.schema(section), strict=True)
    native = chat.profile.get("supports_json_schema_output", False)
    return ModelRequestParameters(
        output_mode="native" if native else "prompted",
        output_object=definition,
        prompted_output_template=False,
        allow_text_output=False,
    )


def _open(prompt: prompts.Prompt, *, note: str = "") -> list[ModelMessage]:
    user = "\n\n".join(filter(None, [prompt.user, note]))
    system = SystemPromptPart(content=answers.clean(prompt.system))
    return [ModelRequest(parts=[system, UserPromptPart(content=answers.clean(user))])]


def _correct(prompt: prompts.Prompt, raw: str, reason: str) -> list[ModelMessage]:
    note = prompts.correct(reason)
    if not raw.strip() or len(raw) > SHOWN_CHARACTERS:
        # In the same message: templates of many models refuse two messages of a user in a row.
        return _open(prompt, note=note)
    answer = ModelResponse(parts=[TextPart(content=raw)])
    return [*_open(prompt), answer, ModelRequest(parts=[UserPromptPart(content=note)])]


def _complete(reply: ModelResponse, raw: str) -> str:
    if reply.finish_reason == "content_filter":
        raise faults.refused()
    if reply.finish_reason == "length":
        raise answers.Unusable("It was cut off at the limit of its length. Say it in half as many words.")
    if not raw.strip():
        raise answers.Unusable("It was empty.")
    return raw


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What the calls of one section used. ``cost`` is absent as soon as one call's is not known."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = 0.0

    def add(self, reply: ModelResponse) -> "Bill":
        """Return the bill with one more call."""
        cost = price(reply)
        return Bill(
            tokens_in=_count(self.tokens_in + reply.usage.input_tokens),
            tokens_out=_count(self.tokens_out + reply.usage.output_tokens),
            cost=None if cost is None or self.cost is None else self.cost + cost,
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
