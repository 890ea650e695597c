"""Settings, all from the environment (`.env.example` lists them). A production start without a secret key is refused."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SECRET_FILE = "secret_key"  # noqa: S105 - a file name

FIXED: dict[str, Any] = {
    "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True, "hide_parameters": True},
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_NAME": "incubator",
    "MAX_CONTENT_LENGTH": 25 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
    "MAX_FORM_PARTS": 2000,
    "WTF_CSRF_TIME_LIMIT": None,
}


def from_environment(environ: dict[str, str] | None = None) -> dict[str, Any]:
    """Flask configuration. `INCUBATOR_ENV` is "demo" (default: local, plain HTTP, demo data) or "production"."""
    env = dict(os.environ if environ is None else environ)
    data = Path(env.get("DATA_DIR", ROOT / "data")).resolve()
    data.mkdir(parents=True, exist_ok=True)
    production = _is_production(env)
    base_url = _base_url(env)
    return {
        **FIXED,
        **_texts(env),
        "PRODUCTION": production,
        "DEMO_SIGN_IN": not production and (env.get("DEMO_PUBLIC") == "1" or _is_local(env, base_url)),
        "DEMO_SIZE": env.get("DEMO_SIZE") or "small",
        "DATA_DIR": data,
        "SECRET_KEY": env.get("SECRET_KEY") or _local_secret(data),
        "SECRET_KEY_FALLBACKS": [k for k in env.get("SECRET_KEY_FALLBACKS", "").split(",") if k],
        "BASE_URL": base_url,
        "TRUSTED_HOSTS": [h for h in env.get("TRUSTED_HOSTS", "").split(",") if h]
        or _hosts(base_url, env.get("HOST", "127.0.0.1"), production),
        "SQLALCHEMY_DATABASE_URI": _database_url(env.get("DATABASE_URL"), data),
        "SESSION_COOKIE_SECURE": base_url.startswith("https://"),
        "RATELIMIT_ENABLED": env.get("RATELIMIT_ENABLED", "1") == "1",
        "FILES_URL": env.get("FILES_URL", f"file://{data / 'files'}"),
        "MAIL_FROM": env.get("MAIL_FROM", "Incubator <incubator@localhost>"),
        "DEFAULT_LOCALE": env.get("DEFAULT_LOCALE", "zh"),
        "LOG_LEVEL": env.get("LOG_LEVEL", "INFO"),
        "OUTBOUND_ALLOW": frozenset(h.strip().lower() for h in env.get("OUTBOUND_ALLOW", "").split(",") if h.strip()),
        "TRUSTED_PROXIES": int(env.get("TRUSTED_PROXIES", "0")),
    }


def _texts(env: dict[str, str]) -> dict[str, Any]:
    """What may be left out."""
    return {
        "SALES_URL": env.get("SALES_URL", ""),
        "SPARK_MASTER": env.get("SPARK_MASTER", ""),
        "FEEDS_DIR": env.get("FEEDS_DIR", ""),
        "FEEDS_S3_URL": env.get("FEEDS_S3_URL", ""),
        "SMTP_URL": env.get("SMTP_URL", ""),
        "METRICS_TOKEN": env.get("METRICS_TOKEN", ""),
    }


def _is_production(env: dict[str, str]) -> bool:
    production = env.get("INCUBATOR_ENV", "demo") == "production"
    if production and not (env.get("SECRET_KEY") and env.get("BASE_URL")):
        raise SystemExit("INCUBATOR_ENV=production needs SECRET_KEY (32 random bytes or more) and BASE_URL (https://…).")
    return production


def _is_local(env: dict[str, str], base_url: str) -> bool:
    """Whether only this machine is meant to reach us: signing in with one click is for nobody else."""
    return env.get("HOST", "127.0.0.1") in LOOPBACK and urlsplit(base_url).hostname in LOOPBACK


def _base_url(env: dict[str, str]) -> str:
    host, port = env.get("HOST", "127.0.0.1"), env.get("PORT", "8000")
    return env.get("BASE_URL", f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}").rstrip("/")  # noqa: S104


def _database_url(url: str | None, data: Path) -> str:
    if not url:
        return f"sqlite:///{data / 'incubator.sqlite3'}"
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)


def _hosts(base_url: str, host: str, production: bool) -> list[str]:
    configured = base_url.split("://", 1)[1].rsplit(":", 1)[0]
    return [configured] if production else sorted({configured, host, "127.0.0.1", "localhost"})


def _local_secret(data: Path) -> str:
    path = data / SECRET_FILE
    if not path.exists():
        path.write_text(secrets.token_hex(32))
        path.chmod(0o600)
    return path.read_text()
