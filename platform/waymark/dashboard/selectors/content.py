"""The content of a program for its staff: pages as sections, in the order of the templates that authors write.

A section that would hold nothing is left out, so a page and its list of sections
always agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.models import Activity, Module, Program, ProgramModule
from courses.selectors.authored import Authored, Node, Place
from courses.selectors.stated import Figure, StatedRow, figure, stated_rows, total, version_rows
from grading.selectors.health import Health
from grading.selectors.policy_about import policy_about

ABOUT = ("summary", "philosophy", "approach", "audience", "about", "repositories", "targets")
EDGES = ("requirements", "gates")
ELECTIVES = "elective labs"
"""What documents call exercises; where no lab is elective, all of them."""
APART = ("own_modules", "own_projects", "paths", "readings", "tasks", "labs", "quizzes", "questions")
BESIDE = (("requirement", "Group"), ("objective", "Area"))
"""What stands beside the thing itself."""
CALLED = ("title", "text", "what", "covers", "skill", "to", "competency")
PRACTICE = ("readings", "tasks", "labs", "quizzes")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a page.

    :ivar id: anchor, and name of its template below ``dashboard/content/``.
    :ivar places: where it was read.
    """

    id: str
    title: str
    places: list[Place] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return f"dashboard/content/_{self.id}.html"


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """One module of the outline with how many activities of each kind it has."""

    placement: ProgramModule
    counts: Counter[str]

    @property
    def difficulty(self) -> str | None:
        """The id of its level, which a scale need not know."""
        level: str | None = self.placement.revision.body.get("difficulty")
        return level


def placed_modules(program: Program) -> list[ModuleLine]:
    """Modules of *program* in its order; two queries."""
    placements = list(
        ProgramModule.objects.filter(program=program, module__entity__retired_at=None)
        .select_related("module__program", "revision")
        .order_by("position", "pk")
    )
    counts: dict[int, Counter[str]] = {}
    found = Activity.objects.current().filter(module__in=[each.module_id for each in placements]).order_by()
    for module, kind, required, number in found.values_list("module", "kind", "required").annotate(Count("pk")):
        counts.setdefault(module, Counter())[kind] += number
        if kind == "lab" and not required:
            counts[module][ELECTIVES] += number
    return [ModuleLine(each, counts.get(each.module_id, Counter())) for each in placements]


def program_sections(program: Program, authored: Authored, lines: list[ModuleLine]) -> list[Section]:
    """The outline of a program."""
    top = authored.top
    projects = [*top.children.get("own_projects", ())]
    policy = next(iter(top.children.get("policy", ())), None)
    paths = [(each, _path_stated(each)) for each in top.children.get("paths", ())]
    sections = [
        _section("about", _("About the program"), _fields(top, *ABOUT),
                 show=any(_said(top.body[each]) for each in ABOUT),
                 role=authored.shared.get("role", {}).get(top.body["role"])),
        _stated(top, program_figures(lines, projects)),
        _section("modules", _("Modules"), _starts(top.children.get("own_modules", ())), show=lines, lines=lines),
        _section("projects", _("Projects"), _starts(projects), show=projects, projects=projects),
        _practice(top, ("quizzes",), _("Quizzes of the program")),
        *_learning(top),
        _section("policy", _("Assessment and passing"), _starts([policy] if policy else []),
                 show=policy, policy=policy_about(program) if policy else None, body=policy.body if policy else {}),
        *_listed(top, "paths", _("Learning paths"), rows=paths),
        *_listed(top, "paces", _("Pace")),
        *_listed(top, "outlook", _("Outlook")),
        *_quality(top),
    ]  # fmt: skip
    return [*filter(None, sections), read_section(top.walk())]


def program_figures(lines: list[ModuleLine], projects: list[Node]) -> dict[str, Figure | None]:
    """What the parts of a program come to, beside which stated totals are set."""
    hours = [line.placement.module.hours_total for line in lines]
    of_projects = total(each.body["hours"] for each in projects) if projects else figure(0)
    modules = sum((each for each in hours if each is not None), Decimal(0))
    low, high = of_projects or (None, None)
    counts = sum((line.counts for line in lines), Counter[str]())
    together = None if low is None or high is None or None in hours else (modules + low, modules + high)
    share = None
    if together and together[1] and high is not None and low == high:
        share = figure(round(high * 100 / together[1], 1))
    return {
        "hours": together,
        "modules": figure(len(lines)),
        "projects": figure(len(projects)),
        "exercises": figure(counts[ELECTIVES] or counts["lab"]),
        "projects_percent": share,
    }


def module_sections(module: Module, authored: Authored) -> list[Section]:
    """A module, as its roadmap is built."""
    top = authored.top
    labs = top.children.get("labs", [])
    computed = {
        "hours": figure(module.hours_total) if module.hours_total is not None else None,
        "exercises": figure(len([each for each in labs if not each.body["required"]] or labs)),
        "lab_hours": total(each.body["hours"] for each in labs),
    }
    sections = [
        _section("summary", _("Overview"), _fields(top, "summary", "hours", "hours_by_kind", "difficulty"),
                 show=top.body["summary"] or top.body["hours_by_kind"]),
        _section("progression", _("Progression across roles"), _fields(top, "builds_on", "differentiators"),
                 show=top.body["builds_on"] or top.body["differentiators"]),
        *_learning(top),
        *_listed(top, "topics", _("Outline")),
        _practice(top, PRACTICE, _("Practice and assessment")),
        *_listed(top, "solutions", _("Solutions plan")),
        _section("resources", _("Resources and tooling"), _fields(top, "resources", "tooling"),
                 show=top.body["resources"] or top.body["tooling"]),
        _section("notes", _("Notes"), _fields(top, "notes"), show=top.body["notes"]),
        *_quality(top, without="solutions"),
        _stated(top, computed),
    ]  # fmt: skip
    return [*filter(None, sections), read_section(top.walk())]


def activity_sections(authored: Authored, health: Health | None = None) -> list[Section]:
    """A project as its plan is built; a lab, quiz or reading with what it has of it.

    :param health: of a lab that was tried.
    """
    top = authored.top
    body = top.body
    questions = top.children.get("questions", [])
    opens = {each["first"]: each for each in top.body.get("sections") or ()}
    rubric = next(iter(top.children.get("rubric", ())), None)
    criteria = rubric.children.get("criteria", []) if rubric else []
    points = sum((Decimal(each.body["points"]) for each in criteria if not each.body["bonus"]), Decimal(0))
    computed = {
        "questions": figure(len(questions)),
        "points": figure(points if criteria else body["points"]) if body.get("points") else None,
        "hours": total(each.body["hours"] for each in top.children.get("phases", ())),
    }
    work = ("deliverables", "constraints", "criteria", "needs", "checked_by", "checked_note", "profile", "technologies")
    sections = [
        _section("story", _("What it is about"), _fields(top, "summary", "narrative", "placement"),
                 show=body["summary"] or body.get("narrative") or body.get("placement")),
        *_learning(top),
        _section("work", _("What is asked for"), _fields(top, *work),
                 show=any(body.get(name) for name in (*work, "primary_skills", "secondary_skills"))),
        *_listed(top, "phases", _("Phases")),
        _section("rubric", _("Rubric"), _starts([rubric, *criteria] if rubric else []), show=rubric,
                 rubric=rubric, criteria=criteria, points=points),
        _section("questions", _("Questions"), _starts(questions), show=questions,
                 questions=[(opens.get(place), node) for place, node in enumerate(questions, 1)]),
        _section("checks", _("Checks"), _starts(top.children.get("checks", [])),
                 show=top.children.get("checks") or body.get("starter"), checks=top.children.get("checks", []),
                 health=health, held=health.held if health else ()),
        _section("text", _("Text"), _fields(top, "body", "text"), show=body["body"]),
        *_quality(top),
        _stated(top, computed),
    ]  # fmt: skip
    return [*filter(None, sections), read_section(top.walk())]


def shared_sections(authored: Authored) -> list[Section]:
    """What the program shares with others."""
    titles = {
        "competency": _("Competencies"), "skill_area": _("Skill areas"), "technology": _("Technologies"),
        "profile": _("Ways of checking"), "scale": _("Scales"), "role": _("Roles"),
    }  # fmt: skip
    group = {"competency": "domain", "technology": "category"}
    sections, everything = [], []
    for kind, title in titles.items():
        nodes = list(authored.shared.get(kind, {}).values())
        nodes.sort(key=lambda node: (node.body.get(group.get(kind, ""), ""), node.body["title"].casefold(), node.path))
        everything += nodes
        sections.append(_section(f"shared_{kind}", title, _starts(nodes), show=nodes, nodes=nodes))
    return [*filter(None, sections), read_section(everything)]


def _learning(top: Node) -> Iterator[Section | None]:
    edges = [node for name in EDGES for node in top.children.get(name, ())]
    yield from _listed(top, "objectives", _("Objectives"))
    yield from _listed(top, "competencies", _("Competency targets"))
    yield _section(
        "edges", _("Before and after"), _starts(edges), show=edges or top.body.get("completion"),
        requirements=top.children.get("requirements", []), gates=top.children.get("gates", []),
        strengths=[
            ("needs", pgettext("prerequisite", "Needs")),
            ("recommended", pgettext("prerequisite", "Recommended")),
            ("leads_to", _("Leads to")),
        ],
    )  # fmt: skip


def _quality(top: Node, *, without: str = "") -> Iterator[Section | None]:
    titles = {
        "checklists": _("Checklists"), "risks": _("Risks"), "solutions": _("Solutions"),
        "approvals": _("Approvals and readiness"),
    }  # fmt: skip
    for name, title in titles.items():
        if name != without:
            yield from _listed(top, name, title)


def _practice(top: Node, names: Iterable[str], title: str) -> Section | None:
    activities = [node for name in names for node in top.children.get(name, ())]
    return _section("practice", title, _starts(activities), show=activities, activities=activities)


def _listed(top: Node, name: str, title: str, **data: Any) -> Iterator[Section | None]:
    nodes = top.children.get(name, [])
    yield _section(name, title, _starts(nodes), show=nodes, nodes=nodes, **data)


def _stated(top: Node, computed: dict[str, Figure | None]) -> Section | None:
    rows = [*stated_rows(top.body["stated"], computed, top.places), *version_rows(top.body.get("versions"), top.places)]
    rows += [
        replace(row, what=f"{_called(node)}: {row.what}")
        for node in _inside(top)
        for row in stated_rows(node.body.get("stated", ()), {}, node.places)
        if (node.kind, row.what) not in BESIDE
    ]
    return _section("stated", _("As documents state it"), [], show=rows, rows=rows)


def _inside(top: Node) -> Iterator[Node]:
    """What stands under a thing and has no page, or place for what documents state, of its own."""
    for name, nodes in top.children.items():
        if name not in APART:
            for node in nodes:
                yield node
                yield from _inside(node)


def _called(node: Node) -> str:
    """The first words of a thing that say which it is."""
    said = next((node.body[name] for name in CALLED if node.body.get(name)), node.key)
    return " ".join(str(said).split())[:60]


def _path_stated(path: Node) -> list[StatedRow]:
    return stated_rows(path.body["stated"], {"exercises": figure(len(path.body["steps"]))}, path.places)


def _section(id: str, title: str, places: list[Place], *, show: Any, **data: Any) -> Section | None:
    return Section(id, title, places, data) if show else None


def _said(value: Any) -> bool:
    """Whether a value of a body says anything; a group does where one of its parts does."""
    return any(value.values()) if isinstance(value, dict) else bool(value)


def _fields(node: Node, *names: str) -> list[Place]:
    return node.places(*names)


def _starts(nodes: Iterable[Node]) -> list[Place]:
    return [place for node in nodes for place in node.places()]


def read_section(nodes: Iterable[Node]) -> Section:
    """Every field with the line that it was read from, by file."""
    rows: dict[str, list[tuple[int, str, str]]] = {}
    for node in nodes:
        for read in node.read:
            for name, (file, line) in (read.fields or {"": read.start}).items():
                rows.setdefault(file, []).append((line, f"{node.kind}:{node.path}", name))
    files = [(file, sorted(found)) for file, found in sorted(rows.items())]
    return Section("read", _("Where it was read"), [], {"files": files})
