"""What decisions make of findings, and decisions that make nothing of any.

A decision settles warnings and infos, and proposes to settle errors: an admin
decides on those, on the site. It holds as long as the text of the finding's lines, and of
all related ones, is what it was; where they stand does not matter.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from courses.curriculum.findings import Finding, Severity
from courses.curriculum.lint.register import Rule, checks
from courses.curriculum.refused import may_stand
from courses.curriculum.report.model import Said, Settled
from courses.curriculum.report.own import Decision

IDLE = Rule("source.idle_decision", "info", "Every decision settles a finding")
checks.declare(IDLE)


def decision_key(rule: str, entity: str, hash_: str) -> str:
    """One short word for what a decision is about."""
    return hashlib.sha256("\n".join((rule, entity, hash_)).encode()).hexdigest()[:16]


def settles(decision: Decision, severity: Severity) -> Settled:
    """What a decision makes of a finding; of an error only an admin's makes more than a proposal."""
    if severity != "error" or (decision.binding and may_stand(decision.rule)):
        return "settled"
    return "proposed"


def settle(said: list[Said], decisions: Iterable[Decision]) -> list[Finding]:
    """Mark what is settled; answers a finding for each decision that settles nothing any more."""
    by_key: dict[tuple[str, str, str], list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_key[decision.rule, decision.entity, decision.hash].append(decision)
    used: set[Decision] = set()
    for each in said:
        found = by_key.get((each.finding.rule, each.entity, each.fingerprint), [])
        for decision in found:
            if each.settled != "settled":
                each.settled, each.reason = settles(decision, each.finding.severity), decision.reason
        used.update(found)
    every = (decision for found in by_key.values() for decision in found)
    idle = (each for each in every if each not in used and not each.above and not each.binding)
    return [
        Finding(
            IDLE.id, "info", decision.file, decision.line,
            f"Nothing is settled by this decision on {decision.rule} of {decision.entity}: the finding is gone, or one "
            "of its lines has changed.",
            "Look at the finding again, or remove the decision.",
        )
        for decision in idle
    ]  # fmt: skip
