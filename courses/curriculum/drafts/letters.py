"""Questions whose words call their options by letter, and so hold only in the author's order."""

from __future__ import annotations

import re

from courses.curriculum.drafts.values import text
from courses.curriculum.merge.join import Merged

_BEFORE = r"(?:all|none|both|neither|either|any|each) of (?:the above|the options above|these options)"
_PAIR = r"[a-h]\s*(?:,\s*[a-h])*,?\s*(?:and|or|nor|&)\s*[a-h]"
_OPTION = re.compile(rf"\b{_BEFORE}\b|^\W*(?:only |both |either |neither |options? |answers? )*{_PAIR}\W*$", re.I)
_SAYS = r"(?:is|isn't|are|aren't|was|does|doesn't|do|don't|has|would|could|will|can|describes?|refers?|uses?|creates?)"
_TOLD = re.compile(
    rf"\b(?i:{_BEFORE})\b|\b(?i:options?|answers?|choices?)\s+\**\(?[A-H]\b|\([A-H](?:,? ?(?:and|or|/)? ?[A-H])*\)"
    rf"|(?<![\w'`.-])[A-H] (?:and|or|&) [A-H]\b(?![\w`'-])|(?<![\w'`-])[A-H],? {_SAYS}\b"
    r"|^\W*[A-H]\)?\**:\s",
    re.MULTILINE,
)  # fmt: skip


def names_letters(question: Merged) -> bool:
    """Whether an option (*Both B and C*), the question or its explanation (*A is wrong, for ...*) names a letter."""
    for claim in question.claims:
        for name in claim.fields:
            field, _, rest = name.partition(".")
            words = text(claim.get(name))
            if field == "options" and rest.endswith(".text") and _OPTION.search(words):
                return True
            if field in ("stem", "explanation") and _TOLD.search(words):
                return True
    return False
