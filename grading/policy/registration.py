"""The kind that *grading* owns: the policy of a program."""

from courses.curriculum.kinds import EntityKind, Reference, registry
from courses.curriculum.registration import ACTIVITIES
from grading.policy.bodies import PolicyBody

POLICY_REFS = (
    Reference("components.*.activities.*", ACTIVITIES, binds=True, aliases=True),
    Reference("components.*.except_for.*", ACTIVITIES, binds=True, aliases=True),
    Reference("rules.*.of", ACTIVITIES, binds=True, aliases=True, beside="components.*.id"),
    Reference("rules.*.criterion", ("criterion",), binds=True),
    Reference("items.*", ACTIVITIES, binds=True, aliases=True),
)


def register() -> None:
    """Register the policy; called once from ``AppConfig.ready``."""
    if "policy" in registry:
        return
    registry.register(
        EntityKind(
            "policy", PolicyBody, "grading.policy.projector.policy", only=True, refs=POLICY_REFS, united=("notes",),
            keyed=("items",),
        )
    )  # fmt: skip
    registry.allow_children("program", policy="policy")
