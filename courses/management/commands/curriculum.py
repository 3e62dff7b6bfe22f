"""``manage.py curriculum lint|plan|apply|rollback|export``: check, show what would change, make releases, write files.

``lint`` and ``plan --against`` need no database and no services, so nothing that
reads models is imported before an action that does. Standard output has the
result only; everything else goes to standard error.
"""

import json
import os
import sys
import traceback
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from courses.curriculum.findings import Finding
from courses.curriculum.report.formats import FORMATS
from courses.curriculum.report.run import lint
from courses.curriculum.sources.git import is_address
from waymark.core.errors import DomainError, Invalid, Missing

if TYPE_CHECKING:
    from courses.curriculum.apply import Applied
    from courses.curriculum.planning.plan import Plan
    from waymark.core.actors import Actor

RETIRE = "more than a tenth of a program may go, or all of a kind"
SOURCE = "which source it is the next import of; by default named by the folder, file or repository"
REGRADE = "grade again at once what the release corrects; otherwise somebody starts it later"
EXIT_FINDINGS, EXIT_USAGE, EXIT_REFUSED, EXIT_INTERNAL = 1, 2, 3, 4


class Command(BaseCommand):
    help = "Check a curriculum, plan what it would change, apply it (docs/import.md)."
    # Checks of the site look at its services.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        checked = actions.add_parser("lint", help="say everything that is wrong; needs no database")
        checked.add_argument(
            "paths", nargs="+", metavar="PATH", help="folder, file, zip archive or https://host/repository.git#revision"
        )
        checked.add_argument("--format", choices=sorted(FORMATS), default="text")
        checked.add_argument("--lines", action="store_true", help="name what every line became")
        checked.add_argument("--strict", action="store_true", help="warnings count like errors")
        checked.add_argument("--today", type=_day, metavar="DATE", help="the day that dated figures are compared with")
        planned = actions.add_parser("plan", help="show what an import would change, and for whom")
        planned.add_argument(
            "paths", nargs="+", metavar="PATH", help="folder, file, zip archive or https://host/repository.git#revision"
        )
        planned.add_argument("--against", metavar="DIR", help="compare with this tree, and not with the database")
        planned.add_argument("--format", choices=["text", "json"], default="text")
        planned.add_argument("--lines", action="store_true", help="name what every line became")
        planned.add_argument("--strict", action="store_true", help="warnings count like errors")
        planned.add_argument("--today", type=_day, metavar="DATE", help="the day that dated figures are compared with")
        planned.add_argument("--source", type=_source, default="", metavar="NAME", help=SOURCE)
        planned.add_argument("--retire", action="store_true", help=RETIRE)
        applied = actions.add_parser("apply", help="make a release of each program that changed")
        applied.add_argument(
            "paths", nargs="+", metavar="PATH", help="folder, file, zip archive or https://host/repository.git#revision"
        )
        applied.add_argument("--plan", dest="plan_id", metavar="ID", help="only if it is still this plan")
        applied.add_argument("--source", type=_source, default="", metavar="NAME", help=SOURCE)
        applied.add_argument("--retire", action="store_true", help=RETIRE)
        applied.add_argument("--override", metavar="REASON", help="set errors aside, as the site admin of --as")
        applied.add_argument("--regrade", action="store_true", help=REGRADE)
        applied.add_argument("--format", choices=["text", "json"], default="text")
        applied.add_argument("--as", dest="person", metavar="EMAIL", help="who applies; the system itself by default")
        back = actions.add_parser("rollback", help="make a release that is equal to an older one")
        back.add_argument("program", help="id of the program")
        back.add_argument("--to", type=int, metavar="NUMBER", help="this release; the one before by default")
        back.add_argument("--dry-run", action="store_true", help="show the plan and change nothing")
        back.add_argument("--plan", dest="plan_id", metavar="ID", help="only if it is still this plan")
        back.add_argument("--regrade", action="store_true", help=REGRADE)
        back.add_argument("--format", choices=["text", "json"], default="text")
        back.add_argument("--as", dest="person", metavar="EMAIL", help="who does it; the system itself by default")
        exported = actions.add_parser("export", help="write the current releases as native files")
        exported.add_argument("folder", metavar="DIR", help="a new or empty folder")
        exported.add_argument("--program", action="append", default=[], help="only this one; may be given again")

    def handle(self, *args: Any, **options: Any) -> None:
        against = options.get("against")
        for name in [*options.get("paths", []), *([against] if against is not None else [])]:
            if not is_address(name) and not os.path.lexists(name):
                raise CommandError(f"{name}: there is no such file or folder.", returncode=EXIT_USAGE)
        actions: dict[str, Callable[..., None]] = {
            "lint": self._lint,
            "plan": self._plan,
            "apply": self._apply,
            "rollback": self._rollback,
            "export": self._export,
        }
        actions[options["action"]](**options)

    def _lint(
        self, *, paths: list[str], format: str, lines: bool, strict: bool, today: date | None, **options: Any
    ) -> None:
        from courses.curriculum.planning.alone import lint_alone

        with _breaking_down("lint"):
            report = lint_alone(paths, today=today)
            self.stdout.write(FORMATS[format](report, lines=lines))
        if code := report.exit_code(strict=strict):
            sys.exit(code)

    def _plan(
        self, *, paths: list[str], against: str | None, format: str, lines: bool, strict: bool, today: date | None,
        source: str, retire: bool, **options: Any,
    ) -> None:  # fmt: skip
        from courses.curriculum.planning.run import plan_run
        from courses.curriculum.planning.shown import plan_text

        with _breaking_down("plan"):
            report, plan = plan_run(paths, against=against, today=today, source=source, retire=retire)
            if plan.impacts is not None:
                _keep(plan)
            self.stdout.write(FORMATS[format](report, lines=lines))
            if format == "text":
                self.stdout.write(plan_text(plan.as_dict()))
        if code := report.exit_code(strict=strict, proposed=True):
            sys.exit(code)

    def _apply(
        self, *, paths: list[str], format: str, person: str | None, plan_id: str | None, source: str,
        retire: bool, override: str | None, regrade: bool, **options: Any,
    ) -> None:  # fmt: skip
        from courses.curriculum.apply import curriculum_apply
        from courses.curriculum.foreseen import import_foresee, passes_lost_in
        from courses.curriculum.planning.base import DatabaseBase, ids_of
        from courses.curriculum.planning.incoming import incoming_of

        actor = _actor(person)
        with _breaking_down("apply"):
            base = DatabaseBase()
            report = lint(paths, elsewhere=ids_of(base.named()))
            incoming = incoming_of(report, base, paths, source=source, retire=retire)
        self._make(
            format,
            lambda: curriculum_apply(
                actor=actor,
                incoming=incoming,
                plan_id=plan_id,
                override=override or "",
                regrade=regrade,
                foreseen=import_foresee(incoming, shown=passes_lost_in(plan_id)),
            ),
        )

    def _rollback(
        self, *, program: str, to: int | None, dry_run: bool, plan_id: str | None, format: str, person: str | None,
        regrade: bool, **options: Any,
    ) -> None:  # fmt: skip
        from courses.curriculum.apply import curriculum_rollback
        from courses.curriculum.foreseen import passes_lost_in, rollback_foresee
        from courses.curriculum.planning.impact import impact_of
        from courses.curriculum.planning.rollback import rollback_plan, rollback_target
        from courses.curriculum.planning.shown import plan_text

        actor = _actor(person)
        if not dry_run:
            self._make(
                format,
                lambda: curriculum_rollback(
                    actor=actor, program=program, number=to, plan_id=plan_id, regrade=regrade,
                    foreseen=rollback_foresee(program, to, shown=passes_lost_in(plan_id)),
                ),
            )  # fmt: skip
            return
        with _refusing(), _breaking_down("rollback"):
            plan = rollback_plan(rollback_target(program, to))
            plan.impacts = impact_of(plan.comparisons, plan.reading)
            _keep(plan)
            shown = {"sources": [], "findings": [], "plan": plan.as_dict()}
            self.stdout.write(json.dumps(shown, indent=2) if format == "json" else plan_text(plan.as_dict()))

    def _export(self, *, folder: str, program: list[str], **options: Any) -> None:
        from courses.curriculum.export.write import curriculum_export

        with _refusing(), _breaking_down("export"):
            for place in curriculum_export(Path(folder), program):
                self.stdout.write(place)

    def _make(self, format: str, make: "Callable[[], Applied]") -> None:
        """Make releases, and say which, or why there are none."""
        from courses.curriculum.refused import ImportRefused

        done: list[dict[str, Any]] = []
        findings: list[Finding] = []
        try:
            with _refusing(), _breaking_down("apply"):
                applied = make()
            done, findings = _rows(applied), applied.findings
        except ImportRefused as refused:
            findings = refused.findings
            raise CommandError(refused.message, returncode=EXIT_FINDINGS) from refused
        finally:
            for finding in findings:
                self.stderr.write(str(finding))
            if format == "json":
                shown = {"programs": done, "findings": [finding.as_dict() for finding in findings]}
                self.stdout.write(json.dumps(shown, indent=2))
            else:
                for row in done:
                    self.stdout.write(f"{row['summary']}; release {row['release']}")


@contextmanager
def _refusing() -> Iterator[None]:
    """A refusal is told with what to do; what is simply not there, or not fit, is usage."""
    from courses.curriculum.refused import ImportRefused

    try:
        yield
    except ImportRefused:
        raise
    except DomainError as error:
        code = {Missing: EXIT_USAGE, Invalid: EXIT_FINDINGS}.get(type(error), EXIT_REFUSED)
        raise CommandError(f"{error.message} {error.hint}".strip(), returncode=code) from error


@contextmanager
def _breaking_down(what: str) -> Iterator[None]:
    """A fault of the product is told as one, with its trace on standard error."""
    try:
        yield
    except DomainError:
        raise
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        raise CommandError(f"{what} broke down: {error!r}", returncode=EXIT_INTERNAL) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day; write it as 2026-03-01") from error


def _source(text: str) -> str:
    from courses.services.import_files import source_check

    try:
        return source_check(text)
    except DomainError as error:
        raise ArgumentTypeError(f"{error.message} {error.hint}") from error


def _actor(email: str | None) -> "Actor":
    from waymark.accounts.models import User
    from waymark.core.actors import Actor

    if email is None:
        return Actor.system()
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"{email}: nobody has this address.", returncode=EXIT_USAGE)
    return Actor.person(user.pk)


def _keep(plan: "Plan") -> None:
    from courses.curriculum.foreseen import plan_keep

    plan_keep(plan)


def _rows(applied: "Applied") -> list[dict[str, Any]]:
    numbers = {release.program.slug: release.number for release in applied.releases}
    return [
        {
            "program": comparison.program,
            "release": numbers.get(comparison.program, comparison.base),
            "new": comparison.program in numbers,
            "added": len(comparison.added),
            "changed": len(comparison.changed_entities),
            "renamed": len(comparison.renamed),
            "restored": len(comparison.restored),
            "retired": len(comparison.retired),
            "unchanged": comparison.unchanged,
            "summary": comparison.summary(),
        }
        for comparison in applied.comparisons
    ]
