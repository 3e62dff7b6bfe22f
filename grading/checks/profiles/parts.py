"""What stands in for tools of a profile that need a network or are not there: files read by structure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from grading.checks.structure.assertions import Assertion
from grading.checks.structure.formats import FORMATS
from grading.checks.structure.reading import LARGEST, Misread, Refused, text_of

Texts = Mapping[str, str]

_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^`\n]{0,100})")
_HEADING: Final = re.compile(r"(#{1,6})[ \t]+(\S.*)")
_LINK: Final = re.compile(r"\]\(<?([^)\s<>]{1,2000})")
_ELSEWHERE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|/")

CONVENTIONS: Final = tuple(
    Assertion(path=path, message=message, of=of, **test)  # type: ignore[arg-type]
    for path, of, test, message in (
        ("terraform[*].required_version", "any", {"matches": "[0-9]"}, "A version of Terraform is required."),
        (
            "terraform[*].required_providers[*].*.version", "any", {"matches": "[0-9]"},
            "A version of every provider is required.",
        ),
        ("variable.*[0].type", "every", {"exists": True}, "Every variable has a type."),
        ("variable.*[0].description", "every", {"matches": r"\S"}, "Every variable has a description."),
        ("output.*[0].description", "every", {"matches": r"\S"}, "Every output has a description."),
    )
)  # fmt: skip


def texts_of(files: Mapping[str, bytes]) -> Texts:
    """:class:`Refused` when they are too large together, :class:`Misread` when one is no text."""
    if sum(map(len, files.values())) > LARGEST:
        raise Refused(f"The files are larger than {LARGEST} bytes together.")
    texts = {}
    for name, data in files.items():
        try:
            texts[name] = text_of(data)
        except Misread as misread:
            raise Misread(f"{name}: {misread}") from misread
    return texts


def layout(texts: Texts) -> str:
    """Blanks that a formatter would take away."""
    for name, text in texts.items():
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip():
                return f"{name}:{number}: there are blanks at the end of the line."
            if "\t" in line[: len(line) - len(line.lstrip())]:
                return f"{name}:{number}: the line is indented with a tab."
        if text and not text.endswith("\n"):
            return f"{name}: the last line has no end."
    return ""


def terraform_reads(texts: Texts) -> str:
    """Whether each folder is Terraform by its structure; a problem with place, or nothing."""
    for names in _by_folder(texts):
        FORMATS["terraform"]([texts[name] for name in names])
    return ""


def terraform_conventions(texts: Texts) -> str:
    """What tflint asks of a module that has such blocks at all."""
    for names in _by_folder(texts):
        whole = FORMATS["terraform"]([texts[name] for name in names])
        for each in CONVENTIONS:
            kind = re.split(r"[.\[]", each.path)[0]
            if (kind == "terraform" or kind in whole) and (problem := each.problem(whole)):
                return f"{posixpath.dirname(names[0]) or 'The folder'}: {problem}"
    return ""


def _by_folder(texts: Texts) -> list[list[str]]:
    folders: dict[str, list[str]] = {}
    for name in sorted(texts):
        folders.setdefault(posixpath.dirname(name), []).append(name)
    return list(folders.values())


def markdown_style(texts: Texts) -> str:
    """One title at the top, levels of headings one by one, fences that end and say what is in them."""
    for name, text in texts.items():
        level = 0
        for number, line, fence in _lines(text):
            if fence is not None:
                if not fence:
                    return f"{name}:{number}: the block of code does not say its language, or has no end."
                continue
            if (heading := _HEADING.match(line)) is None:
                if not level and line.strip():
                    return f"{name}:{number}: the file does not begin with a title (# ...)."
                continue
            found = len(heading[1])
            if found > level + 1 or (found == 1 and level):
                return f"{name}:{number}: a heading of level {found} has no place below one of level {level}."
            level = found
        if not level:
            return f"{name}: there is no title in it."
    return layout(texts)


def _lines(text: str) -> list[tuple[int, str, str | None]]:
    """Number, line, and where a block of code begins its language (empty when something is missing); none inside."""
    found: list[tuple[int, str, str | None]] = []
    open_fence, began = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        fence = _FENCE.match(line)
        if open_fence:
            if fence and fence[1].startswith(open_fence) and not fence[2].strip():
                open_fence = ""
        elif fence:
            open_fence, began = fence[1], number
            found.append((number, line, fence[2].strip()))
        else:
            found.append((number, line, None))
    if open_fence:
        found.append((began, "", ""))
    return found


def links_lead_somewhere(texts: Texts, names: frozenset[str]) -> str:
    """Every relative link leads to a file of the work, or to a folder of it; others are not followed."""
    folders = {parent for name in names for parent in _parents(name)}
    for name, text in texts.items():
        for number, line, fence in _lines(text):
            for target in _LINK.findall(line) if fence is None else ():
                if _ELSEWHERE.match(target):
                    continue
                path = unquote(re.split("[#?]", target)[0])
                there = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
                if there not in names and there not in folders:
                    return f"{name}:{number}: there is no {path[:200]!a} in the work."
    return ""


def _parents(name: str) -> list[str]:
    parts = name.split("/")[:-1]
    return [".", *("/".join(parts[:length]) for length in range(1, len(parts) + 1))]


def prose(texts: Texts) -> str:
    """Words that stand twice in a row, and notes that were left for later."""
    for name, text in texts.items():
        for number, line, fence in _lines(text):
            if fence is None and (found := re.search(r"\b([A-Za-z]{2,40})[ ]+\1\b", line[:5000])):
                return f"{name}:{number}: the word {found[1]!a} is there twice."
            if fence is None and (note := re.search(r"\b(TODO|FIXME|TBD|XXX)\b", line)):
                return f"{name}:{number}: {note[1]} is left in the text."
    return ""
