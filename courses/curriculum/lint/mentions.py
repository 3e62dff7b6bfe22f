"""Ids that documents name in passing: in what comes before and after, risks, outlines, tables and other words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from courses.curriculum.findings import Finding
from courses.curriculum.lint.references import known_ids, unknown_ids
from courses.curriculum.lint.register import Rule, Setting, check_all
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.text import outside_code

RULE = "references.unknown_mention"
# As ids are written, so that "x mod 10" is none.
_ID = re.compile(r"(?<![\w/-])(?P<kind>MOD|PROJ)[-_](?P<number>\d{2,4}[A-Za-z]?)(?![\w-])")
_OWN_RULES = ("native", "quiz", "people", "other")


@check_all(Rule(RULE, "warning", "Every id that words name is there"))
def unknown_mentions(statements: list[Statement], setting: Setting) -> Iterator[Finding]:
    """One finding for an id in a file. What locks or is linked is told by ``references.unknown_id``."""
    known = known_ids(statements, setting)
    told = {
        (file, line) for finding in unknown_ids(statements, setting)
        for file, line in ((finding.file, finding.line), *finding.related)
    }  # fmt: skip
    told |= {(each.file, each.line) for st in statements for each in st.findings if each.rule == "source.former_id"}
    for statement in statements:
        if statement.kind in _OWN_RULES or not statement.claims:
            continue
        places: dict[str, list[int]] = defaultdict(list)
        elsewhere: set[str] = set()
        for number, line in outside_code(statement.source.lines):
            for found in _ID.finditer(line):
                name = f"{found['kind']}-{found['number'].upper()}"
                # What nobody read is told by itself.
                if name in known or statement.account.fate(number) is None:
                    continue
                if (statement.file, number) in told:
                    elsewhere.add(name)
                elif number not in places[name]:
                    places[name].append(number)
        for name, lines in places.items():
            if lines and name not in elsewhere:
                yield Finding(
                    RULE, "warning", statement.file, lines[0],
                    f"{name} is named here, and is not there.",
                    "Correct it, add the missing document, or list the id under `known:` in .waymark/import.yaml.",
                    tuple((statement.file, line) for line in lines[1:]),
                )  # fmt: skip
