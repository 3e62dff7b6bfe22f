"""Handing in work for a lab, and what it begins with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Submission
from assessments.services.submitting import lab_at, submission_create
from assessments.submissions.archives import is_archive
from assessments.submissions.intake import Work, work_read
from assessments.submissions.limits import INTAKE, Rejected, size_words
from courses.models import Activity
from courses.selectors.openings import openings_of
from waymark.core.actors import actor_of
from waymark.core.errors import DomainError, Missing
from waymark.dashboard.selectors.enrolments import readable_enrolment
from waymark.dashboard.views.learn import activity_page_of


@require_POST
def hand_in(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """Take what was typed or uploaded; what cannot be taken stays on the page, with the reason."""
    actor = actor_of(request)
    enrolment = readable_enrolment(actor, slug)
    activity = lab_at(enrolment, path).activity
    typed = dict(zip(request.POST.getlist("name"), request.POST.getlist("text"), strict=False))
    typed = {name: text.replace("\r\n", "\n") for name, text in typed.items()}
    try:
        work, source = _work(activity, typed, request.FILES.getlist("upload"), wants_files="files" in request.POST)
        done = submission_create(actor=actor, enrolment=enrolment, activity=activity, work=work, source=source)
    except DomainError as problem:
        if problem.status not in (400, 409):
            raise
        return activity_page_of(request, enrolment, path, typed=typed or None, problem=problem, status=problem.status)
    if not done.created:
        messages.info(request, _("You handed in the same work before; this is what it gave. No submission was used."))
    elif work.left_out:
        messages.info(request, _("Left out, as tools made them: %(names)s.") % {"names": ", ".join(work.left_out[:5])})
    return redirect(done.submission.get_absolute_url())


def _work(
    activity: Activity, typed: dict[str, str], uploads: Sequence[UploadedFile], *, wants_files: bool
) -> tuple[Work, Submission.Source]:
    starter = activity.lab.starter_files.values_list("path", flat=True)
    if not wants_files and not uploads:
        sent = {name: text.encode() for name, text in typed.items()}
        return work_read(sent, starter=starter), Submission.Source.TEXT
    if sum(each.size or 0 for each in uploads) > INTAKE.upload:
        raise Rejected(
            "too_large", _("The files are larger than %(most)s together.") % {"most": size_words(INTAKE.upload)}
        )
    files: dict[str, bytes] = {}
    for each in uploads:
        name = each.name or ""
        if name in files:
            raise Rejected("name_twice", _("%(name)s is there twice.") % {"name": name}, where=name)
        files[name] = each.read()
    packed = len(files) == 1 and is_archive(next(iter(files.values())))
    return work_read(files, starter=starter), Submission.Source.ARCHIVE if packed else Submission.Source.FILES


@require_safe
def starter(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """The files that a lab begins with, as a zip archive; withheld while the lab is locked."""
    enrolment = readable_enrolment(actor_of(request), slug)
    activity = lab_at(enrolment, path).activity
    files = list(activity.lab.starter_files.order_by("position").values_list("path", "content"))
    if not files or not openings_of(enrolment).of_activity(activity).is_open:
        raise Missing()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content.encode(), zipfile.ZIP_DEFLATED)
    answer = HttpResponse(out.getvalue(), content_type="application/zip")
    name = f"{activity.key}-starter.zip"
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return answer
