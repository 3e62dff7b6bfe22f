"""Exercise indexes: the catalogue of a program's exercises, with matrix, counts, paths, pacing and careers.

Recognised by exercises under numbered modules beside learning paths, a skill matrix
or a module table. Figures that stand beside their parts are stated and never facts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace

from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.outline import Paragraph, Rule, Section, Table
from courses.curriculum.sources.parts import folded, heading, keep_section, leftovers
from courses.curriculum.sources.reader import DocumentKind, SourceDocument, register
from courses.curriculum.sources.readers.exercise_index import catalogue, overview, paths
from courses.curriculum.sources.readers.exercise_index.state import LAB, MODULE, Index, next_of

Handler = Callable[[Index, Section], None]
_HANDLERS: list[tuple[str, Handler]] = [
    (r"statistic|at a glance|quick facts|summary of figures|overview of figures|key figures", overview.statistics_read),
    (r"table of contents|^contents$", overview.contents_read),
    (
        r"module (?:overview|summary|table|list)|summary table|modules at a glance|^modules$|module index",
        overview.modules_read,
    ),
    (r"difficulty (?:level|scale|rating)|levels? explained|rating", overview.levels_read),
    (r"learning order|recommended order|difficulty progression|progression|sequence", overview.order_read),
    (r"skills? matrix|skills? by exercise|skills? coverage", overview.matrix_read),
    (r"technolog|tools? coverage|by category", overview.technologies_read),
    (r"learning (?:path|track)|paths?$|tracks?$", paths.paths_read),
    (r"time (?:estimate|commitment)|pacing|pace|schedule|study plan", paths.pacing_read),
    (
        r"skills? prerequisite|prerequisite skills?|before you start|required skills?|entry requirements?",
        overview.skills_read,
    ),
    (r"depend|prerequisite", overview.tree_read),
    (r"career|target role|job role|role alignment", overview.careers_read),
    (r"^(?:index |program |track )?(?:overview|summary|metrics|figures)$", overview.statistics_read),
    (r"code reference|exercise codes?|quick reference|exercise list|appendix", overview.codes_read),
]
_CATALOGUE = re.compile(
    r"catalog|exercises by module|all exercises|exercise (?:index|details)|detailed exercises"
    r"|^(?:the )?(?:exercises|labs)$"
)
_CALLED = re.compile(r"(?:exercise|curriculum|lab)s? (?:index|catalog|overview)|^(?:exercises|labs) (?:of|for|in)\b")


def recognises(document: SourceDocument) -> float:
    """By exercises of modules, and by what an index has beside them."""
    root = document.outline
    titles = [folded(section.title) for section in root.walk()]
    labs = sum(bool(_is_lab(section)) for section in root.walk())
    beside = sum(
        any(re.search(words, title) for title in titles)
        for words in (
            r"learning path|tracks",
            r"skills? matrix",
            r"technology coverage|technolog",
            r"catalog",
            r"time estimate",
            r"career",
        )
    )
    called = any(_CALLED.search(title) for title in titles[:3])
    if labs >= 2 and (called or beside >= 2):
        return 0.97
    if called and sum(catalogue.listed_in(section) for section in root.walk()) >= 2:
        return 0.8
    return 0.7 if called and beside >= 2 else 0


_IS_LAB = re.compile(r"\W*(?:exercise|lab|practical|assignment|\d+-\d|\d{3,4}\s*[./]\s*\d)", re.IGNORECASE)


def _is_lab(section: Section) -> bool:
    found = LAB.match(section.title)
    return bool(found and _IS_LAB.match(found["label"]))


def _is_module(section: Section) -> bool:
    found = MODULE.match(section.title)
    return bool(found and re.match(r"mod", found["label"], re.IGNORECASE)) and any(map(_is_lab, section.walk()))


def read(document: SourceDocument, statement: Statement) -> None:
    root = document.outline
    top = root.sections[0] if root.sections and root.sections[0].level == 1 else root
    _rules(statement, root)
    program = statement.claim("program", _name(top.title) or "Exercise index", max(top.line, 1))
    index = Index(statement, program)
    if top.title:
        program.set("stated.heading", top.title, *top.heading_lines)
        if _name(top.title):
            program.set("title", _name(top.title), *top.heading_lines)
    for section in (root, top) if top is not root else ():
        if any(isinstance(block, Table) for block in section.blocks):
            overview.statistics_read(index, replace(section, sections=[]))
    _footer(index, root)
    parts = [*(root.sections if top is root else top.sections), *([] if top is root else root.sections[1:])]
    for section in sorted(parts, key=lambda each: not _is_catalogue(each) and not _tabled(each)):
        _section(index, section, None)
    _joined(index)
    for section in root.walk():
        leftovers(statement, program, replace(section, title="") if section is top else section)
    for section in root.walk():
        if section is not root:
            heading(statement, section)


def _rules(statement: Statement, root: Section) -> None:
    """Let thematic breaks share the fate of a line of text before them, else after, before prose is looked for.

    Never that of a heading, which itself may open nothing but the break.
    """
    filled = statement.source.filled()
    breaks = [block.line for section in root.walk() for block in section.blocks if isinstance(block, Rule)]
    structure = {*breaks, *(line for section in root.walk() for line in section.heading_lines)}
    text = [each for each in filled if each not in structure]
    for line in breaks:
        place = bisect_left(text, line)
        if text:
            statement.account.structure(line, text[place - 1] if place else text[0])


def _name(title: str) -> str:
    """The program's title behind what the document calls itself."""
    parts = re.split(r"(?<!\s)\s+[-\u2013\u2014]\s+|:\s+", title, maxsplit=1)
    name = parts[1] if len(parts) > 1 else ""
    if name and _CALLED.search(folded(name)) and not _CALLED.search(folded(parts[0])):
        name = parts[0]
    return re.sub(r"(?<!\s)\s+(?:solutions|curriculum|exercises|track|learning)$", "", name, flags=re.IGNORECASE)


def _is_catalogue(section: Section) -> bool:
    return bool(_CATALOGUE.search(folded(section.title))) or any(map(_is_lab, section.walk()))


def _tabled(section: Section) -> bool:
    return _handler(section) is overview.modules_read


def _handler(section: Section) -> Handler | None:
    words = folded(section.title)
    return next((handler for pattern, handler in _HANDLERS if re.search(pattern, words)), None)


def _section(index: Index, section: Section, above: Handler | None) -> None:
    """Give a section, and each below it, to who reads it; without one of its own a part is read as the section "
    "above."""
    if _is_catalogue(section) and (above is None or any(map(_is_lab, section.walk()))):
        _catalogue(index, section)
        return
    handler = _handler(section) or above
    if handler is None:
        keep_section(index.statement, index.program, section)
        return
    handler(index, section)
    if handler is not paths.paths_read:
        for part in section.sections:
            _section(index, part, handler)
    if handler is overview.tree_read and not any(part.sections for part in section.sections):
        overview.notes_read(index, _unread(index, section))


def _unread(index: Index, section: Section) -> Section:
    """A section's blocks of which nothing was read yet."""
    free = [block for block in section.blocks if index.statement.account.fate(block.line) is None]
    return Section(section.level, section.title, section.line, section.end, blocks=free)


def _catalogue(index: Index, section: Section) -> None:
    if _is_module(section):
        catalogue.module_read(index, section)
    elif _is_lab(section):
        catalogue.lab_or_more(index, section, None, "", ())
    else:
        catalogue.blocks_read(index, section)
        for part in section.sections:
            if MODULE.match(part.title) and not _is_lab(part):
                catalogue.module_read(index, part)
            else:
                catalogue.lab_or_more(index, part, None, "", ())


def _joined(index: Index) -> None:
    """Rows that tell more of an exercise are stated of it, with the headings that its code is made of."""
    seen: dict[tuple[str, str], int] = {}
    for code, line, marks in index.later:
        labs = [lab for lab in index.labs if lab.code == code]
        for lab in labs:
            for name, value in marks:
                lab.claim.set(next_of(lab.claim, name), value, *dict.fromkeys([*lab.lines, line]))
        first = seen.setdefault((code, marks[0][0]), line)
        if labs and first != line and marks[0][0].startswith("stated."):
            index.statement.report(
                "references.exercise_row_twice", "warning", line,
                f"Two rows are about the exercise {code}; what both say counts.", "Correct the code of one of them.",
                related=[(index.statement.file, first)],
            )  # fmt: skip
        if not labs:
            index.statement.report(
                "references.unknown_exercise", "warning", line,
                f"The catalogue has no exercise {code or 'of this row'}.", "Correct the code, or add the exercise.",
            )  # fmt: skip


_FOOT = re.compile(r"[*_][^*_][^*_:]*+:[^*_]++[*_]")


def _footer(index: Index, root: Section) -> None:
    """Version and date wherever they stand, and what else the last section says in lines of their form."""
    names = {
        "last updated": "about.updated", "updated": "about.updated", "version": "about.version",
        "maintainer": "about.maintainer",
    }  # fmt: skip
    sections = list(root.walk())
    for section in sections:
        for block in section.blocks:
            for line, text in block.rows if isinstance(block, Paragraph) else ():
                label, colon, value = text.strip("*_ ").partition(":")
                name = names.get(folded(label))
                if colon and name and name not in index.program.fields:
                    index.program.set(name, value.strip(" *_"), line)
                elif section is sections[-1] and _FOOT.fullmatch(text):
                    index.program.set(index.next("notes"), text.strip("*_ "), line)


register.register(DocumentKind("exercise_index", "markdown", recognises, read))
