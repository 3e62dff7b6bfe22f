"""What is checked in what documents state: one module per family of rules, found by its name in this folder.

A module registers its rules when it is imported (see ``register``); a new family
is a new file here, with its tests and its rows in docs/lint-rules.md.
"""

from __future__ import annotations

import importlib
import pkgutil


def load() -> None:
    """Import every module of this package, so that its rules are registered."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
