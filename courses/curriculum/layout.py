"""What two texts in Markdown have in common where only their layout differs.

Soft breaks are spaces, blanks collapse outside code, and list markers mean nothing;
everything else (quotes, dashes, emphasis, code) is content.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Fields that hold Markdown; of others (starter files, commands, answers) every blank is content.
PROSE = frozenset(
    {
        "text", "summary", "body", "narrative", "stem", "explanation", "hint", "mitigation", "meaning", "note",
        "philosophy", "approach", "constraints", "audience",
    }
)  # fmt: skip


def is_layout(field: str, before: object, after: object) -> bool:
    """Whether a field, by its dotted name, changed its layout only."""
    parts = [part for part in field.split(".") if not part.isdecimal()]
    prose = parts[0] != "spec" and parts[-1] in PROSE
    return prose and isinstance(before, str) and isinstance(after, str) and _content(before) == _content(after)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _content(text: str) -> list[tuple[str, ...]]:
    return [part for token in _parser().parse(text) for part in _block(token)]


def _block(token: Token) -> Iterator[tuple[str, ...]]:
    if token.type != "inline":
        yield token.type, token.tag, token.info, token.content
        return
    words = ""
    for child in token.children or ():
        if child.type in ("text", "softbreak"):
            words += child.content if child.type == "text" else " "
            continue
        yield "words", " ".join(words.split())
        words = ""
        yield child.type, child.content, *(f"{name}={value}" for name, value in sorted(child.attrs.items()))
    yield "words", " ".join(words.split())
