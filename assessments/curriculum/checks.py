"""What a quiz says of its questions that the tree does not hold."""

from __future__ import annotations

from collections.abc import Iterator

from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft
from courses.curriculum.native.reading import Reading


def quizzes_ask_what_is_there(reading: Reading) -> Iterator[Finding]:
    """A finding for each section that begins behind the last question, and each pool that is too small for its draw."""
    for draft in reading.drafts.values():
        if draft.kind == "quiz" and draft.body:
            paths = draft.children.get("questions", ())
            under = [reading.drafts.get((draft.program, f"question:{path}")) for path in paths]
            questions = [each for each in under if each is not None and each.body]
            yield from _sections(draft, len(questions))
            yield from _draws(draft, [each.body["pool"] for each in questions])


def _sections(draft: Draft, there: int) -> Iterator[Finding]:
    for place, section in enumerate(draft.body["sections"]):
        if section["first"] > there:
            yield Finding(
                "native.section_start", "error", draft.file, draft.line_of(f"sections.{place}.first"),
                f"The section {section['title'] or place + 1!r} begins with question {section['first']}; "
                f"the quiz has {there}.",
                "Count the questions anew, or remove the section.",
            )  # fmt: skip


def _draws(draft: Draft, pools: list[str | None]) -> Iterator[Finding]:
    for place, draw in enumerate(draft.body["draws"]):
        there = pools.count(draw["pool"])
        if there < draw["count"]:
            yield Finding(
                "native.draw_too_large", "warning", draft.file, draft.line_of(f"draws.{place}.count"),
                f"{draw['count']} questions are drawn from the pool {draw['pool']}, which has {there}.",
                "Draw fewer, or give more questions that pool.",
            )  # fmt: skip
