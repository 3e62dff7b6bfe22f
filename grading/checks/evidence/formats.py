"""What tools print of work done elsewhere, as values that paths lead into.

``terraform-plan`` is what ``terraform show -json PLAN`` prints; ``image`` the list of ``docker inspect``;
``objects`` the list of objects of ``kubectl get -o json``; ``metrics`` a list with ``name``, ``labels``, ``value``,
``type`` and perhaps ``timestamp`` (seconds) for each sample of a Prometheus scrape, in which infinities and NaN are
text; ``csv`` a list of rows by the names of the first one, in which what looks like a number is one; ``log`` has
``lines`` without colours and ``last``, the last one that is not blank; ``json`` is as it is.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from prometheus_client.parser import text_string_to_metric_families

from grading.checks.structure.json import json_value
from grading.checks.structure.reading import Misread, Refused, at, entries, mapping, text_of, word

LARGEST: Final = 1024 * 1024
"""Bytes of one piece of evidence: a plan or a scrape is longer than what people write."""
VALUES: Final = 50_000
_NUMBER: Final = re.compile(r"[-+]?[0-9]{1,40}(\.[0-9]{0,40})?([eE][-+]?[0-9]{1,3})?")
_ESCAPES: Final = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]")


def evidence_read(form: str, data: bytes) -> Any:
    """*data* as values; :class:`Refused` and :class:`Misread` as for a file of the kind *structure*."""
    if len(data) > LARGEST:
        raise Refused(f"It is larger than {LARGEST} bytes.")
    value = FORMATS[form](text_of(data))
    if sum(1 for _ in _values(value)) > VALUES:
        raise _too_many()
    return value


def _too_many() -> Refused:
    return Refused(f"It holds more than {VALUES} values.")


def _values(value: Any) -> Iterator[None]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        yield None
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


def _plan(text: str) -> Any:
    plan = mapping(json_value(text), "The plan")
    word(plan.get("format_version"), "format_version of the plan")
    changes = plan.get("resource_changes")
    if not isinstance(changes, list):
        raise Misread("resource_changes of the plan is no list: hand in what terraform show -json prints of a plan.")
    for number, each in enumerate(changes):
        change = mapping(each, f"resource_changes[{number}]")
        word(change.get("address"), f"resource_changes[{number}].address")
        actions = mapping(change.get("change"), f"resource_changes[{number}].change").get("actions")
        entries(actions, f"resource_changes[{number}].change.actions")
    return plan


def _image(text: str) -> Any:
    images = entries(json_value(text), "What docker inspect prints")
    for number, each in enumerate(images):
        image = mapping(each, f"[{number}]")
        word(image.get("Id"), f"[{number}].Id")
        mapping(image.get("Config"), f"[{number}].Config")
    return images


def _objects(text: str) -> Any:
    whole = mapping(json_value(text), "What kubectl prints")
    objects = whole.get("items") if str(whole.get("kind")).endswith("List") else [whole]
    for number, each in enumerate(entries(objects, "items")):
        found = mapping(each, f"Object {number + 1}")
        word(found.get("kind"), f"kind of object {number + 1}")
        word(mapping(found.get("metadata"), f"metadata of object {number + 1}").get("name"), "metadata.name")
    return objects


def _metrics(text: str) -> Any:
    samples: list[dict[str, Any]] = []
    known = set()
    try:
        for family in text_string_to_metric_families(text):
            for each in family.samples:
                series = (each.name, frozenset(each.labels.items()))
                if series in known:
                    raise Misread(f"The series {each.name} is there twice with the same labels.")
                known.add(series)
                sample = {"name": each.name, "labels": dict(each.labels), "value": _plain(each.value)}
                stamp = {} if each.timestamp is None else {"timestamp": _plain(float(each.timestamp))}
                samples.append({**sample, "type": family.type, **stamp})
            if len(samples) * 4 > VALUES:
                raise _too_many()
    except (ValueError, OverflowError, IndexError, KeyError) as error:
        raise Misread(f"It is no scrape in Prometheus' text format: {str(error)[:120]}.") from None
    if not samples:
        raise Misread("There is no sample in it.")
    return samples


def _plain(value: float) -> float | str:
    """A number that JSON has, else its name."""
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else ("+Inf" if value > 0 else "-Inf")


def _csv(text: str) -> Any:
    rows: list[dict[str, Any]] = []
    reader = csv.reader(text.splitlines(), strict=True, skipinitialspace=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        if not names or not all(names) or len(set(names)) != len(names):
            raise Misread("The first line has no names, one of them twice, or an empty one.")
        for row in reader:
            if len(row) != len(names):
                if not row:
                    continue
                raise at(reader.line_num, f"it has {len(row)} values and should have {len(names)}.")
            rows.append({name: _number(value.strip()) for name, value in zip(names, row, strict=True)})
            if len(rows) * (len(names) + 1) > VALUES:
                raise _too_many()
    except csv.Error as error:
        raise at(reader.line_num, f"it is no CSV: {error}.") from None
    if not rows:
        raise Misread("There is no row below the names.")
    return rows


def _number(text: str) -> int | float | str:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return text
    if found[1] is None and found[2] is None:
        return int(text)
    value = float(text)
    return value if math.isfinite(value) else text


def _log(text: str) -> Any:
    lines = [_ESCAPES.sub("", line).rstrip() for line in text.split("\n")]
    last = next((line for line in reversed(lines) if line), None)
    if last is None:
        raise Misread("It is empty.")
    return {"lines": lines, "last": last}


FORMATS: Final[dict[str, Callable[[str], Any]]] = {
    "terraform-plan": _plan,
    "image": _image,
    "objects": _objects,
    "metrics": _metrics,
    "json": json_value,
    "csv": _csv,
    "log": _log,
}
