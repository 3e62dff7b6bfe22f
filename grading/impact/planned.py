"""The shape that a program would have: what is current, with what a plan states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count

from assessments.curriculum.bodies import LabBody, QuestionBody, QuizBody
from assessments.selectors.bonus import Weighed, bonus_share
from courses.curriculum.aliases import fold, spellings
from courses.curriculum.bodies.module import ActivityBody, GradedBody, ModuleBody
from courses.curriculum.bodies.program import Completion, ProgramBody
from courses.curriculum.compare import Comparison
from courses.curriculum.kinds import Draft, registry
from courses.curriculum.registration import ACTIVITIES
from courses.models import Program
from grading.structure import ActivityShape, ModuleShape, Structure, structure_of

CHECKED_BY = ("questions", "checks", "rubric")


@dataclass(frozen=True, slots=True)
class Planned:
    """:ivar ids: address of an activity or module, former ones of what is retired too -> its identity row;
    what is new has a negative number."""

    structure: Structure
    ids: Mapping[str, int]


def planned_of(current: Structure, comparison: Comparison, drafts: Mapping[str, Draft]) -> Planned:
    """The shape of the program of *comparison* once *drafts* are applied.

    No query, but for the modules of other programs that it would place anew.
    """
    return _Builder(current, comparison, drafts).build()


@dataclass(slots=True)
class _Builder:
    current: Structure
    comparison: Comparison
    drafts: Mapping[str, Draft]
    ids: dict[str, int] = field(default_factory=dict)
    shapes: dict[int, ActivityShape] = field(default_factory=dict)

    def build(self) -> Planned:
        self._identify()
        self.shapes = dict(self.current.activities)
        for address in self.comparison.retired:
            if (shape := self.shapes.get(self.ids.get(address, 0))) is not None:
                self.shapes[shape.id] = replace(shape, retired=True, counts=False)
        for address, draft in self.drafts.items():
            if draft.kind in ACTIVITIES:
                self.shapes[self.ids[address]] = self._activity(self.ids[address], draft)
        modules = self._modules()
        program = self._program()
        structure = replace(
            self.current,
            modules=modules,
            activities=self.shapes,
            own=tuple(shape.id for shape in self.shapes.values() if shape.module_id is None),
            completion=_completion(program.completion),
            refs=self._refs(modules),
            successions=self._successions(),
        )
        return Planned(structure, self.ids)

    def _successions(self) -> dict[int, tuple[int, ...]]:
        found = dict(self.current.successions)
        for old, new in self.comparison.succeeded:
            key, part = self.ids[new], self.ids[old]
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), part)))
        return found

    def _identify(self) -> None:
        former = {new: old for old, new in self.comparison.renamed}
        retired = {f"{each.kind}:{each.path}": each.id for each in self.current.activities.values() if each.retired}
        fresh = count(-1, -1)
        items = self.comparison.current.items
        for address, draft in self.drafts.items():
            if draft.kind == "module" or draft.kind in ACTIVITIES:
                item = items.get(former.get(address, address))
                known = item.key if item is not None else retired.get(address)
                self.ids[address] = next(fresh) if known is None else known
        for address in self.comparison.retired:
            if (key := items[address].key) is not None:
                self.ids[address] = key

    def _activity(self, key: int, draft: Draft) -> ActivityShape:
        body = registry.get(draft.kind).body.model_validate(draft.body)
        assert isinstance(body, ActivityBody)
        checked = any(draft.children.get(name) for name in CHECKED_BY)
        ready = checked if draft.kind == "quiz" else draft.kind != "lab" or checked or bool(body.body.strip())
        points = body.points if isinstance(body, GradedBody | LabBody) else None
        parent = draft.parent or ""
        known = self.shapes.get(key)
        shape = known or ActivityShape(
            id=key, kind=draft.kind, path=draft.path, title=body.title, module_id=None,
            program_id=self.current.program_id, required=True, ready=True, counts=True, self_reported=False,
            retired=False, out_of=None, hours=None,
        )  # fmt: skip
        return replace(
            shape,
            path=draft.path,
            module_id=self.ids.get(parent) if parent.startswith("module:") else None,
            required=body.required,
            ready=ready,
            counts=body.required and ready,
            self_reported=not checked and draft.kind != "quiz",
            retired=False,
            out_of=None if points is None else Fraction(points),
            bonus=self._bonus(draft, body),
        )

    def _bonus(self, draft: Draft, body: ActivityBody) -> Fraction:
        if not isinstance(body, QuizBody):
            return Fraction(0)
        asked = [QuestionBody.model_validate(self.drafts[f"question:{path}"].body) for path in
                 draft.children.get("questions", [])]  # fmt: skip
        weighed = [Weighed(Fraction(each.points), each.bonus, each.pool or "") for each in asked]
        return bonus_share(weighed, {draw.pool: draw.count for draw in body.draws})

    def _program(self) -> ProgramBody:
        body = registry.get("program").body.model_validate(self.drafts[f"program:{self.comparison.program}"].body)
        assert isinstance(body, ProgramBody)
        return body

    def _modules(self) -> tuple[ModuleShape, ...]:
        """As placed: listed ones, optional ones, then own ones that no list names."""
        program = self._program()
        own = [address for address, draft in self.drafts.items() if draft.kind == "module"]
        places: dict[int, ModuleShape] = {}
        listed = [(ref, True) for ref in program.modules] + [(ref, False) for ref in program.optional_modules]
        # A module in both lists stands where the first one has it and is optional.
        optional = set(program.optional_modules)
        for ref, required in [*listed, *((address.partition(":")[2], True) for address in own)]:
            shape = self._module(ref)
            if shape is not None and shape.id not in places:
                places[shape.id] = replace(shape, required=required and ref not in optional)
        return tuple(places.values())

    def _module(self, ref: str) -> ModuleShape | None:
        slug, _, path = ref.rpartition(":")
        address = f"module:{path}"
        if slug in ("", self.comparison.program) and address in self.drafts:
            draft, key = self.drafts[address], self.ids[address]
            body = registry.get("module").body.model_validate(draft.body)
            assert isinstance(body, ModuleBody)
            shape = next((each for each in self.current.modules if each.id == key), None)
            shape = shape or ModuleShape(key, path, body.title, True, Fraction(0), None, ())
            inside = tuple(each.id for each in self.shapes.values() if each.module_id == key)
            return replace(shape, key=path, completion=_completion(body.completion), activities=inside)
        mine = set(self.ids.values())
        placed = next((each for each in self.current.modules if each.key == path and each.id not in mine), None)
        return placed or self._of_another_program(slug, path)

    def _of_another_program(self, slug: str, path: str) -> ModuleShape | None:
        other = Program.objects.filter(slug=slug).values_list("pk", flat=True).first() if slug else None
        if other is None:
            return None
        structure = structure_of(other)
        shape = next((each for each in structure.modules if each.key == path), None)
        if shape is not None:
            self.shapes |= {each: structure.activities[each] for each in shape.activities}
        return shape

    def _refs(self, modules: tuple[ModuleShape, ...]) -> dict[str, int]:
        """Aliases that name one thing only, former ids among them; paths win over them, own and current ones most."""
        named: dict[str, set[int]] = {}
        for alias, key in self.current.refs.items():
            named.setdefault(alias, set()).add(key)
        for address, draft in self.drafts.items():
            if address in self.ids:
                self._respell(address, draft, named)
        refs = {alias: next(iter(keys)) for alias, keys in named.items() if len(keys) == 1}
        own = self.current.program_id
        for shape in sorted(self.shapes.values(), key=lambda each: (not each.retired, each.program_id == own)):
            refs[shape.path] = shape.id
        mine = set(self.ids.values())
        for module in sorted(modules, key=lambda each: each.id in mine):
            refs[module.key] = module.id
        return refs

    def _respell(self, address: str, draft: Draft, named: dict[str, set[int]]) -> None:
        key = self.ids[address]
        now = spellings(draft.kind, draft.path, draft.body.get("aliases") or ())
        before = next((old for old, new in self.comparison.renamed if new == address), address)
        if (item := self.comparison.current.items.get(before)) is not None:
            path = before.partition(":")[2]
            gone = spellings(draft.kind, path, item.body.get("aliases") or ()) - now
            for alias in gone - ({fold(path)} if before != address else set()):
                named.get(alias, set()).discard(key)
        for alias in now:
            named.setdefault(alias, set()).add(key)


def _completion(completion: Completion | None) -> dict[str, object] | None:
    return completion.model_dump(mode="json") if completion else None
