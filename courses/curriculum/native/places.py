"""Places inside a document: which fields may stand there, and on which line what is there stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import BaseModel
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from courses.curriculum.sources.yaml import line_of


def fields_at(model: type[BaseModel], place: Iterable[int | str]) -> list[str]:
    """The fields of the model that stands at *place* of another one's data."""
    models = [model]
    for part in place:
        fields = [each.model_fields[part] for each in models if isinstance(part, str) and part in each.model_fields]
        if fields:
            models = [found for each in fields for found in _models_in(each.annotation)]
    return [name for each in models for name in each.model_fields]


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def lines_within(value: Any, place: str, line: int) -> Iterator[tuple[str, int]]:
    """The line of everything inside a value, by its dotted place (``steps.2.to``)."""
    if isinstance(value, CommentedMap | CommentedSeq):
        for key, entry in value.items() if isinstance(value, CommentedMap) else enumerate(value):
            at, inner = line_of(value, key, line), f"{place}.{key}"
            yield inner, at
            yield from lines_within(entry, inner, at)
