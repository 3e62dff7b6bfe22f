"""System checks of the services that Waymark runs on (``manage.py check --database default``).

============  ==========================================================
waymark.E001  PostgreSQL is older than 15 or newer than 18, or is not PostgreSQL
waymark.E002  Redis is older than 6.2 (Valkey counts by the Redis version it speaks)
waymark.E003  the database does not store text as UTF-8
waymark.E004  the database does not answer
============  ==========================================================

A Redis that does not answer is no error: hand-ins are kept and graded later, and
``/readyz`` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import redis
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

POSTGRES: Final = (15, 18)
"""The oldest and the newest major version that the suite runs on."""
REDIS: Final = (6, 2)


@register(Tags.database)
def postgres_check(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """E001, E003 and E004 for every alias in *databases*."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "/* waymark.core.checks.postgres */ "
                    "SELECT version(), current_setting('server_version_num')::int, current_setting('server_encoding')"
                )
                version, number, encoding = cursor.fetchone()
        except DatabaseError as error:
            reason = (str(error).strip().splitlines() or ["no reason given"])[0]
            found.append(
                Error(
                    f"The database {alias!r} does not answer: {reason}",
                    hint="Start it, or mend DATABASE_URL.",
                    id="waymark.E004",
                )
            )
            continue
        found += postgres_findings(version=version, number=number, encoding=encoding)
    return found


def postgres_findings(*, version: str, number: int, encoding: str) -> list[CheckMessage]:
    """What is wrong with a server that calls itself *version* (*number* as in 180004)."""
    found: list[CheckMessage] = []
    oldest, newest = POSTGRES
    if not version.startswith("PostgreSQL ") or not oldest <= number // 10_000 <= newest:
        found.append(
            Error(
                f"Waymark runs on PostgreSQL {oldest} to {newest}; this server is {version.split(' on ')[0]}.",
                hint="Set DATABASE_URL to a supported server.",
                id="waymark.E001",
            )
        )
    if encoding != "UTF8":
        found.append(
            Error(
                f"The database stores text as {encoding}; Waymark needs UTF8.",
                hint="Create it with ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0.",
                id="waymark.E003",
            )
        )
    return found


@register(Tags.database)
def redis_check(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """E002; runs together with the check of the database, when services are asked at all."""
    if not databases:
        return []
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        version = str(client.info("server")["redis_version"])
    except (redis.RedisError, OSError):
        return []
    finally:
        client.close()
    return redis_findings(version)


def redis_findings(version: str) -> list[CheckMessage]:
    """What is wrong with a server that speaks Redis *version*."""
    numbers = tuple(int(part) for part in version.split(".")[:2])
    if numbers >= REDIS:
        return []
    return [
        Error(
            f"Waymark needs Redis {REDIS[0]}.{REDIS[1]} or newer, or Valkey; this server is Redis {version}.",
            hint="Set REDIS_URL to a supported server.",
            id="waymark.E002",
        )
    ]
