"""Who does something: a person, an API client, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Actor:
    """One value on every event and audit entry.

    ``scopes`` is None for a session (what the person may do on pages) and a set
    of scope names for a token or a client; ``acting_as`` is the id of the site
    admin who looks through this person's eyes, reading only. A ``limited`` client
    sees only the programs and cohorts named here.
    """

    kind: Literal["person", "client", "system"]
    user_id: int | None = None
    client_id: str | None = None
    scopes: frozenset[str] | None = field(default=None)
    acting_as: int | None = None
    limited: bool = False
    program_ids: frozenset[int] = frozenset()
    cohort_ids: frozenset[int] = frozenset()

    @classmethod
    def person(cls, user_id: int, *, scopes: frozenset[str] | None = None, acting_as: int | None = None) -> Actor:
        return cls("person", user_id=user_id, scopes=scopes, acting_as=acting_as)

    @classmethod
    def client(cls, client_id: str, scopes: frozenset[str]) -> Actor:
        return cls("client", client_id=client_id, scopes=scopes)

    @classmethod
    def system(cls) -> Actor:
        return cls("system")

    @property
    def label(self) -> str:
        """Stable text for the ledger and the audit: ids only, never a name."""
        if self.kind == "person":
            by = f"+as:{self.acting_as}" if self.acting_as else ""
            return f"person:{self.user_id}{by}"
        return f"client:{self.client_id}" if self.kind == "client" else "system"

    def is_person(self, user_id: int) -> bool:
        """Whether it is this person, and nobody who looks through their eyes."""
        return self.kind == "person" and self.acting_as is None and self.user_id == user_id

    def has_scope(self, scope: str) -> bool:
        """A session and the system hold every scope; tokens hold what they name."""
        return self.scopes is None or scope in self.scopes or (self.kind == "person" and "me" in self.scopes)


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a page or API request; the authentication classes set it."""
    actor = getattr(request, "actor", None)
    if isinstance(actor, Actor):
        return actor
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return Actor.person(user.pk, acting_as=getattr(request, "acting_admin_id", None))
    from waymark.core.errors import Missing

    raise Missing()
