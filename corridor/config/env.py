"""What the environment says. Every name starts with CORRIDOR_; an unknown one is refused.

Three modes: `demo` (embedded services, generated secrets kept in `var/`), `test`, and
`production` (every secret and address must be given; nothing has a default).
"""

from __future__ import annotations

import difflib
import json
import os
import re
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]

NAMES = {
    "CORRIDOR_MODE": "demo, test or production (default: demo)",
    "CORRIDOR_DATABASE_URL": "postgresql://user:password@host:port/name",
    "CORRIDOR_REDIS_URL": "redis://host:port/0 of a Redis or Valkey server",
    "CORRIDOR_SECRET_KEY": "Django's signing key, 50 characters or more",
    "CORRIDOR_FIELD_KEYS": "Fernet keys for encrypted fields, comma separated, newest first",
    "CORRIDOR_ALLOWED_HOSTS": "host names served, comma separated",
    "CORRIDOR_BASE_URL": "the public address, such as https://corridor.example",
    "CORRIDOR_EMBEDDING_MODEL": "a sentence-transformers model name (default: corridor/duo-1)",
    "CORRIDOR_MODEL_DIR": "where converted models are kept (default: <var>/models)",
    "CORRIDOR_MEDIA_ROOT": "where uploaded documents are kept (default in the demo: <var>/media)",
    "CORRIDOR_EMAIL_URL": "smtp://user:password@host:port, smtp+tls://..., or file:///directory",
    "CORRIDOR_EMAIL_FROM": "the sender of mail (default: no-reply at the public host)",
    "CORRIDOR_SUPPORT_EMAIL": "where people write for help, on the page “About” (default: none)",
    "CORRIDOR_RULES_DIR": "the folder with the rule data (default: the one in the checkout)",
    "CORRIDOR_VAR": "the demo's state directory (default: ./var)",
    "CORRIDOR_LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR (default: INFO)",
    "CORRIDOR_WORKERS": "web worker processes (default: 2)",
    "CORRIDOR_TRUSTED_PROXY": "1 when a proxy sets X-Forwarded-Proto (default: 0)",
}
MODES = ("demo", "test", "production")
_COMMANDS_WITHOUT_SERVICES = {
    "",
    "help",
    "--help",
    "-h",
    "version",
    "--version",
    "collectstatic",
    "startapp",
    "assess",
    "rank",
    "compile_translations",
}
# What of `manage.py rules` reads the database: the record, people's checks, recorded revisions.
_ASKS_THE_DATABASE = re.compile(r"record|recorded|--with-checks|[0-9a-f]{4,12}")


def check_names() -> None:
    """Refuse a CORRIDOR_ variable that nothing reads: a misspelt setting must not pass silently."""
    for name in sorted(os.environ):
        if name.startswith("CORRIDOR_") and name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ImproperlyConfigured(
                f"Unknown setting {name}.{hint} Known settings: {', '.join(sorted(NAMES))}."
            )


def mode() -> str:
    value = os.environ.get("CORRIDOR_MODE", "demo")
    if value not in MODES:
        raise ImproperlyConfigured(
            f"CORRIDOR_MODE is {value!r}; it must be one of {', '.join(MODES)}."
        )
    return value


def var() -> Path:
    return Path(os.environ.get("CORRIDOR_VAR") or ROOT / "var").resolve()


def text(name: str, default: str | None = None) -> str:
    """The value of `name`; without a default it must be set outside the demo."""
    assert name in NAMES, name
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(
            f"{name} is not set. Production needs it: {NAMES[name]}. See docs/production.md."
        )
    return default


def demo_secret(name: str) -> str:
    """A secret of the demo: made once, kept in `var/secrets.json` readable by the owner alone."""
    path = var() / "secrets.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if name not in kept:
        raw = secrets.token_bytes(48)
        kept[name] = urlsafe_b64encode(raw[:32] if name == "CORRIDOR_FIELD_KEYS" else raw).decode()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(kept))
    return kept[name]


def secret(name: str) -> str:
    if os.environ.get(name):
        return os.environ[name]
    return text(name) if mode() == "production" else demo_secret(name)


# Of every connection: how far a nearness index is searched and that a filtered search goes on
# until enough rows pass (pgvector; docs/measured.md has the recall), and how alike two spellings
# are that count as one word (pg_trgm).
_DATABASE_SETTINGS = {
    "hnsw.ef_search": "1000",
    "hnsw.iterative_scan": "relaxed_order",  # what is found is scored and ordered anew
    "hnsw.max_scan_tuples": "100000",
    "hnsw.scan_mem_multiplier": "8",
    "pg_trgm.word_similarity_threshold": "0.5",
}


def database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(
            "CORRIDOR_DATABASE_URL must start with postgresql://: Corridor runs on PostgreSQL."
        )
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    ours = " ".join(f"-c {name}={value}" for name, value in _DATABASE_SETTINGS.items())
    options["options"] = f"{ours} {options.get('options', '')}".strip()
    host = options.pop("host", None) or parts.hostname or ""
    port = options.pop("port", None) or str(parts.port or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "corridor",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def needs_embedded_services(arguments: list[str]) -> bool:
    """True for a demo command that talks to PostgreSQL and was given no address of one."""
    command = arguments[0] if arguments else ""
    if os.environ.get("CORRIDOR_DATABASE_URL") or os.environ.get("CORRIDOR_MODE", "demo") != "demo":
        return False
    if command == "rules":
        return any(map(_ASKS_THE_DATABASE.fullmatch, arguments[1:]))
    return command not in _COMMANDS_WITHOUT_SERVICES and "--help" not in arguments
