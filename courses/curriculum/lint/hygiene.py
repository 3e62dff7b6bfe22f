"""What is left lying in documents: paths of a machine, dead links, template text, secrets, odd stars."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from courses.curriculum.findings import Finding
from courses.curriculum.lint.entities import once
from courses.curriculum.lint.register import Rule, Setting, check, check_all
from courses.curriculum.secrets import secrets_in
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.links import links_in_line
from courses.curriculum.sources.text import outside_code

_FLOW = re.compile(r"\s*(?:-\s+)?(?P<key>[\w-]*)\s*:?\s*\[(?P<list>[^\[\]]*)\]\s*(?:#.*)?$")
_LOCAL = re.compile(r"(?<![\w/.])(?:/home/|/Users/|[A-Z]:\\Users\\)(?P<user>[\w.-]{1,60})[/\\][^\s)\"'`|]+")
# Accounts that examples, images and services use; such a path is nobody's own.
_ANYBODY = {
    "user", "username", "ubuntu", "ec2-user", "student", "learner", "you", "me", "your-name", "name", "app", "appuser",
    "jovyan", "vscode", "runner", "airflow", "azureuser", "admin", "alice", "bob", "dev", "developer", "node", "python",
}  # fmt: skip
_TEMPLATE = re.compile(
    r"(?<![\w\]!])\[(?:insert|your|module|project|todo|tbd|tba|placeholder|option|topic|(?:brief )?description|name"
    r"|(?:learning )?objective|skill|competency|lab|exercise|title|date)(?![\w-])[^\]]{0,60}\]"
    r"(?![(\[]|:\s*(?:\w+:|[./#<]))"
    r"|\blorem ipsum\b|<(?:insert|your|fill)(?![\w])[^>]{0,60}>|\{\{\s*[a-z_][\w ]{0,60}\}\}"
    # What is programmed, rather than left to do.
    r"|\b(?-i:TODO|TBD|TBA|FIXME)\b(?!['\"]?\s+(?:app|application|list|comment|item|api|service|marker|tag|tracker)s?\b)"
    r"|(?<=[:|])[*\s]{0,9}(?-i:YYYY-MM-DD)\b(?!\s*(?:format|[(\w]))"
    r"|(?<![\w-])(?-i:X{2,3}|(?<=: )X|(?<=\*\* )X)(?:\s?[-\u2013]\s?(?-i:[XY]{1,3}))?\s?(?:hours?|hrs?|weeks?|days?"
    r"|minutes?|points?|%)",
    re.IGNORECASE,
)
_KEY_FRAME = re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")
_KEY_BODY = re.compile(r"[A-Za-z0-9+/=]{40,}")
_STARS = re.compile(
    r"(?<![\u2b50\u2605])(?P<stars>[\u2b50\u2605]++)\ufe0f?\s*+\(?(?P<label>[A-Za-z][A-Za-z +/\u2013-]*)"
)
_FIGURE = re.compile(
    r"\bsalar(?:y|ies)\b|\bcompensation\b|\bprices?\b|\bpricing\b|\bcosts? per\b|\bas of\b|[$\u20ac]\s?\d",
    re.IGNORECASE,
)
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
_DAY = re.compile(
    r"\b(?P<name>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6})\.?\s+(?P<after>20\d\d)\b"
    r"|(?<![\d$.,])(?P<year>20\d\d)(?:-(?P<month>\d\d)(?:-\d\d)?)?(?![\d,])",
    re.IGNORECASE,
)
_TABLE_RULE = re.compile(r":?-+:?")
_BAR = re.compile(r"(?<!\\)\|")


@check_all(Rule("hygiene.local_path", "warning", "Documents name no place on somebody's own machine"))
def local_paths(statements: list[Statement]) -> Iterator[Finding]:
    """One finding for a folder of one machine, with all places. Quizzes and native texts may be about such paths."""
    found: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for statement in statements:
        if statement.kind in ("quiz", "native"):
            continue
        for number, text in _lines(statement):
            for match in _LOCAL.finditer(text):
                if match["user"].casefold() not in _ANYBODY:
                    path = match[0].rstrip(".,;:")
                    found["/".join(re.split(r"[/\\]", path)[:4])].append((statement.file, number, path))
    for root, places in found.items():
        (file, line, path), *others = places
        yield Finding(
            "hygiene.local_path", "warning", file, line,
            f"Nobody else can follow a path of one machine: {path}"
            + (f", and {len(others)} more below {root}." if others else "."),
            "Link to the file in the tree, or remove it.", tuple(dict.fromkeys((f, n) for f, n, _ in others)),
        )  # fmt: skip


@check_all(Rule("hygiene.template_text", "warning", "No text of the template is left"))
def template_text(statements: list[Statement]) -> Iterator[Finding]:
    """Quizzes have a rule of their own for it."""
    found = []
    for statement in statements:
        if statement.kind in ("quiz", "native"):
            continue
        for number, line in _lines(statement):
            for left in _TEMPLATE.findall(re.sub(r"`[^`]*`", "", _listed(statement.file, line))):
                found.append(
                    Finding(
                        "hygiene.template_text", "warning", statement.file, number,
                        f"Text of the template is left: {left.strip('* ')}.", "Fill it in, or remove it.",
                    )
                )  # fmt: skip
    yield from once(found)


def _listed(file: str, line: str) -> str:
    """A line without a list that YAML writes in brackets; one text below a key in the singular may be left over."""
    found = _FLOW.match(line) if file.casefold().endswith((".yaml", ".yml")) else None
    return (
        found["key"] if found and ("," in found["list"] or re.search(r"[a-rtv-z]s$|_by$|_in$", found["key"])) else line
    )


@check(Rule("hygiene.secret", "warning", "Documents hold no keys or passwords"))
def secrets(statement: Statement) -> Iterator[Finding]:
    found = list(_secrets(statement.source.lines))
    if found:
        (first, what), *others = found
        yield Finding(
            "hygiene.secret", "warning", statement.file, first,
            f"This looks like a secret ({what}). It is not imported until somebody has settled it.",
            "Revoke it, and remove it from the file and its history.",
            tuple((statement.file, line) for line in dict.fromkeys(line for line, _ in others)),
        )  # fmt: skip


@check_all(Rule("hygiene.linked_secret", "warning", "Files that documents link to hold no keys or passwords"))
def linked_secrets(statements: list[Statement], setting: Setting) -> Iterator[Finding]:
    for file, data in sorted(setting.linked.items()):
        if b"\0" in data:
            continue
        found = list(_secrets(data.decode("utf-8", "replace").splitlines()))
        if found:
            (first, what), *others = found
            yield Finding(
                "hygiene.linked_secret", "warning", file, first,
                f"This looks like a secret ({what}). The file is not stored until somebody has settled it.",
                "Revoke it, and remove it from the file and its history.",
                tuple((file, line) for line in dict.fromkeys(line for line, _ in others)),
            )  # fmt: skip


@check(Rule("hygiene.broken_link", "warning", "What a document links to in its tree is there"))
def broken_links(statement: Statement, setting: Setting) -> Iterator[Finding]:
    if statement.source.file.endswith((".yaml", ".yml")):
        return
    missing: dict[str, list[int]] = defaultdict(list)
    for number, line in _lines(statement):
        for target in links_in_line(line):
            if setting.places.leads(statement.file, target) is False:
                missing[target].append(number)
    for target, (first, *others) in missing.items():
        yield Finding(
            "hygiene.broken_link", "warning", statement.file, first, f"The link to {target!r} leads to no file here.",
            "Correct the link, or add the file.", tuple((statement.file, line) for line in others),
        )  # fmt: skip


@check(Rule("hygiene.surplus_cells", "warning", "No row of a table has more cells than its head"))
def surplus_cells(statement: Statement) -> Iterator[Finding]:
    """What stands behind the last column belongs to nothing, and no page shows it. One finding a document."""
    if statement.source.file.endswith((".yaml", ".yml")):
        return
    columns, before, found = 0, "", []
    for number, line in _lines(statement):
        if "-" in line and all(_TABLE_RULE.fullmatch(cell.strip()) for cell in _cells(line)):
            columns = len(_cells(before)) if "|" in before else 0
        elif "|" not in line:
            columns = 0
        elif columns and len(_cells(line)) > columns:
            found.append((number, len(_cells(line)), columns))
        before = line
    if found:
        (first, cells, head), *others = found
        yield Finding(
            "hygiene.surplus_cells", "warning", statement.file, first,
            f"The row has {cells} cells and the head of its table {head}: what is behind them is not read.",
            "Add a column, or write a bar inside a cell as \\|.",
            tuple((statement.file, line) for line, _, _ in others),
        )  # fmt: skip


@check(Rule("hygiene.stars", "warning", "Stars and labels of difficulty go together"))
def stars_against_labels(statement: Statement) -> Iterator[Finding]:
    """Within one document as many stars have one label; the one most used is taken for meant."""
    labels: dict[int, Counter[str]] = defaultdict(Counter)
    places: dict[tuple[int, str], list[int]] = defaultdict(list)
    for number, line in _lines(statement):
        if "difficulty" in line.casefold() and (found := _STARS.search(line)):
            count, label = len(found["stars"]), found["label"].strip()
            labels[count][label] += 1
            places[count, label].append(number)
    for count, used in labels.items():
        usual = used.most_common(1)[0][0]
        for label in used:
            if label != usual:
                first, *others = places[count, label]
                yield Finding(
                    "hygiene.stars", "warning", statement.file, first,
                    f"{count} stars are called {label!r} here and mostly {usual!r} in this document.",
                    "Make stars and label agree; the label is what counts.",
                    tuple((statement.file, line) for line in [*others, places[count, usual][0]]),
                )  # fmt: skip


@check(Rule("hygiene.dated_figure", "info", "Salaries and prices are not older than 18 months"))
def dated_figures(statement: Statement, setting: Setting) -> Iterator[Finding]:
    """Figures that say of when they are; a year by itself counts from its December. One finding a document."""
    if statement.kind in ("quiz", "native"):
        return
    old: dict[int, date] = {}
    for number, line in _lines(statement):
        if _FIGURE.search(line) and (day := _said_of(line)) is not None and _months_after(day, 18) < setting.today:
            old[number] = day
    if old:
        first, *others = old
        oldest = min(old.values())
        yield Finding(
            "hygiene.dated_figure", "info", statement.file, first,
            f"Figures of {oldest:%Y-%m} are older than 18 months.", "Look them up again, and say of when they are.",
            tuple((statement.file, line) for line in others),
        )  # fmt: skip


def _cells(line: str) -> list[str]:
    """The cells of a row as tables have them: a bar in code divides, too, unless a backslash stands before it."""
    cells = _BAR.split(line.strip())
    return cells[bool(cells[0].strip() == "") : len(cells) - (len(cells) > 1 and cells[-1].strip() == "")]


def _secrets(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Shown by its first letters only; a key's frame without a key in it is an example."""
    for number, line in enumerate(lines, 1):
        yield from ((number, f"{shown}...") for _, _, shown in secrets_in(line))
        after = lines[number] if number < len(lines) else ""
        if _KEY_FRAME.search(line) and _KEY_BODY.search(after):
            yield number, "the body of a private key"


def _said_of(line: str) -> date | None:
    """The latest day that a line names; None without a year."""
    days = []
    for found in _DAY.finditer(line):
        month = int(found["month"]) if found["month"] else _MONTHS.get((found["name"] or "")[:3].casefold(), 12)
        if 1 <= month <= 12:
            days.append(date(int(found["year"] or found["after"]), month, 1))
    return max(days, default=None)


def _months_after(day: date, months: int) -> date:
    """The first day of the month that begins so many months after the month of *day* has ended."""
    number = day.year * 12 + day.month + months
    return date(number // 12, number % 12 + 1, 1)


def _lines(statement: Statement) -> Iterator[tuple[int, str]]:
    """The lines of a document, without its blocks of code."""
    return outside_code(statement.source.lines)
