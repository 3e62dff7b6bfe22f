"""Modules by what they are called: which one a prerequisite in words is, or may be. Registers no rule."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from courses.curriculum.lint.entities import parts_of, words_of
from courses.curriculum.merge.join import title_of
from courses.curriculum.sources.claims import Claim, Statement
from courses.curriculum.sources.parts import folded

# Words that say how much of a subject is meant, and not which.
_GENERAL = words_of(
    "fundamentals basics basic essentials introduction intro familiarity knowledge experience foundations concepts "
    "skills proficiency understanding module completed track working"
)


_OF_A_PROGRAM = re.compile(r"\b(?:curriculum|program(?:me)?|track|master plan)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Module:
    key: str
    words: frozenset[str]
    roles: frozenset[str]


class Titles:
    """The modules of all documents, looked up among those of the same role."""

    def __init__(self, statements: list[Statement]) -> None:
        self._by_title: dict[str, list[_Module]] = defaultdict(list)
        self._by_word: dict[str, list[_Module]] = defaultdict(list)
        for statement in statements:
            for claim in statement.of_kind("module"):
                if claim.key:
                    title = title_of(claim)
                    module = _Module(claim.key, words_of(title), roles_of(claim))
                    self._by_title[folded(title)].append(module)
                    for word in module.words:
                        self._by_word[word].append(module)

    def exact(self, text: str, claim: Claim) -> str | None:
        """The module of the same role whose full title *text* is."""
        found = _near(self._by_title.get(folded(text), ()), claim)
        return found.pop() if len(found) == 1 else None

    def alternatives(self, edge: Claim, claim: Claim) -> list[str]:
        """The alternatives of a requirement of *claim*, full titles as ids; none for what asks for one thing."""
        given = [value for _, value in parts_of(edge, "any_of") if isinstance(value, str)]
        skill = edge.get("skill")
        if given or not isinstance(skill, str):
            return [self.exact(each, claim) or each for each in given]
        ids = [self.exact(re.sub(r"^either\s", "", each), claim) for each in re.split(r",?\sor\s", skill)]
        return [each for each in ids if each] if len(ids) > 1 and all(ids) else []

    def likely(self, text: str, claim: Claim) -> str | None:
        """The one module of the same role that *text* probably means."""
        wanted = words_of(text) - _GENERAL
        # Whatever has all the words has the rarest of them.
        rarest = min((self._by_word.get(word, []) for word in wanted), key=len, default=[])
        found = _near((each for each in rarest if wanted <= each.words), claim) - {claim.key}
        return found.pop() if len(found) == 1 else None


def program_role(program: Claim) -> str:
    """The role that a program is for, else what it is called without *curriculum* and *program*."""
    return str(program.get("role") or _OF_A_PROGRAM.sub("", title_of(program))).strip()


def roles_of(claim: Claim) -> frozenset[str]:
    """The roles of a module or project, however they are written; else of its program, or what that is called."""
    named = [fact.value for name, fact in claim.fields.items() if name.startswith("roles.")]
    if not named and claim.parent is not None:
        named = [program_role(claim.parent)]
    return frozenset(folded(str(role).strip()) for role in named if role)


def _near(modules: Iterable[_Module], claim: Claim) -> set[str]:
    """The ids of those of the role of *claim*, as far as both say one."""
    own = roles_of(claim)
    return {each.key for each in modules if not own or not each.roles or own & each.roles}
