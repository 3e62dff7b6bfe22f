"""What one import may hold in all, counted while it is read."""

from __future__ import annotations

from dataclasses import dataclass

MAX_FILES = 20_000
MAX_TOTAL = 200 * 1024 * 1024


class OverBudget(Exception):
    """Reading ends here: there are too many files, or too much in them."""

    def __init__(self, rule: str, file: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.rule, self.file, self.message, self.fix = rule, file, message, fix


@dataclass(slots=True)
class Budget:
    files: int = 0
    total: int = 0

    def file(self, file: str) -> None:
        """Count a file, document or not."""
        self.files += 1
        if self.files > MAX_FILES:
            message = f"There are more than {MAX_FILES} files; what comes after the first {MAX_FILES} is not read."
            raise OverBudget("source.too_many_files", file, message, "Import a part of them, or exclude the others.")

    def bytes(self, file: str, size: int) -> None:
        """Count what was read or unpacked."""
        self.total += size
        if self.total > MAX_TOTAL:
            message = (
                f"The files have more than {MAX_TOTAL} bytes in all, unpacked; {self.total} were read when this one "
                "was, and what comes after it is not."
            )
            raise OverBudget("source.too_much", file, message, "Import a part of them, or exclude the others.")
