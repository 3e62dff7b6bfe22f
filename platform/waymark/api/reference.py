"""The OpenAPI description as data for a page: groups of operations with plain tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")
DEPTH = 4


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter or field; ``path`` is dotted for nested ones, ``[]`` marks a list."""

    path: str
    type: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Answer:
    code: str
    phrase: str
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class OperationEntry:
    id: str
    method: str
    address: str
    summary: str
    text: str
    parameters: list[Field]
    body: list[Field]
    answer: Answer | None
    faults: list[Answer] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    operations: list[OperationEntry]


@lru_cache(maxsize=1)
def reference() -> list[Group]:
    """Every operation by group; made once per process, for the addresses do not change while it lives."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    groups: dict[str, list[OperationEntry]] = {}
    for address, item in sorted(schema["paths"].items()):
        for method in METHODS:
            if method in item:
                operation = item[method]
                name = (operation.get("tags") or ["Other"])[0].capitalize()
                groups.setdefault(name, []).append(_operation(schema, address, method, operation))
    return [Group(name, operations) for name, operations in sorted(groups.items())]


def _operation(schema: dict[str, Any], address: str, method: str, operation: dict[str, Any]) -> OperationEntry:
    summary, _, text = operation.get("description", "").partition("\n\n")
    answers = [
        Answer(code, HTTPStatus(int(code)).phrase, list(_fields(schema, _json(answer))))
        for code, answer in operation["responses"].items()
    ]
    return OperationEntry(
        id=operation["operationId"],
        method=method.upper(),
        address=address,
        summary=summary,
        text=text,
        parameters=[
            Field(
                parameter["name"], _type(schema, parameter["schema"]), bool(parameter.get("required")),
                parameter.get("description", ""),
            )
            for parameter in operation.get("parameters", [])
        ],
        body=list(_fields(schema, _json(operation.get("requestBody", {})))),
        answer=next((answer for answer in answers if answer.code < "300"), None),
        faults=[answer for answer in answers if answer.code >= "400"],
    )  # fmt: skip


def _json(holder: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = holder.get("content", {})
    media: dict[str, Any] = content.get("application/json") or next(iter(content.values()), {})
    found: dict[str, Any] = media.get("schema", {})
    return found


def _resolved(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    for _ in range(8):
        if "$ref" in node:
            node = schema["components"]["schemas"][node["$ref"].rpartition("/")[2]]
            continue
        choices = [
            part for key in ("allOf", "oneOf", "anyOf") for part in node.get(key, []) if part != {"type": "null"}
        ]
        if not choices:
            break
        node = choices[0]
    return node


def _fields(schema: dict[str, Any], node: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[Field]:
    node = _resolved(schema, node)
    if _kind(node) == "array":
        yield from _fields(schema, node.get("items", {}), prefix or "[].", depth)
        return
    required = set(node.get("required", ()))
    for name, inner in node.get("properties", {}).items():
        target = _resolved(schema, inner)
        is_list = _kind(target) == "array"
        yield Field(f"{prefix}{name}", _type(schema, inner), name in required, inner.get("description", ""))
        deeper = _resolved(schema, target.get("items", {})) if is_list else target
        if depth < DEPTH and "properties" in deeper:
            yield from _fields(schema, deeper, f"{prefix}{name}{'[]' if is_list else ''}.", depth + 1)


def _kind(node: dict[str, Any]) -> str:
    kind = node.get("type", "")
    if isinstance(kind, list):
        return next((part for part in kind if part != "null"), "")
    return str(kind)


def _type(schema: dict[str, Any], node: dict[str, Any]) -> str:
    target = _resolved(schema, node)
    kinds = target.get("type", "")
    null = "null" in kinds if isinstance(kinds, list) else False
    null = null or {"type": "null"} in node.get("oneOf", []) + node.get("anyOf", [])
    if "enum" in target:
        words = " | ".join(str(value) for value in target["enum"] if value is not None)
    elif _kind(target) == "array":
        words = f"list of {_type(schema, target.get('items', {}))}"
    else:
        words = target.get("format") or _kind(target) or "any"
    return f"{words} or null" if null else words
