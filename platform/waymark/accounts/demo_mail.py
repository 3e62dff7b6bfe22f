"""Mail of the demo, read back from the folder that Django's file backend writes."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.utils import timezone

SHOWN = 100
NAME = re.compile(r"^[0-9]{8}-[0-9]{6}-[0-9]+\.log$")
SEPARATOR = b"-" * 79 + b"\n"


@dataclass(frozen=True, slots=True)
class Mail:
    """One message; ``name`` is its file, with the place in it when there are several."""

    name: str
    sender: str
    to: str
    subject: str
    text: str
    sent_at: datetime


def mails(limit: int = SHOWN) -> list[Mail]:
    """The latest messages, newest first."""
    folder = Path(str(settings.EMAIL_FILE_PATH))
    if not folder.is_dir():
        return []
    files = [path for path in folder.iterdir() if NAME.match(path.name)]
    files.sort(key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    found: list[Mail] = []
    for path in files[:limit]:
        found += reversed(_read(path))
    return found[:limit]


def mail_named(name: str) -> Mail | None:
    """One message by its name; None for anything that is not one."""
    file, _, _place = name.rpartition("+")
    if not NAME.match(file):
        return None
    path = Path(str(settings.EMAIL_FILE_PATH)) / file
    if not path.is_file():
        return None
    return next((mail for mail in _read(path) if mail.name == name), None)


def _read(path: Path) -> list[Mail]:
    sent_at = datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_default_timezone())
    parts = [part for part in path.read_bytes().split(SEPARATOR) if part.strip()]
    return [_mail(f"{path.name}+{place}", part, sent_at) for place, part in enumerate(parts)]


def _mail(name: str, source: bytes, sent_at: datetime) -> Mail:
    message = email.message_from_bytes(source, _class=EmailMessage, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain",))
    text = body.get_content() if body is not None else ""
    return Mail(
        name=name,
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=str(text).strip(),
        sent_at=sent_at,
    )
