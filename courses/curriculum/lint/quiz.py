"""What must hold inside one quiz: every question has a key that is one of its options, and figures are true."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from courses.curriculum.findings import Finding, Severity
from courses.curriculum.lint.entities import number_of
from courses.curriculum.lint.register import Rule, check, checks
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.readers.quiz.answers import answer_of, compared, named_with, pairs_of, plain, worded
from courses.curriculum.sources.readers.quiz.figures import figure_of
from courses.curriculum.sources.readers.quiz.kinds import SELECT_ALL
from courses.curriculum.sources.readers.quiz.order import order_of

checks.declare(
    Rule("quiz.key_twice", "warning", "A key answers every question once"),
    Rule("quiz.key_unread", "warning", "Every answer of a key is understood"),
    Rule("quiz.key_without_question", "warning", "Every answer of a key belongs to a question"),
)
NO_ANSWER = Rule("quiz.no_answer", "error", "Every question has an answer")
NO_OPTION = Rule("quiz.answer_not_an_option", "error", "Every answer is one of the question's options")
CONFLICT = Rule(
    "quiz.key_conflict", "error", "Answers at a question and in the key, by letter and by words, are the same"
)
PLACEHOLDER = Rule("quiz.placeholder", "error", "No question is text of a template")
PASSING = Rule("quiz.passing_score", "warning", "The passing count is the passing percent of the questions")
COUNT = Rule("quiz.question_count", "warning", "There are as many questions as stated")
POINTS = Rule("quiz.points", "warning", "The points of the questions add up to the stated total")
DUPLICATE = Rule("quiz.duplicate_options", "warning", "The options of a question differ")
SELECT_ONE = Rule("quiz.select_all_one", "warning", "What asks to select all that apply has more than one answer")
NUMBER_TWICE = Rule("quiz.number_twice", "warning", "No two questions have one number")
GUESSABLE = Rule("quiz.guessable_key", "info", "A key cannot be guessed from its letters or the length of the options")

_CODE = re.compile(r"```.*?```|~~~.*?~~~|``.*?``|`[^`\n]*`", re.DOTALL)
_BRACKETS = re.compile(r"(?<![\w\]!$\\(])\[(?P<inside>[A-Za-z][A-Za-z0-9 /,.:&'\u2019-]*)\](?![(\[:\w])")
_TODO = re.compile(r"\b(?:TODO|TBD|FIXME|lorem ipsum)\b|<(?:option|answer|question|insert)[^<>]*>", re.IGNORECASE)
_NO_TEMPLATE = re.compile(
    r"^(?:[A-J](?:, ?[A-J])*$|x\b|select|choose|check|easy|medium|hard|"
    r"beginner|intermediate|advanced|true|false|multiple|single|bonus|code|"
    r"points?|pts|remember|understand|apply|analy[sz]e|evaluate|create|optional|hint|scenario|note)\b", re.IGNORECASE,
)  # fmt: skip
MOST = Decimal("0.6")
ENOUGH = 8
Letters = tuple[str, ...]


def quizzes(statement: Statement) -> Iterator[tuple[Claim, list[Claim]]]:
    if statement.kind == "quiz":
        for quiz in statement.of_kind("quiz"):
            yield quiz, quiz.under("question")


def _finding(rule: Rule, claim: Claim, field: str, message: str, fix: str, severity: Severity | None = None,
             related: tuple[tuple[str, int], ...] = ()) -> Finding:  # fmt: skip
    file, line = claim.place(field)
    return Finding(rule.id, severity or rule.severity, file, line, message, fix, related)


def _named(question: Claim) -> str:
    return question.get("stated.label") or question.label[:60]


def options(question: Claim) -> dict[str, str]:
    """Letter to text."""
    places = sum(name.startswith("options.") and name.endswith(".id") for name in question.fields)
    return {str(question.get(f"options.{at}.id")).upper(): question.get(f"options.{at}.text") for at in range(places)}


def right(question: Claim) -> Letters:
    return tuple(
        str(question.get(f"{name.rsplit('.', 1)[0]}.id")).upper()
        for name in question.fields
        if name.startswith("options.") and name.endswith(".right")
    )


def _letters(question: Claim, text: str) -> Letters | str:
    """The letters that an answer names, or which option it words; else its words, for comparing."""
    known = options(question)
    same = tuple(letter for letter, option in known.items() if compared(option) == compared(text))
    if same:
        return same[:1]
    if several := worded(text, known):
        return tuple(sorted(set(several)))
    if one := named_with(text, known):
        return (one,)
    answer = answer_of(text)
    if answer.truth is not None:
        return str(answer.truth)
    return tuple(sorted(set(answer.letters))) if answer.letters and known else compared(text)


def truth_in(text: str) -> bool | None:
    """What an answer to a statement says of it: ``True``, ``F - because``; None for anything else."""
    answer = answer_of(text)
    if answer.truth is None and answer.letters[:1] in (("T",), ("F",)):
        return answer.letters[0] == "T"
    return answer.truth


def _worded(question: Claim, text: str) -> str | None:
    """The option whose words stand behind the letter of another one."""
    named, words = _letters(question, text), compared(answer_of(text).rest)
    if not isinstance(named, tuple) or len(named) != 1 or not words:
        return None
    same = [letter for letter, option in options(question).items() if compared(option) == words]
    return same[0] if same and named[0] not in same else None


def placeholders(text: str) -> list[str]:
    """Text of a template that was left: ``[Option A]``; code, links, boxes and marks of points are none."""
    shown = _CODE.sub(" ", text)
    found = [match[0] for match in _BRACKETS.finditer(shown) if not _NO_TEMPLATE.match(match["inside"])]
    return found + [match[0] for match in _TODO.finditer(shown)]


@check(PLACEHOLDER)
def template_left(statement: Statement) -> Iterator[Finding]:
    for quiz, questions in quizzes(statement):
        lines: list[int] = []
        for question in questions:
            held = {line for fact in question.fields.values() if placeholders(str(fact.value)) for line in fact.lines}
            lines += [line for line in held if placeholders(statement.source.line(line))]
        lines = sorted(set(lines))
        if lines:
            places = tuple((statement.file, line) for line in lines[1:])
            shown = f"{', '.join(map(str, lines[:40]))}{', ...' if len(lines) > 40 else ''}"
            yield Finding(
                PLACEHOLDER.id, PLACEHOLDER.severity, statement.file, lines[0],
                f"{quiz.address} is not written yet: text of the template stands on {len(lines)} lines: {shown}.",
                "Write the questions, or leave the quiz out until they are written.", places,
            )  # fmt: skip


@check(NO_ANSWER, NO_OPTION, CONFLICT)
def answered(statement: Statement) -> Iterator[Finding]:
    for _, questions in quizzes(statement):
        for question in questions:
            own = question.get("stated.answer")
            keys = [name for name in question.fields if name.startswith("stated.key.")]
            said = [(name, question.get(name)) for name in ("stated.answer", *keys) if question.get(name)]
            if any(placeholders(text) for _, text in said):
                continue
            known, chosen = options(question), right(question)
            if not said and not chosen and question.get("answer") is None:
                yield _finding(NO_ANSWER, question, "stated.number", f"{_named(question)} has no answer, so it "
                    f"cannot be asked.",
                               "Add its answer below the options, or to the key.")  # fmt: skip
            for name, text in said if known or question.get("type") == "true_false" else []:
                wrong = [letter for letter in _letters(question, text) if letter not in known] if known else []
                if isinstance(_letters(question, text), tuple) and wrong:
                    yield _finding(NO_OPTION, question, name,
                                   f"{_named(question)} is answered {text!r}, but its options are {', '.join(known)}.",
                                   "Name one of the options.", related=(question.place("options.0.id"),))  # fmt: skip
                elif question.get("type") == "true_false" and question.get("answer") is None:
                    yield _finding(NO_OPTION, question, name,
                                   f"{_named(question)} is answered {text[:60]!r}, which is neither true nor false.",
                                   "Write true or false.")  # fmt: skip
                elif (
                    not chosen
                    and question.get("type") not in ("true_false", "matching", "ordering")
                    and isinstance(_letters(question, text), str)
                ):
                    yield _finding(NO_OPTION, question, name,
                                   f"{_named(question)} is answered {text[:60]!r}, which is none of its options.",
                                   "Write the letter of the right option.")  # fmt: skip
            if question.get("type") == "matching" and said and "pairs.0" not in question.fields:
                yield _finding(NO_OPTION, question, said[0][0],
                               f"{_named(question)} is answered {said[0][1][:60]!r}, which does not say what goes with "
                               "what.",
                               "Write each pair: `1-B, 2-A`, or `Left -> Right` on a line of its own.")  # fmt: skip
            if question.get("type") == "ordering" and "items.0" not in question.fields:
                name = said[0][0] if said else "stated.number"
                yield _finding(NO_OPTION, question, name,
                               f"{_named(question)} asks for an order, and its answer does not name each of "
                               f"{', '.join(known)} once.", "Name all of them in the right order.")  # fmt: skip
            for name, text in said if known else []:
                if (other := _worded(question, text)) is not None:
                    yield _finding(CONFLICT, question, name,
                                   f"{_named(question)} is answered {text[:60]!r}, which has the letter of one option "
                                   f"and the words of {other}.", "Correct the wrong one.")  # fmt: skip
            for name in keys if own else []:
                text = question.get(name)
                if not _agree(question, own, text):
                    yield _finding(
                        CONFLICT, question, "stated.answer",
                        f"{_named(question)} is answered {own[:60]!r} where it is asked, and {text[:60]!r} in the key.",
                        "Correct the wrong one.",
                        related=((statement.file, question.fields[name].lines[-1]),),
                    )  # fmt: skip


def _agree(question: Claim, one: str, other: str) -> bool:
    truths = {truth for text in (one, other) if (truth := truth_in(text)) is not None}
    if question.get("type") == "true_false" and not options(question):
        return len(truths) < 2
    figures = [figure_of(plain(text)) for text in (one, other)]
    if figures[0] and figures[1]:
        units = {figure.unit for figure in figures if figure and figure.unit}
        return figures[0].value == figures[1].value and len(units) < 2
    if question.get("type") == "ordering":
        known = options(question)
        orders = [order_of(text, list(known), list(known.values())) for text in (one, other)]
        return orders[0] == orders[1]
    if question.get("type") == "matching":
        pairs = [{(left.casefold(), right.casefold()) for left, right in pairs_of(text)} for text in (one, other)]
        return pairs[0] == pairs[1]
    first, second = _letters(question, one), _letters(question, other)
    if isinstance(first, str) and isinstance(second, str):
        return first == second or first in second or second in first or not options(question)
    return first == second


@check(PASSING)
def passing(statement: Statement) -> Iterator[Finding]:
    for quiz, questions in quizzes(statement):
        percent, count = quiz.get("passing.percent"), quiz.get("passing.count")
        if percent is None or count is None:
            continue
        asked = [each for each in questions if not each.get("bonus")]
        of = quiz.get("passing.of") or quiz.get("stated.questions") or len(asked)
        exact = Decimal(percent) * Decimal(of) / 100
        fitting = {exact.to_integral_value(way) for way in (ROUND_CEILING, ROUND_HALF_UP)}
        if Decimal(count) not in fitting:
            yield _finding(
                PASSING, quiz, "passing.count",
                f"{count} of {of} is not {percent} %: that would be {exact.to_integral_value(ROUND_CEILING)}. "
                f"The percent counts.",
                "Correct one of the figures.",
            )  # fmt: skip
        elif quiz.get("passing.of") and int(of) not in (len(asked), len(questions)) and quiz.get("points") != of:
            yield _finding(PASSING, quiz, "passing.of",
                           f"The passing score is out of {of}, but there are {len(asked)} questions.",
                           "Correct the figure. The percent counts.")  # fmt: skip


@check(POINTS)
def points(statement: Statement) -> Iterator[Finding]:
    """Where every question says its points; what bonus questions give may be counted in the total, or not."""
    for quiz, questions in quizzes(statement):
        total, asked = number_of(quiz.get("points")), [each for each in questions if not each.get("bonus")]
        figures = {id(each): number_of(each.get("points")) for each in questions}
        known = [figures[id(each)] or Decimal() for each in asked]
        whole = sum(known) + sum(figures[id(each)] or Decimal() for each in questions if each.get("bonus"))
        if total is not None and asked and all(known) and total not in (sum(known), whole):
            yield _finding(POINTS, quiz, "points",
                           f"The questions give {sum(known):f} points; {total:f} are stated.",
                           "Correct the total, or the points of a question; the questions are what counts.",
                           related=tuple(each.place("points") for each in asked))  # fmt: skip


@check(COUNT, NUMBER_TWICE)
def counts(statement: Statement) -> Iterator[Finding]:
    for quiz, questions in quizzes(statement):
        asked = [each for each in questions if not each.get("bonus")]
        total = quiz.get("stated.questions")
        if total is not None and int(total) not in (len(asked), len(questions)):
            yield _finding(COUNT, quiz, "stated.questions",
                           f"{total} questions are stated, but there are {len(asked)}.",
                           "Correct the number.")  # fmt: skip
        yield from _sections(statement, quiz, questions)
        yield from _numbers(quiz, questions)


def _numbers(quiz: Claim, questions: list[Claim]) -> Iterator[Finding]:
    """Where numbers begin again, each section has its own."""
    starts = [quiz.place(name)[1] for name in quiz.fields if name.startswith("stated.sections.")]
    again = sum(question.get("stated.number") == "1" for question in questions) > 1
    seen: dict[tuple[int, str], Claim] = {}
    for question in questions:
        if number := question.get("stated.number"):
            section = sum(start < question.line for start in starts) if again else 0
            first = seen.setdefault((section, number), question)
            if first is not question:
                yield _finding(NUMBER_TWICE, question, "stated.number", f"Two questions have the number {number}.",
                               "Number them anew, and the key as well.",
                               related=(first.place("stated.number"),))  # fmt: skip


def _sections(statement: Statement, quiz: Claim, questions: list[Claim]) -> Iterator[Finding]:
    fields = [name for name in quiz.fields if name.startswith("stated.sections.")]
    starts = [quiz.place(name)[1] for name in fields]
    for at, name in enumerate(fields):
        value = quiz.get(name)
        end = starts[at + 1] if at + 1 < len(starts) else len(statement.source.lines) + 1
        inside = [each for each in questions if starts[at] < each.line < end]
        counted = [each for each in inside if not each.get("bonus")]
        stated = int(value["questions"]) if "questions" in value else None
        if "first" in value and stated is None:
            stated = int(value["last"]) - int(value["first"]) + 1
        if stated is not None and stated not in (len(counted), len(inside)):
            yield _finding(COUNT, quiz, name, f"{value['title']!r} states {stated} questions, but has {len(inside)}.",
                           "Correct the number.")  # fmt: skip


@check(DUPLICATE, SELECT_ONE)
def choices(statement: Statement) -> Iterator[Finding]:
    for _, questions in quizzes(statement):
        for question in questions:
            known, chosen = options(question), right(question)
            names = [name for name in question.fields if name.startswith("options.") and name.endswith(".id")]
            letters = Counter(str(question.get(name)).upper() for name in names)
            for letter, times in letters.items():
                if times > 1:
                    yield _finding(DUPLICATE, question, "options.0.id", f"{_named(question)} has the option "
                        f"{letter} twice.",
                                   "Give each option a letter of its own.", "error")  # fmt: skip
            seen: dict[str, str] = {}
            for at, (letter, text) in enumerate(known.items()):
                other = seen.setdefault(compared(text), letter)
                if other != letter and text.strip() and not placeholders(text):
                    ambiguous = (letter in chosen) != (other in chosen)
                    yield _finding(
                        DUPLICATE, question, f"options.{at}.id",
                        f"The options {other} and {letter} of {_named(question)} are the same"
                        f"{', and only one of them is right' if ambiguous else ''}.",
                        "Change one of them.", "error" if ambiguous else "warning",
                    )  # fmt: skip
            whole = f"{question.get('title')} {question.get('stem')} {question.get('stated.type')}"
            if len(chosen) == 1 and len(known) > 2 and SELECT_ALL.search(whole):
                field = next(name for name in question.fields if name.endswith(".right"))
                file, _ = question.place(field)
                yield Finding(
                    SELECT_ONE.id, SELECT_ONE.severity, file, question.fields[field].lines[-1],
                    f"{_named(question)} asks to select all that apply, but only {chosen[0]} is right.",
                    "Ask for one option, or name the other right ones.", (question.place("stem"),),
                )  # fmt: skip


@check(GUESSABLE)
def guessable(statement: Statement) -> Iterator[Finding]:
    for quiz, questions in quizzes(statement):
        single = [
            (options(each), right(each)[0]) for each in questions if len(right(each)) == 1 and len(options(each)) > 2
        ]
        if len(single) < ENOUGH:
            continue
        letter, times = Counter(letter for _, letter in single).most_common(1)[0]
        if Decimal(times) / len(single) >= MOST:
            yield _finding(GUESSABLE, quiz, "title",
                           f"{letter} is right in {times} of {len(single)} questions of {quiz.address}: who "
                           f"always takes it passes most of them.",
                           "Shuffle the options.")  # fmt: skip
        longest = sum(
            all(len(known[chosen]) > len(text) for name, text in known.items() if name != chosen)
            for known, chosen in single
        )
        if Decimal(longest) / len(single) >= Decimal("0.8"):
            yield _finding(GUESSABLE, quiz, "title",
                           f"The longest option is right in {longest} of {len(single)} questions of {quiz.address}.",
                           "Make wrong options as long as right ones.")  # fmt: skip
