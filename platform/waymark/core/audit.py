"""Writing the audit record."""

from typing import Any

from waymark.core.actors import Actor
from waymark.core.models import AuditEntry


def audit_record(
    *, actor: Actor, action: str, subject: str, reason: str = "", details: dict[str, Any] | None = None
) -> AuditEntry:
    """Append one entry; call it inside the transaction of the act.

    :param action: dotted name of the act (``right.granted``), stable.
    :param subject: ``kind:id`` of what was acted upon.
    :param details: plain JSON values, ids only, no names or addresses.
    """
    return AuditEntry.objects.create(
        actor_label=actor.label,
        person_id=actor.acting_as or actor.user_id,
        action=action,
        subject=subject,
        reason=reason,
        details=details or {},
    )
