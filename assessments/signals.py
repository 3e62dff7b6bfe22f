"""The signals of this app: an attempt or a submission was handed in.

Sent with ``attempt=`` or ``submission=`` inside the transaction of the hand-in, after the state has
changed: a receiver that fails undoes the hand-in, and what it writes commits
with it. Receivers publish only after commit.
"""

from django.dispatch import Signal

work_handed_in = Signal()
work_submitted = Signal()
