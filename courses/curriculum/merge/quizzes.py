"""Quizzes that have a document of their own, joined with what announces them: a row of a roadmap, a link of a program.

A quiz document names its module by id or number and title, never by number alone,
and is one quiz with the module's only one whose title fits. Two documents of one
title are one quiz where they ask the same; else one title names two things.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from courses.curriculum.merge.join import Joined, Merged, absorb, ends_with, id_alike, join, title_of
from courses.curriculum.merge.titles import fit, words
from courses.curriculum.sources.claims import Claim, Statement

_FORMS = words("quiz quizzes module mod assessment test exam knowledge check questions")
_CALLED = words("quiz assessment test exam check")
# What tells two quizzes of one module apart.
_KINDS = words("mid midterm final pre post entry prerequisite practice diagnostic comprehensive checkpoint retake")


def join_documents(statements: Iterable[Statement]) -> Joined:
    """Bring the claims of *statements* together, quizzes with what announces them as well."""
    joined = join(statements)
    _doubled_unite(joined)
    announcing = [quiz for program in joined.of_kind("program") for quiz in program.under("quiz")]
    for quiz in [each for each in joined.loose if each.kind == "quiz"]:
        if (found := announced(quiz, announcing) or _of_module(quiz, joined)) is not None:
            absorb(found, quiz)
            joined.loose.remove(quiz)
    return joined


def announced(quiz: Merged, known: Iterable[Merged]) -> Merged | None:
    """The one of a program's quizzes that links to the file of a quiz, or has a title of the same words."""
    name = PurePosixPath(quiz.claims[0].statement.file).name
    free = [each for each in known if not _has_document(each)]
    linked = [each for each in free if PurePosixPath(str(each.claims[0].get("stated.link") or "")).name == name]
    alike = [each for each in free if words(title_of(each.claims[0])) == words(title_of(quiz.claims[0]))]
    return next((found[0] for found in (linked, alike) if len(found) == 1), None)


def same_title(one: Claim, other: Claim) -> bool:
    """Whether one title of a quiz only says less than the other: *Assessment*, *Ports Quiz*, *Module 801: Ports*."""
    first, second = bare(one), bare(other)
    return first <= second or second <= first


def _has_document(quiz: Merged) -> bool:
    return any(claim.statement.kind == "quiz" for claim in quiz.claims)


def _doubled_unite(joined: Joined) -> None:
    known: dict[tuple[object, ...], Merged] = {}
    for quiz in [each for each in joined.loose if each.kind == "quiz"]:
        claim = quiz.claims[0]
        place = words(title_of(claim)), claim.get("stated.module_id"), claim.get("stated.module_number")
        first = known.setdefault(place, quiz)
        if first is quiz or not title_of(claim):
            continue
        if _asked(first) != _asked(quiz):
            joined.doubled.append((claim, first.claims[0]))
            continue
        first.claims += quiz.claims
        for one, other in zip(first.children, quiz.children, strict=True):
            one.claims += other.claims
        joined.loose.remove(quiz)


def _asked(quiz: Merged) -> list[tuple[str, dict[str, object]]]:
    return [(each.kind, {name: fact.value for name, fact in each.claims[0].fields.items()}) for each in quiz.children]


def _of_module(quiz: Merged, joined: Joined) -> Merged | None:
    claim = quiz.claims[0]
    modules = [each for each in joined.of_kind("module") if each.key and _is_about(claim, each)]
    if len(modules) != 1:
        return None
    [module] = modules
    of_module = module.under("quiz")
    about = [words(title_of(each)) for each in module.claims]
    only = len(of_module) == 1
    fitting = [each for each in of_module if fits(bare(each.claims[0]), bare(claim), about, only=only)]
    return fitting[0] if len(fitting) == 1 and not _has_document(fitting[0]) else None


def _is_about(quiz: Claim, module: Merged) -> bool:
    """Whether a quiz says that it is of a module: by its id, or by its title, and then by its number if it has one."""
    title, number = str(quiz.get("stated.module_title") or ""), str(quiz.get("stated.module_number") or "")
    titles = [each for claim in module.claims if (each := title_of(claim))]
    fits = any(fit(title, each) for each in titles)
    if key := quiz.get("stated.module_id"):
        return id_alike(key, module.key) and (fits or not titles or not title)
    return bool(words(title) - _FORMS - _KINDS) and fits and (not number or ends_with(module.key, number))


def fits(one: frozenset[str], other: frozenset[str], about: list[frozenset[str]], *, only: bool) -> bool:
    """Whether a quiz that a module announces is the one of a document.

    :param one: what it is called in the module, besides *quiz* (:func:`bare`).
    :param other: what the document calls it, likewise.
    :param about: the words of the module's titles.
    :param only: whether the module announces no other quiz.
    """
    # Of a module on practices, the word tells nothing apart.
    kinds = _KINDS.difference(*about)
    apart = [{word for word in each if word in kinds or word.isdigit()} for each in (one, other)]
    if apart[0] != apart[1]:
        return False
    one, other = one - apart[0], other - apart[0]
    if not one:
        return only and (not other or any(_alike(other, each) for each in about))
    return _alike(one, other) if other else any(_alike(one, each) for each in about)


def apart(one: str, other: str) -> bool:
    """Whether the titles of two quizzes say that they are two: *final* and *practice*, *Quiz 1* and *Quiz 2*.

    Numbers of three digits are those of modules.
    """
    first, second = (
        {word for word in words(title) if word in _KINDS or (word.isdigit() and len(word) < 3)}
        for title in (one, other)
    )
    return first != second


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return one <= other or other <= one or 3 * len(one & other) >= 2 * max(len(one), len(other))


def bare(claim: Claim) -> frozenset[str]:
    """The words of what a claim calls a quiz, besides *quiz* and its module's id (:func:`bare_of`)."""
    ids = f"{claim.get('stated.module_id') or ''} {claim.get('stated.module_number') or ''}"
    return bare_of(title_of(claim), claim.label, ids)


def bare_of(title: str, label: str, ids: str) -> frozenset[str]:
    """What a quiz is about by its title, or its label where its title calls it nothing of the kind."""
    called = title if words(title) & _CALLED else label
    return words(called) - _FORMS - words(ids)
