"""``gpu_script``: a ``program`` for machines with a GPU.

A hand-in with such a check waits in the queue of those machines, with all its checks
(``grading.services.runs``); what is run and compared is as in ``program``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grading.checks.contract import PreparedCheck
from grading.checks.kinds.program import KIND as PROGRAM


class GpuScriptKind:
    name = "gpu_script"
    version = 1

    def prepare(self, spec: Mapping[str, Any], authored: Mapping[str, bytes]) -> PreparedCheck:
        return PROGRAM.prepare(spec, authored)


KIND = GpuScriptKind()
