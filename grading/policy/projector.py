"""Writing the typed row of a policy."""

from __future__ import annotations

from courses.curriculum.projection import Projection
from courses.curriculum.projectors.rows import write
from grading.models import Policy
from grading.policy.bodies import PolicyBody
from grading.policy.supported import unsupported
from waymark.core.errors import Invalid


def policy(projection: Projection) -> None:
    """Write the policy of a program; refuse what nothing evaluates yet (``policy_not_supported``, 400).

    A choice that is stored and not applied would be a wrong grade.
    """
    body: PolicyBody = projection.body
    if refused := unsupported(body):
        raise Invalid(
            f"The policy uses what Waymark does not evaluate yet: {'; '.join(refused)}.",
            code="policy_not_supported",
            where=projection.entity.address,
            hint="Leave these choices out; their defaults apply.",
        )
    write(Policy, projection, program_id=projection.program_id, title=body.title)
