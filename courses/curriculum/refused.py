"""Why an import is refused."""

from courses.curriculum.findings import Finding
from waymark.core.errors import Refused


class ImportRefused(Refused):
    """The tree has errors; nothing was written."""

    code = "import_errors"

    def __init__(self, findings: list[Finding]) -> None:
        count = "1 error stands" if len(findings) == 1 else f"{len(findings)} errors stand"
        super().__init__(f"{count} in the way; nothing was changed.")
        self.findings = findings
