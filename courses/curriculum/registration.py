"""The kinds that *courses* owns."""

from courses.curriculum.bodies import catalog, module, program
from courses.curriculum.kinds import EntityKind, registry

PROJECTORS = "courses.curriculum.projectors"

COMMON = {"approvals": "approval", "checklists": "checklist", "risks": "risk", "solutions": "solution"}
LEARNING = {"objectives": "objective", "competencies": "competency_target", "requirements": "requirement"}
GATES = {"gates": "gate"}


def _kind(name: str, body: type, module_name: str, **options: object) -> None:
    registry.register(EntityKind(name, body, f"{PROJECTORS}.{module_name}.{name}", **options))  # type: ignore[arg-type]


def register() -> None:
    """Register the kinds of this app; called once from ``AppConfig.ready``."""
    if "role" in registry:
        return
    _kind("scale", catalog.ScaleBody, "catalog", shared=True)
    _kind("skill_area", catalog.SkillAreaBody, "catalog", shared=True)
    _kind("technology", catalog.TechnologyBody, "catalog", shared=True)
    _kind("profile", catalog.ProfileBody, "catalog", shared=True)
    _kind("competency", catalog.CompetencyBody, "catalog", shared=True)
    _kind("role", program.RoleBody, "program", shared=True)
    _kind(
        "program", program.ProgramBody, "program",
        children={
            "paths": "path", "paces": "pace", "outlook": "outlook", "own_modules": "module",
            **LEARNING, **GATES, **COMMON,
        },
    )  # fmt: skip
    _kind(
        "module", module.ModuleBody, "module",
        children={
            "topics": "topic", "readings": "reading", "tasks": "task", **LEARNING, **GATES, **COMMON,
        },
    )  # fmt: skip
    _kind("topic", module.TopicBody, "module")
    _kind("reading", module.ReadingBody, "activity", children={**LEARNING, **GATES, **COMMON})
    _kind("task", module.ChecklistActivityBody, "activity", children={**COMMON})
    _kind("phase", module.PhaseBody, "activity")
    _kind("objective", program.ObjectiveBody, "edges", label_fields=("text",))
    _kind("competency_target", program.CompetencyTargetBody, "edges", label_fields=("competency",))
    _kind("risk", program.RiskBody, "quality", label_fields=("text",))
    _kind("checklist", program.ChecklistBody, "quality")
    _kind("solution", program.SolutionBody, "quality", label_fields=("covers",))
    _kind("approval", program.ApprovalBody, "quality", label_fields=("what",))
    _kind("gate", program.GateBody, "edges", label_fields=("text",))
    _kind("requirement", program.RequirementBody, "edges", label_fields=("to", "competency", "skill", "any_of"))
    _kind("path", program.PathBody, "program")
    _kind("pace", program.PaceBody, "program")
    _kind("outlook", program.OutlookBody, "program", only=True)
