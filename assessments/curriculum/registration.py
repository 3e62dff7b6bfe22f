"""The kinds that *assessments* owns, and where their documents may stand."""

from assessments.curriculum import bodies
from assessments.curriculum.profiles import implied_check
from courses.curriculum.kinds import EntityKind, Reference, registry
from courses.curriculum.registration import ACTIVITY_REFS, ALIASES, COMMON, DIFFICULTY, GATES, LEARNING

PROJECTORS = "assessments.curriculum.projectors"
COMPETENCIES = Reference("competencies.*", ("competency",))


def _kind(name: str, body: type, **options: object) -> None:
    registry.register(EntityKind(name, body, f"{PROJECTORS}.{name}", **options))  # type: ignore[arg-type]


def register() -> None:
    """Register the kinds of this app; called once from ``AppConfig.ready``."""
    if "quiz" in registry:
        return
    _kind(
        "quiz", bodies.QuizBody, refs=ACTIVITY_REFS, united=ALIASES,
        children={"questions": "question", **LEARNING, **GATES, **COMMON},
    )  # fmt: skip
    _kind(
        "question", bodies.QuestionBody, label_fields=("title", "stem"),
        refs=(DIFFICULTY, Reference("topics.*", ("topic",)), COMPETENCIES), verbatim=("accepted", "blanks"),
        united=ALIASES, facts=(("type", *sorted(bodies.ANSWER_FIELDS)),),
    )  # fmt: skip
    _kind(
        "lab", bodies.LabBody, refs=ACTIVITY_REFS, verbatim=("starter", "trials"), united=ALIASES,
        implied=implied_check,
        children={"checks": "check", **LEARNING, **GATES, **COMMON},
    )  # fmt: skip
    _kind("check", bodies.CheckBody, verbatim=("spec",), facts=(("type", "spec"),))
    _kind(
        "project", bodies.ProjectBody, refs=ACTIVITY_REFS, united=ALIASES,
        children={"phases": "phase", "rubric": "rubric", **LEARNING, **GATES, **COMMON},
    )  # fmt: skip
    _kind("rubric", bodies.RubricBody, only=True, children={"criteria": "criterion"}, whole=("criteria",))
    _kind(
        "criterion", bodies.CriterionBody, refs=(COMPETENCIES,)
    )  # fmt: skip
    registry.allow_children("module", quizzes="quiz", labs="lab")
    registry.allow_children("program", quizzes="quiz", own_projects="project")
