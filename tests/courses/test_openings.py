"""What is open to an enrolment, and why the rest is not: one decision, a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.gating import Done, Opening
from courses.models import Activity, Attestation, Competency, Enrolment, Entity, Module, Program, Requirement, Role
from courses.selectors.edges import edges_forget
from courses.selectors.openings import openings_of
from courses.services.attestation import attestation_give, attestations_give
from courses.services.enrolment import enrolment_start
from tests.cast import person_make
from tests.courses.projecting import release_tree, write_tree
from waymark.core.actors import Actor
from waymark.core.errors import Missing, Refused

pytestmark = pytest.mark.django_db

CATALOG = """
kind: catalog
scales:
  - {id: p, title: P, purpose: proficiency, levels: [{id: aware, label: Aware}, {id: able, label: Able}]}
competencies:
  - {id: containers, title: Containers, domain: Platform}
"""
PROGRAM = "kind: program\nid: mine\ntitle: Mine\nrole: basic\nsummary: S.\nmodules: [A, B, C]\n"
OTHER = {
    "o/role.yaml": "{kind: role, id: basic, title: Basic role, level: junior, order: 1, summary: S.}",
    "o/p.yaml": "{kind: program, id: other, title: Other, role: basic, summary: S.}",
    "o/m.yaml": "{kind: module, id: MOD-005, title: Docker, summary: S., readings: [{id: r, title: R}]}",
}


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    edges_forget()
    yield
    edges_forget()


class Built:
    """One program ``mine`` with modules A, B and C (a reading ``r`` each) and one project P."""

    def __init__(self, root: Path, a: str = "", b: str = "", c: str = "", program: str = "") -> None:
        def module(name: str, more: str) -> str:
            return (
                f"kind: module\nid: {name}\ntitle: Module {name}\nsummary: S.\n"
                f"readings: [{{id: r, title: Reading {name}}}]\n{more}\n"
            )

        files = {
            "catalog.yaml": CATALOG, **OTHER,
            "m/p.yaml": f"{PROGRAM}{program}\n",
            "m/a.yaml": module("A", a), "m/b.yaml": module("B", b), "m/c.yaml": module("C", c),
            "m/project.yaml": "{kind: project, id: P, title: Project P, points: 100}",
            "m/quiz.yaml": "{kind: quiz, id: before, title: Before, points: 10}",
        }  # fmt: skip
        release_tree(write_tree(root, files))
        Program.objects.update(enrolment_mode="open", published_at="2026-01-01T00:00:00Z")
        self.program = Program.objects.get(slug="mine")
        self.learner = person_make("ada")
        self.enrolment = enrolment_start(actor=Actor.system(), learner=self.learner, program=self.program)

    def id(self, name: str) -> int:
        kind, _, path = name.rpartition(":")
        return Entity.objects.get(path=path or name, kind=kind or "module").pk

    def of(self, name: str, done: Done | None = None) -> Opening:
        return openings_of(self.enrolment, done or Done()).of(self.id(name))

    def texts(self, name: str, done: Done | None = None) -> list[str]:
        return [condition.text for condition in self.of(name, done).unmet]


Build = Callable[..., Built]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return lambda **parts: Built(tmp_path, **parts)


def test_what_asks_for_nothing_is_open(build: Build) -> None:
    built = build()
    opening = built.of("A")
    assert (opening.is_open, tuple(opening.conditions)) == (True, ())


def test_a_need_locks_until_it_is_done(build: Build) -> None:
    built = build(b="requirements: [{to: A, reason: It builds on A.}]")
    locked = built.of("B")
    assert not locked.is_open
    condition = locked.unmet[0]
    assert (condition.text, condition.reason, condition.code) == ("A Module A is done", "It builds on A.", "A Module A")
    assert (condition.entity_id, condition.requirement_id) == (built.id("A"), None), "work alone meets it"
    done = Done(modules=frozenset({built.id("A")}))
    opened = built.of("B", done)
    assert opened.is_open
    assert [each.met for each in opened.conditions] == [True]


def test_activities_of_a_locked_module_are_locked_with_its_reasons(build: Build) -> None:
    built = build(
        b="requirements: [{to: A}]\nlabs: [{id: l, title: L, requirements: [{to: B/r}]}]",
    )
    openings = openings_of(built.enrolment, Done())
    reading, lab = Activity.objects.get(path="B/r"), Activity.objects.get(path="B/l")
    assert [each.text for each in openings.of_activity(reading).unmet] == ["A Module A is done"]
    assert [each.text for each in openings.of_activity(lab).unmet] == ["A Module A is done", "Reading B is done"]
    after = openings_of(built.enrolment, Done(modules=frozenset({built.id("A")})))
    assert after.of_activity(reading).is_open
    assert [each.text for each in after.of_activity(lab).unmet] == ["Reading B is done"]


def test_what_was_started_stays_open(build: Build) -> None:
    built = build(b="requirements: [{to: A}]")
    opening = built.of("B", Done(started=frozenset({built.id("B")})))
    assert opening.is_open
    assert [condition.met for condition in opening.conditions] == [False]


@pytest.mark.parametrize("strength", ["recommended", "leads_to"])
def test_advice_never_locks(build: Build, strength: str) -> None:
    assert build(b=f"requirements: [{{to: A, strength: {strength}}}]").of("B").is_open


def test_a_module_of_another_program_is_met_by_work_there_or_by_saying_so(build: Build) -> None:
    built = build(b='requirements: [{to: "other:MOD-005"}]')
    condition = built.of("B").unmet[0]
    requirement = Requirement.objects.get(target_ref="other:MOD-005")
    assert (condition.code, condition.requirement_id) == ("MOD-005", requirement.pk)
    assert built.of("B", Done(modules=frozenset({built.id("MOD-005")}))).is_open
    attestation_give(actor=Actor.person(built.learner.pk), enrolment=built.enrolment, requirement_id=requirement.pk)
    opening = built.of("B")
    assert opening.is_open
    assert opening.conditions[0].attested
    by_work = built.of("B", Done(modules=frozenset({built.id("MOD-005")})))
    assert not by_work.conditions[0].attested, "work says more than words"


def test_a_role_is_met_by_a_program_of_it(build: Build) -> None:
    built = build(b="requirements: [{to: basic}]")
    assert built.texts("B") == ["Basic role is done"]
    role = Role.objects.get()
    assert built.of("B", Done(programs=frozenset({role.pk}))).is_open


def test_a_skill_is_attested_once_and_recorded(build: Build) -> None:
    built = build(b="requirements: [{skill: Shell scripting}]")
    actor, requirement = Actor.person(built.learner.pk), Requirement.objects.get()
    assert built.texts("B") == ["Shell scripting"]
    first = attestation_give(actor=actor, enrolment=built.enrolment, requirement_id=requirement.pk)
    assert attestation_give(actor=actor, enrolment=built.enrolment, requirement_id=requirement.pk) == first
    assert Attestation.objects.count() == 1
    assert built.of("B").is_open


def test_who_completed_the_program_attests_and_nobody_does_once_it_is_archived(build: Build) -> None:
    built = build(b="requirements: [{skill: Shell scripting}]", c="requirements: [{skill: Git}]")
    actor, (first, second) = Actor.person(built.learner.pk), Requirement.objects.order_by("pk")
    program = built.enrolment.program
    Enrolment.objects.update(
        state="completed", ended_at=timezone.now(), completed_release=program.releases.get(current=True)
    )
    assert attestation_give(actor=actor, enrolment=built.enrolment, requirement_id=first.pk)
    Program.objects.filter(pk=program.pk).update(archived_at=timezone.now())
    with pytest.raises(Refused) as refused:
        attestation_give(actor=actor, enrolment=built.enrolment, requirement_id=second.pk)
    assert refused.value.code == "program_archived"
    assert list(Attestation.objects.values_list("requirement_id", flat=True)) == [first.pk]


def test_several_are_attested_together_or_not_at_all(build: Build) -> None:
    built = build(b="requirements: [{skill: Shell}]", c="requirements: [{skill: Git}, {to: A}]")
    actor, keys = Actor.person(built.learner.pk), list(Requirement.objects.order_by("pk").values_list("pk", flat=True))
    with pytest.raises(Refused):
        attestations_give(actor=actor, enrolment=built.enrolment, requirement_ids=keys)
    assert not Attestation.objects.exists()
    skills = list(Requirement.objects.exclude(skill="").order_by("pk").values_list("pk", flat=True))
    given = attestations_give(actor=actor, enrolment=built.enrolment, requirement_ids=[*skills, skills[0]])
    assert [each.requirement_id for each in given] == skills
    assert attestations_give(actor=actor, enrolment=built.enrolment, requirement_ids=skills) == given
    assert Attestation.objects.count() == 2


def test_what_only_work_meets_cannot_be_attested(build: Build) -> None:
    built = build(b="requirements: [{to: A}]")
    actor = Actor.person(built.learner.pk)
    with pytest.raises(Refused) as refused:
        attestation_give(actor=actor, enrolment=built.enrolment, requirement_id=Requirement.objects.get().pk)
    assert refused.value.code == "not_attestable"
    with pytest.raises(Missing):
        attestation_give(actor=actor, enrolment=built.enrolment, requirement_id=10**12)
    assert not Attestation.objects.exists()


def test_so_many_of_a_group(build: Build) -> None:
    built = build(c='requirements: [{any_of: [A, B, "other:MOD-005"], at_least: 2}]')
    assert built.texts("C") == ["2 of A Module A, B Module B, MOD-005 Docker"]
    assert built.of("C").unmet[0].requirement_id is None, "every one of them is work"
    a, b = built.id("A"), built.id("B")
    assert not built.of("C", Done(modules=frozenset({a}))).is_open
    assert built.of("C", Done(modules=frozenset({a, b}))).is_open
    assert built.of("C", Done(modules=frozenset({a, built.id("MOD-005")}))).is_open


@pytest.mark.parametrize("words", ["Some shell", "containers"], ids=["a skill", "a competency"])
def test_a_group_with_words_can_be_attested(build: Build, words: str) -> None:
    built = build(c=f"requirements: [{{any_of: [A, {words}], at_least: 2}}]")
    condition = built.of("C", Done(modules=frozenset({built.id("A")}))).unmet[0]
    assert condition.requirement_id == Requirement.objects.get().pk
    attestation_give(
        actor=Actor.person(built.learner.pk), enrolment=built.enrolment, requirement_id=condition.requirement_id
    )
    assert not built.of("C").is_open, "what is said is one of two"
    opened = built.of("C", Done(modules=frozenset({built.id("A")})))
    assert (opened.is_open, opened.conditions[0].attested) == (True, True)


def test_alternatives_are_told_with_their_titles_and_what_is_done_of_them(build: Build) -> None:
    built = build(c='requirements: [{any_of: [A, B, "other:MOD-005", something equivalent to A], at_least: 2}]')
    (condition,) = built.of("C", Done(modules=frozenset({built.id("B")}))).unmet
    assert condition.text == "2 of A Module A, B Module B, MOD-005 Docker, something equivalent to A"
    assert [(each.done, each.can_be_done) for each in condition.alternatives] == [
        (False, True), (True, True), (False, True), (False, False),
    ]  # fmt: skip
    assert (condition.brings, condition.by_work) == ("something equivalent to A", True)
    assert condition.is_met_by(built.id("A"))
    assert not condition.is_met_by(built.id("C"))


def test_one_of_several_is_called_by_ids_and_equivalent(build: Build) -> None:
    built = build(c='requirements: [{any_of: ["other:MOD-005", something equivalent to MOD-005]}]')
    (condition,) = built.of("C").unmet
    assert condition.text == "MOD-005 Docker or something equivalent to MOD-005"
    assert condition.code == "MOD-005 or equivalent"
    (met,) = built.of("C", Done(modules=frozenset({built.id("MOD-005")}))).met
    assert (met.met_by, met.attested) == (("MOD-005",), False)


def test_of_alternatives_the_one_that_is_retired_asks_nobody_and_stays_with_who_has_it(build: Build) -> None:
    built = build(c='requirements: [{any_of: [A, "other:MOD-005"]}]')
    docker = built.id("MOD-005")
    Entity.objects.filter(path="MOD-005").update(retired_at="2026-01-01T00:00:00Z")
    edges_forget()
    (condition,) = built.of("C").unmet
    assert (condition.text, condition.requirement_id) == ("A Module A", None), "work alone meets it"
    assert built.of("C", Done(modules=frozenset({docker}))).is_open


def test_alternatives_that_are_all_retired_lock_nobody(build: Build) -> None:
    built = build(c='requirements: [{any_of: ["other:MOD-005", "later:M-1"]}]')
    assert not built.of("C").is_open
    Entity.objects.filter(path="MOD-005").update(retired_at="2026-01-01T00:00:00Z")
    edges_forget()
    assert built.of("C").is_open


def test_what_is_an_alternative_to_itself_is_none(build: Build) -> None:
    built = build(c="requirements: [{any_of: [A, C]}]")
    (condition,) = built.of("C").unmet
    assert (condition.text, condition.requirement_id) == ("A Module A", None)


def test_a_competency_locks_only_where_competencies_are_recorded(build: Build) -> None:
    built = build(b="requirements: [{competency: containers, level: able}]")
    key = Competency.objects.get().pk
    assert built.of("B").is_open
    assert built.texts("B", Done(competencies={key: 1})) == ["Containers at Able"]
    assert built.of("B", Done(competencies={key: 2})).is_open
    assert not built.of("B", Done(competencies={})).is_open


def test_a_gate_blocks_until_its_activity_is_done(build: Build) -> None:
    built = build(b="gates: [{id: g, text: The setup works., blocks: C, activity: r, reason: Time is lost else.}]")
    condition = built.of("C").unmet[0]
    assert (condition.text, condition.reason) == ("The setup works.", "Time is lost else.")
    assert condition.entity_id == built.id("reading:B/r")
    assert built.of("C", Done(activities=frozenset({built.id("reading:B/r")}))).is_open
    assert built.of("B").is_open


def test_what_the_program_asks_for_stands_before_each_module_and_project(build: Build) -> None:
    built = build(program="requirements: [{skill: A terminal}]", b="requirements: [{to: A}]")
    assert built.texts("A") == built.texts("C") == built.texts("project:P") == ["A terminal"]
    assert built.texts("B") == ["A terminal", "A Module A is done"]
    assert built.of("quiz:before").is_open, "what the program asks before may be done before"


def test_edges_that_name_nothing_are_inert(build: Build) -> None:
    built = build(
        b='requirements: [{to: "later:M-1"}]\ngates: [{id: g, text: G, blocks: C, activity: "later:q"}]',
        c='requirements: [{any_of: [A, "later:M-1"], at_least: 2}]',
    )
    assert built.of("B").is_open
    condition = built.of("C").unmet[0]
    assert condition.requirement_id is not None, "a group that cannot be met by work can be attested"


def test_what_is_retired_elsewhere_locks_nobody(build: Build) -> None:
    built = build(
        b='requirements: [{to: "other:MOD-005"}]', c='requirements: [{any_of: [A, "other:MOD-005"], at_least: 2}]'
    )
    assert not built.of("B").is_open
    Entity.objects.filter(path="MOD-005").update(retired_at="2026-01-01T00:00:00Z")
    edges_forget()
    assert built.of("B").is_open
    assert built.of("C").unmet[0].requirement_id is not None


def test_met_and_unmet_conditions_are_told_apart(build: Build) -> None:
    built = build(c="requirements: [{to: A}, {to: B}]")
    opening = built.of("C", Done(modules=frozenset({built.id("A")})))
    assert [condition.name for condition in opening.conditions] == ["A Module A", "B Module B"]
    assert [condition.name for condition in opening.unmet] == ["B Module B"]
    assert [condition.name for condition in opening.met] == ["A Module A"]


def test_edges_follow_the_next_release_at_once(build: Build, tmp_path: Path) -> None:
    built = build(b="requirements: [{to: A}]")
    assert not built.of("B").is_open
    path = tmp_path / "m/b.yaml"
    path.write_text(path.read_text().replace("requirements: [{to: A}]", ""))
    release_tree(tmp_path)
    assert built.of("B").is_open


def queries(enrolment: Enrolment) -> int:
    with CaptureQueriesContext(connection) as captured:
        openings_of(enrolment)
    return len(captured)


def chain(root: Path, modules: int) -> Enrolment:
    """A program of so many modules, each asking for the one before, a skill, a group and another program's."""
    files: dict[str, Any] = {"catalog.yaml": CATALOG, **OTHER}
    slug = f"chain-{modules}"
    files["m/p.yaml"] = f"{{kind: program, id: {slug}, title: T, role: basic, summary: S.}}"
    for number in range(modules):
        before = f"- {{to: N-{number - 1}}}\n  - {{any_of: [N-{number - 1}, Words], at_least: 1}}\n  " if number else ""
        files[f"m/{number:03}.yaml"] = (
            f"kind: module\nid: N-{number}\ntitle: T\nsummary: S.\nrequirements:\n  {before}"
            f'- {{skill: Skill {number}}}\n  - {{to: "other:MOD-005"}}\n'
        )
    release_tree(write_tree(root, files))
    Program.objects.update(enrolment_mode="open", published_at="2026-01-01T00:00:00Z")
    program = Program.objects.get(slug=slug)
    return enrolment_start(actor=Actor.system(), learner=person_make(f"p{modules}"), program=program)


def test_queries_do_not_grow_with_the_program_or_its_learners(tmp_path: Path) -> None:
    small, large = chain(tmp_path / "small", 2), chain(tmp_path / "large", 30)
    assert Module.objects.filter(program=large.program).count() == 30
    edges_forget()
    first = queries(small), queries(large)
    assert first[0] == first[1]
    assert queries(small) == queries(large) == 3, "the releases, the attestations, and what is done"
    for number in range(20):
        enrolment_start(actor=Actor.system(), learner=person_make(f"more{number}"), program=large.program)
    assert queries(large) == 3
