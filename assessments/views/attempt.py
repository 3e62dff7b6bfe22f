"""The page of an attempt under way: all questions on one page, with or without scripts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.access import attempt_seen, may_answer, require_answerer
from assessments.clock import attempt_is_closed
from assessments.errors import AttemptClosed, ResponseConflict
from assessments.forms import touched_answers
from assessments.models import Attempt
from assessments.questions import InvalidResponse
from assessments.selectors import attempt_page, questions_asked
from assessments.services import SentResponse, attempt_close, attempt_hand_in, response_save, responses_save
from assessments.services.responses import differing
from courses.links import activity_crumbs
from waymark.core.actors import Actor, actor_of
from waymark.core.errors import DomainError
from waymark.core.shown import number, points_in_words

Problems = dict[int, DomainError]
ASKED = "hand_in"
"""In the address of an attempt: handing in was asked for, and something has no answer yet."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Answer, save and hand in; once it is over, its result."""
    actor = actor_of(request)
    row = attempt_seen(actor, uuid)
    if request.method == "POST":
        return _post(request, actor, row)
    now = timezone.now()
    if attempt_is_closed(row, now):
        if row.state == Attempt.State.OPEN:
            attempt_close(attempt_id=row.pk, now=now)
        return _result(row)
    asked = request.GET.get(ASKED) == "1" and may_answer(actor, row)
    return _page(request, actor, row, confirm=asked)


def _post(request: HttpRequest, actor: Actor, row: Attempt) -> HttpResponse:
    """``action`` is ``save`` or ``hand_in``; both keep every answer that was touched."""
    require_answerer(actor, row)
    sent = touched_answers(questions_asked(row), request.POST)
    try:
        problems = _save(actor, row, sent)
        if problems:
            return _page(request, actor, row, sent=sent, problems=problems)
        if request.POST.get("action") != "hand_in":
            messages.success(request, _("Saved"))
            return redirect(row.get_absolute_url())
        if "confirm" not in request.POST and attempt_page(row, timezone.now()).unanswered:
            return redirect(f"{row.get_absolute_url()}?{ASKED}=1#unanswered")
        attempt_hand_in(actor=actor, attempt=row)
    except AttemptClosed:
        return _closed(request, row, sent)
    return _result(row)


def _save(actor: Actor, row: Attempt, sent: list[SentResponse]) -> Problems:
    """Save what can be saved; what cannot is named by the number of its question."""
    try:
        responses_save(actor=actor, attempt=row, sent=sent)
    except (ResponseConflict, InvalidResponse):
        pass
    else:
        return {}
    problems: Problems = {}
    for each in sent:
        try:
            response_save(actor=actor, attempt=row, sent=each)
        except (ResponseConflict, InvalidResponse) as error:
            problems[each.number] = error
    return problems


def _page(
    request: HttpRequest, actor: Actor, row: Attempt, *, sent: list[SentResponse] | None = None,
    problems: Problems | None = None, confirm: bool = False,
) -> HttpResponse:  # fmt: skip
    problems = problems or {}
    typed = {each.number: each.value for each in sent or [] if each.number in problems}
    page = attempt_page(row, timezone.now(), typed=typed)
    context = {
        **_frame(row),
        "facts": _facts(row, page.points, len(page.questions)),
        "page": page,
        "rows": [(question, problems.get(question.number)) for question in page.questions],
        "may_answer": may_answer(actor, row),
        "confirm": confirm and bool(page.unanswered),
        "zone": timezone.get_current_timezone_name(),
        "api_url": reverse("api:attempt", args=[row.uuid]),
    }
    status = max((error.status for error in problems.values()), default=200)
    return render(request, "assessments/attempt.html", context, status=status)


def _closed(request: HttpRequest, row: Attempt, sent: list[SentResponse]) -> HttpResponse:
    """The attempt is over. What came too late stays on the page; nothing late, and the result is shown."""
    late = differing(row, sent)
    attempt_close(attempt_id=row.pk)
    if not late:
        return _result(row)
    row.refresh_from_db()
    page = attempt_page(row, timezone.now(), typed={each.number: each.value for each in late})
    numbers = {each.number for each in late}
    context = {**_frame(row), "late": [question for question in page.questions if question.number in numbers]}
    return render(request, "assessments/attempt_closed.html", context, status=AttemptClosed.status)


def _frame(row: Attempt) -> dict[str, Any]:
    activity = row.quiz.activity
    return {
        "attempt": row,
        "page_title": activity.title,
        "title_lang": row.enrolment.program.language,
        "content_lang": row.enrolment.program.language,
        "crumbs": activity_crumbs(row.enrolment.program, activity)[:-1],
    }


def _facts(row: Attempt, points: Any, questions: int) -> list[str]:
    facts = [
        _("Attempt %(number)s") % {"number": row.number},
        ngettext("%(count)s question", "%(count)s questions", questions) % {"count": questions},
        points_in_words(points),
    ]
    if row.quiz.activity.points not in (None, points):
        facts.append(_("counts for %(points)s") % {"points": number(row.quiz.activity.points)})
    return facts


def _result(row: Attempt) -> HttpResponse:
    return redirect("grading:attempt-result", uuid=row.uuid)
