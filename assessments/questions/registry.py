"""Finds the question types: every module of ``assessments.questions.types`` has one as ``TYPE``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING

from assessments.questions import types

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assessments.questions.base import QuestionType


@cache
def question_types() -> Mapping[str, QuestionType]:
    """All types by name."""
    found: dict[str, QuestionType] = {}
    for info in sorted(iter_modules(types.__path__), key=lambda info: info.name):
        each: QuestionType = import_module(f"{types.__name__}.{info.name}").TYPE
        if each.name in found:
            raise ValueError(f"two modules hold the question type {each.name}")
        found[each.name] = each
    return MappingProxyType(found)


def question_type(name: str) -> QuestionType:
    """The type called *name*; ``ValueError`` names those that exist."""
    try:
        return question_types()[name]
    except KeyError:
        raise ValueError(f"unknown question type {name!r}; known are {', '.join(question_types())}") from None
