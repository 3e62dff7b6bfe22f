"""``python benchmarks/run.py quick|full [p1 ...]``: every measurement, or those named, one after the other."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness import product, report


def main(kind: str, named: list[str]) -> int:
    with product():
        from benchmarks import p1_dashboard, p2_serializer, p5_import, s1_sandbox, s2_engines, s7_grading

        measurements = {
            "p1": p1_dashboard.rows, "p2": p2_serializer.rows, "p5": p5_import.rows, "s7": s7_grading.rows,
            "s1": s1_sandbox.rows, "s2": s2_engines.rows,
        }  # fmt: skip
        report([row for name in named or measurements for row in measurements[name](kind)])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "quick", sys.argv[2:]))
