"""Sets of rules, one tool each: with the author's settings, and only those.

A tool looks at the files whose names are like one of ``files``; the default is what its language is written in.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field, field_validator, model_validator

from grading.checks.spec import Strict

Code = Annotated[str, Field(pattern=r"^[A-Z]{1,10}[0-9]{0,4}$")]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,60}$")]
Symbol = Annotated[str, Field(pattern=r"^(?:[CEFRW][0-9]{0,4}|[a-z][a-z0-9-]{0,60})$")]
ShellCode = Annotated[str, Field(pattern=r"^SC[0-9]{4}$")]
DockerCode = Annotated[str, Field(pattern=r"^(?:DL|SC)[0-9]{4}$")]
BanditCode = Annotated[str, Field(pattern=r"^B[0-9]{3}$")]
Level = Literal["style", "info", "warning", "error"]
OnDemand = Literal[
    "add-default-case", "avoid-negated-conditions", "avoid-nullary-conditions", "check-extra-masked-returns",
    "check-set-e-suppressed", "check-unassigned-uppercase", "deprecate-which", "quote-safe-variables",
    "require-double-brackets", "require-variable-braces", "useless-use-of-cat",
]  # fmt: skip
"""shellcheck says nothing of a name that it does not know."""
PYTHON: Final = ("*.py",)


class ToolSet(Strict):
    """:param most: findings that are allowed.
    :param only: patterns that the files of this set are like as well.
    """

    what: ClassVar[str] = "Python file"
    files: ClassVar[tuple[str, ...]] = PYTHON

    most: Annotated[int, Field(ge=0)] = 0
    only: Annotated[list[str], Field(min_length=1)] | None = None

    def chosen(self, names: Iterable[str]) -> list[str]:
        """Those of *names* that it looks at: Python files always have the suffix, others may be named."""
        own = [name for name in names if _like(name, self.files)]
        if self.only is None:
            return own
        return [name for name in (own if self.files is PYTHON else names) if _like(name, self.only)]


def _like(name: str, patterns: Iterable[str]) -> bool:
    leaf = name.rpartition("/")[2]
    return any(fnmatchcase(name, pattern) or fnmatchcase(leaf, pattern) for pattern in patterns)


class RuffSet(ToolSet):
    """:param select, ignore: codes of rules or of groups of them."""

    tool: Literal["ruff"]
    select: Annotated[list[Code], Field(min_length=1)]
    ignore: list[Code] = []
    line_length: Annotated[int, Field(ge=40, le=320)] = 100

    @model_validator(mode="after")
    def asks_what_is_there(self) -> RuffSet:
        gone = next((code for code in self.select if code.startswith(("ALL", "ERA", "TD", "FIX"))), None)
        if gone is not None:
            raise ValueError(f"{gone} needs the words of comments, which the tools do not see")
        return self

    def __str__(self) -> str:
        return f"ruff {', '.join(self.select)}"


class MypySet(ToolSet):
    """:param ignore: codes of errors that do not count."""

    tool: Literal["mypy"]
    strict: bool = False
    ignore: list[Word] = []

    def __str__(self) -> str:
        return "mypy strict" if self.strict else "mypy"


class PylintSet(ToolSet):
    """:param select: categories (``E``), codes or names of messages; pylint's own choice without it."""

    tool: Literal["pylint"]
    select: list[Symbol] = []
    ignore: list[Symbol] = []
    line_length: Annotated[int, Field(ge=40, le=320)] = 100

    def __str__(self) -> str:
        return " ".join(["pylint", ", ".join(self.select)]).strip()


class BanditSet(ToolSet):
    """:param select: tests; all without it."""

    tool: Literal["bandit"]
    select: list[BanditCode] = []
    ignore: list[BanditCode] = []
    severity: Literal["all", "low", "medium", "high"] = "all"

    def __str__(self) -> str:
        return "bandit"


class YamllintSet(ToolSet):
    """:param rules: by name, as yamllint has them: ``enable``, ``disable`` or a mapping of options."""

    what: ClassVar[str] = "YAML file"
    files: ClassVar[tuple[str, ...]] = ("*.yaml", "*.yml")

    tool: Literal["yamllint"]
    extends: Literal["default", "relaxed"] = "default"
    rules: dict[Word, Literal["enable", "disable"] | dict[Word, Any]] = {}

    @field_validator("rules")
    @classmethod
    def leaves_no_file_out(cls, rules: dict[str, Any]) -> dict[str, Any]:
        for name, options in rules.items():
            if isinstance(options, dict) and {"ignore", "ignore-from-file"} & options.keys():
                raise ValueError(f"{name}: files are chosen by only")
        return rules

    def __str__(self) -> str:
        return "yamllint"


class ShellcheckSet(ToolSet):
    """:param enable: checks that are off unless they are asked for."""

    what: ClassVar[str] = "shell script"
    files: ClassVar[tuple[str, ...]] = ("*.sh", "*.bash")

    tool: Literal["shellcheck"]
    shell: Literal["bash", "sh", "dash"] = "bash"
    severity: Level = "style"
    enable: list[OnDemand] = []
    ignore: list[ShellCode] = []

    def __str__(self) -> str:
        return "shellcheck"


class HadolintSet(ToolSet):
    what: ClassVar[str] = "Dockerfile"
    files: ClassVar[tuple[str, ...]] = ("Dockerfile", "Dockerfile.*", "*.Dockerfile", "*.dockerfile")

    tool: Literal["hadolint"]
    severity: Level = "info"
    ignore: list[DockerCode] = []

    def __str__(self) -> str:
        return "hadolint"


AnySet = Annotated[
    RuffSet | MypySet | PylintSet | BanditSet | YamllintSet | ShellcheckSet | HadolintSet, Field(discriminator="tool")
]
