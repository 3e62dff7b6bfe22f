"""Runs a module of the tools: ``python3 -I only_tools.py MODULE ARGUMENT...``, and imports nothing of the work.

pylint puts the folders of what it reads in front of the search path, where any later
import of its own would find a file of the work first.
"""

import os
import runpy
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import Distribution, DistributionFinder
from types import ModuleType

# Started in the copy, which lies in the work folder.
WORK = os.path.dirname(os.path.realpath(os.getcwd()))


class OnlyTools:
    """Looks for modules as Python does, but in no folder of the work."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        places = [place for place in (sys.path if path is None else path) if not self._in_work(place)]
        return PathFinder.find_spec(name, places, target)

    def find_distributions(self, context: DistributionFinder.Context | None = None) -> Iterable[Distribution]:
        """Of packages, of which the work has none: no file that describes one is in the copy."""
        return PathFinder.find_distributions(context or DistributionFinder.Context())

    def _in_work(self, place: str) -> bool:
        return os.path.commonpath([WORK, os.path.realpath(place)]) == WORK


if __name__ == "__main__":
    sys.meta_path[:] = [OnlyTools() if finder is PathFinder else finder for finder in sys.meta_path]
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
