"""What a list would do here: one step per row, found with a fixed number of queries, nothing written."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.access import administered_programs, is_site_admin, staffed_cohorts
from courses.curriculum.findings import Finding
from courses.models import Cohort, Enrolment, Invitation, Program, StaffRight
from courses.roster.reading import Row, Sheet, instant
from courses.standing import entry_refusal
from waymark.accounts.models import User
from waymark.core.actors import Actor

ACTIONS = ("create", "change", "enrol", "move", "invite", "grant", "none")


@dataclass(frozen=True, slots=True)
class Step:
    """What one row does.

    :ivar action: one of :data:`ACTIONS`.
    :ivar who: the address, or the short name of a cohort.
    :ivar text: what happens, as the person who imports reads it.
    """

    line: int
    action: str
    who: str
    text: str
    program: Program | None = None
    cohort: Cohort | None = None
    person: User | None = None
    right: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"line": self.line, "action": self.action, "who": self.who, "text": self.text}


@dataclass(frozen=True, slots=True)
class Preview:
    """``id`` names exactly these steps; applying asks for it."""

    kind: str
    steps: list[Step]
    findings: list[Finding]
    id: str

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == "error"]

    @property
    def notes(self) -> list[Finding]:
        """What stands in no way."""
        return [finding for finding in self.findings if finding.severity != "error"]

    def count(self, action: str) -> int:
        return sum(step.action == action for step in self.steps)

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "id": self.id,
            "steps": [step.as_dict() for step in self.steps],
            "findings": [finding.as_dict() for finding in self.findings],
        }


def preview(actor: Actor, sheet: Sheet) -> Preview:
    """What *sheet* would do in the name of *actor*; a row that cannot be done is a finding."""
    makers: dict[str, Callable[[Actor, Sheet], _Maker]] = {"roster": _Roster, "staff": _Staff, "cohorts": _Cohorts}
    maker = makers.get(sheet.kind)
    steps: list[Step] = []
    findings = list(sheet.findings)
    if maker is not None:
        made = maker(actor, sheet)
        for row in sheet.rows:
            step = made.step(row)
            if step is not None:
                steps.append(step)
        findings += made.findings
    findings.sort(key=lambda finding: finding.line)
    cells = [sorted(row.cells.items()) for row in sheet.rows]
    said = json.dumps([sheet.kind, cells, [_said(step) for step in steps]])
    digest = hashlib.sha256(said.encode()).hexdigest()[:16]
    return Preview(sheet.kind, steps, findings, digest)


def _key(row: Cohort | Program | None) -> int | None:
    return row.pk if row is not None else None


def _said(step: Step) -> list[Any]:
    """Everything that a step shows or does."""
    values = sorted((name, str(value)) for name, value in step.values.items())
    return [
        step.line, step.action, step.who, step.text, step.right, _key(step.cohort), _key(step.program), values,
    ]  # fmt: skip


class _Maker(ABC):
    """What the site has of everything that the rows name."""

    def __init__(self, actor: Actor, sheet: Sheet) -> None:
        self.actor, self.sheet = actor, sheet
        self.findings: list[Finding] = []
        self.site = is_site_admin(actor)
        self.programs = {
            each.slug: each
            for each in Program.objects.current().filter(slug__in={row["program"] for row in sheet.rows})
        }
        self.cohorts = {
            (each.program_id, each.slug): each
            for each in Cohort.objects.filter(program__in=self.programs.values()).select_related("program")
        }
        self.administered = set(administered_programs(actor).values_list("pk", flat=True))
        self.staffed = set(staffed_cohorts(actor).values_list("pk", flat=True))
        self.entered = self.administered | {
            each.program_id for each in self.cohorts.values() if each.pk in self.staffed
        }

    @abstractmethod
    def step(self, row: Row) -> Step | None:
        """What *row* does; None where that is refused, and then it is among the findings."""

    def refuse(self, row: Row, rule: str, message: str, fix: str) -> None:
        self.findings.append(Finding(rule, "error", self.sheet.file, row.line, message, fix))

    def program(self, row: Row) -> Program | None:
        """The program of a row; one that the actor is no staff of is as unknown as any."""
        found = self.programs.get(row["program"])
        if found is None or found.pk not in self.entered:
            self.refuse(
                row, "people.unknown_program", f"There is no program {row['program']!r} that you are staff of.",
                "Write its short name, as in its address.",
            )  # fmt: skip
            return None
        return found

    def cohort(self, row: Row, program: Program) -> Cohort | None:
        found = self.cohorts.get((program.pk, row["cohort"]))
        if found is None or found.pk not in self.staffed:
            self.refuse(
                row, "people.unknown_cohort", f"{program.slug} has no cohort {row['cohort']!r} that you are staff of.",
                "Import the list of cohorts first, or correct the name.",
            )  # fmt: skip
            return None
        if found.archived_at is not None or (found.ends_at is not None and found.ends_at <= timezone.now()):
            self.refuse(row, "people.cohort_ended", f"The cohort {found.slug} has ended.", "Choose another cohort.")
            return None
        return found


class _People(_Maker):
    """Rows that name a person by address."""

    def __init__(self, actor: Actor, sheet: Sheet) -> None:
        super().__init__(actor, sheet)
        emails = {row["email"] for row in sheet.rows}
        self.people: dict[str, User] = {
            row.lower: row.user
            for row in EmailAddress.objects.annotate(lower=Lower("email"))
            .filter(lower__in=emails, verified=True)
            .select_related("user")
        }
        open_ones = Invitation.objects.filter(
            email__in=emails, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
        )
        self.invited = {(each.email, each.right, each.program_id, each.cohort_id): each for each in open_ones}

    def closed(self, row: Row, person: User | None) -> bool:
        if person is not None and not person.is_active:
            self.refuse(row, "people.closed", f"The account of {row['email']} is closed.", "Open it, or leave it out.")
            return True
        return False

    def invitation(self, row: Row, right: str, program: Program | None, cohort: Cohort | None, to: str) -> Step:
        """Who has no account, or has not confirmed the address, is invited; only that address can accept."""
        held = self.invited.get((row["email"], right, _key(program), _key(cohort)))
        if held is not None:
            text = _("Is invited already: %(what)s.") % {"what": to}
            return Step(row.line, "none", row["email"], text)
        text = _("Is invited: %(what)s.") % {"what": to}
        return Step(row.line, "invite", row["email"], text, program, cohort, None, right)


class _Roster(_People):
    def __init__(self, actor: Actor, sheet: Sheet) -> None:
        super().__init__(actor, sheet)
        self.enrolments: dict[tuple[int, int], Enrolment] = {}
        rows = Enrolment.objects.filter(learner__in=self.people.values(), program__in=self.programs.values())
        states = (*Enrolment.OPEN_STATES, Enrolment.State.COMPLETED)
        for each in rows.filter(state__in=states).select_related("cohort"):
            key = each.learner_id, each.program_id
            if key not in self.enrolments or each.state != Enrolment.State.COMPLETED:
                self.enrolments[key] = each

    def step(self, row: Row) -> Step | None:
        program = self.program(row)
        cohort = self.cohort(row, program) if program is not None else None
        person = self.people.get(row["email"])
        if program is None or cohort is None or self.closed(row, person):
            return None
        if person is None:
            return self.invitation(row, "", program, cohort, cohort.title)
        return self._placed(row, person, program, cohort)

    def _placed(self, row: Row, person: User, program: Program, cohort: Cohort) -> Step | None:
        enrolment = self.enrolments.get((person.pk, program.pk))
        there = {"what": cohort.title}
        state = enrolment.state if enrolment else Enrolment.State.REQUESTED
        if state == Enrolment.State.COMPLETED:
            return Step(row.line, "none", row["email"], _("Has completed the program."))
        if enrolment is not None and state != Enrolment.State.REQUESTED and enrolment.cohort_id == cohort.pk:
            return Step(row.line, "none", row["email"], _("Is in %(what)s already.") % there)
        if entry_refusal(program) is not None:
            self.refuse(
                row, "people.program_closed", f"{program.slug} takes nobody at the moment.",
                "Publish the program first, or leave the row out.",
            )  # fmt: skip
            return None
        if enrolment is None or state == Enrolment.State.REQUESTED:
            text = _("Begins in %(what)s.") % there
            return Step(row.line, "enrol", row["email"], text, program, cohort, person)
        if enrolment.cohort_id not in self.staffed and program.pk not in self.administered:
            self.refuse(
                row, "people.not_yours", f"{row['email']} is in a cohort that you are no staff of.",
                "Ask an admin of the program to move them.",
            )  # fmt: skip
            return None
        before = enrolment.cohort.title if enrolment.cohort else _("no cohort")
        text = _("Moves from %(before)s to %(what)s.") % {"before": before, **there}
        return Step(row.line, "move", row["email"], text, program, cohort, person)


class _Staff(_People):
    def __init__(self, actor: Actor, sheet: Sheet) -> None:
        super().__init__(actor, sheet)
        rows = StaffRight.objects.filter(person__in=self.people.values())
        self.rights = {(each.person_id, each.role, each.program_id, each.cohort_id) for each in rows}

    def step(self, row: Row) -> Step | None:
        role, program, cohort = row["role"].lower(), None, None
        if row["program"]:
            program = self.program(row)
            if program is None:
                return None
            cohort = self.cohort(row, program) if row["cohort"] else None
            if row["cohort"] and cohort is None:
                return None
        person = self.people.get(row["email"])
        if self.closed(row, person):
            return None
        if not self.site and (program is None or program.pk not in self.administered):
            self.refuse(
                row, "people.right_not_held", "You can grant only rights that you hold yourself.",
                "Ask an admin of the program, or of the site.",
            )  # fmt: skip
            return None
        right = self._named(role, program, cohort)
        if person is None:
            return self.invitation(row, role, program, cohort, right)
        if (person.pk, role, None if cohort else _key(program), _key(cohort)) in self.rights:
            return Step(row.line, "none", row["email"], _("Is %(right)s already.") % {"right": right})
        text = _("Becomes %(right)s.") % {"right": right}
        return Step(row.line, "grant", row["email"], text, program, cohort, person, role)

    def _named(self, role: str, program: Program | None, cohort: Cohort | None) -> str:
        if cohort is not None:
            return _("instructor of %(what)s") % {"what": cohort.title}
        return _("admin of %(what)s") % {"what": program.title} if program else _("admin of the whole site")


class _Cohorts(_Maker):
    def step(self, row: Row) -> Step | None:
        program = self.programs.get(row["program"])
        if program is None or program.pk not in self.administered:
            self.refuse(
                row, "people.unknown_program", f"There is no program {row['program']!r} that you administer.",
                "Write its short name, as in its address.",
            )  # fmt: skip
            return None
        cohort = self.cohorts.get((program.pk, row["cohort"]))
        if cohort is None and not row["title"]:
            self.refuse(row, "people.bad_value", "A new cohort needs a title.", "Fill the cell in.")
            return None
        zone = row["time_zone"] or (cohort.time_zone if cohort else "UTC")
        values = self._values(row, zone)
        if not self._ordered(row, cohort, values):
            return None
        if cohort is None:
            text = _("Is made: %(title)s.") % {"title": row["title"]}
            return Step(row.line, "create", row["cohort"], text, program, values={"time_zone": zone, **values})
        changed = {name: value for name, value in values.items() if getattr(cohort, name) != value}
        if not changed:
            return Step(row.line, "none", row["cohort"], _("Stays as it is."))
        text = _("Changes: %(fields)s.") % {"fields": ", ".join(self._words(changed))}
        return Step(row.line, "change", row["cohort"], text, program, cohort, values=changed)

    def _values(self, row: Row, zone: str) -> dict[str, Any]:
        """What the row says; an empty cell says nothing."""
        said = {
            "title": row["title"] or None,
            "time_zone": row["time_zone"] or None,
            "starts_at": instant(row["starts"], zone),
            "ends_at": instant(row["ends"], zone, end=True),
        }
        return {name: value for name, value in said.items() if value is not None}

    def _ordered(self, row: Row, cohort: Cohort | None, values: dict[str, Any]) -> bool:
        starts: datetime | None = values.get("starts_at", cohort.starts_at if cohort else None)
        ends: datetime | None = values.get("ends_at", cohort.ends_at if cohort else None)
        if starts is not None and ends is not None and ends <= starts:
            self.refuse(row, "people.bad_value", "A cohort ends after it starts.", "Correct one of the dates.")
            return False
        return True

    def _words(self, changed: Iterable[str]) -> list[str]:
        words = {"title": _("title"), "time_zone": _("time zone"), "starts_at": _("start"), "ends_at": _("end")}
        return [words[name] for name in changed]
