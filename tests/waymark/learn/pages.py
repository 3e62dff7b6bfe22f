"""What tests of the learner's pages read from an answer."""

from __future__ import annotations

import re


def text_of(page: object) -> str:
    """The words of a page, blanks collapsed."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())  # type: ignore[attr-defined]
