"""How the facts of a thing fill the body of its kind; one function a kind, registered by its name.

A function gives plain data for the kind's body. Fields that the body lacks and that
people should still read become notes or sections of its text.
"""

from collections.abc import Callable
from typing import Any

from courses.curriculum.drafts.facts import Facts, Place
from courses.curriculum.drafts.names import Names
from courses.curriculum.drafts.values import line, text
from courses.curriculum.kinds import registry
from courses.curriculum.merge.join import title_of

Body = dict[str, Any]
Shape = Callable[[Facts, Names], Body]
SHAPES: dict[str, Shape] = {}
# What a document states beside the facts, where the name of the field does not say it.
LABELS = {
    "program hours": "Total hours", "next": "Next modules", "passing": "Passing score", "coverage": "Covers",
    "projects_percent": "Share of projects", "exercises_text": "Exercises",
}  # fmt: skip


def shape(*kinds: str) -> Callable[[Shape], Shape]:
    """Register the shape of *kinds*."""

    def register(function: Shape) -> Shape:
        SHAPES.update(dict.fromkeys(kinds, function))
        return function

    return register


def body_of(facts: Facts, names: Names) -> Body | None:
    """The body of a thing as plain data; None for a kind that documents do not make."""
    if facts.thing.kind not in SHAPES or facts.thing.kind not in registry:
        return None
    made = SHAPES[facts.thing.kind](facts, names)
    if facts.thing.kind != "program" and (said := versions(facts)):
        made["versions"] = said
    made["stated"] = [*made.get("stated", ()), *(entry for entry, _ in beside(facts))]
    return {name: value for name, value in made.items() if value is not None}


def versions(facts: Facts) -> Body:
    """What documents say of themselves; the maintainer of a thing is an owner, and stands beside it."""
    about = facts.peek("about")
    about = about if isinstance(about, dict) else {}
    return {name: line(about[name]) for name in ("version", "updated", "metadata_version") if about.get(name)}


def same(facts: Facts, *fields: str) -> Body:
    """The fields that are written as the body has them."""
    return {name: facts.get(name) for name in fields if name in facts}


def called(facts: Facts) -> str:
    """What a thing is called: by its winning title, else by the label of its document."""
    claim = facts.thing.claims[0]
    return line(facts.get("title") or next(filter(None, map(title_of, facts.thing.claims)), "") or claim.label)


def notes(facts: Facts, **labels: str) -> list[str]:
    """One note for each entry of the fields of *labels*, with what the field is called before it."""
    made = []
    for name, label in labels.items():
        value = facts.get(name)
        for each in value if isinstance(value, list) else [value]:
            if words := text(each):
                made.append(f"{label}: {words}" if label else words)
    return made


def beside(facts: Facts) -> list[tuple[Body, Place]]:
    """Everything that no field of the body holds, with the kind of document that says it, and where.

    File and line are kept beside the body: a document may be renamed, and its lines move.
    """
    return [
        ({"what": what_of(facts.thing.kind, name), "value": words, "source": fact.document}, fact.place)
        for name, fact in facts.untold()
        for each in (fact.value if isinstance(fact.value, list) else [fact.value])
        if (words := text(each))
    ]


def what_of(kind: str, name: str) -> str:
    """A field in words: ``points_each`` is *Points each*."""
    words = line(name.replace("_", " ").replace(".", ": ").strip()).capitalize()
    return LABELS.get(f"{kind} {name}") or LABELS.get(name) or words
