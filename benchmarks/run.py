"""``python benchmarks/run.py quick|full``: every measurement, one after the other."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness import product, report


def main(kind: str) -> int:
    with product():
        from benchmarks import p1_dashboard, s7_grading

        report([*p1_dashboard.rows(kind), *s7_grading.rows(kind)])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "quick"))
