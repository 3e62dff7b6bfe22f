"""Read a text in a format, or say how it was not read."""

from __future__ import annotations

import time
from typing import Any

from grading.checks.structure.formats import FORMATS
from grading.checks.structure.reading import LARGEST, Misread, Refused

SECONDS = 20
"""Far above what any text of the largest size takes here (4 s), far below what an unbounded reader takes (minutes)."""


def read(form: str, *texts: str) -> Any:
    return FORMATS[form](texts)


def how(form: str, *texts: str) -> str:
    """``refused``, ``misread`` or ``read``, with the reason. Texts are cut to the largest size and must end in time."""
    begun = time.monotonic()
    try:
        read(form, *(text[:LARGEST] for text in texts))
    except Refused as refused:
        return f"refused: {refused}"
    except Misread as misread:
        return f"misread: {misread}"
    finally:
        assert time.monotonic() - begun < SECONDS
    return "read"
