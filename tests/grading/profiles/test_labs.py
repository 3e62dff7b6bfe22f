"""A lab names a profile and adds its own checks."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from assessments.curriculum.profiles import register_profile
from assessments.models import Check
from courses.curriculum.native.reader import read_tree
from grading.checks import lab as lab_module
from grading.checks.contract import CheckOutcome
from grading.checks.kinds.profile import POINTS
from grading.models import CheckResult, GradingRun
from grading.sandbox import selection
from grading.sandbox.contract import Level, Outcome
from grading.tasks import run_checks
from tests.courses.projecting import write_tree
from tests.courses.small_tree import CATALOG, JUNIOR
from tests.grading import labs

LAB = """
    kind: module
    id: MOD-001
    title: Python
    summary: Functions.
    hours: 10
    labs:
      - id: words
        title: Count words
        PROFILE
        CHECKS
"""
OWN = "{id: own, title: Own, type: structure, points: 4, spec: {file: a.json, format: json}}"


def checks_of(root: Path, *checks: str, profile: str = "") -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Bodies of the lab's checks by id, in order, and what the reader has to say."""
    listed = f"checks: [{', '.join(checks)}]" if checks else "required: true"
    text = LAB.replace("PROFILE", f"profile: {profile}" if profile else "points: 10").replace("CHECKS", listed)
    tree = {name: JUNIOR[name] for name in ("junior/role.yaml", "junior/program.yaml")}
    reading = read_tree(write_tree(root, {"catalog/all.yaml": CATALOG, **tree, "junior/mod-001.yaml": text}))
    paths = reading.drafts[("junior", "lab:MOD-001/words")].children.get("checks", [])
    bodies = {path.rpartition("/")[2]: reading.drafts[("junior", f"check:{path}")].body for path in paths}
    return bodies, [finding.rule for finding in reading.findings if finding.rule.startswith("native")]


@pytest.mark.parametrize(
    ("profile", "points"), [("python-light", 1), ("python-strict", 3), ("cloud-infra", 3), ("docs-quality", 3)]
)
def test_a_lab_has_its_profile_as_one_check_more(profile: str, points: int, tmp_path: Path) -> None:
    checks, faults = checks_of(tmp_path, OWN, profile=profile)
    assert (list(checks), faults) == (["own", profile], [])
    body = checks[profile]
    assert (body["type"], body["points"], body["hidden"]) == ("profile", str(points), False)
    assert body["spec"] == {"profile": profile, "scoring": "cases"}
    lab_module.checks_from([("check", body)])


def test_a_check_of_the_profile_that_is_listed_is_the_only_one(tmp_path: Path) -> None:
    mine = "{id: mine, title: Mine, type: profile, points: 7, spec: {profile: docs-quality, only: [docs/*]}}"
    checks, _ = checks_of(tmp_path, OWN, mine, profile="docs-quality")
    assert {name: body["points"] for name, body in checks.items()} == {"own": "4", "mine": "7"}
    checks, _ = checks_of(tmp_path / "other", mine, profile="python-light")
    assert list(checks) == ["mine", "python-light"], "another profile is another check"


@pytest.mark.parametrize(("own", "profile"), [((), "python-strict"), ((OWN,), ""), ((OWN,), "house-rules")])
def test_nothing_is_added_without_checks_a_profile_or_one_of_the_kit(
    own: tuple[str, ...], profile: str, tmp_path: Path
) -> None:
    checks, faults = checks_of(tmp_path, *own, profile=profile)
    assert (list(checks), faults) == (["own"] if own else [], [])


def test_ids_of_checks_are_unique(tmp_path: Path) -> None:
    checks, faults = checks_of(tmp_path, OWN.replace("id: own", "id: cloud-infra"), profile="cloud-infra")
    assert faults == ["native.duplicate_id"]
    assert {name: body["type"] for name, body in checks.items()} == {"cloud-infra": "structure"}


def test_points_of_a_profile_are_stated_once() -> None:
    assert POINTS == {"python-light": 1, "python-strict": 3, "cloud-infra": 3, "docs-quality": 3}
    register_profile("python-strict", points=3)
    with pytest.raises(ValueError, match="python-strict"):
        register_profile("python-strict", points=4)


class StandIn:
    name, level, image = "bubblewrap", Level.CGROUP, "sha256:image"


class Kind:
    """A check whose tools the image lacks where its spec says so; else it passes."""

    def __init__(self, name: str) -> None:
        self.name = name

    def prepare(self, spec: Any, authored: Any) -> Kind:
        return self

    def run(self, *_: Any) -> CheckOutcome:
        if self.name == "profile":
            return CheckOutcome(Outcome.INFRASTRUCTURE, Fraction(0), "The image has no mypy.", lasting=True)
        return CheckOutcome(Outcome.PASSED, Fraction(1), "All cases passed.")


@pytest.mark.django_db
@pytest.mark.usefixtures("own_storage", "rung")
@pytest.mark.parametrize("required", [True, False])
def test_a_check_without_its_tools_keeps_work_from_being_graded_unless_the_operator_says_otherwise(
    required: bool, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SANDBOX_TOOLS = required
    monkeypatch.setattr(lab_module, "kind_named", Kind)
    monkeypatch.setattr(selection, "_chosen", StandIn())
    module = labs.MODULE.replace("        points: 10\n", "        points: 10\n        profile: python-strict\n", 1)
    enrolment = labs.enrolled(labs.released(tmp_path / "tree", module))
    assert [each.type for each in Check.objects.order_by("position")] == ["call", "call", "profile"]
    labs.hand_in(enrolment)
    assert run_checks() == (0 if required else 1)
    run = GradingRun.objects.get()
    if required:
        assert (run.state, CheckResult.objects.count()) == ("queued", 0)
        return
    assert (run.state, run.detail["outcome"], run.detail["full"]) == ("finished", "passed", "10")
    assert run.detail["held"] == ["MOD-001/words/python-strict"]
    assert (run.points_numerator, run.points_denominator) == (10, 1), "what is left is worth the whole lab"
    assert CheckResult.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("own_storage", "rung")
def test_work_is_not_graded_where_every_check_lacks_its_tools(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SANDBOX_TOOLS = False
    monkeypatch.setattr(lab_module, "kind_named", lambda name: Kind("profile"))
    monkeypatch.setattr(selection, "_chosen", StandIn())
    labs.hand_in(labs.enrolled(labs.released(tmp_path / "tree")))
    assert run_checks() == 0
