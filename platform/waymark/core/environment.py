"""What the settings learn from the environment and from the running demo."""

import ipaddress
import json
import os
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

NO_DATABASE = "postgresql:///waymark?host=/nonexistent/start-waymark-with-make-up"


class SettingsProblem(ImproperlyConfigured):
    """One sentence about what is wrong in the environment, with its number (docs/operating.md)."""

    def __init__(self, number: int, sentence: str) -> None:
        super().__init__(f"{sentence} (waymark.E{number:03})")


def flag(name: str, *, default: bool) -> bool:
    """``true`` or ``false``; a misspelt one must not count as either."""
    stated = os.environ.get(name, "").strip().lower()
    if not stated:
        return default
    if stated not in ("true", "false", "1", "0", "yes", "no", "on", "off"):
        raise SettingsProblem(22, f"{name} is {stated!r}; it must be true or false.")
    return stated in ("true", "1", "yes", "on")


def choice(name: str, known: tuple[str, ...], *, default: str) -> str:
    """One of the *known* words."""
    stated = os.environ.get(name, "").strip() or default
    if stated not in known:
        raise SettingsProblem(22, f"{name} is {stated!r}; it must be one of {', '.join(known)}.")
    return stated


def whole_number(name: str, *, default: int, low: int, high: int) -> int:
    """A whole number within bounds, both included."""
    stated = os.environ.get(name, "").strip()
    if not stated:
        return default
    if not (stated.isascii() and stated.isdigit() and len(stated) < 12 and low <= int(stated) <= high):
        raise SettingsProblem(22, f"{name} is {stated!r}; it must be a whole number from {low} to {high}.")
    return int(stated)


def address(name: str, *, schemes: tuple[str, ...], default: str = "") -> str:
    """An address of one of *schemes*; what it says is not repeated, for it may hold a password."""
    stated = os.environ.get(name, "").strip() or default
    try:
        parts = urlsplit(stated)
        scheme = parts.scheme if parts.port is None or parts.port else ""
    except ValueError:
        scheme = ""
    if stated and scheme not in schemes:
        known = " or ".join(f"{known}://" for known in schemes)
        raise SettingsProblem(22, f"{name} is not a whole address that begins with {known}.")
    return stated


def bucket(name: str) -> tuple[str, str] | None:
    """The bucket of an object store and the prefix of all names in it; None where none is named."""
    stated = os.environ.get(name, "")
    found = re.fullmatch(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9._/-]*))?", stated)
    if stated and found is None:
        raise SettingsProblem(22, f"{name} is {stated!r}; it must be s3://bucket or s3://bucket/prefix.")
    return (found[1], (found[2] or "").strip("/")) if found else None


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Networks as ``10.0.0.0/8``, divided by commas; none by default."""
    stated = [each.strip() for each in os.environ.get(name, "").split(",") if each.strip()]
    try:
        return [ipaddress.ip_network(each) for each in stated]
    except ValueError as error:
        raise SettingsProblem(22, f"{name} must be networks such as 10.0.0.0/8: {error}.") from error


def folders(name: str) -> list[Path]:
    """Absolute paths of folders, divided by commas; none by default."""
    stated = [Path(each.strip()) for each in os.environ.get(name, "").split(",") if each.strip()]
    if not all(each.is_absolute() and each.name for each in stated):
        raise SettingsProblem(22, f"{name} must be absolute paths of folders, divided by commas.")
    if len({each.name for each in stated}) < len(stated):
        raise SettingsProblem(22, f"{name} has two folders of the same name, by which they are chosen.")
    return stated


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


def database_url(mode: str) -> str:
    """``DATABASE_URL``, or one that names the remedy when nothing runs yet."""
    stated = address("DATABASE_URL", schemes=("postgresql", "postgres"))
    return stated or ("" if mode == "production" else NO_DATABASE)


def redis_url(mode: str) -> str:
    """``REDIS_URL`` in redis-py's spelling: ``redis://host`` or ``unix://path``."""
    stated = address("REDIS_URL", schemes=("redis", "rediss", "unix"))
    return stated or ("" if mode == "production" else "unix:///nonexistent/redis.sock?db=0")
