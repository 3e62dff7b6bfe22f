"""What the settings learn from the environment and from the running demo."""

import json
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

NO_DATABASE = "postgresql:///waymark?host=/nonexistent/start-waymark-with-make-up"


def embedded_environment(data: Path) -> None:
    """Take over what the launcher wrote for other terminals of the same checkout.

    ``make up`` keeps the addresses of its PostgreSQL and Redis in
    ``run/environment.json`` (mode 0600) below *data*; what the caller's own
    environment says wins.
    """
    try:
        known = json.loads((data / "run" / "environment.json").read_text())
    except (OSError, ValueError):
        return
    for name, value in known.items() if isinstance(known, dict) else ():
        os.environ.setdefault(name, str(value))


def embedded_secret(data: Path) -> str:
    """The secret key of this data folder, made at the first use and kept."""
    path = data / "secret-key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        data.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(50)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
    except FileExistsError:
        return path.read_text().strip()
    return key


def whole_number(name: str, default: int, low: int, high: int) -> int:
    """A whole number of the environment, within bounds.

    :raises ImproperlyConfigured: it is none, or out of bounds.
    """
    stated = os.environ.get(name, "").strip()
    if not stated:
        return default
    if not (stated.isascii() and stated.isdigit() and low <= int(stated) <= high):
        raise ImproperlyConfigured(f"{name} is {stated!r}; it must be a whole number from {low} to {high}.")
    return int(stated)


def database_url(mode: str) -> str:
    """``DATABASE_URL``, or one that names the remedy when nothing runs yet."""
    return os.environ.get("DATABASE_URL") or ("" if mode == "production" else NO_DATABASE)


def redis_url(mode: str) -> str:
    """``REDIS_URL`` in redis-py's spelling: ``redis://host`` or ``unix://path``."""
    return os.environ.get("REDIS_URL") or ("" if mode == "production" else "unix:///nonexistent/redis.sock?db=0")
