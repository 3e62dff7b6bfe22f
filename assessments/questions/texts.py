"""Short answers: how they are folded, and patterns that match them in bounded time."""

from __future__ import annotations

import unicodedata

import re2

LONGEST = 500
_MEMORY = 1 << 20


def fold_answer(text: str) -> str:
    """NFKC, case folded, white space collapsed, trimmed, in this order (GRADING.md, *Questions*)."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_pattern(accepted: str) -> bool:
    """Whether an accepted answer is written as ``/pattern/``."""
    return len(accepted) > 2 and accepted.startswith("/") and accepted.endswith("/")


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _MEMORY
    return options


def check_pattern(accepted: str) -> None:
    """Raise ``ValueError`` when ``/pattern/`` is none that RE2 takes."""
    try:
        re2.compile(accepted[1:-1], _options())
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        reason = reason.decode() if isinstance(reason, bytes) else reason
        raise ValueError(
            f"{accepted} is not a pattern that can be matched in bounded time "
            f"(no look-around, no back-references): {reason}"
        ) from error


def matches(accepted: str, folded: str) -> bool:
    """Whether *folded* (a folded answer, as a whole) is what *accepted* says.

    Patterns run on RE2, whose time is linear in the answer, so a hand-in cannot
    hold a worker and the verdict does not depend on how busy the machine is.
    """
    if is_pattern(accepted):
        return re2.fullmatch(accepted[1:-1], folded, _options()) is not None
    return fold_answer(accepted) == folded
