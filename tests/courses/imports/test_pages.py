"""What a document says around its facts, on the pages of learners and in the rows of a plan."""

from __future__ import annotations

import re

from django.urls import reverse

from courses.models import ImportJob, Program
from courses.selectors.imports import plan_rows
from courses.services.imports import import_apply
from courses.services.program import program_publish
from tests.cast import Cast
from tests.courses.imports.support import given, worked

CURRICULUM = """
# Data Engineer - Curriculum

## Overview

Pipes and streams.

## Learning Objectives

- Build a pipe

## Prerequisites

### Required Knowledge

**Command Line:**
- Move around
- Move files

### Recommended (Not Required)

- Patience

## Module Breakdown

### Module 1: Pipes

**Duration:** 10 hours

## Time Commitment

### Full-Time Study (10 hours/week)

**Total Duration:** 2 weeks

- **Week 1:** Pipes & taps

### Flexible/Self-Paced

- **Relaxed:** 4-5 weeks (4 hours/week)

## Career Outcomes

### Expected Salary Range (US, 2025)

- **Entry-level:** $60,000 - $90,000
- **Tech hubs:** +20% premium
"""


def applied(cast: Cast, text: str) -> ImportJob:
    job = worked(given(cast.actor("site_admin"), {"curriculum.md": text}))
    assert (job.state, job.errors) == ("ready", 0), (job.problem_text, job.report)
    import_apply(actor=cast.actor("site_admin"), job=job, plan_id=job.plan_id)
    return worked(job)


def words(page: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())


def test_groups_of_prerequisites_plans_of_a_pace_and_remarks_on_salaries_reach_learners(cast: Cast) -> None:
    (release,) = applied(cast, CURRICULUM).releases.all()
    program = release.program
    held = words(cast.browser("site_admin").get(reverse("curriculum_program", args=[program.slug])).content)
    assert "Learners do not see this program yet" in held
    assert "Open to learners" in held
    program_publish(actor=cast.actor("site_admin"), program=program, enrolment_mode=Program.EnrolmentMode.OPEN)
    held = words(cast.browser("site_admin").get(reverse("curriculum_program", args=[program.slug])).content)
    assert "Learners do not see this program yet" not in held
    page = words(cast.browser("learner").get(reverse("catalogue_program", args=[program.slug])).content)
    assert "Command Line Move around Move files Besides Patience helps" in page
    assert "4 to 5 weeks Outlook" in page, "and not once more in the words of the document"
    assert "2 weeks Week 1, Pipes &amp; taps" in page
    assert "as of 2025 Tech hubs: +20% premium" in page


def test_a_plan_shows_values_in_words() -> None:
    row = {"entity": "role:r", "field": "stated.0", "from": None, "impact": None}
    parts = [{"to": "MOD-1", "stage": None}, {}, "x"]
    value = {"what": "Notes", "note": "", "done": False, "parts": parts, "of": {"n": "1"}}
    (shown,) = plan_rows({"changed": [{**row, "to": value}]})
    assert shown.values == ["", "what: Notes\ndone: no\nparts:\n  - to: MOD-1\n  -\n  - x\nof:\n  n: 1"]


def test_of_long_texts_a_plan_shows_what_differs() -> None:
    lines = [f"- line {number} of a long text" for number in range(60)]
    after = [*lines[:40], "- another line", *lines[41:]]
    row = {"entity": "quiz:q", "field": "body", "impact": None, "from": "\n".join(lines), "to": "\n".join(after)}
    (shown,) = plan_rows({"changed": [row]})
    assert shown.values == [
        "…\n- line 39 of a long text\n- line 40 of a long text\n- line 41 of a long text\n…",
        "…\n- line 39 of a long text\n- another line\n- line 41 of a long text\n…",
    ]
    (shown,) = plan_rows({"changed": [{**row, "to": "\n".join(lines[:50])}]})
    assert shown.values[1] == "…\n- line 49 of a long text"
    (shown,) = plan_rows({"changed": [{**row, "from": None}]})
    assert shown.values[0] == ""
    assert shown.values[1].startswith("- line 0 of a long text\n- line 1")
    (shown,) = plan_rows({"changed": [{**row, "from": "a " * 150, "to": "b " * 150}]})
    assert [each[:1] for each in shown.values] == ["a", "b"]
