"""Roadmaps and project plans as other hands write the templates: every entry is data, whatever form it has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from courses.curriculum.sources.claims import Statement
from tests.courses.sources.support import facts, faults_of_account, mutated, read_text, rules

FILES = sorted(Path(__file__).with_name("variants").glob("*.md"))
_ENTRY = re.compile(r"\s*(?:[-*+|]\s?(?![-*])|\d+[.)]\s)")


def read(name: str, newline: str = "\n") -> Statement:
    text = next(path for path in FILES if path.stem == name).read_text("utf-8")
    return read_text(text.replace("\n", newline), f"{name}.md")


@pytest.mark.parametrize("name", [path.stem for path in FILES])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_entry_of_a_variant_is_data(name: str, newline: str) -> None:
    statement = read(name, newline)
    assert statement.kind == ("module_roadmap" if name.startswith("roadmap") else "project_plan")
    assert faults_of_account(statement) == []
    source = statement.source
    prose = [line for line in source.filled() if statement.account.fate(line) == "prose"]
    assert len(prose) <= len(source.filled()) / 5
    assert [source.line(line) for line in prose if _ENTRY.match(source.line(line))] == []
    # One of them has three stars for a difficulty, and no word.
    unnamed = {"source.unnamed_difficulty"} if name == "plan-by-id" else set()
    found = {rule for rule, _ in rules(statement)} - {"source.front_matter", "source.unknown_key"}
    assert found == unnamed


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_every_figure_of_a_variant_is_read(name: str) -> None:
    """Labels are matched by some of their words; figures always change what was read from their line."""
    assert [each for each in mutated(read(name)) if re.search(r": '\d+' -> .* changes nothing", each)] == []


HEADS = {
    "roadmap-tables": ("MOD-1001", "Pipeline Orchestration", {"lecture": "16", "lab": "24", "portfolio": "8"}),
    "roadmap-plain-labels": ("MOD-902", "Supply Chain Security for ML", {"low": "6", "high": "8"}),
    "roadmap-bold-lines": (
        "MOD-1101", "GPU Kernel Profiling", {"lecture": "10", "lab": "22", "project": "6", "assessment": "2"},
    ),
    "roadmap-first-level": ("MOD-501", "*Leading Infrastructure Teams*", None),
    "roadmap-symbols": (
        "MOD-801", "Feature Platform Engineering", {"lecture": "16", "lab": "24", "project": "8", "assessment": "2"},
    ),
    "roadmap-underlined": (
        "MOD-702", "Technical Strategy at Scale", {"lecture": "14", "lab": "18", "portfolio": "8", "assessment": "4"},
    ),
    "roadmap-nested": (
        "MOD-1002", "Model Registry & Governance", {"lecture": "12", "lab": "18", "project": "4", "assessment": "2"},
    ),
    "roadmap-small-headings": ("MOD-903", "Runtime Defense", None),
    "roadmap-numbered-deep": ("MOD-911", "Queues in Practice", {"low": "6", "high": "8"}),
    "roadmap-definitions": ("MOD-931", "Backups", {"lecture": "4", "lab": "6"}),
    "roadmap-bold-labels": ("MOD-951", "Tracing", "12"),
    "roadmap-emoji-table": (
        "MOD-921", "\u201eSchemas\u201c and their Registry", {"lecture": "4", "reading": "2", "lab": "6"},
    ),
    "roadmap-plus": ("MOD-961", "Alerts", None),
    "plan-several-labels": ("PROJ-931", "Restore Drill", "12"),
    "plan-checklists": ("PROJ-941", "Cost Report", "6"),
    "plan-plain-labels": ("PROJ-911", "Drain", {"low": "8", "high": "10"}),
    "plan-tables": ("PROJ-1001", "Release Train Automation", "60"),
    "plan-numbered": ("PROJ-902", "Zero-Trust Model Serving", {"low": "70", "high": "80"}),
    "plan-bold-lines": ("PROJ-601", "Enterprise AI Strategy Dossier", "90"),
    "plan-by-id": ("PROJ-501", "Leading a Platform Migration", "45"),
    "plan-small-headings": ("PROJ-1101", "Inference Latency Lab", "32"),
    "plan-underlined": ("PROJ-504", "Multi-Region Feature Store", {"low": "50", "high": "60"}),
    "plan-emoji": ("PROJ-702", "Incident Simulator", "24"),
    "plan-phases-on-top": ("PROJ-808", "Model Gateway", "32"),
    "plan-levels": ("PROJ-903", "Secure Supply Chain", "40"),
    "plan-work-packages": ("PROJ-606", "Internal Developer Platform", "80"),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADS)
def test_the_head_says_id_title_and_hours(name: str) -> None:
    statement = read(name)
    [claim] = statement.of_kind("module" if name.startswith("roadmap") else "project")
    kinds = {field.partition(".")[2]: value for field, value in facts(claim).items() if field.startswith("hours_by")}
    assert (claim.key, claim.get("title"), kinds or claim.get("hours")) == HEADS[name]


PARTS = [
    ("roadmap-numbered-deep", "topic", "title", ["Brokers", "Limits"]),
    ("roadmap-numbered-deep", "topic", "hours", ["1.5", "1.5"]),
    ("roadmap-numbered-deep", "lab", "title", ["Lab: Fill a queue"]),
    ("roadmap-numbered-deep", "competency_target", "level", ["Working", "Proficient"]),
    ("roadmap-definitions", "topic", "hours", ["4", "6"]),
    ("roadmap-definitions", "risk", "mitigation", ["Restore one a month"]),
    ("roadmap-bold-labels", "requirement", "to", ["MOD-950", "MOD-952"]),
    ("roadmap-bold-labels", "objective", "text", ["Read a trace", "Add a span"]),
    ("roadmap-bold-labels", "topic", "hours", ["4", "8"]),
    ("roadmap-bold-labels", "topic", "points.0", ["parents and children", "head and tail"]),
    ("roadmap-bold-labels", "lab", "criteria.0", [{"text": "five spans are seen"}]),
    ("roadmap-bold-labels", "risk", "mitigation", ["sample them."]),
    ("roadmap-emoji-table", "lab", "hours", ["3", "3"]),
    ("roadmap-emoji-table", "objective", "group", ["Apply", "Evaluate"]),
    ("roadmap-emoji-table", "risk", "likelihood", ["low"]),
    ("roadmap-plus", "topic", "hours", ["0.75", "1.25"]),
    ("roadmap-plus", "checklist", "items.1", [{"text": "Routes tried", "done": False}]),
    ("roadmap-plus", "gate", "activity", ["MOD-961/lab-1"]),
    ("roadmap-plus", "module", "sections.0", []),
    ("plan-several-labels", "project", "stated.module.0", ["MOD-931"]),
    ("plan-several-labels", "phase", "hours", ["3", "1.5", "1.5"]),
    ("plan-several-labels", "risk", "mitigation", ["order a second one", "book a day"]),
    ("plan-checklists", "objective", "text", ["Explain the bill of a month", "Name its three largest parts"]),
    ("plan-checklists", "phase", "hours", ["2", "4"]),
    ("plan-checklists", "risk", "mitigation", ["use last month's", "ask the owners"]),
    ("plan-plain-labels", "requirement", "to", ["MOD-911", "MOD-912"]),
    ("plan-plain-labels", "criterion", "points", ["30", "70"]),
    ("roadmap-tables", "requirement", "skill", ["Docker fundamentals"]),
    ("roadmap-tables", "objective", "group", ["Apply", "Analyze"]),
    ("roadmap-tables", "competency_target", "level", ["Proficient", "Working"]),
    ("roadmap-tables", "topic", "hours", ["12", "16"]),
    ("roadmap-tables", "lab", "title", ["Build a DAG with retries", "Backfill drill"]),
    ("roadmap-tables", "quiz", "title", ["Orchestration quiz, at least 75 %"]),
    ("roadmap-tables", "risk", "mitigation", ["use spot nodes"]),
    ("roadmap-plain-labels", "competency_target", "competency", ["supply-chain-security", "policy-as-code"]),
    ("roadmap-plain-labels", "topic", "title", ["Week 1: Signing", "Week 2: Admission"]),
    ("roadmap-plain-labels", "lab", "criteria.0", [{"text": "unsigned pod is rejected"}]),
    ("roadmap-bold-lines", "requirement", "to", ["MOD-107", "MOD-110", "MOD-1102"]),
    ("roadmap-bold-lines", "topic", "points.1", ["bandwidth", "NVTX ranges"]),
    ("roadmap-first-level", "objective", "group", ["Knowledge", "Knowledge", "Skills"]),
    ("roadmap-first-level", "competency_target", "evidence.0", ["Sprint review evidence", "Coaching log"]),
    ("roadmap-first-level", "lab", "hours", ["4"]),
    ("roadmap-symbols", "objective", "text", [
        "Design feature stores with point-in-time joins", "Operate online stores below 10 ms p99",
        "Govern feature reuse",
    ]),
    ("roadmap-symbols", "checklist", "items.0", [{"text": "Objectives mapped", "done": True}]),
    ("roadmap-symbols", "risk", "mitigation", ["use Valkey."]),
    ("roadmap-underlined", "competency_target", "evidence.0", ["strategy memo", "review notes"]),
    ("roadmap-underlined", "topic", "points.1", ["guiding policy"]),
    ("roadmap-nested", "competency_target", "level", ["proficient", "working"]),
    ("roadmap-nested", "topic", "hours", ["8", "10"]),
    ("roadmap-nested", "lab", "label", ["L1", "L2"]),
    ("roadmap-small-headings", "lab", "hours", ["3", "4"]),
    ("roadmap-small-headings", "risk", "text", ["Kernel versions differ", "Alert fatigue"]),
    ("plan-tables", "phase", "hours", ["16", "36", "8"]),
    ("plan-tables", "competency_target", "level", ["Proficient", "Working"]),
    ("plan-tables", "approval", "person", ["Platform Lead"]),
    ("plan-numbered", "criterion", "points", ["30", "50", "20"]),
    ("plan-numbered", "requirement", "to", ["MOD-901", "MOD-902", "MOD-903", "PROJ-901"]),
    ("plan-numbered", "risk", "mitigation", ["rotate keys", "fixed backlog"]),
    ("plan-bold-lines", "phase", "hours", ["20", "50", "20"]),
    ("plan-by-id", "phase", "hours", ["10", "30", "5"]),
    ("plan-by-id", "rubric", "stated.points", ["100"]),
    ("plan-small-headings", "phase", "text", ["baseline", "batching", "report (6h)"]),
    ("plan-underlined", "phase", "title", ["Discovery", "Build", "Review"]),
    ("plan-underlined", "phase", "hours", ["8", {"low": "30", "high": "36"}, "12"]),
    ("plan-underlined", "phase", "points.1", ["replicate the store"]),
    ("plan-underlined", "criterion", "points", ["40", "35", "25"]),
    ("plan-emoji", "objective", "text", ["Practise incident command", "Write postmortems without blame"]),
    ("plan-emoji", "project", "deliverables.1", [{"text": "Postmortem", "optional": False}]),
    ("plan-emoji", "phase", "hours", ["6", "10", "8"]),
    ("plan-emoji", "criterion", "points", ["40", "35", "25"]),
    ("plan-phases-on-top", "phase", "hours", ["12", "20"]),
    ("plan-phases-on-top", "phase", "points.1", ["test it"]),
    ("plan-levels", "phase", "title", ["Week 1–2", "Week 3", "Week 4–5"]),
    ("plan-levels", "criterion", "levels.1", [
        {"score": "3", "label": "Good (3)", "text": "most"}, {"score": "3", "label": "Good (3)", "text": "warns"},
    ]),
    ("plan-levels", "rubric", "rules.0", [{"text": "70 %", "measure": "overall_percent", "at_least": "70"}]),
    ("plan-levels", "risk", "text", ["Key loss", "Slow builds"]),
    ("plan-work-packages", "phase", "title", ["WP1 – Interviews", "WP2 – Portal", "WP3 – Rollout"]),
    ("plan-work-packages", "phase", "hours", ["10", "50", "20"]),
    ("plan-work-packages", "phase", "points.1", ["test it"]),
    ("plan-work-packages", "project", "constraints.2", ["Out of scope: Billing"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "field", "expected"), PARTS)
def test_the_parts_of_a_variant_are_what_they_say(name: str, kind: str, field: str, expected: list[object]) -> None:
    assert [value for claim in read(name).of_kind(kind) if (value := claim.get(field)) is not None] == expected
