"""
The model engine: a language model writes the sections, by the schema of their drafts.

One section is one call; an answer that can't be used gets one more. Calls that fail for a passing reason are repeated,
each for itself: what was answered is never asked again.
"""

import logging
from typing import Any, Final

from django.conf import settings
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, SystemPromptPart, TextPart, UserPromptPart
from pydantic_ai.models import Model as Chat
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition

from strategies import sections
from strategies.engines import Material, Show, Usage, Written, prompts
from strategies.engines.prompts import compact as short
from strategies.errors import StepFailed

from . import answers, calls, compact, faults, providers
from .bill import Bill
from .patience import Patience

logger = logging.getLogger(__name__)

ROUNDS: Final = 2
# An answer that could not be used is shown to the model again up to this length; beyond it, repairing costs more than
# writing anew.
SHOWN_CHARACTERS: Final = 50_000


class Model:
    """Writes sections with the model called ``provider:name``."""

    def __init__(self, name: str, *, patience: Patience | None = None) -> None:
        self.name = name
        self._provider, _, self._model = name.partition(":")
        self._caller = calls.Caller(name, patience or Patience())

    def most_tokens(self, section: str, material: Material) -> int:
        """Return what all rounds may use: the prompt, guessed on the safe side, and answers of the longest length."""
        prompt = _ask(section, material, _schema(section, material, places=True), native=True)
        return ROUNDS * calls.most(len(prompt.system) + len(prompt.user))

    async def write(self, section: str, material: Material, *, show: Show | None = None) -> Written:
        """Return the section's words; raises ``StepFailed``, or ``JobFailed`` where no section could be written."""
        chat = providers.open_chat(self._provider, self._model)
        # Where the library has no rules for the server's schemas, the schema goes as it is.
        schema = _schema(section, material, places=chat.profile.get("json_schema_transformer") is None)
        form = _form(chat, section, schema)
        prompt = _ask(section, material, schema, native=form.output_mode == "native")
        talk, bill = _open(prompt), Bill()
        failed = faults.unusable(ROUNDS)
        for _ in range(ROUNDS):
            raw = ""
            try:
                reply = await self._caller.ask(chat, talk, form, show)
                bill = bill.add(reply)
                raw = answers.clean("".join(part.content for part in reply.parts if isinstance(part, TextPart)))
                draft = answers.read(section, _complete(reply, raw))
            except answers.Unusable as fault:
                talk = _correct(prompt, raw, str(fault))
                cut = isinstance(fault, answers.CutOff)
                failed = faults.cut_off(settings.STRATEGIES_MODEL_ANSWER_TOKENS) if cut else faults.unusable(ROUNDS)
                continue
            except StepFailed as error:
                failed = error
                break
            logger.info("%s wrote %s (prompt %s): %s", self.name, section, prompt.version, bill)
            return Written(draft=draft, raw=raw, **vars(self._usage(prompt, bill, reply.model_name)))
        logger.warning("%s wrote no %s (prompt %s): %s, %s", self.name, section, prompt.version, failed.code, bill)
        # Raised here, where no other error is at hand that it would keep.
        failed.usage = self._usage(prompt, bill, self._model)
        raise failed

    def _usage(self, prompt: prompts.Prompt, bill: Bill, model: str | None) -> Usage:
        return Usage(
            engine=self.name,
            model=answers.clean(model or self._model)[:200],
            prompt=prompt.version,
            tokens_in=bill.tokens_in,
            tokens_out=bill.tokens_out,
            cost=bill.cost if bill.calls else None,
        )


def _is_compact(section: str) -> bool:
    return settings.STRATEGIES_MODEL_PROMPTS == "compact" and short.has(section)


def _schema(section: str, material: Material, *, places: bool) -> dict[str, Any]:
    return compact.schema(section, material, places=places) if _is_compact(section) else answers.schema(section)


def _ask(section: str, material: Material, schema: dict[str, Any], *, native: bool) -> prompts.Prompt:
    title = sections.NAMES[section]
    if _is_compact(section):
        return short.ask(section, material, title=title, schema=None if native else schema)
    return prompts.ask(section, material, title=title, schema=schema)


def _form(chat: Chat, section: str, schema: dict[str, Any]) -> ModelRequestParameters:
    """
    Say in which form the answer is to come: JSON by a schema, where the model is known to take one.

    Most servers that speak OpenAI's protocol constrain a model's output by it (OpenAI, Azure, vLLM, llama.cpp, Ollama, LM
    Studio, OpenRouter), and small models keep to it, where tools depend on each model's template and are often not called
    at all. The schema stands in the prompt too, for servers that pass over the parameter; and where a model is known
    to refuse it, plain JSON is asked for.
    """
    definition = OutputObjectDefinition(name=section, json_schema=schema, strict=True)
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
        raise answers.CutOff("It was cut off at the limit of its length. Say it in half as many words.")
    if not raw.strip():
        raise answers.Unusable("It was empty.")
    return raw
