"""Why an import is refused, and what need not refuse it."""

from courses.curriculum.findings import Finding
from courses.curriculum.references import RULE as UNKNOWN_REFERENCE
from waymark.core.errors import Refused

CONFLICT = "import.conflict"
_NEVER = ("source", "native", "import")
"""Families of what could not be read, or would be retired unseen."""


class ImportRefused(Refused):
    """The tree has errors; nothing was written."""

    code = "import_errors"

    def __init__(self, findings: list[Finding]) -> None:
        count = "1 error stands" if len(findings) == 1 else f"{len(findings)} errors stand"
        super().__init__(f"{count} in the way; nothing was changed.")
        self.findings = findings


def may_stand(rule: str) -> bool:
    """Whether what an error of *rule* is about can be left without effect.

    An edge to nothing does not lock, a question without a key is not asked, a value in conflict stays.
    """
    return rule in (UNKNOWN_REFERENCE, CONFLICT) or rule.partition(".")[0] not in _NEVER
