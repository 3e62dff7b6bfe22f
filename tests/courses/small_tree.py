"""Two small programs in the native format that use every kind and most fields."""

CATALOG = """
kind: catalog
scales:
  - id: difficulty
    title: Difficulty
    purpose: difficulty
    levels:
      - {id: easy, label: Easy, symbol: "*"}
      - {id: hard, label: Hard, symbol: "**", aliases: [Advanced]}
  - id: proficiency
    title: Proficiency
    purpose: proficiency
    levels:
      - {id: aware, label: Aware, meaning: Knows the words.}
      - {id: working, label: Working}
  - id: seniority
    title: Seniority
    purpose: seniority
    levels:
      - {id: junior, label: Junior, symbol: L2}
      - {id: mid, label: Mid-level, symbol: L3}
skill_areas:
  - {id: operations, title: Operations}
  - {id: coding, title: Coding}
technologies:
  - {id: python, title: Python, category: Languages, aliases: [cpython]}
  - {id: docker, title: Docker, category: Containers}
profiles:
  - {id: strict, title: Strict, commands: [ruff check], tools: [ruff]}
competencies:
  - id: containers
    title: Containers
    domain: Platform
    levels:
      - {level: aware, meaning: Names what an image is., evidence: [A talk]}
      - {level: working, meaning: Builds one.}
"""

JUNIOR = {
    "junior/role.yaml": "{kind: role, id: junior, title: Junior, level: junior, order: 1, summary: Starts.}",
    "junior/program.yaml": """
        kind: program
        id: junior
        title: Junior
        role: junior
        summary: The first year.
        """,
    "junior/mod-005.yaml": """
        kind: module
        id: MOD-005
        title: Docker basics
        summary: Images and containers.
        hours: 12
        """,
}

ENGINEER = {
    "engineer/role.yaml": """
        kind: role
        id: engineer
        title: Engineer
        level: mid
        order: 2
        summary: Runs platforms.
        audience: Those with a year of work.
        """,
    "engineer/program.yaml": """
        kind: program
        id: engineer
        title: Engineer
        role: engineer
        summary: Platforms for models.
        philosophy: [Production first]
        about: {version: "1.0", maintainer: Curriculum team}
        repositories: [{purpose: learning, name: learning}]
        targets: [{measure: completion, at_least: 80}]
        completion: {all: [modules, policy]}
        modules: [MOD-102, MOD-101]
        optional_modules: ["junior:MOD-005"]
        projects: [PROJ-202, PROJ-201]
        objectives:
          - {text: Run a platform., group: Platform}
        paths:
          - id: quick
            title: Quick
            best_for: Those in a hurry
            hours: 6-8
            steps:
              - {to: MOD-101/101-04, stage: Start}
              - {to: PROJ-201}
              - {to: "later:MOD-7"}
        paces:
          - {title: Steady, hours_per_week: 10-15, weeks: 20}
        outlook:
          titles: [Platform engineer]
          salaries:
            - {label: Start, region: US, currency: USD, low: 90000, high: 120000, as_of: "2024"}
          target_roles:
            - {title: Architect, modules: [MOD-101, "junior:MOD-005"]}
          next_steps: [Lead a team]
        """,
    "engineer/mod-101.yaml": """
        kind: module
        id: MOD-101
        title: Foundations
        summary: What everything stands on.
        difficulty: Advanced
        hours_by_kind: {lecture: 10, lab: 12.5}
        resources:
          - {title: Handbook, url: "https://example.test/handbook"}
          - {title: Paper, primary: false}
        tooling: [Git]
        completion: {any_of: [{of: [MOD-101/101-04, MOD-101/read], at_least: 1}]}
        aliases: [Basics]
        topics:
          - {id: one, title: First topic, hours: 3}
          - Second topic
        objectives:
          - {id: build, text: Build an image., activities: [101-04], competencies: [containers]}
        competencies:
          - {competency: containers, level: working, evidence: [A review], for_roles: [engineer]}
        requirements:
          - {to: "junior:MOD-005", reason: Images are known.}
          - {competency: containers, level: aware}
          - {skill: Shell scripting, strength: recommended}
          - {any_of: [python, "junior:MOD-005", Some shell], at_least: 2}
          - {to: MOD-102, strength: leads_to}
        gates:
          - {id: ready, text: The setup works., blocks: 101-04, activity: setup}
        checklists:
          - id: setup-list
            title: Setup
            audience: readiness
            gates: true
            items: [{id: a, text: Git runs.}, {id: b, text: Docker runs.}]
        risks:
          - {text: No cloud quota, impact: high, likelihood: low, mitigation: Ask early., gate: ready}
        solutions:
          - {covers: All labs, location: solutions/mod-101, visibility: after_passing}
        approvals:
          - {what: Content review, state: approved, person: Lead, "on": 2025-01-31}
        readings:
          - {id: read, title: Read this, topics: [one], body: Some *text*., readable_while_locked: true}
        tasks:
          - {id: setup, title: Set up, checklist: setup-list}
        labs:
          - id: 101-04
            title: An image
            difficulty: easy
            hours: 4-6
            points: 10
            technologies: [{id: docker, purpose: Images, version: "24"}, {id: python}, {id: docker}]
            primary_skills: [operations]
            secondary_skills: [coding, operations]
            deliverables: [{text: The image}, {text: Notes, optional: true}]
            criteria:
              - {text: Small, measure: size, op: "<=", value: 200, unit: MB}
              - {text: It runs}
            needs: {gpu: one T4, variant: Use the CPU build.}
            checked_by: script
            profile: strict
            checks: [{title: Builds, type: command}]
        """,
    "engineer/mod-102.yaml": """
        kind: module
        id: MOD-102
        title: Cloud
        summary: Other people's machines.
        hours: 40
        topics: [{title: A, hours: 2}, {title: B, hours: 3}, C]
        quizzes:
          - id: quiz
            title: Check yourself
            points: 10
            questions: [{stem: "Is it so?", type: true_false, answer: true}]
        """,
    "engineer/projects.yaml": """
        kind: project
        id: PROJ-201
        title: Platform
        points: 100
        phases:
          - {title: Plan, hours: 4, touchpoint: Kick-off}
          - {title: Build, hours: 20+}
        ---
        kind: project
        id: PROJ-202
        title: Pipeline
        points: 100
        """,
}

TREE = {"catalog/all.yaml": CATALOG, **JUNIOR, **ENGINEER}
