"""Operations on submissions: hand in, look where one is and what it gave, fetch its files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.cache import add_never_cache_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.access import fetch_seen, submission_seen, submissions_visible_to, work_for_learner
from assessments.api.fetches import CommitInput, FetchShape, fetch_shape
from assessments.api.shapes import NothingInput
from assessments.services.fetching import fetch_ask
from assessments.services.receiving import work_typed, work_uploaded
from assessments.services.submitting import item_of, submission_create
from assessments.submissions.blobs import BLOBS
from grading.api import shapes
from grading.selectors.submissions import submission_cards, submission_detail
from grading.services.cancelling import submission_cancel
from waymark.accounts.scopes import ME
from waymark.core.actors import actor_of
from waymark.core.api import PAGE_PARAMETERS, ListOperation, Operation, page_answer
from waymark.core.downloads import download
from waymark.core.errors import Invalid, Missing
from waymark.core.keyset import keyset_page
from waymark.core.parsers import JSONParser

READ = "submissions:read"
TAGS = ["Submissions"]
FILTERS = [
    OpenApiParameter("program", str, description="Slug."),
    OpenApiParameter("activity", str, description="Path of the lab or project, such as MOD-001/retry."),
    OpenApiParameter("enrolment", OpenApiTypes.UUID, description="Of one enrolment."),
]


class SubmissionHandIn(Operation):
    """Hand in work for a lab or a project."""

    required_scope = ME
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(
        operation_id="submissions_create", tags=TAGS,
        request={"application/json": shapes.WORK_INPUT, "multipart/form-data": shapes.UploadInput},
        responses={200: shapes.HandedInShape, 201: shapes.HandedInShape, 202: FetchShape},
        description="`activity` is the path of a lab or a project, such as `MOD-001/retry`, or `junior:MOD-001/retry` "
        "where the program must be named. Texts as JSON, or files or one archive (zip, tar, tar.gz) as a "
        "form; a form's file names have no folders. Or a commit of a public repository as JSON: 202, a "
        "worker fetches it, `fetches_read` says how that went, and it counts as handed in when it was "
        "asked for. A request may be repeated: the same work is the submission that it was, 200, while "
        "that waits and as long as its result would come out again, and the same commit is the fetch that "
        "is under way; no attempt is used.",
    )  # fmt: skip
    def post(self, request: Request, activity: str) -> Response:
        actor = actor_of(request)
        program, _, path = activity.rpartition(":")
        enrolment, item = work_for_learner(actor, program, path)
        item = item_of(enrolment, item.pk)
        if isinstance(request.data, QueryDict):
            form = {name: request.data.getlist(name) for name in request.data}
            uploaded = shapes.UploadInput(data=form)
            uploaded.is_valid(raise_exception=True)
            work, source = work_uploaded(item, uploaded.validated_data["files"])
        elif isinstance(request.data, dict) and "repository" in request.data:
            commit = CommitInput(data=request.data)
            commit.is_valid(raise_exception=True)
            fetch = fetch_ask(actor=actor, enrolment=enrolment, activity=item, **commit.validated_data)
            return Response(fetch_shape(fetch_seen(actor, fetch.uuid)), status=202)
        else:
            typed = shapes.TypedInput(data=request.data)
            typed.is_valid(raise_exception=True)
            work, source = work_typed(item, ((each["name"], each["text"]) for each in typed.validated_data["files"]))
        done = submission_create(actor=actor, enrolment=enrolment, activity=item, work=work, source=source)
        answer = submission_detail(actor, submission_seen(actor, done.submission.uuid))
        return Response({**answer, "left_out": list(work.left_out)}, status=201 if done.created else 200)


class SubmissionList(ListOperation):
    """Submissions that this credential may see, newest first: for a learner the own ones."""

    required_scope = READ
    parameters = frozenset({"program", "activity", "enrolment"}) | ListOperation.parameters

    @extend_schema(
        operation_id="submissions_list", tags=TAGS, parameters=[*FILTERS, *PAGE_PARAMETERS],
        responses=shapes.SubmissionPage,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        actor = actor_of(request)
        rows = submissions_visible_to(actor).select_related("enrolment__program", "activity")
        asked = {each.name: request.query_params.get(each.name, "") for each in FILTERS}
        if asked["program"]:
            rows = rows.filter(enrolment__program__slug=asked["program"])
        if asked["activity"]:
            rows = rows.filter(activity__path=asked["activity"])
        if asked["enrolment"]:
            rows = rows.filter(enrolment__uuid=_uuid(asked["enrolment"]))
        page = keyset_page(rows, order=["-id"], filters=asked, **self.asked_page(request))
        return Response(page_answer(page, submission_cards(actor, page.rows)))


class SubmissionRead(Operation):
    """One submission: its files, where it is, and what its checks gave, as far as that may be seen."""

    required_scope = READ

    @extend_schema(
        operation_id="submissions_read", tags=TAGS, responses=shapes.SubmissionShape,
        description="What a learner sees of the own work is the policy's, as on its page. Of the work of others hidden "
        "checks, and what the policy holds back, are for `curriculum:internal`; figures need `grades:read`.",
    )  # fmt: skip
    def get(self, request: Request, uuid: UUID) -> Response:
        actor = actor_of(request)
        return Response(submission_detail(actor, submission_seen(actor, uuid)))


class SubmissionCancel(Operation):
    """Take a submission back that no worker has taken yet; it uses no attempt. Repeating it changes nothing."""

    required_scope = ME

    @extend_schema(
        operation_id="submissions_cancel", tags=TAGS, request=NothingInput, responses=shapes.SubmissionShape,
        description="409 `run_under_way` once a worker has it, `run_over` once it was checked.",
    )  # fmt: skip
    def post(self, request: Request, uuid: UUID) -> Response:
        actor = actor_of(request)
        submission = submission_seen(actor, uuid)
        NothingInput(data=request.data).is_valid(raise_exception=True)
        submission_cancel(actor=actor, submission=submission)
        return Response(submission_detail(actor, submission))


class SubmissionFileRead(Operation):
    """A file of a submission as it was handed in, whatever `Accept` says."""

    required_scope = READ

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        operation_id="submissions_file", tags=TAGS,
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )  # fmt: skip
    def get(self, request: Request, uuid: UUID, name: str) -> HttpResponse:
        file = submission_seen(actor_of(request), uuid).files.filter(name=name).first()
        if file is None:
            raise Missing()
        answer = download(BLOBS.read(file.blob_id), name)
        add_never_cache_headers(answer)
        return answer


def _uuid(stated: str) -> UUID:
    try:
        return UUID(stated)
    except ValueError as error:
        raise Invalid("enrolment must be an id.", code="parameter_invalid", where="enrolment") from error
