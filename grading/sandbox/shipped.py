"""Source of ours that starts inside a sandbox, on the image's Python and its standard library alone."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent.parent

_LOADER: Final = """import sys, types
for name, source in {sources!r}.items():
    module = sys.modules[name] = types.ModuleType(name)
    package, _, own = name.rpartition(".")
    setattr(sys.modules.setdefault(package, types.ModuleType(package)), own, module)
    exec(compile(source, name, "exec"), module.__dict__)
module.main()
"""


def program(*modules: str) -> str:
    """For ``python3 -c``: the modules, each after those that it imports, then ``main()`` of the last."""
    return _LOADER.format(sources={name: (ROOT / (name.replace(".", "/") + ".py")).read_text() for name in modules})
