"""From a release to typed rows: one function per kind, and ``finish`` for what needs them all.

Apply wraps its projections in :func:`writing` and calls :func:`finish` once, in
the same transaction::

    with transaction.atomic():
        with writing():
            for projection in projections:
                project(projection)
        finish(release)
"""

from courses.curriculum.projectors.finish import finish
from courses.curriculum.projectors.rows import writing

__all__ = ["finish", "writing"]
