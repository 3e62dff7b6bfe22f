"""Operations on imports: give a curriculum, look at its report and plan, apply the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, ClassVar
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from courses import access
from courses.curriculum.applied import RegradeLeft, regrades_left
from courses.curriculum.planning.incoming import LONGEST_SOURCE
from courses.models import ImportJob
from courses.selectors.imports import decisions_on, jobs_of
from courses.services.import_decisions import GateWanted, finding_settle, finding_unsettle
from courses.services.imports import import_again, import_apply, import_files, import_folder, import_repository
from waymark.core.actors import Actor, actor_of
from waymark.core.api import PAGE_PARAMETERS, ListOperation, Operation, PageSerializer, StrictSerializer, page_answer
from waymark.core.errors import Forbidden, Invalid, Missing
from waymark.core.keyset import keyset_page
from waymark.core.parsers import JSONParser

SCOPE = "curriculum:write"
TAGS = ["Imports"]


class ProblemShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()


class RegradeShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["ready", "started", "done", "dismissed"])
    grades_changed = serializers.IntegerField(allow_null=True)
    passes_lost = serializers.IntegerField(allow_null=True)
    passes_gained = serializers.IntegerField(allow_null=True)


class ImportReleaseShape(serializers.Serializer[Any]):
    program = serializers.SlugField()
    release = serializers.IntegerField()
    regrade = RegradeShape(allow_null=True, help_text="What it corrects of what was graded; an admin starts that.")


class ImportCard(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField(help_text="What was given.")
    given = serializers.ChoiceField(choices=ImportJob.Given.values)
    source = serializers.CharField(  # type: ignore[assignment]
        allow_null=True, help_text="The source that it is the next import of; known once it is planned, or given."
    )
    step = serializers.ChoiceField(choices=ImportJob.Step.values, help_text="What it is or was last asked to do.")
    state = serializers.ChoiceField(
        choices=ImportJob.State.values,
        help_text="`waiting` and `working` are under way; `ready` has a report and a plan.",
    )
    phase = serializers.ChoiceField(choices=[each for each in ImportJob.Phase.values if each], allow_null=True)
    files = serializers.IntegerField(allow_null=True, help_text="How many were read.")
    lines = serializers.IntegerField(allow_null=True, help_text="How many that are not blank they have.")
    programs = serializers.ListField(child=serializers.SlugField())
    plan_id = serializers.CharField(allow_null=True)
    open_errors = serializers.IntegerField(help_text="Above 0 the plan is not applied.")
    retire = serializers.BooleanField(help_text="Much of a program may be retired.")
    problem = ProblemShape(allow_null=True, help_text="Why the newest step did not succeed.")
    releases = ImportReleaseShape(many=True)
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class DecisionShape(serializers.Serializer[Any]):
    key = serializers.CharField()
    rule = serializers.CharField()
    entity = serializers.CharField()
    reason = serializers.CharField()
    decided_at = serializers.DateTimeField()


class ImportDetailShape(ImportCard):
    report = serializers.JSONField(  # type: ignore[assignment]
        allow_null=True, help_text="The object of `curriculum plan --format json`: `sources`, `findings` and `plan`."
    )
    finding_keys = serializers.ListField(
        child=serializers.CharField(), help_text="The key of each finding of the report, in its order, to decide on it."
    )
    decisions = DecisionShape(many=True, help_text="What was decided on the site on findings of its source.")


class ImportPage(PageSerializer):
    items = ImportCard(many=True)


class ImportInput(StrictSerializer):
    """One way of giving a curriculum: ``files``, ``git``, or ``root`` with ``path``."""

    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), required=False, help_text="Multipart only: at most 100."
    )
    git = serializers.CharField(required=False, help_text="`https://host/path.git#revision`")
    root = serializers.CharField(  # type: ignore[assignment]
        required=False, help_text="Name of a folder that the operator opened for imports."
    )
    path = serializers.CharField(required=False, default="", allow_blank=True, help_text="Below `root`.")
    source = serializers.CharField(  # type: ignore[assignment]
        required=False, default="", allow_blank=True, max_length=LONGEST_SOURCE,
        help_text="Name of the source that it is the next import of; by default that of the files, folder or address.",
    )  # fmt: skip


class ApplyInput(StrictSerializer):
    plan = serializers.CharField(max_length=64, help_text="`plan_id` of the import.")
    override = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=500, help_text="Why a site admin sets errors aside."
    )


class AgainInput(StrictSerializer):
    retire = serializers.BooleanField(default=False, help_text="Much of a program may be retired.")


class GateInput(StrictSerializer):
    """What a promised gate blocks and what opens it, by their ids."""

    blocks = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True, help_text="Empty: what the risk is of."
    )
    activity = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True, help_text="Empty: staff open it."
    )


class DecisionInput(StrictSerializer):
    reason = serializers.CharField(max_length=500)
    gate = GateInput(required=False, help_text="Of a finding of `gates.promised` only.")


class ImportOperation(Operation):
    """Closed to people who import nothing, before anything is looked up."""

    required_scope: ClassVar[str] = SCOPE

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not access.may_import(actor_of(request)):
            raise Forbidden(_("Admins import curricula."), code="role_missing")


class ImportList(ImportOperation, ListOperation):
    """The imports of this credential (of everybody for site admins), newest first; and giving a curriculum."""

    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(operation_id="imports_list", tags=TAGS, parameters=PAGE_PARAMETERS, responses=ImportPage)
    def get(self, request: Request) -> Response:
        page = keyset_page(jobs_of(actor_of(request)), order=["-id"], **self.asked_page(request))
        return Response(page_answer(page, cards(page.rows)))

    @extend_schema(
        operation_id="imports_create", tags=TAGS,
        request={"multipart/form-data": ImportInput, "application/json": ImportInput},
        responses={202: ImportCard},
        description="Has a curriculum read, checked and planned: files or zip archives (multipart, `files`), a public "
        "repository (`git`), or a folder of the server (`root`, `path`). Nothing changes before the plan is applied. "
        "202: look at the import again until its `state` is `ready` or `failed`.",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        given = ImportInput(data=_single(request))
        given.is_valid(raise_exception=True)
        job = _give(actor_of(request), given.validated_data)
        return Response(card(job), status=202)


class ImportDetail(ImportOperation):
    """One import with its report and plan."""

    @extend_schema(operation_id="imports_read", tags=TAGS, responses=ImportDetailShape)
    def get(self, request: Request, uuid: UUID) -> Response:
        job = _job(request, uuid)
        report = None if job.report is None else {**job.report, "plan": job.plan}
        return Response({**card(job), "report": report, **_decisions(job)})


class ImportApply(ImportOperation):
    """Have a plan applied."""

    @extend_schema(
        operation_id="imports_apply", tags=TAGS, request=ApplyInput, responses={202: ImportCard},
        description="A worker plans anew and applies only what is still this plan: otherwise the import is `ready` "
        "again with the problem `import_stale`. Asking for the same again changes nothing. 409 `import_stale`, "
        "`import_errors`, `import_not_ready` or `files_gone` when it cannot even be asked for.",
    )  # fmt: skip
    def post(self, request: Request, uuid: UUID) -> Response:
        job = _job(request, uuid)
        asked = ApplyInput(data=request.data)
        asked.is_valid(raise_exception=True)
        chosen = asked.validated_data
        import_apply(actor=actor_of(request), job=job, plan_id=chosen["plan"], override=chosen["override"])
        return Response(card(_job(request, uuid)), status=202)


class ImportAgain(ImportOperation):
    """Have the same read and planned once more."""

    @extend_schema(operation_id="imports_plan", tags=TAGS, request=AgainInput, responses={202: ImportCard})
    def post(self, request: Request, uuid: UUID) -> Response:
        job = _job(request, uuid)
        asked = AgainInput(data=request.data)
        asked.is_valid(raise_exception=True)
        import_again(actor=actor_of(request), job=job, retire=asked.validated_data["retire"])
        return Response(card(_job(request, uuid)), status=202)


class FindingDecisionOperation(ImportOperation):
    """Settle a finding, or take that back."""

    @extend_schema(
        operation_id="imports_finding_settle", tags=TAGS, request=DecisionInput, responses=ImportCard,
        description="Settles the findings with this key (`finding_keys`), here and at the next imports of the same "
        "source until one of their lines changes. The plan's id is another one then. An error is settled by a person "
        "who is an admin: clients get 403 `admin_missing`; 409 `decision_impossible` where nothing sensible is left "
        "without what it names, `import_not_ready` once it is applied. With `gate` a finding of `gates.promised` "
        "makes the gate; the import is planned anew with it, and so again when the decision is taken back.",
    )  # fmt: skip
    def put(self, request: Request, uuid: UUID, key: str) -> Response:
        job = _job(request, uuid)
        asked = DecisionInput(data=request.data)
        asked.is_valid(raise_exception=True)
        gate = asked.validated_data.get("gate")
        finding_settle(
            actor=actor_of(request), job=job, key=key, reason=asked.validated_data["reason"],
            gate=None if gate is None else GateWanted(**gate),
        )  # fmt: skip
        return Response(card(_job(request, uuid)))

    @extend_schema(
        operation_id="imports_finding_unsettle", tags=TAGS, responses={200: ImportCard},
        description="What a file beside the sources decides stays decided. Asking for the same again changes nothing.",
    )  # fmt: skip
    def delete(self, request: Request, uuid: UUID, key: str) -> Response:
        finding_unsettle(actor=actor_of(request), job=_job(request, uuid), key=key)
        return Response(card(_job(request, uuid)))


def _decisions(job: ImportJob) -> dict[str, Any]:
    keys = [each.get("key", "") for each in job.excerpts or []]
    made = [each for key, each in decisions_on(job).items() if key in keys]
    names = ("key", "rule", "entity", "reason", "decided_at")
    return {"finding_keys": keys, "decisions": [{name: getattr(each, name) for name in names} for each in made]}


def _job(request: Request, uuid: UUID) -> ImportJob:
    jobs = access.imports_visible_to(actor_of(request)).filter(uuid=uuid).defer("previews")
    job = jobs.prefetch_related("releases__program").first()
    if job is None:
        raise Missing()
    return job


def _single(request: Request) -> Any:
    """The body; of a form as plain data, where only ``files`` comes more than once."""
    data = request.data
    if not isinstance(data, QueryDict):
        return data
    return {name: data.getlist(name) if name == "files" else data[name] for name in data}


def _give(actor: Actor, given: dict[str, Any]) -> ImportJob:
    ways = [name for name in ("files", "git", "root") if given.get(name)]
    if len(ways) != 1:
        raise Invalid(
            _("Exactly one of files, git and root is given."), code="nothing_given", hint=_("Send one of them.")
        )
    if ways == ["files"]:
        return import_files(actor=actor, files=given["files"], source=given["source"])
    if ways == ["git"]:
        return import_repository(actor=actor, address=given["git"], source=given["source"])
    return import_folder(actor=actor, root=given["root"], path=given["path"], source=given["source"])


def cards(jobs: Iterable[ImportJob]) -> list[dict[str, Any]]:
    """Imports as clients see them, with what their releases left to be graded again."""
    jobs = list(jobs)
    left = regrades_left([release.pk for job in jobs for release in job.releases.all()])
    return [_shown(job, left) for job in jobs]


def card(job: ImportJob) -> dict[str, Any]:
    return cards([job])[0]


def _shown(job: ImportJob, left: Mapping[int, RegradeLeft]) -> dict[str, Any]:
    return {
        "id": job.uuid,
        "name": job.name,
        "given": job.given,
        "source": job.source or None,
        "step": job.step,
        "state": job.state,
        "phase": job.phase or None,
        "files": job.files,
        "lines": job.lines,
        "programs": job.programs,
        "plan_id": job.plan_id or None,
        "open_errors": job.errors,
        "retire": job.retire,
        "problem": {"code": job.problem, "detail": job.problem_text} if job.problem else None,
        "releases": [
            {
                "program": each.program.slug,
                "release": each.number,
                "regrade": asdict(left[each.pk]) if each.pk in left else None,
            }
            for each in job.releases.all()
        ],
        "created_at": job.created_at,
        "ended_at": job.ended_at,
    }
