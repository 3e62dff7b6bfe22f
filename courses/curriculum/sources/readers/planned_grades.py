"""The grades and pass rules of a plan in YAML, as the policy that curriculum documents state in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim
from courses.curriculum.sources.entries import Entries, folded_key, scalar
from courses.curriculum.sources.listed import Entry
from courses.curriculum.sources.readers.curriculum.grades import band_read, rule_read, span_of
from courses.curriculum.sources.yaml import lines_of

_SCALES = ("grading_scale", "grade_scale", "grades", "grade_bands")
_PASSING = ("passing_criteria", "pass_criteria", "passing_requirements", "pass_requirements", "completion_requirements")


def graded_read(program: Claim, parts: Iterable[Entries]) -> None:
    """State the grades and pass rules that the mappings of a plan hold; others are left to these."""
    policy: Claim | None = None
    for part in parts:
        bands = [(key, found) for key in _keys(part, _SCALES) if (found := list(_bands(part.data[key])))]
        rules = [(key, list(_rules(part.data[key]))) for key in _keys(part, _PASSING)]
        for key, found in (*bands, *rules):
            if policy is None:
                policy = program.statement.claim("policy", "Assessment", found[0].lines[0], parent=program)
            part.skip([key])
            for entry in found:
                (band_read if (key, found) in bands else rule_read)(policy, entry)


def _keys(part: Entries, names: tuple[str, ...]) -> list[Any]:
    return [key for key, value in part.data.items() if folded_key(key) in names
            and isinstance(value, CommentedMap | CommentedSeq) and value]  # fmt: skip


def _bands(data: CommentedMap | CommentedSeq) -> Iterator[Entry]:
    """Grades by their labels, or in a list; none where one of them says no share."""
    found = []
    for place, value in data.items() if isinstance(data, CommentedMap) else enumerate(data):
        lines = tuple(lines_of(data, place))
        label = str(place) if isinstance(data, CommentedMap) else ""
        if isinstance(value, CommentedMap):
            named = {folded_key(key): str(scalar(each)) for key, each in value.items()}
            label = label or named.get("grade") or named.get("letter") or named.get("label") or ""
            low, high = (next((named[key] for key in keys if key in named), "") for keys in (_LOW, _HIGH))
            said = named.get("range") or (f"{low}-{high}" if low and high else f"{low}+" if low else f"up to {high}")
        else:
            said = str(scalar(value))
            said = f"{said}+" if values.NUMBER_ONLY.fullmatch(said) and "-" not in said else said
            if not label:
                label, _, said = said.partition(":")
        if not label or span_of(said) is None:
            return
        found.append(Entry(label.strip(), said.strip(), f"{label.strip()}: {said.strip()}", lines))
    yield from found


_LOW = ("min", "from", "low", "minimum", "min_percent", "from_percent", "min_score")
_HIGH = ("max", "to", "high", "maximum", "max_percent", "to_percent", "max_score")


def _rules(data: CommentedMap | CommentedSeq) -> Iterator[Entry]:
    """Rules by what they are of, or in a list of sentences."""
    for place, value in data.items() if isinstance(data, CommentedMap) else enumerate(data):
        lines = tuple(lines_of(data, place))
        said = (
            "; ".join(f"{key}: {scalar(each)}" for key, each in value.items())
            if isinstance(value, CommentedMap)
            else str(scalar(value))
        )
        label = str(place).replace("_", " ").capitalize() if isinstance(data, CommentedMap) else ""
        yield Entry(label, said, f"{label}: {said}" if label else said, lines)
