"""Modules by what they are called: which one a prerequisite in words is, or may be. Registers no rule."""

from __future__ import annotations

import re

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


class Titles:
    """The modules of all documents, looked up among those of the same role."""

    def __init__(self, statements: list[Statement]) -> None:
        self._modules: list[tuple[str, str, frozenset[str], frozenset[str]]] = []
        for statement in statements:
            for claim in statement.of_kind("module"):
                if claim.key:
                    title = title_of(claim)
                    self._modules.append((claim.key, folded(title), words_of(title), roles_of(claim)))

    def exact(self, text: str, claim: Claim) -> str | None:
        """The module of the same role whose full title *text* is."""
        found = {key for key, title, _, roles in self._modules if title == folded(text) and _near(roles, claim)}
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
        found = {
            key for key, _, words, roles in self._modules if wanted and wanted <= words and _near(roles, claim)
        } - {claim.key}  # fmt: skip
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


def _near(roles: frozenset[str], claim: Claim) -> bool:
    own = roles_of(claim)
    return not own or not roles or bool(own & roles)
