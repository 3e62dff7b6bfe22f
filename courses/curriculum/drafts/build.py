"""Drafts of everything that documents state, where it belongs, with what could not become any."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from courses.curriculum.aliases import fold, slug_of
from courses.curriculum.drafts.edges import Edges, disputed, is_said_by_edges, says_none, target_of
from courses.curriculum.drafts.facts import Facts, Place
from courses.curriculum.drafts.names import Names, Wanted
from courses.curriculum.drafts.order import lists_order
from courses.curriculum.drafts.programs import Home, Programs, number_in
from courses.curriculum.drafts.quizzes import QuizStated, QuizzesElsewhere
from courses.curriculum.drafts.shapes import Body, activity, beside, body_of, learning, program, quality
from courses.curriculum.drafts.values import UNSTATED, Assumed, id_of, is_stated
from courses.curriculum.findings import Finding, Severity
from courses.curriculum.kinds import Draft, registry
from courses.curriculum.lint.conflicts import conflicts_between
from courses.curriculum.lint.titles import Titles
from courses.curriculum.merge.join import Joined, Merged, absorb, title_of
from courses.curriculum.merge.precedence import rank
from courses.curriculum.merge.quizzes import announced
from courses.curriculum.merge.single import overruled_take, single_unite
from courses.curriculum.native.reading import claim_former
from waymark.core.faults import fault_told

# Their functions are registered by being there.
FAMILIES = (activity, learning, program, quality)
_LAST_NUMBER = re.compile(r"(?<!\d)\d+$")
UNATTACHED, INCOMPLETE, NO_PLACE = "import.unattached", "import.incomplete", "import.no_place"
# What becomes nothing of these is told by itself.
_PLACED = ("module", "project", "path", "program")
_LOOSE = ("quiz", "lab", "rubric", "policy")


@dataclass(slots=True)
class Drafting:
    """Builds drafts; ``run`` fills ``drafts`` and ``findings``."""

    joined: Joined
    titles: Titles
    programs: Programs
    names: Names
    edges: Edges
    faulty: Collection[Place] = ()
    elsewhere: QuizzesElsewhere = field(default_factory=QuizzesElsewhere)
    drafts: dict[tuple[str | None, str], Draft] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    _made: set[int] = field(default_factory=set)
    _told: set[int] = field(default_factory=set)
    _paths: dict[int, str] = field(default_factory=dict)

    def run(self) -> None:
        self._find_homes()
        for thing in self._all():
            single_unite(thing)
            for gone, finding in overruled_take(thing):
                related = {*finding.related, *(place for each in gone for place in self._lost(each))}
                place = finding.file, finding.line
                self.findings.append(replace(finding, related=tuple(sorted(related - {place}))))
            if thing.kind in registry and registry.get(thing.kind).shared and self._wanted_role(thing):
                self._shared(thing)
        for slug, thing in self.programs.stated.items():
            self._program(slug, thing)
        for thing in self.joined.of_kind("role"):
            self._leads_to(thing)
        for thing in self.joined.things:
            if thing.kind in ("module", "project", "path"):
                self._placed(thing)
        for slug in self.programs.stated:
            if (listing := self.drafts.get((slug, f"program:{slug}"))) is not None:
                lists_order(listing, self.joined, self._paths)
        for thing in self.joined.loose:
            self._loose(thing)
        for (kind, path), wanted in self.names.wanted.items():
            self._make(kind, path, wanted)
        self._tell_left_over()

    def _tell_left_over(self) -> None:
        """What documents state of things that nothing here is, such as roles without a program: one info a document."""
        kept: dict[str, set[int]] = {}
        lost: dict[str, set[int]] = {}
        for thing in (each for top in (*self.joined.things, *self.joined.loose) for each in _with_children(top)):
            to = kept if id(thing) in self._made | self._told else lost
            for file, line in _places(thing):
                to.setdefault(file, set()).add(line)
        for file, lines in lost.items():
            if told := lines - kept.get(file, set()):
                message = f"{len(told)} lines are about roles or things that have no program here; nothing keeps them."
                fix = "Import their programs, too, to keep them."
                self._say(NO_PLACE, "info", (file, min(told)), message, fix, ((file, line) for line in told))

    def _find_homes(self) -> None:
        """What has no id of its own joins the one thing whose title fits."""
        keyed = {}
        for thing in self.joined.things:
            if thing.kind not in ("module", "project") or not thing.key:
                continue
            if slug := self.programs.of(thing) or self.programs.elsewhere_of(thing):
                titles = dict.fromkeys(map(title_of, thing.claims))
                self.programs.homes += [Home(slug, thing.kind, thing.key, title) for title in titles]
                keyed[slug, thing.kind, thing.key] = thing
        for thing in list(self.joined.things):
            if thing.kind not in ("module", "project") or thing.key:
                continue
            home = self._home(thing)
            if home is not None and (other := keyed.get((home.program, home.kind, home.path))) is not None:
                self.findings += conflicts_between(other, thing, self.titles)
                absorb(other, thing)
                self.joined.things.remove(thing)
        known = [each for program in self.programs.stated.values() for each in program.under("quiz")]
        for quiz in [each for each in self.joined.loose if each.kind == "quiz"]:
            if (found := announced(quiz, known)) is not None:
                absorb(found, quiz)
                self.joined.loose.remove(quiz)

    def _home(self, thing: Merged) -> Home | None:
        """The one module or project that something without an id is: its title fits, and its number if it says one.

        Of a program that is known the title alone must be the whole one.
        """
        slug = self.programs.of(thing)
        said = str(thing.claims[0].get("id") or "")
        number = number_in(thing.name) or (found[0] if (found := _LAST_NUMBER.search(said)) else "")
        home = self.programs.home(thing.kind, thing.name, number)
        if home is None or slug is None:
            return home
        same = bool(number) or fold(home.title) == fold(title_of(thing.claims[0]))
        return home if home.program == slug and same else None

    def _all(self) -> Iterator[Merged]:
        waiting = list(self.joined.things)
        while waiting:
            thing = waiting.pop(0)
            yield thing
            waiting += thing.children

    def _wanted_role(self, thing: Merged) -> bool:
        """A role that is only named makes nothing: it needs a program, or a document about it."""
        return thing.kind != "role" or "level" in Facts(thing).fields or self.programs.find(thing.name) is not None

    def _shared(self, thing: Merged) -> None:
        title = title_of(thing.claims[0])
        path = self.names.find(thing.kind, thing.key or title) or id_of(thing.key or thing.name)
        draft = self._draft(thing, path, None, None)
        if draft is not None:
            self.names.learn(thing.kind, path, title, thing.key)

    def _program(self, slug: str, thing: Merged) -> None:
        facts = Facts(thing, self.faulty)
        said = facts.get("role") or facts.get("title") or slug
        role = self.names.find("role", said) or self.names.find("role", slug) or slug
        if self.names.find("role", role) is None or (role in self.names.unstated and _level(facts)):
            self._role(role, facts)
        draft = self._draft(thing, slug, None, slug, extra={"role": role})
        if draft is not None:
            self._children(thing, draft)

    def _leads_to(self, role: Merged) -> None:
        """What a role leads to is said by its program: a role is shared, and has no lists."""
        path = self.names.find("role", role.key or role.name)
        slug = self.programs.find(path or role.key or role.name)
        if role.children and slug is not None:
            claim = role.claims[0]
            bare = Draft("program", slug, {}, claim.statement.file, claim.line, program=slug)
            self._children(role, self.drafts.get((slug, bare.address), bare))

    def _role(self, path: str, program: Facts) -> None:
        """The role of a program that no document is about, by what the program says of it."""
        level = _level(program)
        name = "level" if "level" in program else "stated.level"
        fact = program.fields.get(name) or program.fields.get("title")
        place = fact.place if fact else (program.thing.claims[0].statement.file, program.thing.claims[0].line)
        title = str(program.get("role") or program.get("title") or path)[:500]
        body: Body = {"title": title, "level": slug_of(level) if level else UNSTATED}
        if not level and not self.programs.all_elsewhere:
            self._say(INCOMPLETE, "warning", place, f"No document says the level of the role {path}.", "Say its level.")
        given = {each: program.rank("title") for each, value in body.items() if is_stated(value)}
        whole = registry.get("role").body.model_validate({**body, "order": 0, "summary": ""}).model_dump(mode="json")
        self._add(Draft("role", path, whole, *place, given=given))
        self.names.learn("role", path, title)

    def _placed(self, thing: Merged) -> None:
        slug = self.programs.of(thing)
        home = self._home(thing) if not thing.key and thing.kind != "path" else None
        if slug is None:
            slug = home.program if home is not None else self.programs.of_id(thing) or self.programs.elsewhere_of(thing)
        if slug is None:
            self._unattached(thing)
            return
        parent = self.drafts.get((slug, f"program:{slug}"))
        path = home.path if home is not None else id_of(thing.key or thing.name)
        draft = self._draft(thing, path, f"program:{slug}", slug)
        if draft is not None:
            self._paths |= dict.fromkeys(map(id, thing.claims), path)
            if parent is not None:
                _list(parent, draft)
            self._children(thing, draft)

    def _loose(self, thing: Merged) -> None:
        """What belongs under a module of another document: by the title of that module."""
        claim = thing.claims[0]
        if thing.kind not in _LOOSE:
            return
        kind = "project" if thing.kind == "rubric" else "module"
        home = self.programs.named_by(claim, kind) if thing.kind != "policy" else None
        known: QuizStated | None = None
        if thing.kind == "quiz" and home is not None:
            known = self.elsewhere.same(thing, home.program, home.path, [home.title])
        elif thing.kind == "quiz" and (known := self.elsewhere.of_program(thing)) is not None:
            home = Home(known.program, "program", known.program, "")
        if home is None and (slug := self.programs.elsewhere_of(thing)) is not None:
            about = str(claim.get("stated.module_title") or title_of(claim) or claim.label)
            home = Home(slug, kind, id_of(about), about)
        if home is None:
            self._unattached(thing)
            return
        address = f"{home.kind}:{home.path}"
        parent = self.drafts.get((home.program, address))
        own = id_of(thing.key or title_of(claim) or claim.label)
        draft = self._draft(thing, known.path if known else f"{home.path}/{own}", address, home.program)
        if draft is not None:
            draft.authored = bool(known) or _is_authored(thing)
            if parent is not None:
                _list(parent, draft)
            self._children(thing, draft)
        else:
            self._lost(thing)  # references.duplicate_id says so

    def _children(self, thing: Merged, parent: Draft) -> None:
        prefix = "" if parent.kind == "program" else f"{parent.path}/"
        disagreed = disputed(thing, self.titles, self.edges(parent.program, parent.address))
        parent.disputed = parent.disputed or bool(disagreed) or says_none(thing)
        allowed = registry.children_of(parent.kind).values()
        for child in thing.children:
            if child.kind not in allowed:
                continue
            if child.kind == "requirement" and is_said_by_edges(child, thing):
                continue
            own, extra, known = _own(child), None, None
            if child.kind == "quiz":
                home = "" if parent.kind == "program" else parent.path
                known = self.elsewhere.same(child, parent.program, home, map(title_of, thing.claims))
                own = known.path.rpartition("/")[2] if known else own
            if child.kind == "requirement" and (found := target_of(child, self.titles)):
                strength, (target, extra) = str(child.claims[0].get("strength") or "needs"), found
                own = slug_of(f"{strength} {target}")
                disagrees = strength == "needs" and target in disagreed
                if disagrees or (parent.program, f"requirement:{prefix}{own}") in self.drafts:
                    self._told.add(id(child))
                    continue
            draft = self._draft(child, self._free(parent.program, child.kind, f"{prefix}{own}"), parent.address,
                                parent.program, extra=extra)  # fmt: skip
            if draft is not None:
                draft.authored = bool(extra or known) or _is_authored(child)
                _list(parent, draft)
                self._children(child, draft)

    def _free(self, program: str | None, kind: str, path: str) -> str:
        """Two things of one name are told apart by a number."""
        free, number = path, 2
        while (program, f"{kind}:{free}") in self.drafts:
            free, number = f"{path}-{number}", number + 1
        return free

    def _draft(
        self, thing: Merged, path: str, parent: str | None, program: str | None, *, extra: Body | None = None
    ) -> Draft | None:
        facts = Facts(thing, self.faulty)
        body = body_of(facts, self.names)
        if body is None:
            return None
        self._made.add(id(thing))
        body |= extra or {}
        claim = thing.claims[0]
        place = claim.statement.file, claim.line
        try:
            whole = registry.get(thing.kind).body.model_validate(body).model_dump(mode="json")
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            field = str(fault["loc"][0]) if fault["loc"] else ""
            if field in facts.fields:
                place = facts.fields[field].place
            message = f"{thing.kind}:{path} cannot be imported: {fault_told(fault)}."
            fix = f"{f'Correct its {field}' if field else 'Complete it'}; everything else is imported without it."
            self._say(INCOMPLETE, "warning", place, message, fix, self._lost(thing))
            return None
        draft = Draft(thing.kind, path, whole, *place, parent=parent, program=program)
        draft.given = {name: facts.rank(name) for name, value in body.items() if is_stated(value)}
        places = {name: facts.fields[name].place for name in draft.given if name in facts.fields}
        passing = facts.fields.get("passing", facts.fields.get("passing_percent"))
        if passing is not None and "criteria" in draft.given:
            places["criteria"] = passing.place
        if "versions" in draft.given:
            places["versions"] = facts.fields["about"].place
        untold = [where for _, where in beside(facts)]
        first = len(body["stated"]) - len(untold)
        places |= {f"stated.{number}": where for number, where in enumerate(untold, first)}
        for name, (file, line) in places.items():
            if file == draft.file:
                draft.lines[name] = line
            else:
                draft.elsewhere[name] = (file, line)
        return self._add(_with_former(draft, thing))

    def _make(self, kind: str, path: str, wanted: Wanted) -> None:
        """A shared thing that documents only name."""
        # Of marks alone nothing is left but the id.
        title = (wanted.title or path or kind)[:500]
        bodies: dict[str, Body] = {
            "competency": {"title": title, "domain": Assumed("Other")},
            "technology": {"title": title, "category": self.names.categories.get(path, Assumed("Other"))},
            "skill_area": {"title": title},
            "profile": {"title": title},
        }
        whole = registry.get(kind).body.model_validate(bodies[kind]).model_dump(mode="json")
        given = {name: wanted.rank for name, value in bodies[kind].items() if is_stated(value)}
        self._add(Draft(kind, path, whole, *wanted.place, given=given))

    def _add(self, draft: Draft) -> Draft | None:
        """Of two things of one address the first stays; ``references.duplicate_id`` says so."""
        place = draft.program, draft.address
        return draft if self.drafts.setdefault(place, draft) is draft else None

    def _unattached(self, thing: Merged) -> None:
        claim = thing.claims[0]
        kind = "project" if thing.kind in ("project", "rubric") else "module"
        near = self.programs.nearest(kind, title_of(claim) or claim.label)
        fix = (
            f"The nearest are {' and '.join(near)}: give it that id or title." if near else "Name its role or program."
        )
        message = f"{thing.kind} {thing.name!r} belongs to nothing that is known, so it is asked of nobody."
        self._say(UNATTACHED, "warning", (claim.statement.file, claim.line), message, fix, self._lost(thing))

    def _lost(self, thing: Merged) -> list[Place]:
        """The lines of *thing* and of what stands under it, which a finding tells to be lost."""
        whole = list(_with_children(thing))
        self._told |= set(map(id, whole))
        return [place for each in whole for place in _places(each)]

    def _say(
        self, rule: str, severity: Severity, place: Place, message: str, fix: str, lines: Iterable[Place] = ()
    ) -> None:
        related = tuple(sorted({*lines} - {place}))
        self.findings.append(Finding(rule, severity, *place, message, fix, related))


def _with_children(thing: Merged) -> Iterator[Merged]:
    yield thing
    for child in thing.children:
        yield from _with_children(child)


def _level(program: Facts) -> str:
    """The level that a program's documents say of its role."""
    return str(program.get("level") or program.get("stated.level") or "")


def _places(thing: Merged) -> Iterator[Place]:
    """The lines of its facts."""
    for claim in thing.claims:
        yield from ((claim.statement.file, line) for fact in claim.fields.values() for line in fact.lines)


def _with_former(draft: Draft, thing: Merged) -> Draft:
    """*draft* with the former ids that any document gives."""
    stating = thing.stating("was")
    if stating:
        draft.elsewhere["was"] = stating[0].place("was")
    return claim_former(draft, (each for claim in stating for each in claim.get("was")))


def _own(child: Merged) -> str:
    """The id of a thing in its parent: as authored, else by what it is called."""
    if registry.get(child.kind).only:
        return child.kind
    first = min(child.claims, key=lambda claim: (not claim.key, rank(claim)))
    return id_of(first.key or first.path.rpartition("/")[2])


def _is_authored(child: Merged) -> bool:
    """Whether a document gives its id; a label is none."""
    return registry.get(child.kind).only or any(claim.key for claim in child.claims)


def _list(parent: Draft, child: Draft) -> None:
    keys = [key for key, kind in registry.children_of(parent.kind).items() if kind == child.kind]
    if keys and child.path not in (listed := parent.children.setdefault(keys[0], [])):
        listed.append(child.path)
