"""The register of lint rules, and what a check may know beside the documents.

A check yields findings of the rules that it is registered with. It looks at one
document, or at all documents of a run, and may ask for the :class:`Setting` by a
second parameter::

    @check(Rule("sums.module_hours", "warning", "The parts of a module's hours add up to its total"))
    def module_hours(statement: Statement) -> Iterator[Finding]: ...

    @check_all(Rule("conflicts.hours", "warning", "..."), Rule("conflicts.title", "warning", "..."))
    def conflicts(statements: list[Statement], setting: Setting) -> Iterator[Finding]: ...
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from courses.curriculum.findings import Finding, Severity
from courses.curriculum.sources.claims import Statement
from courses.curriculum.sources.links import Places


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as reports name it.

    :param id: stable, ``family.name``.
    :param severity: the usual one; a finding says its own.
    :param title: what holds where the rule finds nothing, in a line.
    """

    id: str
    severity: Severity
    title: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run knows beside its documents.

    :ivar today: the day that dated figures are compared with.
    :ivar known: ids that exist elsewhere (``known:`` of ``.waymark/import.yaml``).
    :ivar places: where the links of documents lead to.
    :ivar linked: contents of the files that documents link to and that are no documents themselves.
    """

    today: date = field(default_factory=date.today)
    known: frozenset[str] = frozenset()
    places: Places = field(default_factory=Places)
    linked: Mapping[str, bytes] = field(default_factory=dict)


OneCheck = Callable[..., Iterator[Finding]]


@dataclass(slots=True)
class Checks:
    """Rules by id, and the checks that find them."""

    rules: dict[str, Rule] = field(default_factory=dict)
    of_one: list[OneCheck] = field(default_factory=list)
    of_all: list[OneCheck] = field(default_factory=list)

    def declare(self, *rules: Rule) -> None:
        for rule in rules:
            if rule.id in self.rules:
                raise ValueError(f"rule {rule.id} is registered twice")
            self.rules[rule.id] = rule

    def run(
        self, statements: list[Statement], setting: Setting, *, on_failure: Callable[[str], None] | None = None
    ) -> Iterator[Finding]:
        """What all checks find: first document by document, then across them.

        :param on_failure: called with the name of a check that broke down, so that
            the others still run; without it the exception is the caller's.
        """
        calls = [(function, each) for function in self.of_one for each in statements]
        for function, what in [*calls, *((function, statements) for function in self.of_all)]:
            try:
                yield from _called(function, what, setting)
            except Exception:
                if on_failure is None:
                    raise
                on_failure(f"the check {function.__module__}.{function.__name__}")


checks = Checks()


def check(*rules: Rule) -> Callable[[OneCheck], OneCheck]:
    """Register a check of one document: ``(statement)`` or ``(statement, setting)``."""

    def registered(function: OneCheck) -> OneCheck:
        checks.declare(*rules)
        checks.of_one.append(function)
        return function

    return registered


def check_all(*rules: Rule) -> Callable[[OneCheck], OneCheck]:
    """Register a check across documents: ``(statements)`` or ``(statements, setting)``."""

    def registered(function: OneCheck) -> OneCheck:
        checks.declare(*rules)
        checks.of_all.append(function)
        return function

    return registered


def _called(function: OneCheck, what: Any, setting: Setting) -> Iterator[Finding]:
    wants_setting = len(inspect.signature(function).parameters) > 1
    yield from function(what, setting) if wants_setting else function(what)
