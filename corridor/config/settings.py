"""Django settings. What differs between machines comes from the environment (see env.py)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from corridor.common import logs
from corridor.config import env, translations
from corridor.config.env import ROOT

env.check_names()
MODE = env.mode()
PRODUCTION = MODE == "production"
DEMO_MODE = MODE == "demo"
DEBUG = False

SECRET_KEY = env.secret("CORRIDOR_SECRET_KEY")
FIELD_KEYS = [key.strip() for key in env.secret("CORRIDOR_FIELD_KEYS").split(",") if key.strip()]
BASE_URL = env.text("CORRIDOR_BASE_URL", None if PRODUCTION else "http://127.0.0.1:8000").rstrip(
    "/"
)
ALLOWED_HOSTS = [
    host.strip()
    for host in env.text(
        "CORRIDOR_ALLOWED_HOSTS", None if PRODUCTION else "127.0.0.1,localhost,[::1],testserver"
    ).split(",")
]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "corridor.common",
    "corridor.accounts",
    "corridor.places",
    "corridor.partnerships",
    "corridor.candidates",
    "corridor.programs",
    "corridor.matching",
    "corridor.applications",
    "corridor.policy",
    "corridor.web",
    "corridor.api",
    "corridor.demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "django_celery_beat",
    "django_cotton",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Pages hold no secret beside CSRF tokens, which Django masks anew each time (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "corridor.web.middleware.follow_rules",
    "corridor.web.middleware.read_switches_once",
    "corridor.web.middleware.say_that_nothing_was_done",
    "corridor.web.support.visiting",
]

ROOT_URLCONF = "corridor.config.urls"
WSGI_APPLICATION = "corridor.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "corridor.web.context.site",
            ],
        },
    }
]
COTTON_DIR = "cotton"

# --- data -------------------------------------------------------------------------------------


def _database_url() -> str:
    if PRODUCTION:
        return env.text("CORRIDOR_DATABASE_URL")
    # Without an address, a command that needs no database still runs; the first query says why.
    return env.text("CORRIDOR_DATABASE_URL", "postgresql://corridor@127.0.0.1:1/corridor")


DATABASES = {"default": env.database(_database_url())}
REDIS_URL = env.text("CORRIDOR_REDIS_URL", None if PRODUCTION else "redis://127.0.0.1:1/0")
# The throttles of the API and sign-in count in memory of each process: they must not need Valkey.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if MODE == "test":  # hundreds of sign-ups, and a quarter of a second of work for each Argon2 hash
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if PRODUCTION else "none"
ACCOUNT_FORMS = {
    "login": "corridor.web.forms.SignInForm",
    "signup": "corridor.web.forms.SignUpForm",
    "reset_password": "corridor.web.forms.NewPasswordForm",
    "add_email": "corridor.web.forms.NewAddressForm",
}
ACCOUNT_ADAPTER = "corridor.accounts.adapter.AccountAdapter"
ACCOUNT_SIGNUP_REDIRECT_URL = "public:welcome"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Corridor] "
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = "corridor.web.context.name_of"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "public:welcome"
LOGOUT_REDIRECT_URL = "public:home"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_VERBOSE = False
AXES_ENABLED = MODE != "test"

# --- language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
USE_I18N = True
LOCALE_PATHS = translations.areas(ROOT / "locale")
FORMAT_MODULE_PATH = ["corridor.config.formats"]
translations.compile_stale(ROOT / "locale")
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

# --- files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.var() / "static"
STATICFILES_DIRS = [ROOT / "static"]
MEDIA_ROOT = env.text("CORRIDOR_MEDIA_ROOT", None if PRODUCTION else str(env.var() / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- background work --------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A worker process loads the embedding model before it says that it is up (config.celery).
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 120
# A run's blocks stand in a queue of their own, so that a saved profile need not wait behind
# thousands of them: a worker looks into the first queue first.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("runs")]
CELERY_TASK_ROUTES = {"matching.do_block": {"queue": "runs"}}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_TIME_LIMIT = 1800
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# What a killed worker held comes back after visibility_timeout (default: an hour). A task that runs
# longer is handed out a second time meanwhile, which costs work and nothing else: every task may
# run twice. Lost work is looked for every second (default: every 100).
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "queue_order_strategy": "priority",
    "socket_connect_timeout": 0.5,
    "socket_timeout": 30,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE = {
    # What beat asks for while no worker is up is not worth doing twice.
    "relay-outbox": {
        "task": "common.relay_outbox",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "embed-what-changed": {"task": "matching.embed_what_changed", "schedule": 20.0},
    "sweep-runs": {
        "task": "matching.sweep_runs",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "close-past-programs": {"task": "programs.close_past", "schedule": 3600.0},
    # 8:05 in Seoul: the morning of Korean hosts, the late afternoon of U.S. ones.
    "watch-answers": {"task": "applications.watch_answers", "schedule": crontab(hour=8, minute=5)},
    "watch-dates": {"task": "applications.watch_dates", "schedule": 600.0},
    "watch-placements": {"task": "applications.watch_placements", "schedule": 600.0},
    # 8:15 in Seoul: training plans and learning agreements that wait for a signature.
    "watch-papers": {"task": "applications.watch_papers", "schedule": crontab(hour=8, minute=15)},
    "watch-steps": {"task": "applications.watch_steps", "schedule": crontab(hour=8, minute=25)},
    # 8:30 in Seoul: a candidate's own steps that must begin in a week, or tomorrow.
    "watch-due-steps": {
        "task": "applications.watch_due_steps", "schedule": crontab(hour=8, minute=30),
    },
    # 8:10 in Seoul: agreements that end, obligations that are due. Safe to run twice.
    "watch-agreements": {"task": "partnerships.watch", "schedule": crontab(hour=8, minute=10)},
    # 8:20 in Seoul. Safe to run twice: what was told is not told again.
    "tell-saved-searches": {
        "task": "matching.tell_saved_searches",
        "schedule": crontab(hour=8, minute=20),
    },
    "forget-ended-sessions": {"task": "common.forget_sessions", "schedule": 3600.0},
    "forget-cv-readings": {"task": "candidates.forget_cv_readings", "schedule": 86400.0},
    "delete-closed-accounts": {"task": "applications.delete_closed", "schedule": 86400.0},
    "clear-outbox": {"task": "common.clear_outbox", "schedule": 86400.0},
}

# --- embeddings -------------------------------------------------------------------------------
EMBEDDING_MODEL = env.text("CORRIDOR_EMBEDDING_MODEL", "corridor/duo-1")

# --- rules ------------------------------------------------------------------------------------
RULES_DIR = Path(env.text("CORRIDOR_RULES_DIR", str(ROOT / "corridor/rules/data"))).resolve()

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["corridor.api.parsers.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "corridor.api.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "120/min", "user": "600/min"},
    "PAGE_SIZE": 20,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Corridor API",
    "DESCRIPTION": "Programs, hubs, matches and dated visa verdicts of the Korea-U.S. corridor. "
    "Nothing here is legal advice.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "ProgramKindEnum": "corridor.programs.kinds.Kind",
        "DegreeEnum": "corridor.programs.models.Program.Degree",
        "ProgramStatusEnum": "corridor.programs.models.Program.Status",
        "EducationStatusEnum": "corridor.candidates.models.Education.Status",
        "RequirementKindEnum": "corridor.programs.models.Requirement.Kind",
    },
}

# --- mail -------------------------------------------------------------------------------------
_mail = urlsplit(env.text("CORRIDOR_EMAIL_URL", None if PRODUCTION else f"file://{env.var()}/mail"))
if _mail.scheme == "file":
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = _mail.path
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or ""
    EMAIL_PORT = _mail.port or 25
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text(
    "CORRIDOR_EMAIL_FROM", f"Corridor <no-reply@{urlsplit(BASE_URL).hostname}>"
)
SUPPORT_EMAIL = env.text("CORRIDOR_SUPPORT_EMAIL", "")

# --- safety -----------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
BEHIND_PROXY = PRODUCTION and env.text("CORRIDOR_TRUSTED_PROXY", "0") == "1"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- logs: events with ids, never what a person wrote ------------------------------------------
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
            ],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                logs.without_values,
                structlog.processors.JSONRenderer(ensure_ascii=False)
                if PRODUCTION
                else structlog.dev.ConsoleRenderer(colors=False),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("CORRIDOR_LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"handlers": ["stderr"], "propagate": False}},
}

SITE_NAME = _("Corridor")
