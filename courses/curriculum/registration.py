"""The kinds that *courses* owns."""

from collections.abc import Mapping
from typing import Any

from courses.curriculum.bodies import catalog, module, program
from courses.curriculum.kinds import EntityKind, Reference, registry

PROJECTORS = "courses.curriculum.projectors"

COMMON = {"approvals": "approval", "checklists": "checklist", "risks": "risk", "solutions": "solution"}
LEARNING = {"objectives": "objective", "competencies": "competency_target", "requirements": "requirement"}
GATES = {"gates": "gate"}

ACTIVITIES = ("reading", "task", "quiz", "lab", "project")
GOALS = ("module", *ACTIVITIES, "role", "program")
DIFFICULTY = Reference("difficulty", scale="difficulty")
COMPLETION = Reference("completion.any_of.*.of.*", ("module", *ACTIVITIES), binds=True, aliases=True)
ALIASES = ("aliases",)
ACTIVITY_REFS = (
    DIFFICULTY,
    Reference("technologies.*.id", ("technology",)),
    Reference("primary_skills.*", ("skill_area",)),
    Reference("secondary_skills.*", ("skill_area",)),
    Reference("profile", ("profile",)),
)


def _locks(body: Mapping[str, Any]) -> bool:
    return bool(body["strength"] == "needs")


REQUIREMENT_REFS = (
    Reference("to", GOALS, binds=_locks),
    Reference("competency", ("competency",), binds=_locks),
    Reference("level", scale="proficiency", binds=_locks),
    Reference("any_of.*", (*GOALS, "competency"), binds=_locks, or_words=True),
)


def _kind(name: str, body: type, module_name: str, **options: object) -> None:
    registry.register(EntityKind(name, body, f"{PROJECTORS}.{module_name}.{name}", **options))  # type: ignore[arg-type]


def register() -> None:
    """Register the kinds of this app; called once from ``AppConfig.ready``."""
    if "role" in registry:
        return
    _kind("scale", catalog.ScaleBody, "catalog", shared=True)
    _kind("skill_area", catalog.SkillAreaBody, "catalog", shared=True)
    _kind("technology", catalog.TechnologyBody, "catalog", shared=True, united=ALIASES)
    _kind("profile", catalog.ProfileBody, "catalog", shared=True)
    _kind(
        "competency", catalog.CompetencyBody, "catalog", shared=True,
        refs=(Reference("levels.*.level", scale="proficiency"),),
    )  # fmt: skip
    _kind("role", program.RoleBody, "program", shared=True, refs=(Reference("level", scale="seniority"),))
    _kind(
        "program", program.ProgramBody, "program", recorded=("about.version", "about.updated"),
        refs=(
            Reference("role", ("role",)),
            Reference("modules.*", ("module",), binds=True),
            Reference("optional_modules.*", ("module",), binds=True),
            Reference("projects.*", ("project",), binds=True),
            COMPLETION,
        ),
        children={
            "paths": "path", "paces": "pace", "outlook": "outlook", "own_modules": "module",
            **LEARNING, **GATES, **COMMON,
        },
    )  # fmt: skip
    _kind(
        "module", module.ModuleBody, "module", refs=(DIFFICULTY, COMPLETION),
        united=("notes", *ALIASES), facts=(("hours", "hours_by_kind"),),
        children={
            "topics": "topic", "readings": "reading", "tasks": "task", **LEARNING, **GATES, **COMMON,
        },
    )  # fmt: skip
    _kind("topic", module.TopicBody, "module")
    _kind(
        "reading", module.ReadingBody, "activity", children={**LEARNING, **GATES, **COMMON},
        refs=(*ACTIVITY_REFS, Reference("topics.*", ("topic",))), united=ALIASES,
    )  # fmt: skip
    _kind(
        "task", module.ChecklistActivityBody, "activity", children={**COMMON},
        refs=(*ACTIVITY_REFS, Reference("checklist", ("checklist",))), united=ALIASES,
    )  # fmt: skip
    _kind("phase", module.PhaseBody, "activity")
    _kind(
        "objective", program.ObjectiveBody, "edges", label_fields=("text",),
        refs=(Reference("activities.*", ACTIVITIES), Reference("competencies.*", ("competency",))),
    )  # fmt: skip
    _kind(
        "competency_target", program.CompetencyTargetBody, "edges", label_fields=("competency",),
        refs=(
            Reference("competency", ("competency",)),
            Reference("level", scale="proficiency"),
            Reference("for_roles.*", ("role",)),
        ),
    )  # fmt: skip
    _kind("risk", program.RiskBody, "quality", label_fields=("text",), refs=(Reference("gate", ("gate",)),))
    _kind("checklist", program.ChecklistBody, "quality")
    _kind("solution", program.SolutionBody, "quality", label_fields=("covers",))
    _kind("approval", program.ApprovalBody, "quality", label_fields=("what",))
    _kind(
        "gate", program.GateBody, "edges", label_fields=("text",),
        refs=(Reference("blocks", GOALS, binds=True), Reference("activity", ACTIVITIES, binds=True)),
    )  # fmt: skip
    _kind(
        "requirement", program.RequirementBody, "edges", label_fields=("to", "competency", "skill", "any_of"),
        refs=REQUIREMENT_REFS, facts=(("to", "competency", "level", "skill", "any_of", "at_least"),),
    )  # fmt: skip
    _kind("path", program.PathBody, "program", refs=(Reference("steps.*.to", GOALS, binds=True),))
    _kind("pace", program.PaceBody, "program")
    _kind(
        "outlook", program.OutlookBody, "program", only=True,
        refs=(Reference("target_roles.*.modules.*", ("module",)),),
    )  # fmt: skip
