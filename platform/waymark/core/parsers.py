"""JSON in: of a size, a depth and a content that can be kept."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import IO, Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.parsers import BaseParser
from rest_framework.utils.json import strict_constant

from waymark.core.text import is_storable

DEPTH: Final = 32
"""No body of the API nests deeper; what does would be walked by code that recurses."""
TOO_DEEP: Final = _("The body is nested too deeply.")


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "request_too_large"
    default_detail = _("The request is too large.")


class Unreadable(exceptions.ParseError):
    """Well-formed JSON that says what cannot be kept."""

    default_code = "request_unreadable"


class JSONParser(BaseParser):
    """UTF-8 JSON of at most ``DATA_UPLOAD_MAX_MEMORY_SIZE`` bytes.

    DRF's own parser reads a body of any size, and lets through what PostgreSQL
    cannot store: NUL, halves of surrogate pairs, and numbers that are infinite.
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(most + 1)
        if len(body) > most:
            raise TooLarge()
        try:
            value = json.loads(body.decode(), parse_constant=strict_constant)
        except RecursionError as error:
            raise Unreadable(TOO_DEEP) from error
        except ValueError as error:
            raise exceptions.ParseError(_("The body is not JSON in UTF-8.")) from error
        _look_through(value)
        return value


def _look_through(value: Any) -> None:
    """Refuse what cannot be kept, level by level: no recursion, whatever the depth."""
    level = [value]
    for _depth in range(DEPTH):
        inner: list[Any] = []
        for each in level:
            if isinstance(each, str):
                if not is_storable(each):
                    raise Unreadable(_("A text holds a NUL or half a character."), "null_characters_not_allowed")
            elif isinstance(each, float):
                if not math.isfinite(each):
                    raise Unreadable(_("A number is too large."))
            elif isinstance(each, dict):
                inner += [*each.keys(), *each.values()]
            elif isinstance(each, list):
                inner += each
        if not inner:
            return
        level = inner
    raise Unreadable(TOO_DEEP)
