"""What a quiz says of its questions that the tree does not hold, and labs that nobody can check as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft
from courses.curriculum.native.reading import Reading

BY_PEOPLE = frozenset({"checklist", "peer_review"})
"""Types of check that people do; their modules are in ``grading.checks.kinds``."""


def labs_are_checked_by_people_or_machines(reading: Reading) -> Iterator[Finding]:
    """A finding for each lab that has checks of both sorts: its points would come from two places at two times."""
    for draft in reading.drafts.values():
        if draft.kind == "lab":
            under = [reading.drafts.get((draft.program, f"check:{path}")) for path in draft.children.get("checks", ())]
            found = [(each, each.body["type"] in BY_PEOPLE) for each in under if each is not None and each.body]
            if len({people for _, people in found}) > 1:
                people = next(each for each, by_people in found if by_people)
                yield Finding(
                    "native.mixed_checks", "error", people.file, people.line,
                    f"People do the check {people.path}, and machines do others of its lab.",
                    "Make two labs of it, or a project with a rubric.",
                )  # fmt: skip


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
