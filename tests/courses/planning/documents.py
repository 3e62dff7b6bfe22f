"""A small program as teams keep it: a master plan, two roadmaps and a quiz."""

PLAN = """
role: Data Engineer
level: mid
program_name: Data Engineer Curriculum
program_version: 1.0.0
date_updated: '2025-10-01'
learning_outcomes:
  primary:
  - Move data without losing any
program_structure:
  total_duration_hours: 30
  modules:
  - id: MOD-501
    title: Pipes
    duration_hours: {lecture: 4, lab: 6}
    role_focus: [data-engineer]
    learning_objectives:
    - Build a pipe.
    - Draw a pipe.
  - id: MOD-502
    title: Streams
    duration_hours: {lecture: 5, lab: 15}
    role_focus: [data-engineer]
    prerequisites: [MOD-501, MOD-503]
    learning_objectives:
    - Read a stream.
  - id: MOD-503
    title: Storage
    duration_hours: {lecture: 1, lab: 2}
    role_focus: [data-engineer]
    learning_objectives:
    - Store a row.
"""
PIPES = """
# Module Roadmap

## Module Overview

- **Module ID**: MOD-501
- **Module Title**: Pipes
- **Target Role(s)**: Data Engineer
- **Duration**: 12 hours (4 lecture, 8 lab)
- **Next Module(s)**: MOD-502

## Learning Objectives

1. Build a pipe.
2. Repair a pipe while it runs.

## Competency Alignment

| Competency | Proficiency Target | Evidence / Assessment | Role Alignment |
|------------|--------------------|-----------------------|----------------|
| Pipe care | Proficient | A repaired pipe | Data Engineer |

## Content Outline

1. **Kinds of pipes** – Batch; micro-batch
2. **Leaks** – Finding them; closing them

## Practical Components

| Asset | Description | Completion Criteria | Linked Validation |
|-------|-------------|---------------------|-------------------|
| Lab 1 | A first pipe | No row lost; runs in <10 minutes | `data-basic` profile |
| Lab 2 | A repaired pipe | Report written | Review |

## Dependencies & Notes

- **Risks & Mitigations**: Pipes burst; keep a spare.
"""
STREAMS = """
# Module Roadmap

## Module Overview

- **Module ID**: MOD-502
- **Module Title**: Streams
- **Target Role(s)**: Data Engineer
- **Duration**: 20 hours (5 lecture, 15 lab)
- **Prerequisites**: MOD-501
- **Next Module(s)**: MOD-503

## Learning Objectives

1. Read a stream.
"""
QUIZ = """
# Module 501: Pipes - Quiz

**Time Limit:** 20 minutes
**Passing Score:** 80% (2/2 questions)

### Q1. What is a pipe for?

a) Moving data
b) Storing data

**Answer:** A

### Q2. What is a leak?

a) A lost row
b) A slow row

**Answer:** A
"""
DOCUMENTS = {"plan.yaml": PLAN, "pipes.md": PIPES, "streams.md": STREAMS, "quiz.md": QUIZ}
