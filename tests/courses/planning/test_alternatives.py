"""Alternatives among prerequisites, imported and worked at: renamed, retired, merged, split, rolled back, exported."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from courses.gating import Condition, Opening
from courses.models import Activity, Enrolment, Entity, Module, Program, Requirement
from courses.selectors.edges import edges_forget
from courses.selectors.openings import openings_of
from courses.services.attestation import attestation_give
from courses.services.enrolment import enrolment_lock, enrolment_start
from grading.models import GradeEvent
from grading.services.completion import completion_set
from grading.services.ledger import Fact, ledger_append
from grading.services.stale import stale_refresh
from grading.structure import structure_forget
from tests.cast import person_make
from tests.courses.planning.documents import DOCUMENTS
from tests.courses.planning.support import edit, planned, ran
from tests.courses.planning.test_sources import NOTHING, counts
from tests.courses.projecting import write_tree
from waymark.core.actors import Actor
from waymark.core.errors import Refused

pytestmark = pytest.mark.django_db

ROLE = """
kind: catalog
scales:
  - {id: s, title: S, purpose: seniority, levels: [{id: junior, label: Junior}, {id: mid, label: Mid}]}
"""


def module(key: str, more: str = "") -> str:
    return (
        f"kind: module\nid: {key}\ntitle: Title of {key[-3:]}\nsummary: S.\nhours: 10\n"
        f"readings: [{{id: r, title: Reading of {key}, required: true}}]\n{more}\n"
    )


def program(slug: str, modules: str) -> str:
    return f"kind: program\nid: {slug}\ntitle: {slug.title()}\nrole: basic\nsummary: S.\nmodules: [{modules}]\n"


TREE = {
    "catalog.yaml": ROLE,
    "o/role.yaml": "{kind: role, id: basic, title: Basic, level: junior, order: 1, summary: S.}",
    "o/p.yaml": program("other", "MOD-005"),
    "o/m.yaml": module("MOD-005"),
    "m/p.yaml": program("mine", "MOD-501, MOD-502, MOD-503, MOD-504"),
    "m/501.yaml": module("MOD-501"),
    "m/502.yaml": module("MOD-502"),
    "m/503.yaml": module("MOD-503"),
    "m/504.yaml": module("MOD-504", "requirements: [{any_of: [MOD-501, MOD-502], reason: Either will do.}]"),
}
LAST = "m/504.yaml"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    edges_forget()
    structure_forget()
    yield
    edges_forget()
    structure_forget()


class Site:
    """The tree imported, and a learner in ``mine``."""

    def __init__(self, root: Path) -> None:
        self.root = write_tree(root, TREE)
        self.apply()
        Program.objects.update(enrolment_mode="open", published_at="2026-01-01T00:00:00Z")
        self.learner = person_make("ada")
        self.enrolment = self.enter("mine")

    def enter(self, slug: str) -> Enrolment:
        return enrolment_start(actor=Actor.system(), learner=self.learner, program=Program.objects.get(slug=slug))

    def apply(self, *arguments: str) -> None:
        code, out, err = ran("apply", self.root, *arguments)
        assert code == 0, err or out
        stale_refresh()

    def does(self, path: str, enrolment: Enrolment | None = None) -> None:
        enrolment = enrolment or self.enrolment
        activity = Activity.objects.get(path=f"{path}/r", program=enrolment.program, entity__retired_at=None)
        completion_set(actor=Actor.person(self.learner.pk), enrolment=enrolment, activity=activity, done=True)

    def opening(self, path: str = "MOD-504") -> Opening:
        return openings_of(self.enrolment).of(Module.objects.get(key=path, entity__retired_at=None).pk)

    @property
    def condition(self) -> Condition:
        (condition,) = self.opening().conditions
        return condition


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_one_of_two_opens(site: Site) -> None:
    assert site.condition.text == "MOD-501 Title of 501 or MOD-502 Title of 502"
    assert not site.opening().is_open
    site.does("MOD-502")
    assert site.opening().is_open
    assert site.condition.met_by == ("MOD-502",)


def test_an_alternative_of_another_program_counts_from_there(site: Site) -> None:
    edit(site.root, LAST, ("[MOD-501, MOD-502]", "[MOD-501, 'other:MOD-005']"))
    site.apply()
    assert site.condition.code == "MOD-501 or MOD-005"
    site.does("MOD-005", site.enter("other"))
    assert site.opening().is_open


def test_two_of_three_with_one_of_another_program(site: Site) -> None:
    edit(site.root, LAST, ("[MOD-501, MOD-502]", "[MOD-501, MOD-502, 'other:MOD-005'], at_least: 2"))
    site.apply()
    site.does("MOD-005", site.enter("other"))
    assert not site.opening().is_open
    assert [each.done for each in site.condition.alternatives] == [False, False, True]
    site.does("MOD-501")
    assert site.opening().is_open


def test_a_renamed_alternative_goes_on_counting(site: Site) -> None:
    site.does("MOD-501")
    edit(site.root, "m/501.yaml", ("id: MOD-501\n", "id: MOD-511\nwas: MOD-501\n"))
    edit(site.root, "m/p.yaml", ("MOD-501", "MOD-511"))
    code, _, err = ran("apply", site.root)
    assert (code, "names MOD-501, but there is no such module" in err) == (1, True)
    edit(site.root, LAST, ("[MOD-501", "[MOD-511"))
    assert {"entity": "module:MOD-511", "was": "module:MOD-501"} in planned(site.root)["renamed"]
    site.apply()
    assert (site.opening().is_open, site.condition.code) == (True, "MOD-511 or MOD-502")
    assert counts(planned(site.root)) == NOTHING


def test_of_alternatives_one_is_retired(site: Site) -> None:
    edit(site.root, LAST, ("any_of: [MOD-501, MOD-502]", "any_of: [MOD-501, 'other:MOD-005']"))
    site.apply()
    site.does("MOD-005", site.enter("other"))
    assert site.opening().is_open
    (site.root / "o/m.yaml").unlink()
    write_tree(site.root, {"o/m.yaml": module("MOD-006"), "o/p.yaml": program("other", "MOD-006")})
    code, _, err = ran("apply", site.root, "--retire")
    assert (code, "other:MOD-005" in err) == (1, True), "it is still named"
    Entity.objects.filter(path__startswith="MOD-005").update(retired_at="2026-01-01T00:00:00Z")
    edges_forget()
    assert site.opening().is_open, "who has it keeps it"
    assert openings_of(enrolment_start(
        actor=Actor.system(), learner=person_make("bob"), program=site.enrolment.program
    )).of(Module.objects.get(key="MOD-504").pk).unmet[0].code == "MOD-501"  # fmt: skip


def test_alternatives_that_were_merged_go_on_as_one(site: Site) -> None:
    site.does("MOD-501")
    site.does("MOD-502")
    (site.root / "m/502.yaml").unlink()
    edit(site.root, "m/501.yaml", ("id: MOD-501\n", "id: MOD-511\nwas: [MOD-501, MOD-502]\n"))
    edit(site.root, "m/p.yaml", ("MOD-501, MOD-502", "MOD-511"))
    edit(site.root, LAST, ("MOD-501, MOD-502", "MOD-511, MOD-503"))
    site.apply("--retire")
    assert (site.opening().is_open, site.condition.met_by) == (True, ("MOD-511",))
    assert counts(planned(site.root)) == NOTHING


def test_a_part_of_an_alternative_that_was_split_is_complete_with_it(site: Site) -> None:
    edit(site.root, LAST, ("MOD-501", "MOD-501/r"))
    site.apply()
    site.does("MOD-501")
    assert site.condition.met_by == ("Reading of MOD-501",)
    parts = ", ".join(f"{{id: {key}, title: Part {key}, required: true, was: part of r}}" for key in ("one", "two"))
    edit(site.root, "m/501.yaml", ("{id: r, title: Reading of MOD-501, required: true}", parts))
    edit(site.root, LAST, ("MOD-501/r", "MOD-501/two"))
    site.apply("--retire")
    assert (site.opening().is_open, site.condition.code) == (True, "Part two or MOD-502")
    assert counts(planned(site.root)) == NOTHING


def test_a_rollback_takes_the_alternatives_back(site: Site) -> None:
    site.does("MOD-502")
    edit(site.root, LAST, ("MOD-501, MOD-502", "MOD-501, MOD-503"))
    assert planned(site.root)["impact"]["learners"] == 1
    site.apply()
    assert (site.opening().is_open, site.condition.code) == (False, "MOD-501 or MOD-503")
    assert ran("rollback", "mine")[0] == 0
    stale_refresh()
    assert (site.opening().is_open, site.condition.code) == (True, "MOD-501 or MOD-502")
    assert site.condition.met_by == ("MOD-502",)


def test_what_is_exported_plans_nothing(site: Site, tmp_path: Path) -> None:
    edit(site.root, LAST, ("[MOD-501, MOD-502]", "[MOD-501, MOD-503/r, 'other:MOD-005', Some shell], at_least: 2"))
    site.apply()
    assert site.condition.text == "2 of MOD-501 Title of 501, Reading of MOD-503, MOD-005 Title of 005, Some shell"
    code, _, err = ran("export", tmp_path / "out")
    assert code == 0, err
    assert counts(planned(tmp_path / "out")) == NOTHING


def test_two_of_three_of_which_one_is_waived_credited_or_in_progress(site: Site) -> None:
    """A waived and a credited item complete their module; what was begun is no reason to open what comes after."""
    asked = "questions: [{id: only, type: true_false, stem: Is it so?, answer: false}]"
    quiz = f"quizzes: [{{id: q, title: A quiz, points: 10, required: true, {asked}}}]"
    for key in ("502", "503"):
        edit(site.root, f"m/{key}.yaml", (f"readings: [{{id: r, title: Reading of MOD-{key}, required: true}}]", quiz))
    edit(site.root, LAST, ("[MOD-501, MOD-502]", "[MOD-501, MOD-502, MOD-503], at_least: 2"))
    site.apply("--retire")
    site.does("MOD-501")
    assert [each.done for each in site.condition.alternatives] == [True, False, False]

    def states(path: str, kind: GradeEvent.Kind, **more: Fraction) -> None:
        activity = Activity.objects.get(path=path)
        with transaction.atomic():
            ledger_append(
                actor=Actor.system(), enrolment=enrolment_lock(site.enrolment.pk),
                fact=Fact(kind=kind, activity_id=activity.pk, revision_id=activity.revision_id, **more),
            )  # fmt: skip

    states("MOD-502/q", GradeEvent.Kind.OVERRIDE, share=Fraction(1, 10), out_of=Fraction(10))
    assert not site.opening().is_open, "it is begun, and not passed"
    states("MOD-502/q", GradeEvent.Kind.WAIVER)
    assert site.opening().is_open
    assert site.condition.met_by == ("MOD-501", "MOD-502")
    edit(site.root, LAST, ("at_least: 2", "at_least: 3"))
    site.apply()
    assert not site.opening().is_open
    states("MOD-503/q", GradeEvent.Kind.CREDIT, share=Fraction(1), out_of=Fraction(10))
    assert site.opening().is_open


def test_what_was_said_of_alternatives_stays_said_when_one_of_them_is_renamed(site: Site) -> None:
    edit(site.root, LAST, ("[MOD-501, MOD-502]", "[MOD-501, Some shell]"))
    site.apply()
    assert site.condition.requirement_id is not None
    attestation_give(
        actor=Actor.person(site.learner.pk), enrolment=site.enrolment, requirement_id=site.condition.requirement_id
    )
    assert site.opening().is_open
    edit(site.root, "m/501.yaml", ("id: MOD-501\n", "id: MOD-511\nwas: MOD-501\n"))
    edit(site.root, "m/p.yaml", ("MOD-501", "MOD-511"))
    edit(site.root, LAST, ("[MOD-501", "[MOD-511"))
    site.apply()
    assert site.condition.code == "MOD-511 or Some shell"
    assert site.opening().is_open
    assert counts(planned(site.root)) == NOTHING


def test_the_same_decision_on_page_and_service(site: Site) -> None:
    browser = Client()
    browser.force_login(site.learner)
    page = "/learn/programs/mine/activities/MOD-504/r/"
    assert "Title of 501" in browser.get(page).content.decode()
    with pytest.raises(Refused) as refused:
        site.does("MOD-504")
    assert refused.value.code == "activity_locked"
    assert "MOD-501 Title of 501 or MOD-502 Title of 502" in refused.value.hint
    site.does("MOD-502")
    assert browser.get(page).context["row"].opening.is_open
    site.does("MOD-504")


@pytest.mark.parametrize(
    ("said", "members", "at_least"),
    [
        ("MOD-501/lab-2 or Storage", ["MOD-501/lab-2", "MOD-503"], 1),
        ("MOD-501, MOD-503 (any two)", ["MOD-501", "MOD-503"], 2),
    ],
)
def test_alternatives_of_documents_are_applied_once(
    tmp_path: Path, said: str, members: list[str], at_least: int
) -> None:
    files = {"plan.yaml": DOCUMENTS["plan.yaml"].replace("prerequisites: [MOD-501, MOD-503]", f"requires: {said}")}
    root = write_tree(tmp_path, {**files, "pipes.md": DOCUMENTS["pipes.md"]})
    code, _, err = ran("apply", root)
    assert code == 0, err
    edge = Requirement.objects.get(form="group")
    assert (edge.at_least, edge.strength) == (at_least, "needs")
    assert [member.target.path for member in edge.members.all() if member.target] == members
    assert counts(planned(root)) == NOTHING
