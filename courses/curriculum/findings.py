"""What is wrong with a source: one finding per fault, with its place and its remedy."""

from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``rule`` is a stable id; ``file:line`` is where the value stands; ``fix`` says what to do."""

    rule: str
    severity: Severity
    file: str
    line: int
    message: str
    fix: str = ""
    related: tuple[tuple[str, int], ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """As commands print it in JSON."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "message": self.message,
            "related": [{"file": file, "line": line} for file, line in self.related],
            "fix": self.fix,
        }

    def __str__(self) -> str:
        hint = f" {self.fix}" if self.fix else ""
        return f"{self.file}:{self.line}: {self.severity}: {self.message}{hint} [{self.rule}]"
