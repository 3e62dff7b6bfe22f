"""Profiles by name: what of each is looked at, what stands in for what is not run, and that the result says so."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import pytest

from grading.checks.contract import CheckOutcome, Seeds, SpecProblem
from grading.checks.kinds import profile as kind
from grading.checks.kinds.profile import KIND
from grading.checks.structure.reading import LARGEST
from grading.sandbox.contract import Outcome

NO_BACKEND: Any = None
MODULE = """terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.31" }
  }
}

variable "name" {
  type        = string
  description = "Its name."
}

output "arn" {
  description = "Its ARN."
  value       = var.name
}
"""
PAGE = """# Service

It answers. See [how](docs/how.md#start), [the folder](docs) and [elsewhere](https://example.org/x).

## Start

```sh
make up  # TODO is the the name of a file here: [x](gone.md)
```
"""


def checked(files: dict[str, str | bytes], profile: str, **spec: Any) -> CheckOutcome:
    given = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    return KIND.prepare({"profile": profile, **spec}, {}).run(NO_BACKEND, given, Seeds(1, 2))


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"profile": "python-lax"}, "profile"),
        ({"profile": "cloud-infra", "defines": {"a.py": ["f"]}}, "cloud-infra has no ignore and no defines"),
        ({"profile": "python-light", "ignore": {"mypy": ["attr-defined"]}}, "python-light has no mypy"),
        ({"profile": "python-strict", "ignore": {"bandit": ["x"]}}, "ignore"),
        ({"profile": "python-strict", "only": []}, "only"),
        ({"profile": "python-strict", "commands": ["x"]}, "commands"),
    ],
)
def test_a_spec_that_cannot_be_used_says_where(spec: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecProblem, match=said):
        KIND.prepare(spec, {})


@pytest.mark.parametrize(
    ("profile", "tools"), [("python-light", ["pylint"]), ("python-strict", ["pylint", "bandit", "mypy"])]
)
def test_profiles_of_python_are_sets_of_lint(profile: str, tools: list[str]) -> None:
    check = KIND.prepare({"profile": profile, "ignore": {"pylint": ["C"]}, "only": ["src/*"]}, {})
    assert isinstance(check, kind.PythonProfile)
    spec = check.lint.spec  # type: ignore[attr-defined]
    assert [each.tool for each in spec.sets] == tools
    assert (spec.sets[0].ignore, spec.only) == (["C"], ["src/*"])
    said = checked({"a.txt": "x"}, profile)
    assert said.outcome is Outcome.FAILED
    assert ("pytest is not run here" in said.message) == (profile == "python-strict")


def test_a_missing_tool_of_python_is_no_pass() -> None:
    """The image has to have it; nothing stands in for it."""

    class Lint:
        def run(self, *_: Any) -> CheckOutcome:
            return CheckOutcome(Outcome.INFRASTRUCTURE, Fraction(0), "The sandbox image has no mypy.", lasting=True)

    outcome = kind.PythonProfile(Lint(), "Note.").run(NO_BACKEND, {}, Seeds(1, 2))
    assert (outcome.outcome, outcome.lasting) == (Outcome.INFRASTRUCTURE, True)


def test_right_work_passes_and_is_told_what_was_not_run() -> None:
    terraform = checked({"bucket/main.tf": MODULE}, "cloud-infra")
    assert terraform.message == (
        "All 3 cases passed. terraform fmt -check is not run here: blanks and tabs were looked at."
        " terraform validate is not run here: the files were read by their structure."
        " tflint is not run here: its conventions were asserted."
    )
    docs = checked({"README.md": PAGE, "docs/how.md": "# How\n"}, "docs-quality")
    assert docs.outcome is Outcome.PASSED, docs
    assert "markdown-link-check is not run here: links inside the work were followed." in docs.message
    assert [case.id for case in docs.cases] == ["markdownlint", "markdown-link-check", "vale"]


@pytest.mark.parametrize(
    ("old", "new", "case", "said"),
    [
        ("}\n\nvariable", "} \n\nvariable", 0, "bucket/main.tf:6: there are blanks at the end"),
        ("  type ", "\ttype ", 0, "bucket/main.tf:9: the line is indented with a tab"),
        ("var.name\n}\n", "var.name\n}", 0, "the last line has no end"),
        ('variable "name" {', 'variable "name" {{', 1, "Line"),
        ('  required_version = ">= 1.6"\n', "", 2, "bucket: A version of Terraform is required."),
        (', version = "~> 5.31"', "", 2, "A version of every provider is required."),
        ("  type        = string\n", "", 2, "Every variable has a type. (variable.name[0].type: not there.)"),
        ('  description = "Its ARN."\n', "", 2, "Every output has a description."),
    ],
)
def test_what_is_wrong_with_terraform_is_said(old: str, new: str, case: int, said: str) -> None:
    assert old in MODULE
    outcome = checked({"bucket/main.tf": MODULE.replace(old, new)}, "cloud-infra", scoring="cases")
    assert outcome.outcome is Outcome.FAILED
    assert said in outcome.cases[case].message
    assert outcome.share == Fraction(sum(each.passed for each in outcome.cases), 3)


def test_terraform_that_would_be_fetched_is_rejected_and_only_chosen_files_are_looked_at() -> None:
    remote = {"a/main.tf": 'module "vpc" {\n  source = "example/vpc/aws"\n}\n', "b/main.tf": MODULE}
    assert checked({**remote}, "cloud-infra").outcome is Outcome.REJECTED
    assert checked({**remote}, "cloud-infra", only=["b/*"]).outcome is Outcome.PASSED
    for files in ({"a.txt": "x"}, {"a.tf": " \n"}):
        assert checked({**files}, "cloud-infra").message == "There is no file *.tf with something in it."
    assert checked({"a.tf": b"\xff"}, "cloud-infra").message == "a.tf: Byte 1 is no UTF-8."
    assert checked({"a.tf": "#" * (LARGEST + 1)}, "cloud-infra").outcome is Outcome.REJECTED


@pytest.mark.parametrize(
    ("old", "new", "case", "said"),
    [
        ("# Service", "Service", 0, "README.md:1: the file does not begin with a title"),
        ("## Start", "### Start", 0, "README.md:5: a heading of level 3 has no place below one of level 1"),
        ("## Start", "# Start", 0, "README.md:5: a heading of level 1"),
        ("```sh", "```", 0, "README.md:7: the block of code does not say its language, or has no end"),
        ("]\n```\n", "", 0, ""),
        ("answers. ", "answers.  \n", 0, "README.md:3: there are blanks at the end"),
        ("docs/how.md#start", "docs/why.md", 1, "README.md:3: there is no 'docs/why.md' in the work."),
        ("(docs)", "(../docs)", 1, "there is no '../docs' in the work"),
        ("It answers", "It it answers", 2, ""),
        ("It answers", "It answers answers", 2, "README.md:3: the word 'answers' is there twice."),
        ("It answers", "It answers, TODO", 2, "README.md:3: TODO is left in the text."),
    ],
)
def test_what_is_wrong_with_documents_is_said(old: str, new: str, case: int, said: str) -> None:
    outcome = checked({"README.md": PAGE.replace(old, new), "docs/how.md": "# How\n"}, "docs-quality")
    assert said in outcome.cases[case].message
    assert outcome.cases[case].passed is not bool(said)


def test_a_block_of_code_without_an_end_is_said() -> None:
    assert "has no end" in checked({"a.md": "# A\n\n```sh\nx\n"}, "docs-quality").cases[0].message
    assert checked({"a.md": "# A\n\n~~~sh\n```\n~~~\n\nText.\n"}, "docs-quality").outcome is Outcome.PASSED
    assert "no title" in checked({"a.md": "# A\n", "b.md": ""}, "docs-quality").cases[0].message


@pytest.mark.parametrize(
    "text", ["](", "](x", "# ", "`" * 3 + "\n", "~~~\n```\n", "a a", "ab " * 2, " ", "[", "#", "<](<"]
)
def test_long_documents_take_little_time(text: str) -> None:
    data = (text * LARGEST).encode()[:LARGEST]
    began = time.process_time()
    outcome = checked({"a.md": data}, "docs-quality")
    assert len(outcome.message) < 1500
    assert time.process_time() - began < 5
