"""What people's documents state, on the pages made of them: nothing is left out, and Markdown is shown as such."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import Program
from tests.waymark.people.test_content_pages import DATA, admin, applied, sections

__all__ = ["admin"]
pytestmark = pytest.mark.django_db
CURRICULUM = """
# Data Engineer - Detailed Curriculum

## Table of Contents

- [Overview](#overview)

## Overview

Moving data.

### Curriculum Philosophy

- **Small steps:** one pipe at a time

### Learning Approach

1. **Read:** then do

## Learning Objectives

#### Technical Skills

**Repairs:**
- **Care:** Repair `pipes` before they burst

## Prerequisites

### Required Knowledge

**Command Line:**
- Basic shell

## Module Breakdown

### Module 501: Pipes

**Duration:** 10 hours

#### Resources

- See `resources/` in the old repository

### Module 502: Streams

**Duration:** 20 hours

## Project Breakdown

### Project 01: A Pipeline

**Duration:** 8 hours

#### Assessment Weight

**Total:** 100 points
- Code: 60 points
- Report: 40 points

## Time Commitment

### Full-Time Study (40 hours/week)

**Total Duration:** 2 weeks

- **Weeks 1-2:** Modules, then the project

### Flexible

- **Aggressive:** 1 week (50+ hours/week)

## Career Outcomes

### Expected Salary Range (US, 2025)

- **Entry-level:** $67,000 - $95,000
- **Tech hubs:** +20-40% premium
"""


@pytest.fixture
def page(admin: Client, tmp_path: Path) -> dict[str, str]:
    applied(tmp_path, {"curriculum.md": CURRICULUM})
    return sections(admin, "program_content", slug=DATA)


def test_what_paces_and_the_outlook_state_stands_on_the_page(page: dict[str, str]) -> None:
    stated = page["As documents state it"]
    assert "Weeks 1-2" in stated
    assert "Modules, then the project" in stated
    assert "+20-40% premium" in stated


def test_what_is_asked_for_stands_with_its_group(page: dict[str, str]) -> None:
    assert "Basic shell attested by the learner Command Line" in page["Before and after"]
    assert "Command Line" not in page["As documents state it"]


def test_objectives_stand_with_their_area(page: dict[str, str]) -> None:
    assert "Repairs Technical Skills Care:" in page["Objectives"]
    assert "Technical Skills" not in page["As documents state it"]


def test_contents_are_words(page: dict[str, str]) -> None:
    assert "[Overview]" not in page["As documents state it"]
    assert "Overview" in page["As documents state it"]


def test_the_points_that_a_rubric_states_are_a_row(page: dict[str, str], admin: Client) -> None:
    project = sections(admin, "content_activity", slug=DATA, path="PROJ-01")
    assert "{" not in project["Rubric"]
    assert "Code 60 points Report 40 points" in project["Rubric"]
    assert "Points 100" in project["As documents state it"]


STRATEGY = """
program_name: Data Curriculum
version: 0.2.0
roles:
- name: Data Engineer
  slug: data-engineer
repositories:
  mode: per_role
  base_repo_name: data
  role_repos:
    data-engineer:
      learning: data-engineer-learning
progression_rules: []
governance:
  review_cadence: quarterly
"""
RUBRICS = """
# Project Assessment Rubrics

## Project 1: A Pipeline

### Functionality (100 points)

| Criterion | Weight | 5 Points | 1 Point |
|-----------|--------|----------|---------|
| **Flow** | 100% | All rows arrive | Rows are lost |
"""


def test_a_level_of_a_rubric_says_what_it_counts(admin: Client, tmp_path: Path) -> None:
    points = "#### Assessment Weight\n\n**Total:** 100 points\n- Code: 60 points\n- Report: 40 points\n"
    assert points in CURRICULUM
    applied(tmp_path, {"curriculum.md": CURRICULUM.replace(points, ""), "rubrics.md": RUBRICS})
    rubric = sections(admin, "content_activity", slug=DATA, path="PROJ-01")["Rubric"]
    assert "5 Points : 100 of 100 All rows arrive 1 Point : 20 of 100 Rows are lost" in rubric


def test_a_role_stands_with_its_repositories(admin: Client, tmp_path: Path) -> None:
    applied(tmp_path, {"curriculum.md": CURRICULUM, "repository-strategy.yaml": STRATEGY})
    assert "data-engineer-learning" in sections(admin, "content_shared", slug=DATA)["Roles"]


def test_learners_read_emphasis_and_code_as_such(page: dict[str, str], admin: Client) -> None:
    Program.objects.update(published_at=timezone.now(), enrolment_mode=Program.EnrolmentMode.OPEN)
    answer = admin.get(reverse("catalogue_program", args=[DATA])).content.decode()
    assert "<strong>Care:</strong> Repair <code>pipes</code> before they burst" in answer
    assert "50+ h a week" in answer
    one, other = answer.index("Small steps:"), answer.index("Read:")
    assert "</ul>" in answer[one:other], "a philosophy and a way of learning are two lists"
    admin.post(reverse("enrol", args=[DATA]))
    module = admin.get(reverse("module", args=[DATA, "MOD-501"])).content.decode()
    assert "See <code>resources/</code> in the old repository" in module
