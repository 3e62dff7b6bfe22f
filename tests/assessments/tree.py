"""A small program with a quiz of every question type, a checked lab and a project with a rubric."""

from pathlib import Path

from tests.courses.projecting import release_tree, write_tree
from tests.courses.small_tree import CATALOG

MODULE = """
    kind: module
    id: MOD-001
    title: Containers
    summary: What an image is.
    hours: 10
    topics: [{id: images, title: Images, hours: 2}, {id: runtime, title: Runtimes}]
    readings: [{id: read, title: Read this}]
    quizzes:
      - id: quiz
        title: Containers, checked
        points: 10
        time_limit_minutes: 30
        questions:
          - id: q-single
            type: single
            stem: Which *one* runs containers?
            points: 2
            explanation: The runtime does.
            hint: It is not the registry.
            difficulty: easy
            topics: [runtime, nowhere]
            competencies: [containers]
            options:
              - {id: correct, text: "`containerd`", right: true, feedback: Yes it does.}
              - {id: wrong-1, text: A registry, feedback: It only stores.}
              - {id: wrong-2, text: An image}
          - id: q-multiple
            type: multiple
            stem: Which are layers?
            points: 3
            scheme: proportion
            options:
              - {id: correct-1, text: Base, right: true}
              - {id: correct-2, text: Dependencies, right: true}
              - {id: wrong, text: A volume}
          - {id: q-truth, type: true_false, stem: Images are immutable., answer: true}
          - id: q-number
            type: numeric
            stem: How many MB are 1.5 GB?
            answer: 1500
            tolerance: 36
            unit: MB
            units: {GB: 1000}
          - {id: q-text, type: short_text, stem: Name the key-value store., accepted: [etcd, "/etcd v?3/"]}
      - id: plain
        title: Without a limit
        points: 5
        shuffle_options: false
        questions: [{id: only, type: true_false, stem: Is it so?, answer: false}]
      - id: empty
        title: Not written yet
        points: 5
      - id: drawn
        title: Drawn
        points: 6
        shuffle_questions: true
        draws: [{pool: easy, count: 2}, {pool: hard, count: 9}]
        questions:
          - {id: always, type: true_false, stem: Always asked., answer: true}
          - {id: e1, pool: easy, type: true_false, stem: Easy one., answer: true}
          - {id: e2, pool: easy, type: true_false, stem: Easy two., answer: true}
          - {id: e3, pool: easy, type: true_false, stem: Easy three., answer: true}
          - {id: h1, pool: hard, type: true_false, stem: Hard one., answer: true}
          - {id: m1, pool: mark, type: true_false, stem: Marked only., answer: true}
      - id: parts
        title: In sections
        points: 4
        shuffle_questions: true
        sections:
          - {title: "Section 1: `docker`", text: "Read **this** first.", first: 2}
          - {title: Section 2, first: 5}
          - {first: 7}
        questions:
          - {id: a, type: true_false, stem: Before all., answer: true}
          - {id: b1, type: true_false, stem: First one., answer: true}
          - {id: b2, type: true_false, stem: First two., answer: true}
          - {id: b3, type: true_false, stem: First three., answer: true}
          - {id: c1, type: true_false, stem: Second one., answer: true}
          - {id: c2, type: true_false, stem: Second two., answer: true}
          - {id: d, type: true_false, stem: Behind all., answer: true}
      - id: others
        title: The other types
        points: 4
        questions:
          - id: q-order
            type: ordering
            stem: Bring into order.
            items: [{id: step-1, text: Build}, {id: step-2, text: Push}, {id: step-3, text: Run}]
          - id: q-match
            type: matching
            stem: Match.
            pairs: [{id: p1, left: Image, right: Immutable}, {id: p2, left: Volume, right: Kept}]
          - id: q-gaps
            type: fill_in
            stem: "A {{what}} runs from an {{from}}."
            blanks: [{id: what, accepted: [container]}, {id: from, accepted: [image]}]
          - id: q-code
            type: code_reading
            stem: |
              What is printed?

              ```python
              print([n for n in range(3)])
              ```
            options: [{id: right-one, text: "`[0, 1, 2]`", right: true}, {id: no, text: "`[1, 2, 3]`"}]
    labs:
      - id: MOD-001-01
        title: Build one
        points: 10
        starter:
          - {path: Dockerfile, content: "FROM scratch"}
          - {path: src/app.py}
        checks:
          - {id: builds, title: It builds, type: command, points: 6, spec: {run: make}}
          - {id: small, title: It is small, type: command, points: 4, hidden: true, hint: Look at the layers.}
"""

LATER = """
    kind: module
    id: MOD-002
    title: Orchestration
    summary: Many containers.
    hours: 10
    requirements: [{to: MOD-001}]
    quizzes:
      - {id: quiz, title: Locked, points: 10, questions: [{id: only, type: true_false, stem: So?, answer: true}]}
"""

PROJECT = """
    kind: project
    id: PROJ-001
    title: A platform
    points: 100
    narrative: You are on call.
    constraints: [No root, One node]
    placement: After MOD-001
    peer_guide: Be kind.
    rubric:
      title: Rubric
      stated: [{what: Points, value: "100", source: "rubric.md:1"}]
      criteria:
        - id: works
          title: It works
          points: 80
          minimum: 40
          competencies: [containers]
          checklist: [It starts, It stops]
          levels:
            - {points: 0, label: Missing}
            - {points: 80, label: Whole, text: Starts and stops.}
        - {id: extra, title: More, points: 10, bonus: true}
"""

TREE = {
    "catalog/all.yaml": CATALOG,
    "junior/role.yaml": "{kind: role, id: junior, title: Junior, level: junior, order: 1, summary: Starts.}",
    "junior/program.yaml": """
        kind: program
        id: junior
        title: Junior
        role: junior
        summary: The first year.
        """,
    "junior/mod-001.yaml": MODULE,
    "junior/mod-002.yaml": LATER,
    "junior/project.yaml": PROJECT,
}


def released(root: Path) -> Path:
    """Write and apply the tree at *root*."""
    write_tree(root, TREE)
    release_tree(root)
    return root
