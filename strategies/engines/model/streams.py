"""An answer that is read while it is written."""

import time
from typing import Final

from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    ModelResponseStreamEvent,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings

from strategies.engines import Show

from . import client

# How often it is told how far the answer is: joining it at each word would cost more the longer it gets.
SHOW_SECONDS: Final = 0.2
# What says to the server, and to our own reading of its answer, that a stream is asked for.
_ASKED: Final = ModelSettings(extra_headers={"Accept": client.STREAM})


async def read(
    chat: Model, talk: list[ModelMessage], form: ModelRequestParameters, bounds: ModelSettings, *, show: Show
) -> ModelResponse:
    """
    Return the model's answer, and tell ``show`` of it meanwhile.

    Raises what the library raises, ``client.Oversized``, and ``client.NotStreamed`` where the server answers as a whole.
    """
    parts: list[str] = []
    size, due = 0, 0.0
    asked = ModelSettings(**bounds, **_ASKED)
    async with model_request_stream(chat, talk, model_settings=asked, model_request_parameters=form) as stream:
        async for event in stream:
            text = _text(event)
            size += len(text)
            if size > client.ANSWER_BYTES:
                raise client.Oversized
            parts.append(text)
            if text and time.monotonic() >= due:
                show("".join(parts))
                due = time.monotonic() + SHOW_SECONDS
        return stream.get()


def _text(event: ModelResponseStreamEvent) -> str:
    match event:
        case PartStartEvent(part=TextPart(content=text)) | PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
            return text
    return ""
