"""What the environment may say, and what each word accepts."""

import os
from typing import Annotated, Any, Literal

from django.core.exceptions import ImproperlyConfigured
from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MODEL_FORM = r"offline|[a-z][a-z0-9_-]*:\S+"


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Names = Annotated[list[str], NoDecode, BeforeValidator(_split)]


class Environment(BaseSettings):
    """
    The variables this project reads, each with what it accepts.

    The description of a field is the second half of the error a bad value gets. 0 means "no limit" where it is allowed.
    """

    model_config = SettingsConfigDict(case_sensitive=True, extra="ignore", env_ignore_empty=True)

    DATA_DIR: str = Field(".data", description="a folder's path")
    PORT: int = Field(8000, ge=1, le=65535, description="a port, 1 to 65535")
    HOST: str = Field("127.0.0.1", description="an address to listen on")
    DEMO_PASSWORD: str = Field("", description="the demo account's password")

    DJANGO_SECRET_KEY: str = Field("", description="a secret text of 32 or more characters", pattern=r"^$|^.{32,}$")
    DJANGO_DEBUG: bool = Field(False, description="1 or 0")
    DJANGO_ALLOWED_HOSTS: Names = Field(
        default=["localhost", "127.0.0.1", "[::1]"], description="host names, separated by commas"
    )
    DJANGO_CSRF_TRUSTED_ORIGINS: Names = Field(default=[], description="origins with scheme, separated by commas")
    DJANGO_STATIC_ROOT: str = Field("staticfiles", description="a folder's path")
    DJANGO_ADMINS: Names = Field(default=[], description="mail addresses, separated by commas")
    DJANGO_SERVER_EMAIL: str = Field("root@localhost", description="the mail address that errors are sent from")
    DJANGO_EMAIL_HOST: str = Field("localhost", description="a mail server's name")
    DJANGO_EMAIL_PORT: int = Field(25, ge=1, le=65535, description="a port, 1 to 65535")
    DJANGO_EMAIL_USER: str = Field("", description="the mail server's account")
    DJANGO_EMAIL_PASSWORD: str = Field("", description="its password")
    DJANGO_EMAIL_TLS: bool = Field(False, description="1 or 0")
    LOG_FORMAT: Literal["line", "json"] = Field("line", description="'line' or 'json'")
    DATABASE_URL: str = Field("", description="a URL such as postgres://user:password@host/name or sqlite:///path")
    REDIS_URL: str = Field(
        "",
        description="a URL that begins with redis://, rediss:// or unix://",
        pattern=r"^$|^(redis|rediss|unix)://.+",
    )

    STRATEGIES_MODEL: str = Field(
        "offline",
        pattern=f"^({MODEL_FORM})$",
        description="'offline', or provider:name such as openai:gpt-5",
    )
    OPENAI_BASE_URL: str = Field(
        "", pattern=r"^$|^https?://.+", description="a URL that begins with http:// or https://"
    )
    OPENAI_API_KEY: str = Field("", description="a key")
    ANTHROPIC_BASE_URL: str = Field(
        "", pattern=r"^$|^https?://.+", description="a URL that begins with http:// or https://"
    )
    ANTHROPIC_API_KEY: str = Field("", description="a key")
    GOOGLE_BASE_URL: str = Field(
        "", pattern=r"^$|^https?://.+", description="a URL that begins with http:// or https://"
    )
    GOOGLE_API_KEY: str = Field("", description="a key")
    GEMINI_API_KEY: str = Field("", description="a key")
    STRATEGIES_FETCH: bool = Field(True, description="1 or 0")
    STRATEGIES_WORKER_CONCURRENCY: int = Field(100, ge=1, le=10_000, description="a whole number of jobs, 1 to 10000")
    STRATEGIES_MAX_ACTIVE_JOBS_PER_USER: int = Field(
        10, ge=0, le=100_000, description="a whole number of jobs, 0 to 100000 (0 = no limit)"
    )
    STRATEGIES_MODEL_CONCURRENCY: int = Field(
        0, ge=0, le=10_000, description="a whole number of calls side by side, 0 to 10000 (0 = one for each job)"
    )
    STRATEGIES_TOKENS_PER_MINUTE: int = Field(
        0, ge=0, le=1_000_000_000, description="a whole number of tokens, 0 to 1000000000 (0 = no limit)"
    )
    STRATEGIES_TOKENS_PER_USER_PER_DAY: int = Field(
        0, ge=0, le=1_000_000_000, description="a whole number of tokens, 0 to 1000000000 (0 = no limit)"
    )
    STRATEGIES_MODEL_PROMPTS: Literal["full", "compact"] = Field("full", description="'full' or 'compact'")
    STRATEGIES_MODEL_ANSWER_TOKENS: int = Field(
        16_000, ge=0, le=1_000_000, description="a whole number of tokens, 0 to 1000000 (0 = as the server likes)"
    )
    STRATEGIES_MODEL_TIMEOUT_SECONDS: float = Field(
        120, gt=0, le=3600, description="a number of seconds, more than 0 and at most 3600"
    )

    SSE_ENABLED: bool = Field(True, description="1 or 0")
    SSE_HEARTBEAT_SECONDS: float = Field(15, ge=0.2, le=300, description="a number of seconds, 0.2 to 300")
    SSE_MAX_STREAMS_PER_USER: int = Field(
        10, ge=0, le=100_000, description="a whole number of streams, 0 to 100000 (0 = no limit)"
    )
    SSE_MAX_STREAM_SECONDS: float = Field(
        300, ge=0, le=86_400, description="a number of seconds, 0 to 86400 (0 = no limit)"
    )
    SSE_CONNECTS_PER_MINUTE_PER_USER: int = Field(
        120, ge=0, le=1_000_000, description="a whole number of connects, 0 to 1000000 (0 = no limit)"
    )
    SSE_MAX_STREAMS: int = Field(
        0, ge=0, le=10_000_000, description="a whole number of streams, 0 to 10000000 (0 = no limit)"
    )
    SSE_MAX_EVENT_BYTES: int = Field(
        65_536, ge=1024, le=16_777_216, description="a whole number of bytes, 1024 to 16777216"
    )
    SSE_BACKLOG_BYTES: int = Field(
        1_048_576, ge=1024, le=268_435_456, description="a whole number of bytes, 1024 to 268435456"
    )
    SSE_RECHECK_SECONDS: float = Field(45, ge=1, le=3600, description="a number of seconds, 1 to 3600")
    SSE_SEND_TIMEOUT_SECONDS: float = Field(20, ge=1, le=3600, description="a number of seconds, 1 to 3600")
    SSE_DRAIN_SECONDS: float = Field(2, ge=0, le=300, description="a number of seconds, 0 to 300")
    SSE_RETENTION_DAYS: float = Field(30, ge=0, le=36_500, description="a number of days, 0 to 36500 (0 = keep all)")
    SSE_ERRORS_PER_FIVE_MINUTES: int = Field(
        20, ge=0, le=10_000, description="a whole number of errors, 0 to 10000 (0 = never tell)"
    )
    SSE_TRUSTED_PROXIES: int = Field(0, ge=0, le=10, description="a whole number of proxies, 0 to 10")


# A bad value of these is never repeated in an error, a log or a terminal.
SECRET = {
    *("DJANGO_SECRET_KEY", "DATABASE_URL", "REDIS_URL", "DEMO_PASSWORD", "DJANGO_EMAIL_PASSWORD"),
    *("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY"),
}


def read() -> Environment:
    """Read the process's environment; a bad value raises ``ImproperlyConfigured`` that names it and what is accepted."""
    try:
        return Environment()
    except ValidationError as error:
        raise ImproperlyConfigured("\n".join(_sentence(dict(fault)) for fault in error.errors())) from None


def _sentence(fault: dict[str, Any]) -> str:
    name = str(fault["loc"][0])
    shown = "the value given" if name in SECRET else repr(fault["input"])
    return f"{name}: {shown} is not accepted; {name} accepts {Environment.model_fields[name].description}."


def strangers() -> list[str]:
    """Return the variables that begin as this project's do, and are none of them: misspelt, as a rule."""
    ours = tuple(f"{prefix}_" for prefix in ("SSE", "STRATEGIES", "DJANGO"))
    known = {*Environment.model_fields, "DJANGO_SETTINGS_MODULE"}
    return sorted(name for name in os.environ if name.startswith(ours) and name not in known)
