"""Risks in all the forms that teams write them: each is what may happen, with what is done about it."""

from __future__ import annotations

import pytest

from tests.courses.sources.support import facts, faults_of_account, read_text

PLAN = (
    "# Project Plan\n\n## Project Overview\n- **Project ID**: PROJ-901\n- **Title**: Pipes\n\n## Risks & Mitigations\n"
)
ROADMAP = (
    "# Module Roadmap\n\n## Module Overview\n- **Module ID**: MOD-901\n- **Module Title**: Pipes\n\n"
    "## Dependencies & Notes\n"
)
BOTH = [("Learners skip labs", "add reminders"), ("Keys leak", "rotate")]
ONE = BOTH[:1]


def risks(text: str) -> list[tuple[object, object]]:
    statement = read_text(text)
    assert faults_of_account(statement) == []
    assert all(statement.account.fate(line) != "prose" for line in statement.source.filled())
    return [(risk.get("text"), risk.get("mitigation")) for risk in statement.of_kind("risk")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- **Risk** Learners skip labs **Mitigation** add reminders", ONE),
        ("- **Risk:** Learners skip labs. **Mitigation:** add reminders", ONE),
        ("- **Risk**: Learners skip labs; **Mitigation**: add reminders", ONE),
        ("- Risk – Learners skip labs; Mitigation – add reminders\n- _Risk:_ Keys leak _Mitigation:_ rotate", BOTH),
        ("- Learners skip labs (mitigation: add reminders)\n- Keys leak | Mitigation: rotate", BOTH),
        ("**Risk** Learners skip labs **Mitigation** add reminders\n\n**Risk** Keys leak **Mitigation** rotate", BOTH),
        ("**Risk:** Learners skip labs\n**Mitigation:** add reminders\n\n"
         "**Risk:** Keys leak\n**Mitigation:** rotate", BOTH),
        ("Learners skip labs\n: add reminders\n\nKeys leak\n: rotate", BOTH),
        ("- **Learners skip labs**\n  - **Mitigation**: add reminders\n- Keys leak\n  - Mitigation: rotate", BOTH),
        ("- **Risk: Learners skip labs**\n  - Mitigation: add reminders\n- **R2 – Keys leak**: rotate", BOTH),
        ("- **Risk 1**: Learners skip labs\n- **Mitigation**: add reminders\n"
         "- **Risk 2**: Keys leak\n- **Mitigation**: rotate", BOTH),
        ("1. Learners skip labs\n   *Mitigation*: add reminders\n2. **Keys leak**\n\n   Mitigation: rotate", BOTH),
        ("- **Risks**:\n  - Learners skip labs\n    - Mitigation: add reminders\n  - **Keys leak**: rotate", BOTH),
        ("- **R1**: Learners skip labs -> add reminders\n- R2: Keys leak → rotate", BOTH),
        ("- [ ] Learners skip labs — add reminders\n- [X] Keys leak => rotate", BOTH),
        ("**Risks:**\n- Learners skip labs\n- Keys leak\n\n**Mitigations:**\n- add reminders\n- rotate", BOTH),
        ("### Risk 1: Learners skip labs\n**Mitigation**: add reminders\n\n### Keys leak\n- Mitigation: rotate", BOTH),
        ("### Technical Risks\n- Learners skip labs\n\n### Mitigations\n- add reminders", ONE),
        ("### R1 Learners skip labs\n- **Mitigations**:\n  - add reminders\n  - cut them",
         [("Learners skip labs", "add reminders; cut them")]),
        ("- **Slow labs**: they bore. Mitigation: cut them", [("Slow labs: they bore", "cut them")]),
        ("- Cost: high bills => budgets", [("Cost: high bills", "budgets")]),
        ("- **Risk of overload**: cut them", [("Risk of overload", "cut them")]),
        ("| Risk | Mitigation |\n|---|---|\n| Learners skip labs | add reminders |\n| Keys leak | rotate |", BOTH),
        ("| # | Description | Mitigation strategy |\n|---|---|---|\n| R1 | Learners skip labs | add reminders |", ONE),
        ("| Risk ID | Risk | Owner | Response |\n|---|---|---|---|\n"
         "| 7 | Learners skip labs | Lead | add reminders |", ONE),
        ("| **Risk** | Learners skip labs |\n|---|---|\n| **Mitigation** | add reminders |", ONE),
        ("| Field | Value |\n|---|---|\n| Risk | Learners skip labs |\n| Mitigation | add reminders |", ONE),
    ],
)  # fmt: skip
def test_each_is_what_may_happen_and_what_is_done(text: str, expected: list[tuple[object, object]]) -> None:
    assert risks(f"{PLAN}{text}\n") == expected


@pytest.mark.parametrize(
    "text",
    [
        "- **Risks / Mitigations**: Learners skip labs—add reminders",
        "- **Risk** Learners skip labs **Mitigation** add reminders",
        "- **Risks**: Learners skip labs\n- **Mitigations**: add reminders",
        "- **Risks**:\n  - Learners skip labs\n    - **Mitigation**: add reminders",
        "### Risks\n| Risk | Level | Response |\n|---|---|---|\n| Learners skip labs | High | add reminders |",
        "### Risks\n#### Learners skip labs\n- Mitigation: add reminders",
    ],
)
def test_they_stand_among_the_notes_of_a_roadmap(text: str) -> None:
    assert risks(f"{ROADMAP}- Taught in May\n{text}\n") == ONE


def test_levels_and_what_else_is_said_of_a_risk_are_kept() -> None:
    text = (
        "- **Risk**: Keys leak\n  - Impact: High\n  - **Likelihood**: low\n  - Mitigation: rotate\n  - Owner: Lead\n"
        "\n| Risk | P | I | Mitigation | Contingency |\n|---|---|---|---|---|\n| Slow | M | H | cache | wait |\n"
    )
    first, second = [facts(risk) for risk in read_text(PLAN + text).of_kind("risk")]
    assert first == {
        "text": "Keys leak", "mitigation": "rotate", "impact": "high", "likelihood": "low", "notes.0": "Owner: Lead",
    }  # fmt: skip
    assert second == {
        "text": "Slow", "mitigation": "cache", "likelihood": "medium", "impact": "high", "notes.0": "contingency: wait",
    }  # fmt: skip


def test_each_part_stands_where_it_is_written() -> None:
    (risk,) = read_text(f"{PLAN}- Keys leak\n  - Mitigation: rotate\n    and revoke\n").of_kind("risk")
    assert (risk.fields["text"].lines, risk.fields["mitigation"].lines) == ((8,), (9, 10))


def test_answers_that_may_be_of_several_risks_are_notes() -> None:
    statement = read_text(f"{PLAN}**Risks**\n- Slow\n- Dear\n- Old\n\n**Mitigations**\n- cache\n- rotate\n")
    assert [risk.get("mitigation") for risk in statement.of_kind("risk")] == [None, None, None]
    (project,) = statement.of_kind("project")
    assert (project.get("notes.0"), project.get("notes.1")) == ("cache", "rotate")
    assert risks(f"{PLAN}- **Mitigation**: rotate\n") == []


@pytest.mark.parametrize("text", [
    "- **Mitigation**: Do backups\n  - weekly\n",
    "- **Impact**: high\n\n  of the whole team\n",
    "- **Likelihood**: low\n  - Mitigation: rotate\n",
])  # fmt: skip
def test_what_stands_below_no_risk_is_a_note(text: str) -> None:
    statement = read_text(ROADMAP.replace("Dependencies & Notes", "Risks") + text)
    assert statement.kind == "module_roadmap"
    assert faults_of_account(statement) == []
    assert list(statement.of_kind("risk")) == []
    assert statement.findings == []
    [module] = statement.of_kind("module")
    assert any(name.startswith("notes") for name in facts(module))


LINES = [
    ("Outage \u2192 wait; Cable breaks \u2192 mend it", [("Outage", "wait"), ("Cable breaks", "mend it")]),
    ("Leak \u2014 seal it; Flood \u2014 pump it", [("Leak", "seal it"), ("Flood", "pump it")]),
    ("Risk: Leak. Mitigation: seal. Risk: Flood; Mitigation: pump it.", [("Leak", "seal"), ("Flood", "pump it.")]),
    ("R1. Outage (P: medium, I: high). Response: replay.", [("Outage", "replay.")]),
    ("Slow response: add memory", [("Slow response", "add memory")]),
    ("**Cost**: alarms at 50 %; stop nightly", [("Cost", "alarms at 50 %; stop nightly")]),
    ("Cost overrun (likelihood: high; impact: med) \u2192 cap it", [("Cost overrun", "cap it")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_a_line_holds_as_many_risks_as_it_has_answers(text: str, expected: list[tuple[str, str]]) -> None:
    statement = read_text(f"## Module Overview\n\n- **Module ID**: MOD-911\n\n## Risks\n\n- {text}\n")
    assert [(risk.get("text"), risk.get("mitigation")) for risk in statement.of_kind("risk")] == expected
    levels = [(risk.get("likelihood"), risk.get("impact")) for risk in statement.of_kind("risk")]
    wanted = ("medium", "high") if "(P" in text else ("high", "medium") if "(like" in text else (None, None)
    assert levels == [wanted] * len(expected)


def test_beside_risks_that_are_called_so_dependencies_are_notes() -> None:
    text = "- Depends on the broker\n- Risk: Quota \u2013 warm it\n- Cable breaks \u2192 mend it\n"
    statement = read_text(f"## Project Overview\n\n- **Project ID**: PROJ-911\n\n## Dependencies & Risks\n\n{text}")
    assert [risk.get("text") for risk in statement.of_kind("risk")] == ["Quota", "Cable breaks"]
    [project] = statement.of_kind("project")
    assert project.get("notes.0") == "Depends on the broker"


CALLED = [
    ("Outage (wait a day); Cable breaks (mend it).", [("Outage", "wait a day"), ("Cable breaks", "mend it")]),
    ("Outage: wait 5 %. Cable breaks: mend it.", [("Outage", "wait 5 %"), ("Cable breaks", "mend it")]),
    ("Outage: wait; then call. Cable breaks: mend it.", [("Outage", "wait; then call"), ("Cable breaks", "mend it")]),
    ("Outage: wait. Owner: the lead.", [("Outage", "wait. Owner: the lead.")]),
    ("Outage (P: high); Flood (I: low)", [("Outage", "Flood")]),
    ("Outage (wait a day)", [("Outage (wait a day)", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CALLED)
def test_a_line_that_is_called_risks_holds_several_with_their_answers(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert risks(f"{ROADMAP}- **Risks / Mitigations**: {text}\n") == expected


@pytest.mark.parametrize(
    ("text", "likelihood", "impact"),
    [
        ("Outage (high impact)", None, "high"),
        ("Outage (Severity: medium)", None, "medium"),
        ("Outage (likelihood low)", "low", None),
        ("Outage (low probability, impact high)", "low", "high"),
        ("Outage [medium impact and low likelihood]", "low", "medium"),
        ("Outage (High/Medium)", "high", "medium"),
    ],
)
def test_levels_in_parentheses_behind_a_risk(text: str, likelihood: str | None, impact: str | None) -> None:
    for sign in (": ", " \u2192 "):
        statement = read_text(f"{PLAN}- {text}{sign}wait\n")
        assert faults_of_account(statement) == []
        [risk] = statement.of_kind("risk")
        found = [risk.get(name) for name in ("text", "mitigation", "likelihood", "impact")]
        assert found == ["Outage", "wait", likelihood, impact]


@pytest.mark.parametrize("inside", ["high", "high, low", "high impact, low impact", "high and dry"])
def test_other_words_in_parentheses_are_no_levels(inside: str) -> None:
    statement = read_text(f"{PLAN}- Outage ({inside}) \u2192 wait\n")
    [risk] = statement.of_kind("risk")
    assert (risk.get("text"), risk.get("likelihood"), risk.get("impact")) == (f"Outage ({inside})", None, None)
