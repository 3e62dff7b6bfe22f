"""Who is signed in: allauth's way in, and the person of each request by a prepared statement."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from waymark.accounts.models import User
from waymark.core import sql

FIELDS = [field.attname for field in User._meta.concrete_fields]
READ = f"""/* accounts.backends.get_user */
SELECT {", ".join(str(field.column) for field in User._meta.concrete_fields)} FROM accounts_user WHERE id = %s"""  # noqa: S608


class PersonBackend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """The person of a session; None when they are gone or their account is closed."""
        found = sql.row(READ, [user_id])
        user = None if found is None else User.from_db("default", FIELDS, found)
        return user if user is not None and self.user_can_authenticate(user) else None
