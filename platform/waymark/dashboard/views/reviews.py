"""Teach > Reviews: the queue, and the review of one hand-in on a rubric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.access import review_seen, submission_seen
from assessments.models import Review
from courses.access import staffed_cohorts, staffed_programs
from grading.selectors.review_page import CriterionLine, page_of
from grading.selectors.review_queue import (
    ORDER,
    QueueFilters,
    activities_waiting,
    drafts_of,
    place_of,
    queue_lines,
    queue_size,
    shown,
    waiting_for,
)
from grading.services.review_drafts import (
    MarkSent,
    ReviewConflict,
    ReviewSent,
    review_begin,
    review_save,
    review_take_over,
)
from grading.services.review_next import review_next
from grading.services.review_release import review_correct, review_drop, review_release
from waymark.core.actors import Actor, actor_of
from waymark.core.errors import DomainError, Invalid, Refused
from waymark.core.exact import plain
from waymark.core.keyset import keyset_page
from waymark.core.shown import moment
from waymark.dashboard.guards import needs_area

PAGE_SIZE = 50


# -- the queue ------------------------------------------------------------------------
def _filters(data: QueryDict) -> QueueFilters:
    return QueueFilters(**{name: data.get(name, "")[:200] for name in ("program", "cohort", "activity", "free")})


@require_safe
@never_cache
@needs_area("teach")
def review_queue(request: HttpRequest) -> HttpResponse:
    """What waits for people, the oldest first; above it what this person has begun."""
    actor = actor_of(request)
    filters = _filters(request.GET)
    rows = waiting_for(actor, filters)
    page = keyset_page(
        shown(rows), order=list(ORDER), cursor=request.GET.get("cursor", ""), size=PAGE_SIZE, filters=filters.as_query()
    )
    size = queue_size(rows)

    def address(cursor: str) -> str:
        return "?" + urlencode({**filters.as_query(), "cursor": cursor}) if cursor else ""

    context = {
        "page_title": _("Reviews"),
        "crumbs": [(_("Teach"), None)],
        "shell": "wm-shell-wide",
        "lines": queue_lines(actor, page.rows),
        "drafts": list(drafts_of(actor)[:PAGE_SIZE]),
        "size": size,
        "waited": None if size.oldest is None else (timezone.now() - size.oldest).total_seconds(),
        "filters": filters,
        "filtered": bool(filters.as_query()),
        "programs": list(staffed_programs(actor).order_by("title", "pk")),
        "cohorts": list(staffed_cohorts(actor).filter(archived_at=None).order_by("title", "pk")),
        "activities": activities_waiting(actor),
        "now": timezone.now(),
        "previous_url": address(page.previous),
        "next_url": address(page.next),
    }
    return render(request, "dashboard/reviews/queue.html", context)


@require_POST
@needs_area("teach")
def next_review(request: HttpRequest) -> HttpResponse:
    """Begin the review that has waited longest and that nobody has; with none left the queue says so."""
    filters = _filters(request.POST)
    review = review_next(actor=actor_of(request), filters=filters)
    if review is not None:
        return redirect(_with(review.get_absolute_url(), filters))
    messages.info(request, _("Nothing is left that nobody has begun."))
    return redirect(_with(reverse("review_queue"), filters))


def _with(address: str, filters: QueueFilters) -> str:
    """An address that keeps the filters, so that *next* stays within them."""
    query = urlencode(filters.as_query())
    return f"{address}?{query}" if query else address


@require_POST
@needs_area("teach")
def begin_review(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Begin the review of one hand-in, or come to the one that is there."""
    actor = actor_of(request)
    submission = submission_seen(actor, uuid)
    try:
        review = review_begin(actor=actor, submission=submission)
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return redirect(submission.get_absolute_url())
    return redirect(_with(review.get_absolute_url(), _filters(request.POST)))


@require_POST
@needs_area("teach")
def correct_review(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Begin to correct the review that stands for a hand-in, with a reason."""
    actor = actor_of(request)
    submission = submission_seen(actor, uuid)
    reasons = {name: request.POST.get(name, "") for name in ("for_learner", "for_staff")}
    try:
        review = review_correct(actor=actor, submission=submission, **reasons)
    except (Invalid, Refused) as problem:
        newest = submission.reviews.order_by("-pk").first()
        if newest is None:
            raise
        return _page(request, actor, review_seen(actor, newest.uuid), problem=problem, reasons=reasons)
    return redirect(review)


# -- one review -----------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs_area("teach")
def review(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The work beside the rubric; a POST says by ``do``: save, release, next, take_over or drop."""
    actor = actor_of(request)
    row = review_seen(actor, uuid)
    if request.method != "POST":
        return _page(request, actor, row)
    do = request.POST.get("do", "")
    if do == "take_over":
        row = review_take_over(actor=actor, review=row)
        messages.success(request, _("The review is yours now."))
        if "criterion" not in request.POST:
            return redirect(row)
        # What was typed before somebody else took it over stays, beside what they saved.
        return _page(request, actor, review_seen(actor, row.uuid), typed=request.POST, seen=True)
    if do == "drop":
        review_drop(actor=actor, review=row)
        if row.corrects_id is None:
            messages.success(request, _("It waits for anybody again."))
            return redirect(_with(reverse("review_queue"), _filters(request.GET)))
        messages.success(request, _("The correction was dropped; the released review stands."))
        return redirect(row.submission.get_absolute_url())
    if do not in ("save", "release", "next"):
        raise Invalid(_("There is no such act."), code="unknown_act", where="do")
    return _written(request, actor, row, do)


def _written(request: HttpRequest, actor: Actor, row: Review, do: str) -> HttpResponse:
    """Save or release what was sent; what was not taken stays on the page, with the reason."""
    live = request.headers.get("Accept", "").startswith("application/json")
    filters, again = _filters(request.GET), row.state == Review.State.RELEASED
    try:
        sent = _sent(request.POST)
        row = (review_save if do == "save" else review_release)(actor=actor, review=row, sent=sent)
    except DomainError as problem:
        if problem.status not in (400, 409):
            raise
        if live:
            return _refused(problem)
        return _page(request, actor, review_seen(actor, row.uuid), problem=problem, typed=request.POST)
    if do == "save":
        return JsonResponse(_saved(row)) if live else redirect(_with(row.get_absolute_url(), filters))
    messages.success(request, _("The review is released; its learner reads it now."))
    if do == "release":
        return redirect(_with(row.get_absolute_url(), filters))
    # A double click has begun the next one already.
    following = None if again else review_next(actor=actor, filters=filters)
    return redirect(_with(following.get_absolute_url() if following else reverse("review_queue"), filters))


def _sent(data: QueryDict) -> ReviewSent:
    """A form as it was sent: per criterion ``level-KEY`` (points of a level, or ``own`` with ``points-KEY``)."""
    marks = {}
    for key in data.getlist("criterion"):
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            raise Invalid(_("This rubric has no such criterion."), code="no_criterion", where="criterion")
        level = data.get(f"level-{key}", "own")
        text = (data.get(f"points-{key}", "") if level == "own" else level).strip()
        marks[int(key)] = MarkSent(_points(text, key), data.get(f"comment-{key}", "").replace("\r\n", "\n").strip())
    version = data.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Invalid(_("The form names no version."), code="no_version", where="version")
    return ReviewSent(int(version), marks, data.get("comment", "").replace("\r\n", "\n").strip())


def _points(text: str, key: str) -> Decimal | None:
    if not text:
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        message = _("%(text)s is no number of points.") % {"text": text[:40]}
        raise Invalid(message, code="points_unreadable", where=f"criterion-{key}") from error


def _saved(row: Review) -> dict[str, Any]:
    """What the script needs after a save; sums it knows itself."""
    return {"version": row.version, "saved_at": timezone.localtime(row.saved_at).strftime("%H:%M:%S")}


def _refused(problem: DomainError) -> JsonResponse:
    body = {"code": problem.code, "message": problem.message, "hint": problem.hint, "where": problem.where}
    return JsonResponse(body, status=problem.status)


def _page(
    request: HttpRequest, actor: Actor, row: Review, *, problem: DomainError | None = None,
    typed: QueryDict | None = None, seen: bool = False, reasons: Mapping[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    """The page of a review.

    :param problem, typed: why what was typed was not taken, and that.
    :param reasons: of a correction that was not begun.
    :param seen: what was saved stands on the page beside what was typed; so does it after a conflict.
    """
    submission = row.submission
    run = submission.runs.filter(kind="first").first()
    waits = run is not None and run.state == "queued"
    draft = row.state == Review.State.DRAFT
    conflict = isinstance(problem, ReviewConflict)
    # Who sends again what stands beside the other version saves over that knowingly; else the version stays.
    version = row.version if typed is None or conflict or seen else typed.get("version", "")
    content = page_of(row)
    criteria = content.pop("criteria")
    lines = [(each, None if typed is None else _kept(typed, each)) for each in criteria]
    mine = draft and row.reviewer_id == actor.user_id
    empty = not row.comment and not any(each.points or each.comment for each in criteria)
    context = {
        "page_title": submission.activity.title,
        "title_lang": submission.enrolment.program.language,
        "content_lang": submission.enrolment.program.language,
        "crumbs": [(_("Teach"), None), (_("Reviews"), reverse("review_queue"))],
        "shell": "wm-shell-wide",
        "facts": [
            submission.enrolment.learner.display_name,
            _("Submission %(number)s, %(at)s")
            % {"number": submission.number, "at": moment(submission.handed_in_at, zone=True)},
        ],
        "review": row,
        "submission": submission,
        "activity": submission.activity,
        "draft": draft,
        "mine": mine,
        "editing": typed is not None or mine,
        "may_drop": mine and (row.corrects_id is not None or empty),
        "reasons": reasons,
        "stands": row.state == Review.State.RELEASED and not hasattr(row, "correction"),
        "place": place_of(actor, run) if waits and run is not None else None,
        "waited": (timezone.now() - run.queued_at).total_seconds() if waits and run is not None else None,
        "problem": problem,
        "beside": conflict or seen,
        "version": version,
        "comment": row.comment if typed is None else typed.get("comment", ""),
        "lines": lines,
        **content,
    }
    return render(request, "dashboard/reviews/review.html", context, status=problem.status if problem else 200)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed for one criterion and not taken; ``differs`` from what is saved."""

    level: str
    points: str
    comment: str
    differs: bool


def _kept(typed: QueryDict, line: CriterionLine) -> Kept:
    level = typed.get(f"level-{line.key}", "own")
    points = typed.get(f"points-{line.key}", "") if level == "own" else level
    comment = typed.get(f"comment-{line.key}", "")
    return Kept(level, points, comment, (_plainly(points), comment.strip()) != (line.points, line.comment))


def _plainly(text: str) -> str:
    """Typed points as they would be shown: 60.0 is 60."""
    try:
        return plain(Decimal(text.strip().replace(",", "."))) if text.strip() else ""
    except InvalidOperation:
        return text
