"""Calls to a model: each in its turn, within its time, streamed where the server can, again where that may help."""

import asyncio
import itertools
import logging
import time
from typing import Final

from django.conf import settings
from pydantic_ai.direct import model_request
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings

from strategies.engines import Show

from . import answers, faults, streams, turns
from .patience import Patience

logger = logging.getLogger(__name__)

# What a turn is guessed to use before that is known: a token is about four characters, and an answer about so many.
CHARACTERS_A_TOKEN: Final = 4
# To read an answer word by word costs the worker's one thread half a millisecond a word. Beyond so many at once the
# others are asked for as a whole, and their readers see the section when it is finished.
STREAMS_AT_ONCE: Final = 25
ANSWER_TOKENS: Final = 1_500
# No language of ours needs more than a token for two characters of a prompt, most of which is English.
FEWEST_CHARACTERS_A_TOKEN: Final = 2
# What an answer without a limit is taken to use at most.
UNLIMITED_TOKENS: Final = 32_000


class Caller:
    """Asks one model, and remembers whether its server streams."""

    def __init__(self, name: str, patience: Patience) -> None:
        self._name, self._patience = name, patience
        # Not known before the first answer.
        self._streams: bool | None = None
        self._under_way = 0

    async def ask(
        self, chat: Model, talk: list[ModelMessage], form: ModelRequestParameters, show: Show | None
    ) -> ModelResponse:
        """Return the model's answer; raises ``StepFailed``, or ``Unusable`` where it is none."""
        spent = 0.0
        for tried in itertools.count(1):
            async with turns.here().take(_guess(talk)) as turn:
                began = time.monotonic()
                outcome = await self._try(chat, talk, form, show)
                spent += time.monotonic() - began
                if isinstance(outcome, ModelResponse):
                    turn.tokens = outcome.usage.total_tokens or turn.tokens
                    return outcome
            if outcome.error.code == faults.BAD_ANSWER:
                raise answers.Unusable("It was not received as a whole.")
            pause = None
            if outcome.passing:
                pause = self._patience.pause(tried=tried, spent=spent, asked=outcome.wait)
            if pause is None:
                logger.warning("%s: %s after %s tries", self._name, outcome.error.code, tried)
                raise outcome.error
            logger.warning("%s: %s, asking again in %.1f s", self._name, outcome.error.code, pause)
            await asyncio.sleep(pause)
            spent += pause
        raise AssertionError("unreachable")

    async def _try(
        self, chat: Model, talk: list[ModelMessage], form: ModelRequestParameters, show: Show | None
    ) -> ModelResponse | faults.Fault:
        if self._streams is False or self._under_way >= STREAMS_AT_ONCE:
            show = None
        outcome = await self._call(chat, talk, form, show)
        if isinstance(outcome, faults.Fault) and outcome.unstreamed and show is not None and self._streams is None:
            # Some servers refuse to stream, or to count what they stream. Once it is known, nothing is asked twice.
            outcome = await self._call(chat, talk, form, None)
            self._streams = False if isinstance(outcome, ModelResponse) else None
        return outcome

    async def _call(
        self, chat: Model, talk: list[ModelMessage], form: ModelRequestParameters, show: Show | None
    ) -> ModelResponse | faults.Fault:
        """
        Ask once.

        A fault is returned and not raised, so that no error of ours keeps the library's: its request holds the key.
        """
        limit = settings.STRATEGIES_MODEL_TIMEOUT_SECONDS
        try:
            async with asyncio.timeout(limit):
                if show is None:
                    return await model_request(chat, talk, model_settings=_bounds(), model_request_parameters=form)
                self._under_way += 1
                try:
                    reply = await streams.read(chat, talk, form, _bounds(), show=show)
                finally:
                    self._under_way -= 1
                self._streams = True
                return reply
        except TimeoutError:
            return faults.timed_out(limit)
        except Exception as error:  # noqa: BLE001 - a server may answer anything, and the library may trip over all of it
            return faults.read(error, name=self._name)


def _bounds() -> ModelSettings:
    """Say how long an answer may be: a model that does not know when to stop is stopped, and paid for no more."""
    tokens = settings.STRATEGIES_MODEL_ANSWER_TOKENS
    return ModelSettings(max_tokens=tokens) if tokens else ModelSettings()


def most(characters: int) -> int:
    """Return what a call with a prompt of so many characters uses at most."""
    return characters // FEWEST_CHARACTERS_A_TOKEN + (settings.STRATEGIES_MODEL_ANSWER_TOKENS or UNLIMITED_TOKENS)


def _guess(talk: list[ModelMessage]) -> int:
    said = sum(len(str(getattr(part, "content", ""))) for message in talk for part in message.parts)
    return said // CHARACTERS_A_TOKEN + ANSWER_TOKENS
