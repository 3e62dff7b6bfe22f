"""Gates that roadmaps and project plans promise in words, in what is done about a risk and anywhere else.

What is done about a risk is a promise by itself; other prose is one only where it says
that learners do not go on without something. Gates of the software that is built
(a promotion, a merge, a deployment) are none of the course.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from courses.curriculum.findings import Finding
from courses.curriculum.lint.entities import once
from courses.curriculum.lint.register import Rule, check_all
from courses.curriculum.sources.claims import Claim, Fact, Statement

RULE = "gates.promised"
_PROSE = ("module_roadmap", "project_plan")
_OWNERS = ("module", "project")
# What is taught, named or needed is no rule of the course.
_OTHERS = {"objective", "competency_target", "topic", "requirement", "gate", "risk", "question", "option", "role"}
_FIELDS = re.compile(
    r"(?:id|title|roles|difficulty|hours|hours_by_kind|technologies|tooling|resources|references|narrative|builds_on"
    r"|depth_for|differentiators|shared_assets|notes_upstream|notes_downstream|location|covers|legacy|starter"
    r"|stated\.(?:prerequisites|next|hours|roles))(?:\.|$)"
)
_WALL = r"\b(?:before|until|prior\s+to|ahead\s+of|unless)\b"
# What begins by the calendar waits for nobody.
_LATE = r"(?:end\s+of|deadlines?|due|class|course|session|workshop)"
_ON_TIME = rf"(?:\w+\s+){{0,2}}{_LATE}\b"
# Bounded, so that a search takes no longer than the text is long.
_WITHIN = r"(?:[^.!?;]|\.(?=\S)){0,200}?"
_REMEDY = re.compile(
    rf"\b(?:requires?|enforce|mandate|demand){_WITHIN}{_WALL}(?!\s+{_ON_TIME})", re.IGNORECASE | re.DOTALL
)
# What is also said of machines is a rule of the course only where it says so.
_CAUTION = re.compile(
    rf"\b(?:add|required|make|mandatory|must|block(?:s|ed)?|lock(?:s|ed)?)\b{_WITHIN}{_WALL}(?!\s+{_ON_TIME})"
    r"(?P<what>[^.!?;]{0,80})",
    re.IGNORECASE | re.DOTALL,
)
# "Backups must be taken before upgrades": work on systems, which waits for nobody's approval.
_WORK = re.compile(
    rf"{_WALL}\s+(?:[\w'-]+\s+){{0,3}}?(?:upgrad\w+|updat\w+|migrat\w+|deploy\w*|roll-?outs?|releas\w+"
    r"|roll(?:ing)?[ -]back|merg\w+|cut-?overs?|switch\w*|schema|restart\w*|resiz\w+|scal\w+|delet\w+|destroy\w*"
    r"|terminat\w+|apply\w*|train\w*|ingest\w*|import\w*|load\w*|writ\w+|chang\w+|promot\w+|push\w*|commit\w*|install\w*"
    r"|prod(?:uction)?)\b",
    re.IGNORECASE,
)
_LEARNERS = re.compile(r"\b(?:learners?|students?|participants?|cohorts?)\b", re.IGNORECASE)
_SOFTWARE = re.compile(
    r"\b(?:deploy\w*|releas\w+|roll-?outs?|promot\w+|merg\w+|pull requests?|PRs?|commit\w*|push\w*|traffic|canary"
    r"|prod(?:uction)?|endpoints?|clusters?|pods?|recurrent|models?|pipelines?|feature|features)\b",
    re.IGNORECASE,
)
# Time that something takes is no condition.
_NEEDS = r"needs?(?!\s+(?:\w+\s+){0,2}(?:hours?|days?|weeks?|months?|time)\b)"
# Sentences about them and not about people are what is taught.
_THINGS = re.compile(
    r"\b(?:queues?|containers?|pods?|probes?|migrations?|rollouts?|pull requests?|PRs?|images?|data(?:sets?)?|records?"
    r"|training\s+starts?)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:learners?|students?|participants?|instructors?|mentors?|teams?|reviewers?|cohorts?|labs?|modules?|projects?"
    r"|milestones?|capstone|quiz(?:zes)?)\b",
    re.IGNORECASE,
)
_STEP = (
    r"approvals?|sign(?:ing)?[- ]?offs?|moving|proceed\w*|continu\w+|advanc\w+|start\w*|begin\w*|next|submi\w+"
    r"|hand(?:ing)?[- ]?in|grading|kick-?off|phases?|labs?|modules?|projects?|milestones?|sprints?|stages?|weeks?"
    r"|capstone|assessments?|quiz(?:zes)?|exams?|reviews?|demos?|presentations?|graduat\w+|implementation|coding"
)
_GATED = re.compile(
    r"\b(?<!feature-)gated\b|\bgating\s+(?:requirement|item|check|review|criterion|milestone)s?\b"
    r"|\b(?:hard|exit|entry|stage|phase|review|approval|readiness|go/no-go)[\s-]gates?\b",
    re.IGNORECASE,
)
_PROMISES = (
    re.compile(r"\b(?:readiness|go/no-go|exit|entry)\s+checklists?\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:requires?|required|enforced?|mandatory|must|shall|{_NEEDS}|has\s+to|have\s+to|blocked|locked|cannot|can't)\b"
        rf"{_WITHIN}{_WALL}\s+(?!{_ON_TIME})(?:[\w'-]+\s+){{0,4}}?(?:{_STEP})\b",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(rf"{_WALL}\s+(?:[\w'-]+\s+){{0,3}}?(?:approvals?|sign-?offs?|moving\s+(?:on|forward|ahead))\b", re.I),
    re.compile(
        r"\b(?:cannot|can't|may\s+not|must\s+not|not)\s+(?:start|begin|proceed|continue|move|advance|submit|access)\b"
        rf"{_WITHIN}\b(?:until|before|unless|without)\b",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(r"\bunlock(?:s|ed)?\s+(?:only\s+)?(?:after|once|when|by)\b", re.IGNORECASE),
)
_ALLOWED = (
    re.compile(
        r"\b(?:must|has\s+to|have\s+to|needs?\s+to|shall)\s+(?:first\s+)?be\s+(?:\w+\s+(?:and|or)\s+)?"
        rf"(?:approved|signed\s+off|passed|accepted|cleared|authori[sz]ed){_WITHIN}{_WALL}",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(rf"\b(?:sign-?offs?|approvals?|approved|signed\s+off)\b{_WITHIN}{_WALL}", re.IGNORECASE | re.DOTALL),
    re.compile(r"\bonly\s+(?:after|once|when)\b" + _WITHIN + r"\b(?:approv|sign|pass)\w*", re.IGNORECASE | re.DOTALL),
    _GATED,
)
# What is longer is no sentence that anybody wrote.
_LONGEST = 5_000
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


def promise_of(text: str, *, remedy: bool = False) -> str:
    """The first sentence of a text that promises a gate; empty without one.

    :param remedy: the text is what is done about a risk.
    """
    if remedy and (_GATED.search(text[:_LONGEST]) or _is_remedy(text[:_LONGEST])):
        return text.strip()
    return next((each.strip() for each in _SENTENCE.split(text) if _promises(each[:_LONGEST])), "")


def _is_remedy(text: str) -> bool:
    """Whether what is done about a risk holds learners back, and is no advice for work on systems."""
    if _WORK.search(text) and not _LEARNERS.search(text):
        return False
    caution = _CAUTION.search(text)
    said = caution is not None and (_PEOPLE.search(text) or re.search(rf"\b(?:{_STEP})\b", caution["what"], re.I))
    return bool(said or _REMEDY.search(text))


def _promises(sentence: str) -> bool:
    if any(each.search(sentence) for each in _PROMISES):
        return bool(_PEOPLE.search(sentence)) or not _THINGS.search(sentence)
    return any(each.search(sentence) for each in _ALLOWED) and not _SOFTWARE.search(sentence)


@check_all(Rule(RULE, "warning", "A gate that is promised in words is written as a gate"))
def promised_gates(statements: list[Statement]) -> Iterator[Finding]:
    found = []
    for statement in statements:
        for claim in statement.claims:
            owner = _owner(claim)
            if owner is not None and _has_gate(owner):
                continue
            found += list(_of_risk(claim) if claim.kind == "risk" else _of_prose(claim, owner))
    yield from once(found)


def _owner(claim: Claim) -> Claim | None:
    """What the gate would be of: the module or project, else what the claim stands under."""
    above: Claim | None = claim
    while above is not None and above.kind not in _OWNERS:
        above = above.parent
    return above or claim.parent


def _has_gate(owner: Claim) -> bool:
    """Whether something locks already: a gate, or a checklist that stands before the hand-in."""
    return bool(owner.under("gate")) or any(each.get("gates") is True for each in owner.under("checklist"))


def _of_risk(risk: Claim) -> Iterator[Finding]:
    remedy = risk.get("mitigation")
    if isinstance(remedy, str) and not risk.get("gate") and promise_of(remedy, remedy=True):
        yield _finding(risk.parent or risk, remedy, risk.place("mitigation"))


def _of_prose(claim: Claim, owner: Claim | None) -> Iterator[Finding]:
    if owner is None or owner.kind not in _OWNERS or claim.statement.kind not in _PROSE or claim.kind in _OTHERS:
        return
    for name, fact in claim.fields.items():
        text = fact.value["text"] if isinstance(fact.value, dict) and "text" in fact.value else fact.value
        if isinstance(text, str) and fact.lines and not _FIELDS.match(name) and (said := promise_of(text)):
            yield _finding(owner, said, (claim.statement.file, _line(claim.statement, fact, said)))


def _line(statement: Statement, fact: Fact, said: str) -> int:
    """Where a sentence begins."""
    begin = said.split("\n")[0].lstrip("-*+> ")[:24].rstrip()
    return next((line for line in fact.lines if begin in statement.source.line(line)), fact.lines[0])


def _finding(owner: Claim, said: str, place: tuple[str, int]) -> Finding:
    return Finding(
        RULE, "warning", *place,
        f"{owner.address} promises a gate in words, {said.strip().rstrip('.')!r}, and has none: words lock nothing.",
        "Write it as `- **Gate**: ...` with the id of what opens it or comes after, or say it as advice.",
    )  # fmt: skip
