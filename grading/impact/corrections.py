"""What a plan corrects of what grades were made of: keys and weights of questions, points of quizzes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from assessments.questions.key import key_of
from courses.curriculum.canonical import revision_hash
from courses.curriculum.compare import Comparison
from courses.curriculum.kinds import Draft
from grading.graders.again import Corrected, Corrections


def corrections_of(comparison: Comparison, drafts: Mapping[str, Draft]) -> tuple[Corrections, dict[int, str]]:
    """The corrections, and for each question and quiz of them its address.

    A question of another type is another question to those who answered it: what
    they got for it stands. So does what they got for one that is retired.

    :param drafts: address -> what will be current.
    """
    former = {new: old for old, new in comparison.renamed}
    questions: dict[int, Corrected] = {}
    points: dict[int, Fraction] = {}
    addresses: dict[int, str] = {}
    for address in dict.fromkeys(change.entity for change in (*comparison.changed, *comparison.reordered)):
        kind = address.partition(":")[0]
        if kind not in ("question", "quiz"):
            continue
        draft, item = drafts[address], comparison.current.items[former.get(address, address)]
        if item.key is None:
            continue
        if kind == "quiz" and Fraction(draft.body["points"]) != Fraction(item.body["points"]):
            points[item.key] = Fraction(draft.body["points"])
        elif kind == "question" and _is_corrected(item.body, draft.body):
            questions[item.key] = Corrected(revision_hash(draft), draft.body)
        else:
            continue
        addresses[item.key] = address
    return Corrections(questions, points), addresses


def _is_corrected(before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    return before["type"] == after["type"] and key_of(before) != key_of(after)
