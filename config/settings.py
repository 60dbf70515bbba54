"""Settings of the project. The environment is read here and nowhere else; see ``environment.py`` for what it may say."""

import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from redis import exceptions as redis_errors
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import environment, import_map

BASE_DIR = Path(__file__).resolve().parent.parent
env = environment.read()

DATA_DIR = Path(env.DATA_DIR) if Path(env.DATA_DIR).is_absolute() else BASE_DIR / env.DATA_DIR
HOST = env.HOST
PORT = env.PORT
DEMO_PASSWORD = env.DEMO_PASSWORD


def _kept_secret(path: Path) -> str:
    """Return the key kept in ``path``, made on first use and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of two processes that start at once exactly one makes the key, and both then read the same one.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii")


def _embedded_redis_socket() -> Path:
    """Return where the Redis that ``make run`` starts listens: in DATA_DIR, where a socket's path may be that long."""
    path = DATA_DIR / "redis.sock"
    # sun_path holds 104 bytes on macOS and 108 on Linux, the closing NUL included.
    if len(os.fsencode(path)) <= 100:
        return path
    digest = hashlib.sha256(os.fsencode(DATA_DIR)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"strategy-stream-{os.getuid()}-{digest}" / "redis.sock"


# --- Django -----------------------------------------------------------------------------------------------------------

SECRET_KEY = env.DJANGO_SECRET_KEY or _kept_secret(DATA_DIR / "secret_key")
DEBUG = env.DJANGO_DEBUG
ALLOWED_HOSTS = env.DJANGO_ALLOWED_HOSTS
CSRF_TRUSTED_ORIGINS = env.DJANGO_CSRF_TRUSTED_ORIGINS

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "ninja",
    "sse",
    "strategies",
    "config",
]

MIDDLEWARE = [
    "sse.trace.identify",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "config.middleware.check_body",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "strategies.header.at_work",
            ],
        },
    },
]

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

# What is stored (documents, messages of events, lessons) is written in this one, whoever asked for it.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / env.DJANGO_STATIC_ROOT
# What `collectstatic` notes there. With it pages name files by their content; without it, by the names they have.
COLLECTED = STATIC_ROOT / "staticfiles.json"
IMPORT_MAP = "" if DEBUG else import_map.text(import_map.collected(COLLECTED), url=STATIC_URL)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.NamedByContent"},
}

# A request's body, in bytes. The longest honest brief is about 200 kB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# The long form has about 200 named inputs, a list of 30 competitors adds 120.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Behind TLS these say so; ``make run`` speaks plain HTTP on loopback. A proxy that is trusted says what it was asked by.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = any(origin.startswith("https://") for origin in CSRF_TRUSTED_ORIGINS)
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE or env.SSE_TRUSTED_PROXIES else None
)

SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, *([import_map.source(IMPORT_MAP)] if IMPORT_MAP else [])],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}

# --- Database ---------------------------------------------------------------------------------------------------------

# Readers never wait for the writer (WAL). IMMEDIATE takes the write lock when a transaction begins, so that two of them
# queue instead of failing halfway; 5 s of waiting is less than a job's lease, so a stuck writer can't cost it silently.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}


def _database(url: str) -> dict[str, Any]:
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(url, conn_health_checks=True))
    except (ValueError, dj_database_url.ParseError):
        accepted = environment.Environment.model_fields["DATABASE_URL"].description
        raise ImproperlyConfigured(f"DATABASE_URL: the value given is not accepted; it accepts {accepted}.") from None
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"] = {**database.get("OPTIONS", {}), **SQLITE_OPTIONS}
    return database


DATABASES = {"default": _database(env.DATABASE_URL or f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}

# --- Redis ------------------------------------------------------------------------------------------------------------

REDIS_URL = env.REDIS_URL or f"unix://{_embedded_redis_socket()}"
REDIS_SOCKET = None if env.REDIS_URL else _embedded_redis_socket()
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            # A Redis that does not answer may cost a publisher a quarter of a second, once a second (sse.sender).
            "SOCKET_CONNECT_TIMEOUT": 0.25,
            "SOCKET_TIMEOUT": 0.25,
            # One more try where the connection was lost (Redis restarted), none where it timed out.
            "CONNECTION_POOL_KWARGS": {
                "retry": Retry(NoBackoff(), 1, supported_errors=(redis_errors.ConnectionError,))
            },
            # A cache that is away is an empty cache, never an error.
            "IGNORE_EXCEPTIONS": True,
        },
    },
    # What each process may keep for itself for a minute: lessons, and how long steps take.
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "TIMEOUT": 60},
}
# In the database: a lost delete in a cache would revive a session that was signed out.
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- sse --------------------------------------------------------------------------------------------------------------

SSE_ENABLED = env.SSE_ENABLED
SSE_HEARTBEAT_SECONDS = env.SSE_HEARTBEAT_SECONDS
SSE_MAX_STREAMS_PER_USER = env.SSE_MAX_STREAMS_PER_USER
SSE_MAX_STREAM_SECONDS = env.SSE_MAX_STREAM_SECONDS
SSE_CONNECTS_PER_MINUTE_PER_USER = env.SSE_CONNECTS_PER_MINUTE_PER_USER
SSE_MAX_STREAMS = env.SSE_MAX_STREAMS
SSE_MAX_EVENT_BYTES = env.SSE_MAX_EVENT_BYTES
SSE_BACKLOG_BYTES = env.SSE_BACKLOG_BYTES
SSE_RECHECK_SECONDS = env.SSE_RECHECK_SECONDS
SSE_SEND_TIMEOUT_SECONDS = env.SSE_SEND_TIMEOUT_SECONDS
SSE_DRAIN_SECONDS = env.SSE_DRAIN_SECONDS
SSE_RETENTION_DAYS = env.SSE_RETENTION_DAYS
SSE_TRUSTED_PROXIES = env.SSE_TRUSTED_PROXIES
SSE_ERRORS_PER_FIVE_MINUTES = env.SSE_ERRORS_PER_FIVE_MINUTES

# --- strategies -------------------------------------------------------------------------------------------------------

# A worker that has been silent for so long is presumed dead, and its jobs may be claimed again. Three heartbeats: one may
# be late, two are a pattern.
STRATEGIES_LEASE_SECONDS = 15.0
STRATEGIES_MODEL = env.STRATEGIES_MODEL
STRATEGIES_MODEL_TIMEOUT_SECONDS = env.STRATEGIES_MODEL_TIMEOUT_SECONDS
# What a model is asked with: compact is for small ones, and small machines (docs/how-to/choose-a-model.md).
STRATEGIES_MODEL_PROMPTS = env.STRATEGIES_MODEL_PROMPTS
# How long an answer may be: three times an honest section, with room for models that think before they write.
STRATEGIES_MODEL_ANSWER_TOKENS = env.STRATEGIES_MODEL_ANSWER_TOKENS
# Calls that a worker has under way at once, for servers that refuse more: the others wait their turn, in order.
STRATEGIES_MODEL_CONCURRENCY = env.STRATEGIES_MODEL_CONCURRENCY
# What the calls of a worker may use in any minute; a call that would be over it waits.
STRATEGIES_TOKENS_PER_MINUTE = env.STRATEGIES_TOKENS_PER_MINUTE
# What the sections of a user may use in a day of UTC; whoever used it up is told when there is more.
STRATEGIES_TOKENS_PER_USER_PER_DAY = env.STRATEGIES_TOKENS_PER_USER_PER_DAY
# Whether workers fetch pages that users name (docs/autofill.md); with 0 a text has to be pasted.
STRATEGIES_FETCH = env.STRATEGIES_FETCH
# Hosts with their ports that are fetched from although they are private. No variable fills it: each would be a door into
# the network that the worker stands in.
STRATEGIES_FETCH_TRUSTED: tuple[str, ...] = ()
STRATEGIES_WORKER_CONCURRENCY = env.STRATEGIES_WORKER_CONCURRENCY
STRATEGIES_MAX_ACTIVE_JOBS_PER_USER = env.STRATEGIES_MAX_ACTIVE_JOBS_PER_USER
OPENAI_BASE_URL = env.OPENAI_BASE_URL
OPENAI_API_KEY = env.OPENAI_API_KEY
ANTHROPIC_BASE_URL = env.ANTHROPIC_BASE_URL
ANTHROPIC_API_KEY = env.ANTHROPIC_API_KEY
GOOGLE_BASE_URL = env.GOOGLE_BASE_URL
# Google's own libraries read both names.
GOOGLE_API_KEY = env.GOOGLE_API_KEY or env.GEMINI_API_KEY

# --- Mail -------------------------------------------------------------------------------------------------------------

# Who is told of too many errors at once (sse.error_rate).
ADMINS = env.DJANGO_ADMINS
SERVER_EMAIL = env.DJANGO_SERVER_EMAIL
EMAIL_SUBJECT_PREFIX = "[Strategy Stream] "
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": env.DJANGO_EMAIL_HOST,
            "port": env.DJANGO_EMAIL_PORT,
            "username": env.DJANGO_EMAIL_USER,
            "password": env.DJANGO_EMAIL_PASSWORD,
            "use_tls": env.DJANGO_EMAIL_TLS,
            "timeout": 10,
        },
    }
}

# --- Logging ----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.Line"}, "json": {"()": "config.logs.Json"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": env.LOG_FORMAT},
        "error_rate": {"class": "sse.error_rate.Watch"},
        "admins": {"class": "django.utils.log.AdminEmailHandler", "level": "ERROR"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "sse": {"level": "INFO", "handlers": ["error_rate"]},
        "strategies": {"level": "INFO", "handlers": ["error_rate"]},
        "config": {"level": "INFO", "handlers": ["error_rate"]},
        # Without Django's own mail about each error: what was sent stands in it, and a bad day would be a thousand mails.
        "django": {"level": "INFO", "handlers": []},
        "django.request": {"handlers": ["error_rate"]},
        "sse.error_rate": {"handlers": ["admins"]},
    },
}
