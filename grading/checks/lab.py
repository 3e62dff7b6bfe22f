"""The checks of a lab as a folder holds them: ``checks.yaml``, and ``checks/`` with the author's own files.

``checks.yaml`` is a list of checks in the shape that the curriculum knows
(``id``, ``title``, ``type``, ``points``, ``hidden``, ``hint``, ``spec``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from assessments.curriculum.bodies import CheckBody
from grading.checks.contract import HandIn, PersonalCheck, PreparedCheck, SpecProblem
from grading.checks.registry import kind_named
from waymark.core.faults import fault_told

FILE: Final = "checks.yaml"
AUTHORED: Final = "checks"
LARGEST: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LabCheck:
    id: str
    points: Decimal
    hidden: bool
    hint: str
    prepared: PreparedCheck


def lab_read(folder: Path) -> list[LabCheck]:
    """Every check below *folder*; :class:`SpecProblem` names the one that cannot be used."""
    try:
        entries = YAML(typ="safe", pure=True).load(folder / FILE)
    except FileNotFoundError:
        raise SpecProblem(f"{folder.name} has no {FILE}.") from None
    except YAMLError as error:
        raise SpecProblem(f"{FILE} cannot be read: {error}") from error
    if not isinstance(entries, list) or not entries:
        raise SpecProblem(f"{FILE} is no list of checks.")
    authored = _authored(folder / AUTHORED)
    checks = [_check(number, entry, authored) for number, entry in enumerate(entries, 1)]
    names = [check.id for check in checks]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise SpecProblem(f"{FILE} has the check {twice!r} twice.")
    return checks


def _check(number: int, entry: Any, authored: Mapping[str, bytes]) -> LabCheck:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise SpecProblem(f"{FILE}, check {number}: it has no id.")
    body = {key: value for key, value in entry.items() if key != "id"}
    try:
        return _prepared(entry["id"], body, authored)
    except SpecProblem as problem:
        raise SpecProblem(f"{FILE}, {problem}") from problem


def _prepared(key: str, entry: Mapping[str, Any], authored: Mapping[str, bytes]) -> LabCheck:
    try:
        body = CheckBody.model_validate(entry)
        # The author's own files stand beside the checks, or in the spec as text.
        spec = dict(body.spec)
        texts = spec.pop("files", {})
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            raise SpecProblem("files is no mapping of names to text.")
        given = {**authored, **{name: text.encode() for name, text in texts.items()}}
        prepared = kind_named(body.type).prepare(spec, given)
    except ValidationError as error:
        raise SpecProblem(f"check {key!r}: {fault_told(error.errors()[0], 'it')}") from error
    except SpecProblem as problem:
        raise SpecProblem(f"check {key!r}: {problem}") from problem
    return LabCheck(key, body.points, body.hidden, body.hint, prepared)


def checks_from(bodies: Sequence[tuple[str, Mapping[str, Any]]]) -> list[LabCheck]:
    """The checks of a lab of the curriculum, from pairs of an id and the body of its revision.

    What a folder has beside ``checks.yaml``, such a check has in ``files`` of its spec: text by name.

    :raises SpecProblem: one of them cannot be used.
    """
    return [_prepared(key, body, {}) for key, body in bodies]


def checks_of(checks: Sequence[LabCheck], hand_in: HandIn) -> list[LabCheck]:
    """*checks*, of which those that ask whose work it is are told."""
    return [
        replace(each, prepared=each.prepared.of(hand_in)) if isinstance(each.prepared, PersonalCheck) else each
        for each in checks
    ]


def _authored(folder: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.is_file():
            if path.stat().st_size > LARGEST:
                raise SpecProblem(f"{path.name} is larger than {LARGEST} bytes.")
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found
