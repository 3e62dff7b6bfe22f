"""The kinds of authored entities, and the registry that the apps fill.

A kind says what a document of it may hold: the body (its own content, one
revision) and the lists of children, each an entity of its own. ``courses``
registers its kinds here; *assessments* and *grading* register theirs from
``AppConfig.ready()``, so the engine knows no rubric and no policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from courses.curriculum.bodies.base import Body


@dataclass(frozen=True, slots=True)
class Reference:
    """A field of a body that names something else, for the check of references.

    :param field: dotted place in the body; ``*`` is every entry of a list, or every key of a mapping.
    :param kinds: what it may name.
    :param scale: purpose of the scale of which it names a level instead.
    :param binds: it locks, scores or builds a path, so that naming nothing is an
        error; a function says so by the body.
    :param or_words: it may also be words; only what is written like an id must name something.
    :param aliases: it may also be an alias.
    :param beside: place in the same body whose values it may name instead.
    """

    field: str
    kinds: tuple[str, ...] = ()
    scale: str = ""
    binds: bool | Callable[[Mapping[str, Any]], bool] = False
    or_words: bool = False
    aliases: bool = False
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Implied:
    """A child that a document has by what it says elsewhere.

    :param key: the list of children that it joins, at its end.
    :param field: what implies it, whose line it has.
    :param entry: as a document would write it.
    """

    key: str
    field: str
    entry: Mapping[str, Any]


Implying = Callable[[Mapping[str, Any], Mapping[str, list[dict[str, Any]]]], Iterable[Implied]]


@dataclass(frozen=True, slots=True)
class EntityKind:
    """One kind of entity.

    :param name: first part of the address (``lab`` in ``lab:MOD-101/101-04``).
    :param body: strict content model; its canonical JSON is what a revision hashes.
    :param children: key of a document -> kind of the entities listed under it.
    :param only: at most one per parent, written as one mapping instead of a list.
    :param label_fields: the fields from whose first given an id is made where none is given.
    :param shared: belongs to the installation, not to one program.
    :param project: dotted name of the function that writes the typed rows of one
        entity at one revision (see ``courses.curriculum.projection``); a name, so
        that documents can be read and linted without a database.
    :param refs: the fields that name something else.
    :param recorded: dotted fields that a release records, and that never make one.
    :param verbatim: fields that are data and no Markdown: a link in them is none.
    :param united: lists beside ``stated`` whose entries are statements: what several sources state is all kept.
    :param keyed: mappings of rules by what they are for, which are decided rule by rule; null rules nothing.
    :param whole: lists of children that are taken from the highest ranking source that has any.
    :param implied: the children that a body implies beside those, by key, that are written down.
    :param facts: fields that are one fact together, and are taken from one document.
    :param schema: number of the body's schema, raised when its meaning changes.
    """

    name: str
    body: type[Body]
    project: str
    children: dict[str, str] = field(default_factory=dict)
    only: bool = False
    label_fields: tuple[str, ...] = ("title",)
    shared: bool = False
    refs: tuple[Reference, ...] = ()
    recorded: tuple[str, ...] = ()
    verbatim: tuple[str, ...] = ()
    united: tuple[str, ...] = ()
    keyed: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    implied: Implying | None = None
    schema: int = 1

    def unites(self, name: str) -> bool:
        """Whether a field is a list of statements, which nobody overrules."""
        return name == "stated" or name in self.united

    def gathers(self, name: str) -> bool:
        """Whether a field is made of what several sources say, so that none has it whole."""
        return self.unites(name) or name in self.keyed

    def fact_of(self, name: str) -> tuple[str, ...]:
        """The fields that are decided together with one."""
        return next((fact for fact in self.facts if name in fact), (name,))


class KindRegistry:
    """Kinds by name, in order of registration: parents and targets come first."""

    def __init__(self) -> None:
        self._kinds: dict[str, EntityKind] = {}
        self._extra_children: dict[str, dict[str, str]] = {}

    def register(self, kind: EntityKind) -> EntityKind:
        if kind.name in self._kinds:
            raise ValueError(f"kind {kind.name} is registered twice")
        self._kinds[kind.name] = kind
        return kind

    def allow_children(self, parent: str, **keys: str) -> None:
        """Let documents of a lower app's kind hold entities of a higher app (quizzes in a module)."""
        self._extra_children.setdefault(parent, {}).update(keys)

    def get(self, name: str) -> EntityKind:
        try:
            return self._kinds[name]
        except KeyError:
            raise KeyError(f"unknown kind {name!r}; known are {', '.join(sorted(self._kinds))}") from None

    def __contains__(self, name: str) -> bool:
        return name in self._kinds

    def children_of(self, name: str) -> dict[str, str]:
        return {**self.get(name).children, **self._extra_children.get(name, {})}

    def order_of(self, name: str) -> int:
        return list(self._kinds).index(name)

    def all(self) -> Iterable[EntityKind]:
        return self._kinds.values()


registry = KindRegistry()


@dataclass(frozen=True, slots=True)
class Origin:
    """A source that an exported entity was made of.

    :param file: where it stated the entity, for people.
    :param hash: of what it stated (``courses.curriculum.canonical.statement_hash``).
    """

    source: str
    file: str
    hash: str


@dataclass(slots=True)
class Draft:
    """One entity as a source states it, before it is compared with anything.

    ``children`` maps a key of the document to the drafts under it, in order.
    ``lines`` gives the line of every field in ``file`` (1-based), ``elsewhere`` file
    and line of those that another document gives. ``given`` has the fields that are
    stated, each with the rank of its document; the others are defaults. Without an
    ``authored`` id it is found again by its words. ``was`` has its former ids, ``part_of``
    those of them that others were, too, and ``fresh`` says that it is another thing than
    what had its id before. ``origins`` are the sources of an export.
    ``disputed`` says that its documents differ on what it needs, or that one says that it needs nothing.
    """

    kind: str
    path: str
    body: dict[str, Any]
    file: str
    line: int
    parent: str | None = None
    program: str | None = None
    was: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()
    fresh: bool = False
    children: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    elsewhere: dict[str, tuple[str, int]] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    authored: bool = True
    disputed: bool = False
    origins: tuple[Origin, ...] = ()

    @property
    def address(self) -> str:
        return f"{self.kind}:{self.path}"

    def line_of(self, place: str) -> int:
        """The line of a place in the body (``steps.2.to``), or of what holds it."""
        while place:
            if place in self.lines:
                return self.lines[place]
            place = place.rpartition(".")[0]
        return self.line
