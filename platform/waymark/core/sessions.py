"""``SESSION_ENGINE``: Django's sessions in the database, read by a prepared statement.

Every request of somebody who is signed in reads one.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from waymark.core import sql

READ = """/* core.sessions.load */
SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"""


class SessionStore(DatabaseStore):
    def load(self) -> dict[str, Any]:
        """What the session holds; a key that is unknown or has run out is forgotten."""
        found = sql.row(READ, [self.session_key, timezone.now()])
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found[0])
