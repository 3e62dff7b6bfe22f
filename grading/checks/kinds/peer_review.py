"""``peer_review``: a ``checklist`` that peers are to tick. Until work is given to peers, staff do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grading.checks.kinds.checklist import Checklist, ChecklistSpec
from grading.checks.spec import spec_read


class PeerReviewKind:
    name = "peer_review"
    version = 1

    def prepare(self, spec: Mapping[str, Any], authored: Mapping[str, bytes]) -> Checklist:
        return Checklist(spec_read(ChecklistSpec, spec))


KIND = PeerReviewKind()
