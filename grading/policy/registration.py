"""The kind that *grading* owns: the policy of a program."""

from courses.curriculum.kinds import EntityKind, registry
from grading.policy.bodies import PolicyBody


def register() -> None:
    """Register the policy; called once from ``AppConfig.ready``."""
    if "policy" in registry:
        return
    registry.register(EntityKind("policy", PolicyBody, "grading.policy.projector.policy", only=True))
    registry.allow_children("program", policy="policy")
