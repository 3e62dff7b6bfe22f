"""What decisions make of findings, and decisions that make nothing of any.

A decision settles warnings and infos, and proposes to settle errors: an admin
decides on those. It holds as long as the text of the finding's lines, and of all
related ones, is what it was; where they stand does not matter.
"""

from __future__ import annotations

from courses.curriculum.findings import Finding
from courses.curriculum.lint.register import Rule, checks
from courses.curriculum.report.model import Said
from courses.curriculum.report.own import Decision

IDLE = Rule("source.idle_decision", "info", "Every decision settles a finding")
checks.declare(IDLE)


def settle(said: list[Said], decisions: list[Decision]) -> list[Finding]:
    """Mark what is settled; answers a finding for each decision that settles nothing any more."""
    by_key = {(decision.rule, decision.entity, decision.hash): decision for decision in decisions}
    used: set[Decision] = set()
    for each in said:
        decision = by_key.get((each.finding.rule, each.entity, each.fingerprint))
        if decision is not None:
            each.settled = "proposed" if each.finding.severity == "error" else "settled"
            each.reason = decision.reason
            used.add(decision)
    idle = (each for each in by_key.values() if each not in used and not each.above)
    return [
        Finding(
            IDLE.id, "info", decision.file, decision.line,
            f"Nothing is settled by this decision on {decision.rule} of {decision.entity}: the finding is gone, or one "
            "of its lines has changed.",
            "Look at the finding again, or remove the decision.",
        )
        for decision in idle
    ]  # fmt: skip
