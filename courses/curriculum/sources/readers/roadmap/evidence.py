"""What shows that a module was learned; a quiz or exam among it with its pass mark is one of the module."""

from __future__ import annotations

import re

from courses.curriculum.sources import values
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.listed import rest, told
from courses.curriculum.sources.outline import Section
from courses.curriculum.sources.parts import leftovers
from courses.curriculum.sources.sections import paragraphs_of, rest_of

_QUIZ = re.compile(r"\b(?:quiz(?:zes)?|exams?|tests?|knowledge check)\b", re.IGNORECASE)
_PASS = re.compile(
    r"(?:\b(?:pass(?:ing)?(?: (?:mark|score|grade|threshold|at|with))?|minimum(?: score)?|min\.?|at least|score of)\b"
    rf"[\s:of]*|[\u2265>]=?\s?)(?P<before>{values.NUMBER})\s?(?:%|percent\b|(?:/|out of)\s?(?P<of>\d{{1,4}}))"
    rf"|(?P<behind>{values.NUMBER})\s?%\s(?:to pass|or (?:higher|more|better|above)|minimum|required|pass)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\s*(?:[,;:(]|\s[\u2013\u2014-]\s)")


def evidence_read(statement: Statement, module: Claim, section: Section) -> None:
    """Entries are evidence; paragraphs too, where they say what is passed when."""
    for part in section.walk():
        title = part.title if part is not section else ""
        for each in told(statement, part):
            _quiz(statement, module, each.entry.text, title or each.above, each.entry.lines)
        for free in paragraphs_of(statement, part):
            if _PASS.search(free.text):
                _quiz(statement, module, free.text, title, free.lines)
                module.set(f"evidence.{module.count('evidence')}", free.text, *free.lines)
        rest(statement, module, part, "evidence")
        leftovers(statement, module, part)
    rest_of(statement, module, section)


def _quiz(statement: Statement, module: Claim, text: str, above: str, lines: tuple[int, ...]) -> None:
    """A quiz that says when it is passed, if no activity of the module is one."""
    found = _PASS.search(text)
    bare = text.replace("**", "")
    named = bare if _QUIZ.search(bare) else above if _QUIZ.search(above) else ""
    if found is None or not named or module.under("quiz"):
        return
    share = found["before"] or found["behind"]
    if found["of"]:
        share = str(round(100 * float(share) / float(found["of"]), 2)) if float(found["of"]) else "0"
    title = _TITLE.split(named.strip(), maxsplit=1)[0].strip(" .|") or named
    quiz = statement.claim("quiz", title, lines[0], parent=module)
    quiz.set("title", title, *lines)
    value = {"text": text, "measure": "score", "op": ">=", "value": values.number(share), "unit": "%"}
    quiz.set("criteria.0", value, *lines)
