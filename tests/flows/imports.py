"""Imports as their pages show them: one that is planned, with all that can be said of it, and one of each other end."""

from __future__ import annotations

from django.db.models.functions import Now

from courses.curriculum.export.release import release_reading
from courses.curriculum.preview import preview_of
from courses.models import ImportJob, Program
from grading.models import Regrade
from waymark.accounts.models import User

ROADMAP = "team/modules/mod-003-roadmap.md"


def _row(line: int, text: str, *, mark: str = "", file: str = ROADMAP) -> dict[str, object]:
    before, found, after = text.partition(mark) if mark else (text, "", "")
    return {"file": file, "line": line, "hit": bool(mark), "before": before, "mark": found, "after": after}


def _finding(rule: str, severity: str, line: int, message: str, fix: str, **more: object) -> dict[str, object]:
    said = {"rule": rule, "severity": severity, "file": ROADMAP, "line": line, "message": message, "fix": fix}
    return {"related": [], "settled": None, **said, **more}


FINDINGS = [
    (
        _finding("sums.module_hours", "warning", 10, "The parts are 35 hours, the duration says 40.", "Correct one."),
        [
            _row(9, "- **Level**: Beginner"),
            _row(10, "- **Duration**: 40 hours (12 lecture, 16 lab, 5 project, 2 assessment)", mark="40 hours"),
            _row(11, "- **Prerequisites**: MOD-001, MOD-099"),
        ],
    ),
    (
        _finding("quiz.no_key", "error", 61, "Question 4 has no answer.", "Write it.", settled="proposed"),
        [_row(61, "### Question 4: Where does it run?", mark="Question 4")],
    ),
    (
        _finding(
            "reference.unknown", "error", 11, "MOD-099 is known nowhere.", "Correct the id.",
            related=[{"file": "team/master-plan.yaml", "line": 64}],
        ),
        [_row(11, "- **Prerequisites**: MOD-001, MOD-099", mark="MOD-099")],
    ),
    (_finding("hygiene.dated_figure", "info", 40, "A figure of 2023 is old by now.", "Look it up."), []),
    (
        _finding("counts.exercises", "warning", 52, "12 are stated, 11 are there.", "Count again.", settled="settled"),
        [_row(52, "### Path 2: Fast Track (12 exercises) " + "with a long tail " * 12, mark="12 exercises")],
    ),
]  # fmt: skip


def import_jobs_make(program: Program, person: User) -> dict[str, ImportJob]:
    common = {"given": "files", "arguments": ["team"], "programs": [program.slug], "ended_at": Now()}
    impact = {"learners": 3, "grades_changed": 2, "passes_lost": 1, "passes_gained": 0, "binding": "new"}
    planned = {
        **common,
        "report": {
            "sources": [
                {"file": ROADMAP, "kind": "module_roadmap", "lines": 67, "mapped": 60, "prose": 5, "reported": 2,
                 "unaccounted": 0},
                {"file": "team/master-plan.yaml", "kind": "master_plan", "lines": 120, "mapped": 120, "prose": 0,
                 "reported": 0, "unaccounted": 0},
            ],
            "findings": [finding for finding, _ in FINDINGS],
        },
        "excerpts": [
            {
                "entity": "module:MOD-003", "hash": f"{number:016}", "key": f"{number:016}", "rows": rows,
                "reason": "The last exercise is for readers.", "beside": "The last exercise is for readers.",
                "related": [_row(64, "    - MOD-099", file="team/master-plan.yaml")] if finding["related"] else [],
            }
            for number, (finding, rows) in enumerate(FINDINGS)
        ],
        "plan": {
            "id": "0" * 32, "base": f"{program.slug}: release 1",
            "added": [{"entity": f"lab:MOD-003/lab-{number}", "title": f"Lab {number}: a service of one's own",
                       "file": ROADMAP, "line": 30 + number} for number in range(1, 9)],
            "changed": [{"entity": "module:MOD-003", "field": "summary", "from": "Commands and scripts.",
                         "to": "Commands, scripts, and how they are kept.", "impact": impact}],
            "renamed": [{"entity": "lab:MOD-002/terminal", "was": "lab:MOD-002/shell"}], "moved": [],
            "reordered": [{"entity": "module:MOD-002", "field": "readings", "from": ["a", "b"], "to": ["b", "a"],
                           "impact": impact}],
            "retired": [{"entity": "reading:MOD-003/old", "title": "What was read before", "impact": impact}],
            "restored": [],
            "conflicts": [{"entity": "module:MOD-003", "field": "hours", "base": "30", "ours": "32", "theirs": "35"}],
            "unchanged": 412, "impact": impact,
        },
        "previews": {program.slug: preview_of(release_reading(program.releases.filter(current=True)), program.slug)},
        "plan_id": "0" * 32, "plan_core": "0" * 32, "source": "team.zip", "files": 2, "lines": 187,
    }  # fmt: skip
    rows = {
        "waiting": {**common, "ended_at": None},
        "failed": {
            **common, "programs": [], "problem": "not_yours",
            "problem_text": "It states programs that you do not administer: another. Ask an admin of the whole site.",
        },
        "applied": {**planned, "step": "apply"},
        "blocked": {**planned, "state": "ready", "errors": 2},
        "ready": {**planned, "state": "ready", "step": "apply", "problem": "import_stale", "problem_text": "Stale."},
    }  # fmt: skip
    made = {
        name: ImportJob.objects.create(**{"person": person, "name": f"team-{name}.zip", "state": name, **row})
        for name, row in rows.items()
    }
    made["applied"].releases.set(program.releases.all())
    Regrade.objects.create(
        release=program.releases.get(current=True), corrected=[], grades_changed=2, passes_lost=1, passes_gained=0
    )
    return made
