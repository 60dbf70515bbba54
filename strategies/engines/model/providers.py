"""
The providers: how each is connected to, as the settings of this moment say.

OpenAI stands for every server that speaks its chat completions. The others' libraries are extras: they are loaded when
first asked for. None of them reads the environment behind the settings' back, and none retries by itself.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
from django.conf import settings
from openai import AsyncOpenAI
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from strategies.errors import JobFailed

from . import client

OPENAI: Final = "https://api.openai.com/v1"
ANTHROPIC: Final = "https://api.anthropic.com"
GOOGLE: Final = "https://generativelanguage.googleapis.com"
# What is sent where no key is set: the library insists on one.
NO_KEY: Final = "none"


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One provider: the settings that say where it is and with which key, and how it is opened."""

    key: str
    base: str
    open: Callable[[str, str, str], Model]
    extra: str = ""
    # Whether a server at an address of its own may need no key.
    keyless: bool = False


def open_chat(provider: str, model: str) -> Model:
    """Return a model to talk to; raises ``JobFailed`` where the settings don't suffice."""
    if provider not in PROVIDERS or not model:
        raise _unknown(f"{provider}:{model}" if model else provider)
    asked = PROVIDERS[provider]
    key, base = _key(asked), _base(asked)
    fault = None
    try:
        return asked.open(model, key, base)
    except httpx2.InvalidURL:
        # Its text quotes the address, which may hold a password; and raised in here it would be kept with ours.
        fault = not_configured(f"{asked.base} is not an address.")
    except ImportError:
        fault = not_configured(
            f"The library for {provider} is not installed: pip install 'pydantic-ai-slim[{asked.extra}]'."
        )
    raise fault


def _key(asked: Provider) -> str:
    key = str(getattr(settings, asked.key)).strip()
    if not key and not (asked.keyless and _base(asked)):
        missing = f"neither {asked.key} is set, nor {asked.base} for a server that needs no key"
        raise not_configured(f"No model can be asked: {missing if asked.keyless else f'{asked.key} is not set'}.")
    if not (key.isascii() and key.isprintable()):
        raise not_configured(f"{asked.key} holds characters that no key has, such as a line break.")
    return key


def _base(asked: Provider) -> str:
    return str(getattr(settings, asked.base)).strip()


def _open_openai(model: str, key: str, base: str) -> Model:
    spoken = AsyncOpenAI(
        api_key=key or NO_KEY,
        base_url=base or OPENAI,
        http_client=client.http(),
        # The retries are ours: the library's know no limit of time, and repeat what has timed out.
        max_retries=0,
        timeout=client.TIMEOUT,
    )
    # They differ in what is sent beside the messages; what only OpenAI knows would be refused elsewhere. So do prices.
    host = urlsplit(str(spoken.base_url)).hostname or ""
    if host == urlsplit(OPENAI).hostname:
        return OpenAIChatModel(model, provider=OpenAIProvider(openai_client=spoken))
    provider = OpenAICompatibleProvider("openai-compatible", openai_client=spoken)
    if host.endswith(".azure.com"):
        return OpenAIChatModel(model, provider=provider)
    # All know max_tokens, and some nothing newer; but Azure's models that think refuse it.
    profile = OpenAIModelProfile(openai_chat_supports_max_completion_tokens=False)
    if settings.STRATEGIES_MODEL_PROMPTS == "compact":
        # Servers of small models turn the schema into a grammar, and know the lengths of texts; the library would take
        # them away, since OpenAI's strict mode once refused them.
        profile["json_schema_transformer"] = None
    return OpenAIChatModel(model, provider=provider, profile=profile)


def _open_anthropic(model: str, key: str, base: str) -> Model:
    spoken = importlib.import_module("anthropic").AsyncAnthropic(
        api_key=key,
        base_url=base or ANTHROPIC,
        http_client=client.http(),
        max_retries=0,
        timeout=client.TIMEOUT,
    )
    provider = _part("pydantic_ai.providers.anthropic", "AnthropicProvider")(anthropic_client=spoken)
    opened: Model = _part("pydantic_ai.models.anthropic", "AnthropicModel")(model, provider=provider)
    return opened


def _open_google(model: str, key: str, base: str) -> Model:
    provider = _part("pydantic_ai.providers.google", "GoogleProvider")(
        api_key=key, base_url=base or GOOGLE, http_client=client.http()
    )
    opened: Model = _part("pydantic_ai.models.google", "GoogleModel")(model, provider=provider)
    return opened


def _part(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)


def not_configured(reason: str) -> JobFailed:
    """The end of a job whose model cannot even be asked."""
    sentence = f"{reason} Once that is set right and the worker was started again, retry."
    return JobFailed("model_not_configured", sentence, retryable=True)


def _unknown(name: str) -> JobFailed:
    return JobFailed(
        "model_unknown_provider",
        f"STRATEGIES_MODEL says “{name:.100}”, and no such provider is known here. It may be “offline”, or a "
        "model's name after “openai:” (also for any server at OPENAI_BASE_URL that speaks as OpenAI's does), "
        "“anthropic:” or “google:”. Once it is set right and the worker was started again, retry.",
        retryable=True,
    )


PROVIDERS: Final[Mapping[str, Provider]] = {
    "openai": Provider(key="OPENAI_API_KEY", base="OPENAI_BASE_URL", open=_open_openai, keyless=True),
    "anthropic": Provider(key="ANTHROPIC_API_KEY", base="ANTHROPIC_BASE_URL", open=_open_anthropic, extra="anthropic"),
    "google": Provider(key="GOOGLE_API_KEY", base="GOOGLE_BASE_URL", open=_open_google, extra="google"),
}
