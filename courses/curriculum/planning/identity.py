"""Which thing is which, where a document gives no id: by its words, in its parent, against what its source stated last.

First equal words, then the closest, at least half alike, and the same label before
others. So a reworded objective stays itself, a lab that is only renumbered keeps its
learners' work, and what is new under an old label is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from functools import partial

from courses.curriculum.kinds import Draft, Reference, registry
from courses.curriculum.native.reading import Reading
from courses.curriculum.planning.entries import keep_entry_ids
from courses.curriculum.planning.sources import Place, at_present, renamed_in
from courses.curriculum.references import replaced_at

ALIKE = 0.5


def keep_ids(reading: Reading, before: dict[Place, Draft]) -> Reading:
    """*reading* with the ids that things without an authored one had *before*, its source's last statement."""
    if not before:
        return reading
    drafts, before = dict(reading.drafts), at_present(before, dict(renamed_in(reading)))
    # Parents come first: what stands under something is looked for where that one stands now.
    for depth in range(max((draft.path.count("/") for draft in drafts.values()), default=0) + 1):
        renamed = dict(_renamed(drafts, before, depth))
        if renamed:
            drafts = dict(_moved(drafts, renamed))
    for place, draft in drafts.items():
        if (old := before.get(place)) is not None and not is_native(draft):
            drafts[place] = replace(draft, body=keep_entry_ids(draft.body, old.body))
    return replace(reading, drafts=drafts)


def is_native(draft: Draft) -> bool:
    """Whether a native file states it, whose ids are its author's."""
    return 0 in draft.given.values()


def _renamed(drafts: dict[Place, Draft], before: dict[Place, Draft], depth: int) -> Iterator[tuple[Place, str]]:
    """Places whose path is another one, with it."""
    groups: dict[tuple[str | None, str, str], list[Place]] = defaultdict(list)
    for place, draft in drafts.items():
        if not draft.authored and not draft.was and draft.parent and draft.path.count("/") == depth:
            groups[draft.program, draft.kind, draft.parent].append(place)
    for (program, kind, parent), places in groups.items():
        known = {place: draft for place, draft in before.items()
                 if (draft.program, draft.kind, draft.parent) == (program, kind, parent)}  # fmt: skip
        kept = {place for place, draft in drafts.items() if draft.authored or draft.was}
        pairs = _pairs(
            [drafts[place] for place in places], [each for place, each in known.items() if place not in kept]
        )
        taken = {draft.path for draft in known.values()}
        for place in places:
            path = place[1].partition(":")[2]
            if place in pairs:
                path = pairs[place]
            elif path in taken:
                # What stood here is another thing, whose work stays with it.
                path = next(free for number in range(2, 10_000) if (free := f"{path}-{number}") not in taken)
            taken.add(path)
            if path != place[1].partition(":")[2]:
                yield place, path


def _pairs(new: list[Draft], old: list[Draft]) -> dict[Place, str]:
    """New places and the paths of the old ones that they are."""
    found: dict[Place, str] = {}
    left = {draft.path: words_of(draft) for draft in old}
    open_ = {(draft.program, draft.address): (draft.path, words_of(draft)) for draft in new}

    def settle(place: Place, path: str) -> None:
        found[place] = path
        del left[path], open_[place]

    for same_path in (True, False):
        for place, (path, words) in list(open_.items()):
            equal = [each for each, other in left.items() if other == words and (not same_path or each == path)]
            if equal:
                settle(place, equal[0])
    for place, (path, words) in list(open_.items()):
        if path in left and _alike(words, left[path]) >= ALIKE:
            settle(place, path)
    ranked = sorted(
        ((_alike(words, other), place, each) for place, (_, words) in open_.items() for each, other in left.items()),
        key=lambda row: -row[0],
    )
    for likeness, place, each in ranked:
        if likeness >= ALIKE and place in open_ and each in left:
            settle(place, each)
    # A question is also found by its title, whatever it asks now.
    for draft in new:
        title = str(draft.body.get("title") or "") if draft.kind == "question" else ""
        same = [each.path for each in old if each.path in left and title and each.body.get("title") == title]
        if same and (place := (draft.program, draft.address)) in open_:
            settle(place, same[0])
    return found


def words_of(draft: Draft) -> str:
    """What a thing is known by: the stem and right options of a question, the text or title of others."""
    names = ("stem", "text", "title", "competency", "what", "covers", "skill")
    words = next((str(draft.body[name]) for name in names if draft.body.get(name)), "")
    right = (
        str(each["text"]) for each in draft.body.get("options") or () if isinstance(each, dict) and each.get("right")
    )
    return " ".join(" ".join((words, *right)).casefold().split())


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _moved(drafts: dict[Place, Draft], renamed: dict[Place, str]) -> Iterator[tuple[Place, Draft]]:
    """All drafts, with what is renamed and what stands under it at its place, and lists that name it."""
    paths = {(place[0], place[1].partition(":")[0], drafts[place].path): path for place, path in renamed.items()}
    above = {(place[0], f"{drafts[place].path}/", place[1]): path for place, path in renamed.items()}

    def now(program: str | None, kind: str, path: str, parents: set[str]) -> str:
        if (own := paths.get((program, kind, path))) is not None:
            return own
        for (owner, prefix, address), new in above.items():
            if owner == program and address in parents and path.startswith(prefix):
                return f"{new}/{path.removeprefix(prefix)}"
        return path

    def named(draft: Draft, reference: Reference, value: str) -> str:
        """A name of what has another id now, as long as it was written."""
        place = draft.path
        while True:
            path = f"{place}/{value}".lstrip("/")
            for kind in reference.kinds:
                if (other := drafts.get((draft.program, f"{kind}:{path}"))) is not None:
                    present = now(draft.program, kind, path, set(_ancestors(drafts, other)))
                    return "/".join(present.split("/")[-value.count("/") - 1 :])
            if not place:
                return value
            place = place.rpartition("/")[0]

    for draft in drafts.values():
        parents = set(_ancestors(drafts, draft))
        path = now(draft.program, draft.kind, draft.path, parents)
        parent = draft.parent
        if parent:
            kind, _, over = parent.partition(":")
            parent = f"{kind}:{now(draft.program, kind, over, parents)}"
        own = {*parents, draft.address}
        children = {
            key: [now(draft.program, _kind_of(draft, key), each, own) for each in listed]
            for key, listed in draft.children.items()
        }
        body = draft.body
        for reference in registry.get(draft.kind).refs:
            body = replaced_at(body, reference.field, partial(named, draft, reference))
        moved = replace(draft, path=path, parent=parent, children=children, body=body)
        yield (draft.program, f"{draft.kind}:{path}"), moved


def _ancestors(drafts: dict[Place, Draft], draft: Draft) -> Iterator[str]:
    while draft.parent and (draft.program, draft.parent) in drafts:
        yield draft.parent
        draft = drafts[draft.program, draft.parent]


def _kind_of(draft: Draft, key: str) -> str:
    return registry.children_of(draft.kind)[key]
