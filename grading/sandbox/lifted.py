"""Defences that are off, for tests that show each of them to be alive. Nothing is off anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Lifted:
    """:param userns: of ``bubblewrap`` only: that no further user namespace can be made.
    :param init: that the first process belongs to somebody else, or is hidden.
    """

    network: bool = False
    seccomp: bool = False
    userns: bool = False
    capabilities: bool = False
    init: bool = False


NOTHING: Final = Lifted()
