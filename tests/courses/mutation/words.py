"""Which word or figure of a line is changed, and into what."""

from __future__ import annotations

import random
import re
from collections.abc import Collection

_WORD, _WORD_END = re.compile(r"[\w-]*"), re.compile(r"[\w-]*$")
_TOKEN = re.compile(r"\d+|[^\W\d_]{3,}")
# The template's own words, which say what stands beside them and nothing themselves: labels with the
# words in parentheses behind them, numbers of lists and sections, what a heading calls its number, the number of a lab
# or question (which is order), units, marks of a matrix.
_TEMPLATE = re.compile(
    r"""^\s*\d+[.)]\s
      | ^\s*(?:[-*+]\s+)?\*\*[^*]+(?::\*\*|\*\*\s*(?:\([^()]*\)\s*)?:)
      | ^\s*-?\s*[\w-]+:(?=\s|$)
      | ^\#+\s*(?:question|q)\s*\d+
      | ^\#+\s*(?:\d+(?:\.\d+)+\s+)?(?:[^\W\d]+\s*\d+\s*[-–:]\s*)?[^\W\d]+[\s-]*(?=\d)
      | ^\|\s*(?:(?:lab|exercise|activity)\s+\d+|assessment)\s*(?=\|)
      | \b(?:hours?|hrs|points?|weeks?|minutes?|exercises?|modules?|projects?|quizzes|level|months?|total|average)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def tokens(line: str) -> list[re.Match[str]]:
    """The words and figures of a line that are data."""
    template = {place for found in _TEMPLATE.finditer(line) for place in range(*found.span())}
    return [token for token in _TOKEN.finditer(line) if token.start() not in template]


def changed(line: str, chance: random.Random, ids: Collection[str] = (), text: str = "") -> str | None:
    """The line with one of its words or figures changed; None for one that has none.

    :param ids: what the line calls something by; figures in it are left alone where there is anything else.
    :param text: the whole document: an id is changed into none that it names already.
    """
    found = tokens(line)
    named = {int(figure) for key in ids for figure in re.findall(r"\d+", key)}
    found = [token for token in found if not token[0].isdecimal() or int(token[0]) not in named] or found
    if not found:
        return None
    token = chance.choice(found)
    old = token[0]
    if not old.isdecimal():
        return line[: token.start()] + f"{old}qx" + line[token.end() :]
    before, after = line[: token.start()], line[token.end() :]
    new = int(old) + 1
    while (word := f"{_WORD_END.search(before)[0]}{str(new).zfill(len(old))}{_WORD.match(after)[0]}") in text:  # type: ignore[index]
        if "-" not in word:
            break
        new += 1
    return before + str(new).zfill(len(old)) + after


def figures(line: str, ids: Collection[str]) -> list[int]:
    """The figures of *ids* in a line."""
    named = {int(figure) for key in ids for figure in re.findall(r"\d+", key)}
    return [int(token[0]) for token in tokens(line) if token[0].isdecimal() and int(token[0]) in named]
