"""The Engineer role that ships with the product states what its sources state, and adds up.

The figures were read from the roadmaps, project plans and the exercise index, not
from the fixture; ``tests/courses/corpus`` compares the documents themselves.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.courses.shipped import ENGINEER, JUNIOR, Shipped, hours, shipped

MODULES = [f"MOD-{number}" for number in range(101, 111)]
PROJECTS = ["PROJ-201", "PROJ-202", "PROJ-203"]

# Title; hours of lecture, lab, project, assessment; threshold of the quiz; what locks the module.
ROADMAPS: dict[str, tuple[str, tuple[int, int, int, int], int, set[str]]] = {
    "MOD-101": ("Foundations of ML Infrastructure", (12, 20, 6, 2), 70, {"MOD-005", "MOD-006", "MOD-010"}),
    "MOD-102": ("Cloud Computing for ML", (18, 22, 8, 2), 75, {"MOD-101", "MOD-010"}),
    "MOD-103": ("Containerization & Docker for ML", (12, 16, 5, 2), 80, {"MOD-101", "MOD-005"}),
    "MOD-104": ("Kubernetes Fundamentals for ML", (20, 24, 12, 4), 75, {"MOD-103", "MOD-006"}),
    "MOD-105": ("Data Pipelines & Orchestration", (15, 20, 8, 2), 75, {"MOD-101", "MOD-102", "MOD-004", "MOD-008"}),
    "MOD-106": ("MLOps & Experiment Tracking", (14, 18, 6, 2), 80, {"MOD-101", "MOD-105"}),
    "MOD-107": ("GPU Computing & Resource Management", (12, 16, 5, 2), 80, {"MOD-103", "MOD-104"}),
    "MOD-108": ("Monitoring & Observability for ML Systems", (14, 18, 6, 2), 80, {"MOD-103", "MOD-104", "MOD-009"}),
    "MOD-109": ("Infrastructure as Code for ML Platforms", (14, 18, 6, 2), 80, {"MOD-102", "MOD-103"}),
    "MOD-110": ("LLM Infrastructure & Optimization", (14, 18, 6, 2), 80, {"MOD-106", "MOD-107", "MOD-109"}),
}
P, W = "proficient", "working"
COMPETENCIES: dict[str, dict[str, str]] = {
    "MOD-101": {"infrastructure-automation": P, "mlops-foundations": P, "cloud-platform-literacy": P},
    "MOD-102": {"cloud-architecture": P, "security-compliance": P, "cost-management": W},
    "MOD-103": {"container-engineering": P, "automation-tooling": W, "gpu-operations": W},
    "MOD-104": {"kubernetes-operations": P, "observability-reliability": P, "automation-tooling": W},
    "MOD-105": {"data-pipeline-engineering": P, "data-governance": W, "automation-tooling": W},
    "MOD-106": {"mlops-lifecycle": P, "automation-tooling": P, "governance-compliance": W},
    "MOD-107": {"gpu-operations": P, "performance-optimization": W, "reliability-engineering": W},
    "MOD-108": {"observability-engineering": P, "incident-response": W, "automation-tooling": W},
    "MOD-109": {"infrastructure-automation": P, "security-compliance": W, "collaboration-governance": W},
    # The fourth stands in the asset metadata only.
    "MOD-110": {"llm-infrastructure": P, "performance-optimization": P, "reliability-safety": W, "cost-management": W},
}
# Who or what looks at the three labs, and the figures that their criteria name.
CHECKED = {
    "MOD-101": "automatic automatic checklist", "MOD-102": "automatic checklist peer",
    "MOD-103": "automatic script script", "MOD-104": "script script script", "MOD-105": "script checklist script",
    "MOD-106": "script script script", "MOD-107": "script staff automatic", "MOD-108": "script script staff",
    "MOD-109": "automatic script script", "MOD-110": "script script staff",
}  # fmt: skip
FIGURES = {
    "MOD-101/lab-2": ("<", "2", "GB"), "MOD-103/lab-1": (">=", "30", "percent"),
    "MOD-107/lab-2": (">=", "90", "percent"), "MOD-110/lab-3": ("<", "500", "ms"),
}  # fmt: skip

BEGUN, BOTH, HARD = "intermediate", "intermediate-plus", "advanced"
# Title, difficulty by its label, hours, what has to be known (count), primary skills of the matrix
# (cloud, k8s, docker, ML, GPU, IaC, monitoring, data), technologies that are named.
EXERCISES: dict[str, tuple[str, str, tuple[str, str], int, str, str]] = {
    "101-04": ("Python Environment Manager", BEGUN, ("6", "8"), 3, "..x.....",
        "python pyenv poetry conda docker docker-compose click"),
    "101-05": ("ML Framework Benchmark", BEGUN, ("6", "8"), 3, "...xx...",
        "pytorch tensorflow jax memory-profiler plotly matplotlib"),
    "101-06": ("FastAPI ML Template Generator", BEGUN, ("6", "8"), 3, "...x....",
        "fastapi jinja2 cookiecutter openapi pydantic"),
    "102-01": ("Multi-Cloud Cost Analyzer", BOTH, ("8", "10"), 2, "x.......",
        "aws gcp azure pandas numpy plotly dash jinja2"),
    "102-02": ("Cloud ML Infrastructure", BOTH, ("8", "10"), 2, "x..x.x..",
        "terraform aws sagemaker gcp vertex-ai azure azure-ml s3 gcs azure-blob-storage"),
    "102-03": ("Disaster Recovery", HARD, ("8", "12"), 3, "x.....xx",
        "cloud-backup cross-region-replication chaos-engineering"),
    "103-04": ("Container Security", BOTH, ("7", "9"), 2, "..x.....", "trivy grype cis-docker-benchmark syft"),
    "103-05": ("Image Optimizer", BEGUN, ("6", "8"), 2, "..x.....", "docker buildkit dive docker-slim"),
    "103-06": ("Registry Manager", BOTH, ("7", "9"), 2, "xxx.....", "harbor ecr gcr acr cosign notary"),
    "104-04": ("K8s Cluster Autoscaler", HARD, ("9", "11"), 3, "xx....x.",
        "hpa vpa cluster-autoscaler prometheus grafana"),
    "104-05": ("Service Mesh Observability", HARD, ("8", "11"), 2, ".x....x.",
        "istio linkerd jaeger zipkin prometheus grafana"),
    "104-06": ("K8s Operator Framework", HARD, ("9", "12"), 3, ".x.x....",
        "kopf python kubernetes kubernetes-python-client"),
    "105-03": ("Streaming Pipeline Kafka", HARD, ("11", "14"), 3, ".xx...xx", "kafka spark flink s3"),
    "105-04": ("Workflow Orchestration Airflow", BOTH, ("11", "14"), 3, ".x.x..xx", "airflow"),
    "106-04": ("Experiment Tracking MLflow", BOTH, ("8", "10"), 3, "xxxx....",
        "mlflow s3 postgresql pytorch tensorflow docker kubernetes"),
    "106-05": ("Model Monitoring Drift", HARD, ("8", "11"), 3, "...x..x.", "evidently prometheus alertmanager grafana"),
    "106-06": ("CI/CD ML Pipelines", HARD, ("8", "11"), 3, ".xxx....",
        "github-actions gitlab-ci dvc git-lfs pytest great-expectations kubernetes docker"),
    "107-04": ("GPU Cluster Management", HARD, ("9", "12"), 3, "xx..x.x.",
        "nvidia-gpu-operator kubernetes dcgm-exporter prometheus"),
    "107-05": ("GPU Performance Optimization", HARD, ("9", "12"), 3, "...xx.x.",
        "nsight pytorch-profiler pytorch tensorflow"),
    "107-06": ("Distributed GPU Training", HARD, ("10", "12"), 3, ".x.xx...",
        "ray horovod pytorch pytorch-ddp nccl gloo kubernetes"),
    "108-01": ("Observability Stack", HARD, ("10", "13"), 3, ".xx...x.",
        "prometheus grafana jaeger opentelemetry elasticsearch fluentd kibana alertmanager"),
    "108-02": ("ML Model Monitoring", HARD, ("10", "13"), 3, ".x.x..x.", "prometheus grafana"),
    "109-01": ("Terraform ML Infrastructure", BOTH, ("10", "13"), 3, "xx.xxx..",
        "terraform aws gcp azure terratest tflint"),
    "109-02": ("Pulumi Multi-Cloud ML", HARD, ("10", "13"), 3, "xx.x.x..", "pulumi python aws gcp azure"),
    "110-01": ("Production LLM Serving", HARD, ("19", "24"), 3, "xxxxx.x.", "vllm tensorrt-llm fastapi nvidia-gpus"),
    "110-02": ("Production RAG System", HARD, ("19", "24"), 3, "xx.xx.xx",
        "langchain chromadb pinecone unstructured pypdf openai-api"),
}  # fmt: skip
SKILLS = (
    "cloud", "kubernetes", "docker", "machine-learning", "gpu", "infrastructure-as-code", "monitoring",
    "data-engineering",
)  # fmt: skip
PATHS = {
    "complete": list(EXERCISES),
    "mlops-fast-track": [
        "101-04", "101-05", "101-06", "106-04", "106-05", "106-06", "108-02", "102-02", "107-04", "107-05", "109-01",
    ],
    "platform-engineering": [
        "104-04", "104-05", "104-06", "103-04", "103-05", "103-06", "109-01", "109-02", "108-01", "108-02", "102-01",
        "102-02", "107-04",
    ],
    "llm-specialist": [
        "110-01", "110-02", "107-04", "107-05", "107-06", "108-02", "104-04", "104-05", "102-02", "109-01",
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def engineer() -> Shipped:
    return Shipped(ENGINEER)


def by_code(engineer: Shipped) -> dict[str, tuple[str, dict[str, Any]]]:
    return {path.rpartition("/")[2]: (path, body) for path, body in engineer.exercises().items()}


# -- modules -----------------------------------------------------------------------------
def test_modules_and_projects_in_their_order(engineer: Shipped) -> None:
    program = engineer.body("program", ENGINEER)
    assert (program["modules"], program["projects"]) == (MODULES, PROJECTS)
    assert shipped().drafts[None, f"role:{ENGINEER}"].body["level"] == "mid"


def test_modules_have_their_titles_and_hours_by_kind(engineer: Shipped) -> None:
    for name, (title, parts, _, _) in ROADMAPS.items():
        assert engineer.body("module", name)["title"] == title
        kinds = dict(zip(("lecture", "lab", "project", "assessment"), map(Decimal, parts), strict=True))
        assert engineer.hours_by_kind(name) == kinds, name
    totals = [sum(engineer.hours_by_kind(name).values()) for name in MODULES]
    assert totals == [40, 50, 35, 60, 45, 40, 35, 40, 40, 40]
    assert sum(totals) == 425


def test_modules_are_locked_by_what_their_roadmaps_name(engineer: Shipped) -> None:
    assert {name: engineer.needs("module", name) for name in MODULES} == {
        name: needs for name, (_, _, _, needs) in ROADMAPS.items()
    }
    junior = {f"module:MOD-{number:03}" for number in range(1, 11)}
    assert junior <= Shipped(JUNIOR).drafts.keys(), "the junior modules that lock are there"


def test_competencies_of_the_modules_with_evidence(engineer: Shipped) -> None:
    assert {name: engineer.competencies("module", name) for name in MODULES} == COMPETENCIES
    for name in MODULES:
        for target in engineer.children("module", name, "competencies", "competency_target").values():
            assert target["evidence"], name


def test_objectives_and_outline_of_the_modules(engineer: Shipped) -> None:
    topics = {name: len(engineer.children("module", name, "topics", "topic")) for name in MODULES}
    assert topics == {name: 6 if name == "MOD-101" else 7 for name in MODULES}
    for name in MODULES:
        objectives = engineer.children("module", name, "objectives", "objective").values()
        assert len(objectives) == 5, name
        assert all(objective["activities"] for objective in objectives), name


def test_three_labs_in_each_module_and_who_looks_at_them(engineer: Shipped) -> None:
    for name in MODULES:
        labs = {key: body for key, body in engineer.children("module", name, "labs", "lab").items() if body["required"]}
        assert list(labs) == ["lab-1", "lab-2", "lab-3"]
        assert " ".join(lab["checked_by"] for lab in labs.values()) == CHECKED[name], name
        assert all(lab["criteria"] for lab in labs.values()), name


def test_thresholds_that_criteria_of_labs_name(engineer: Shipped) -> None:
    found = {
        draft.path: (each["op"], each["value"], each["unit"])
        for draft in engineer.drafts.values() if draft.kind == "lab" and draft.body["required"]
        for each in draft.body["criteria"] if each["measure"] and each["measure"] != "tests passed"
    }  # fmt: skip
    assert found == FIGURES


def test_each_quiz_has_the_threshold_of_its_roadmap(engineer: Shipped) -> None:
    items = engineer.body("policy", "policy")["items"]
    assert {name: items[f"{name}/quiz"]["passing_percent"] for name in MODULES} == {
        name: str(threshold) for name, (_, _, threshold, _) in ROADMAPS.items()
    }
    assert Counter(threshold for _, _, threshold, _ in ROADMAPS.values()) == {70: 1, 75: 3, 80: 6}


def test_each_module_names_its_risk_and_what_is_done_about_it(engineer: Shipped) -> None:
    gates = {}
    for name in MODULES:
        risks = engineer.children("module", name, "risks", "risk")
        assert len(risks) == 1, name
        assert all(risk["text"] and risk["mitigation"] for risk in risks.values()), name
        for gate in engineer.children("module", name, "gates", "gate").values():
            gates[name] = gate["blocks"]
        if name in gates:
            assert next(iter(risks.values()))["gate"].startswith(f"{name}/"), name
    # "before moving forward", "before project approval", "a gated requirement", "before adding streaming".
    assert gates == {
        "MOD-101": "MOD-101/lab-2", "MOD-102": "PROJ-202", "MOD-103": "PROJ-201", "MOD-105": "MOD-105/lab-3",
    }  # fmt: skip
    program = next(iter(engineer.children("program", ENGINEER, "risks", "risk").values()))
    assert (program["impact"], program["likelihood"]) == ("high", "medium")


# -- exercises ---------------------------------------------------------------------------
def test_twenty_six_exercises_with_difficulty_and_hours(engineer: Shipped) -> None:
    found = by_code(engineer)
    assert sorted(found) == sorted(EXERCISES)
    for code, (title, difficulty, span, *_) in EXERCISES.items():
        path, body = found[code]
        assert path == f"MOD-{code[:3]}/{code}"
        assert (body["title"], body["difficulty"], hours(body)) == (title, difficulty, span), code
    assert Counter(body["difficulty"] for _, body in found.values()) == {BEGUN: 4, BOTH: 7, HARD: 15}
    assert sum(int(body["hours"]["low"]) for _, body in found.values()) == 240
    assert sum(int(body["hours"]["high"]) for _, body in found.values()) == 312


def test_exercises_have_objectives_deliverables_and_what_to_know(engineer: Shipped) -> None:
    optional = []
    for code, (path, body) in by_code(engineer).items():
        assert len(engineer.children("lab", path, "objectives", "objective")) == 5, code
        assert len(body["deliverables"]) == 5, code
        optional += [code for each in body["deliverables"] if each["optional"]]
        known = engineer.children("lab", path, "requirements", "requirement").values()
        assert len(known) == EXERCISES[code][3], code
        assert {each["strength"] for each in known} == {"recommended"}, code
    assert optional == ["103-05"]


def test_the_skills_matrix(engineer: Shipped) -> None:
    for code, (_, body) in by_code(engineer).items():
        marks = EXERCISES[code][4]
        primary = {skill for skill, mark in zip(SKILLS, marks, strict=True) if mark == "x"}
        assert set(body["primary_skills"]) == primary, code
        assert set(body["secondary_skills"]) == set(SKILLS) - primary, code


def test_exercises_use_the_technologies_they_name(engineer: Shipped) -> None:
    missing = {
        code: set(EXERCISES[code][5].split()) - {each["id"] for each in body["technologies"]}
        for code, (_, body) in by_code(engineer).items()
    }
    assert {code: lost for code, lost in missing.items() if lost} == {}


def test_stated_counts_of_technologies_are_counted_again(engineer: Shipped) -> None:
    """The index counts more than its catalogue names; the note beside each count is what the exercises hold."""
    uses = Counter(each["id"] for body in engineer.exercises().values() for each in body["technologies"])
    titles = {
        name: draft.path
        for draft in Shipped(None).drafts.values() if draft.kind == "technology"
        for name in (draft.body["title"], *draft.body["aliases"])
    }  # fmt: skip
    counted = 0
    for stated in engineer.body("program", ENGINEER)["stated"]:
        subject = stated["what"].removeprefix("Exercises with ")
        if subject == stated["what"] or subject not in titles:
            continue
        found = uses[titles[subject]]
        said = f"Counted, {found}." if str(found) == stated["value"] else f"Named as a key technology by {found}."
        assert stated["note"] == said, subject
        counted += 1
    assert counted >= 24


# -- paths, projects, program ------------------------------------------------------------
@pytest.mark.parametrize("path", PATHS)
def test_learning_paths_have_their_true_steps(engineer: Shipped, path: str) -> None:
    assert [step["to"] for step in engineer.body("path", path)["steps"]] == [
        f"MOD-{code[:3]}/{code}" for code in PATHS[path]
    ]


def test_what_the_paths_state_stands_beside_what_is_true(engineer: Shipped) -> None:
    exercises = by_code(engineer)
    for path, codes in PATHS.items():
        stated = {each["what"]: each for each in engineer.body("path", path)["stated"]}
        low = sum(int(exercises[code][1]["hours"]["low"]) for code in codes)
        high = sum(int(exercises[code][1]["hours"]["high"]) for code in codes)
        assert f"{low}-{high}" in stated["Hours"]["note"], path
        assert str(len(codes)) in stated["Steps"]["note"], path
        assert {"Weeks at 40 hours", "Weeks at 20 hours", "Weeks at 10 hours"} <= stated.keys(), path
    claimed = [
        {each["what"]: each["value"] for each in engineer.body("path", path)["stated"]}["Steps"] for path in PATHS
    ]
    assert claimed == ["26", "12", "13", "12"]


def test_three_projects(engineer: Shipped) -> None:
    # Title, hours, hours of the phases, difficulty of the master plan, what locks it.
    expected: dict[str, tuple[str, int, list[str], str, set[str]]] = {
        "PROJ-201": ("Basic Model Serving System", 30, ["4", "22", "4"], "beginner-plus",
            {"MOD-101", "MOD-103", "MOD-104"}),
        "PROJ-202": ("End-to-End MLOps Pipeline", 40, ["6", "28", "6"], "intermediate",
            {"MOD-105", "MOD-106", "MOD-102"}),
        "PROJ-203": ("Production LLM Deployment", 50, ["6", "34", "10"], "advanced",
            {"MOD-104", "MOD-107", "MOD-109", "MOD-110"}),
    }  # fmt: skip
    for name, (title, total, parts, difficulty, needs) in expected.items():
        body = engineer.body("project", name)
        assert (body["title"], body["difficulty"], hours(body)) == (title, difficulty, (str(total), str(total)))
        phases = engineer.children("project", name, "phases", "phase").values()
        assert [phase["hours"]["high"] for phase in phases] == parts
        assert sum(map(int, parts)) == total
        assert engineer.needs("project", name) == needs
        assert len(engineer.children("project", name, "objectives", "objective")) == 4
        assert len(body["deliverables"]) == 5
        assert len(body["constraints"]) == 4
        assert len(engineer.children("project", name, "risks", "risk")) == 3
        criteria = engineer.children("rubric", f"{name}/rubric", "criteria", "criterion").values()
        assert sum(int(row["points"]) for row in criteria) == int(body["points"]) == 100


def test_competencies_of_the_projects(engineer: Shipped) -> None:
    assert {name: engineer.competencies("project", name) for name in PROJECTS} == {
        "PROJ-201": {"infrastructure-automation": P, "observability-engineering": W, "reliability-engineering": W},
        "PROJ-202": {"mlops-lifecycle": P, "data-pipeline-engineering": P, "governance-compliance": W},
        "PROJ-203": {"llm-infrastructure": P, "performance-optimization": P, "reliability-safety": W},
    }


def test_what_a_learner_should_bring(engineer: Shipped) -> None:
    known = engineer.children("program", ENGINEER, "requirements", "requirement").values()
    before = [each for each in known if each["strength"] != "leads_to"]
    assert {each["strength"] for each in before} == {"recommended"}
    assert [each["to"] for each in before if each["to"]] == [JUNIOR]
    assert len([each for each in before if each["skill"]]) == 6


def test_targets_and_careers(engineer: Shipped) -> None:
    program = engineer.body("program", ENGINEER)
    assert {each["measure"]: each["at_least"] for each in program["targets"]} == {
        "completion": "80", "satisfaction": "86", "pass_rate": "82",
    }  # fmt: skip
    roles = engineer.body("outlook", "outlook")["target_roles"]
    assert [(role["title"].split()[0], [int(name[4:]) for name in role["modules"]]) for role in roles] == [
        ("ML", [106, 107, 108, 109, 110]), ("Platform", [103, 104, 108, 109]), ("MLOps", [105, 106, 108]),
        ("SRE", [104, 107, 108, 109]), ("LLM", [107, 110]),
    ]  # fmt: skip


# -- what is ready to be taken -------------------------------------------------------------
@pytest.mark.parametrize("name", MODULES[:3])
def test_the_first_modules_have_readings_and_ten_questions(engineer: Shipped, name: str) -> None:
    topics = {f"{name}/{key}" for key in engineer.children("module", name, "topics", "topic")}
    readings = engineer.children("module", name, "readings", "reading").values()
    assert {topic for reading in readings for topic in reading["topics"]} == topics
    questions = engineer.children("quiz", f"{name}/quiz", "questions", "question").values()
    assert len(questions) == 10
    assert len({question["type"] for question in questions}) >= 6
    assert {f"{name}/{topic}" for question in questions for topic in question["topics"]} == topics
