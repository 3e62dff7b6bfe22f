"""Quizzes that other sources state, and which of them is the quiz of a document or the row of a roadmap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from courses.curriculum.findings import Finding
from courses.curriculum.kinds import Draft
from courses.curriculum.merge.join import Merged, title_of
from courses.curriculum.merge.quizzes import apart, bare, bare_of, fits
from courses.curriculum.merge.titles import words

TWO_QUIZZES = "import.two_quizzes"


@dataclass(frozen=True, slots=True)
class QuizStated:
    """A quiz as sources stated it last.

    :ivar stated_by: those sources.
    :ivar asked_by: those of them that state its questions.
    """

    program: str
    path: str
    title: str
    stated_by: frozenset[str]
    asked_by: frozenset[str]

    @property
    def home(self) -> str:
        """The id of its module; empty for a quiz of the program itself."""
        return self.path.rpartition("/")[0]


@dataclass(slots=True)
class QuizzesElsewhere:
    """The quizzes that other sources state, as *source* finds them.

    :ivar findings: quizzes that look like one, and are kept apart as they were.
    """

    known: Sequence[QuizStated] = ()
    source: str = ""
    findings: list[Finding] = field(default_factory=list)

    def same(self, quiz: Merged, program: str | None, home: str, titles: Iterable[str]) -> QuizStated | None:
        """The one quiz of *home* that *quiz* is: one has the questions, the other announces it.

        :param titles: what the module is called, *quiz* apart.
        """
        inside = [each for each in self.known if (each.program, each.home) == (program, home)]
        if not inside:
            return None
        asked = bool(quiz.under("question"))
        others = [each for each in inside if each.stated_by - {self.source}]
        free = [each for each in others if bool(each.asked_by - {self.source}) != asked]
        about = [words(title) for title in titles if title]
        found = [each for each in free if _is_one(each, quiz, about, asked=asked, only=len(others) == 1)]
        if len(found) != 1:
            return None
        mine = next((each for each in inside if each.stated_by == {self.source} and bool(each.asked_by) == asked), None)
        if mine is None:
            return found[0]
        self._keep_apart(quiz, mine, found[0])
        return None

    def of_program(self, quiz: Merged) -> QuizStated | None:
        """The one quiz of a whole program that *quiz* is."""
        programs = sorted({each.program for each in self.known if not each.home})
        found = [each for program in programs if (each := self.same(quiz, program, "", ())) is not None]
        return found[0] if len(found) == 1 else None

    def _keep_apart(self, quiz: Merged, mine: QuizStated, other: QuizStated) -> None:
        claim = quiz.claims[0]
        there = ", ".join(sorted(other.stated_by - {self.source})) or "another file"
        self.findings.append(
            Finding(
                TWO_QUIZZES,
                "warning",
                claim.statement.file,
                claim.line,
                f"quiz:{mine.path} looks like quiz:{other.path} of {there}; both were imported, so both stay.",
                "If they are one quiz, leave it out of one of the two sources.",
            )
        )


def _is_one(known: QuizStated, quiz: Merged, about: list[frozenset[str]], *, asked: bool, only: bool) -> bool:
    claim = quiz.claims[0]
    label = known.path.rpartition("/")[2].replace("-", " ")
    there, here = bare_of(known.title, label, known.home), bare(claim)
    if not known.home:
        return words(known.title) == words(title_of(claim))
    row, document = (there, here) if asked else (here, there)
    return fits(row, document, about, only=only)


def beside_native(
    native: Mapping[tuple[str | None, str], Draft], drafts: Mapping[tuple[str | None, str], Draft]
) -> Iterator[Finding]:
    """Name quizzes of documents that become a second one of a module which has one in a native file.

    Those of which one is called a final and the other not, or which have other numbers, are two.

    :param native: drafts of native files by program and address, before those of documents join them.
    """
    for place, draft in drafts.items():
        if draft.kind != "quiz" or place in native or draft.parent is None:
            continue
        others = [
            each for key, each in native.items() if key not in drafts
            and (each.kind, each.program, each.parent) == ("quiz", draft.program, draft.parent)
        ]  # fmt: skip
        for other in others:
            if not apart(str(draft.body.get("title") or ""), str(other.body.get("title") or "")):
                yield Finding(
                    TWO_QUIZZES, "warning", draft.file, draft.line,
                    f"quiz:{draft.path} becomes a second quiz beside quiz:{other.path}, which the native file has.",
                    "If they are one quiz, leave it out of one of them, or give both one title.",
                    ((other.file, other.line),),
                )  # fmt: skip
