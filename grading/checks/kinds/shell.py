"""``shell``: a script of the submission is run, and what it left in its folder is looked at.

Each case runs in a sandbox of its own. When the script ends, everything that it
started is killed; only then the worker reads the folder, without following links,
and compares it with what the author wrote. Nothing in it is ever started. With
``again`` the script runs a second time, in a fresh sandbox that holds what it left.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from grading.checks.contract import CheckOutcome, Seeds
from grading.checks.registry import kit_files
from grading.checks.spec import Allowed, Start, Strict, cases_run, same_text, shown, spec_read
from grading.sandbox.contract import (
    KIT,
    MEBIBYTE,
    Backend,
    Collect,
    Entry,
    EntryKind,
    Job,
    Outcome,
    Result,
    relative_path,
)
from grading.sandbox.drive import run
from grading.sandbox.image import PYTHON

LARGEST: Final = MEBIBYTE
"""Of a file that is read, in bytes."""
TOGETHER: Final = 16 * MEBIBYTE
"""Of all of them."""
Pattern = Annotated[str, Field(min_length=1, max_length=500)]


class Counted(Strict):
    """How many there may be."""

    least: Annotated[int, Field(ge=0)] = 0
    most: Annotated[int, Field(ge=0)] | None = None

    def holds(self, number: int) -> bool:
        return self.least <= number and (self.most is None or number <= self.most)

    def __str__(self) -> str:
        if self.least == self.most:
            return str(self.least)
        return f"{self.least} or more" if self.most is None else f"{self.least} to {self.most}"


class Left(Strict):
    """What has to be at a path.

    :param mode: permission bits in octal, such as ``"640"``.
    :param equals: the whole text.
    :param matches: patterns of the shell (``*``, ``?``, ``[...]``), each of which a whole line has to match.
    :param lacks: patterns that no line may match.
    :param lines: how many lines that are not empty: a number, or ``least`` and ``most``.
    :param target: of a link, as text.
    """

    kind: Annotated[Literal["file", "folder", "link", "absent"], Field(alias="is")] = "file"
    mode: Annotated[str, Field(pattern=r"^[0-7]{3,4}$")] | None = None
    equals: str | None = None
    matches: list[Pattern] = []
    lacks: list[Pattern] = []
    lines: Counted | None = None
    target: str | None = None

    @model_validator(mode="before")
    @classmethod
    def short(cls, given: Any) -> Any:
        """``absent`` for ``{is: absent}``, ``lines: 3`` for exactly three."""
        if isinstance(given, str):
            return {"is": given}
        if isinstance(given, dict) and type(given.get("lines")) is int:
            return {**given, "lines": {"least": given["lines"], "most": given["lines"]}}
        return given

    @model_validator(mode="after")
    def asks_what_can_be(self) -> Left:
        asked = self.model_fields_set - {"kind"}
        fits = {"file": {"mode", "equals", "matches", "lacks", "lines"}, "folder": {"mode"}, "link": {"target"}}
        wrong = sorted(asked - fits.get(self.kind, set()))
        if wrong:
            raise ValueError(f"{wrong[0]} cannot be asked of what is {self.kind}")
        return self


class Expected(Strict):
    """What must come of a run; paths that are not named may be anything."""

    exit: Annotated[int, Field(ge=0, le=255)] = 0
    left: dict[str, Left] = {}


class Case(Start):
    """:param again: whether a second run must end the same and change nothing."""

    expect: Expected
    again: bool = False


class ShellSpec(Strict):
    """:param ignore: patterns of paths that a second run may change.
    :param whitespace: ``ends``: for ``equals``, blanks at the ends of lines and of the text do not matter.
    :param scoring: points for all or nothing, or in proportion to the cases that pass.
    """

    script: str
    shell: Literal["bash", "sh"] = "bash"
    cases: Annotated[list[Case], Field(min_length=1, max_length=100)]
    ignore: list[Pattern] = []
    whitespace: Literal["ends", "exact"] = "ends"
    scoring: Literal["all", "cases"] = "all"
    limits: Allowed = Allowed()

    @model_validator(mode="after")
    def names_stay_inside(self) -> ShellSpec:
        for name in [self.script, *(name for case in self.cases for name in (*case.files, *case.expect.left))]:
            relative_path(name)
        return self


@dataclass(frozen=True, slots=True)
class ShellCheck:
    spec: ShellSpec

    def run(self, backend: Backend, files: Mapping[str, bytes], seeds: Seeds) -> CheckOutcome:
        if self.spec.script not in files:
            return CheckOutcome(Outcome.FAILED, Fraction(0), f"There is no file {self.spec.script!a}.")
        spec = self.spec
        return cases_run(
            spec.cases, files, spec.limits.limits(), lambda case, given: self._runs(backend, case, given),
            in_proportion=spec.scoring == "cases",
        )  # fmt: skip

    def _runs(self, backend: Backend, case: Case, files: Mapping[str, bytes]) -> Iterator[tuple[Result, str]]:
        """Each run of a case with what is wrong then, in a sentence; the second only after a first that was right."""
        about = " ".join([self.spec.script, *case.args])
        first = run(backend, self._job(case, files=files))
        problem = self._problem(about, case, first)
        if problem or not case.again:
            yield first, problem
            return
        left = first.evidence
        unread = next((path for path in left.refused if path == "." or not self._ignored(path)), None)
        if unread is not None:
            yield first, f"{about} left {unread!a}, which cannot be put back for a second run: {left.refused[unread]}."
            return
        yield first, ""
        second = run(backend, self._job(case, left=left.tree))
        if second.evidence.exit_status != case.expect.exit:
            ended = f"ended with status {second.evidence.exit_status}, expected {case.expect.exit}."
            yield second, f"{about}, run a second time, {ended}"
            return
        changed = self._changed(left.tree, second.evidence.tree)
        yield second, f"{about}, run a second time, {changed}." if changed else ""

    def _job(
        self, case: Case, *, files: Mapping[str, bytes] | None = None, left: Mapping[str, Entry] | None = None
    ) -> Job:
        """With *files* beside the script, or in a folder as it was *left*."""
        spec = self.spec
        start = (f"/usr/bin/{spec.shell}", *(("--noprofile", "--norc") if spec.shell == "bash" else ()))
        # A name that begins with a hyphen is no option.
        command = (*start, f"./{spec.script}", *case.args)
        kit: dict[str, bytes] = {}
        if left is not None:
            command = (PYTHON, "-I", "-B", f"{KIT}/again.py", *command)
            kit = {"again.py": kit_files()["again.py"], "left.tar": _packed(left)}
        return Job(
            command=command,
            files=files or {},
            kit=kit,
            limits=spec.limits.limits(),
            stdin=case.stdin.encode(),
            collect=Collect(size=LARGEST, total=TOGETHER, tree=True),
        )

    def _problem(self, about: str, case: Case, result: Result) -> str:
        """What is not as expected after the first run, in a sentence; empty when all is."""
        evidence = result.evidence
        if evidence.exit_status != case.expect.exit:
            return f"{about} ended with status {evidence.exit_status}, expected {case.expect.exit}."
        for path, wanted in case.expect.left.items():
            if said := self._amiss(wanted, evidence.tree.get(path), evidence.refused.get(path, "")):
                return f"{about} left {path!a} wrong: {said}."
        return ""

    def _amiss(self, wanted: Left, found: Entry | None, refused: str) -> str:
        kind = "absent" if found is None else str(found.kind)
        if kind != wanted.kind:
            return f"it is {_kind(kind)}, expected {_kind(wanted.kind)}"
        if found is None:
            return ""
        if wanted.mode is not None and found.mode != int(wanted.mode, 8):
            return f"its mode is {found.mode:03o}, expected {wanted.mode}"
        if wanted.target is not None and found.target != wanted.target:
            return f"it leads to {found.target!a}, expected {wanted.target!a}"
        if wanted.equals is None and not wanted.matches and not wanted.lacks and wanted.lines is None:
            return ""
        if found.content is None:
            return f"it cannot be read, {refused}"
        return self._text_amiss(wanted, found.content)

    def _text_amiss(self, wanted: Left, content: bytes) -> str:
        if wanted.equals is not None and not same_text(wanted.equals, content, exact=self.spec.whitespace == "exact"):
            return f"it holds {shown(content)}, expected {shown(wanted.equals.encode())}"
        lines = content.decode(errors="replace").splitlines()
        for pattern in wanted.matches:
            if not any(fnmatchcase(line, pattern) for line in lines):
                return f"no line is like {pattern!a}"
        for pattern in wanted.lacks:
            if any(fnmatchcase(line, pattern) for line in lines):
                return f"a line is like {pattern!a}"
        filled = sum(bool(line.strip()) for line in lines)
        if wanted.lines is not None and not wanted.lines.holds(filled):
            return f"it has {filled} lines that are not empty, expected {wanted.lines}"
        return ""

    def _changed(self, first: Mapping[str, Entry], second: Mapping[str, Entry]) -> str:
        """The first path, by name, that the second run changed, and how; times do not count."""
        for path in sorted(first.keys() | second.keys()):
            if self._ignored(path):
                continue
            before, after = first.get(path), second.get(path)
            if before is None:
                return f"made {path!a}"
            if after is None:
                return f"removed {path!a}"
            if replace(before, modified=0) != replace(after, modified=0):
                return f"changed {path!a}"
        return ""

    def _ignored(self, path: str) -> bool:
        return any(fnmatchcase(path, pattern) for pattern in self.spec.ignore)


def _kind(name: str) -> str:
    return {"absent": "absent", "other": "neither file, folder nor link"}.get(name, f"a {name}")


def _packed(left: Mapping[str, Entry]) -> bytes:
    """*left* as a tar that :mod:`grading.checks.kit.again` unpacks: folders before what is in them."""
    packed = io.BytesIO()
    kinds = {EntryKind.FILE: tarfile.REGTYPE, EntryKind.FOLDER: tarfile.DIRTYPE, EntryKind.LINK: tarfile.SYMTYPE}
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, entry in sorted(left.items(), key=lambda each: each[0].split("/")):
            if entry.kind is EntryKind.OTHER or (entry.kind is EntryKind.FILE and entry.content is None):
                continue  # Its path is one that a second run may change.
            member = tarfile.TarInfo(path)
            member.type, member.mode, member.linkname = kinds[entry.kind], entry.mode, entry.target
            member.mtime = entry.modified // 1_000_000_000
            member.size = len(entry.content or b"")
            tar.addfile(member, io.BytesIO(entry.content or b""))
    return packed.getvalue()


class ShellKind:
    name = "shell"
    version = 1

    def prepare(self, spec: Mapping[str, Any], authored: Mapping[str, bytes]) -> ShellCheck:
        return ShellCheck(spec_read(ShellSpec, spec))


KIND = ShellKind()
