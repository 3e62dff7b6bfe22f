"""From what a page or a client sends to work that may be handed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from assessments.models import StarterFile, Submission
from assessments.submissions.archives import is_archive
from assessments.submissions.intake import Work, work_read
from assessments.submissions.limits import INTAKE, Rejected, size_words
from assessments.submissions.names import shown_name
from courses.models import Activity


def work_typed(activity: Activity, texts: Iterable[tuple[str, str]]) -> tuple[Work, Submission.Source]:
    """Work from pairs of a name and a text.

    :raises Rejected: it may not be kept.
    """
    return _read(activity, ((name, text.encode()) for name, text in texts)), Submission.Source.TEXT


def work_uploaded(activity: Activity, uploads: Sequence[UploadedFile]) -> tuple[Work, Submission.Source]:
    """Work from uploaded files, or from one archive.

    :raises Rejected: it may not be kept; nothing is read when it is too large together.
    """
    if sum(each.size or 0 for each in uploads) > INTAKE.upload:
        raise Rejected(
            "too_large", _("The files are larger than %(most)s together.") % {"most": size_words(INTAKE.upload)}
        )
    sent = [(each.name or "", each.read()) for each in uploads]
    packed = len(sent) == 1 and is_archive(sent[0][1])
    return _read(activity, sent), Submission.Source.ARCHIVE if packed else Submission.Source.FILES


def _read(activity: Activity, sent: Iterable[tuple[str, bytes]]) -> Work:
    files: dict[str, bytes] = {}
    for name, data in sent:
        if name in files:
            shown = shown_name(name)
            raise Rejected("name_twice", _("%(name)s is there twice.") % {"name": shown}, where=shown)
        files[name] = data
    return work_read(files, starter=starter_names(activity.pk))


def starter_names(activity_id: int) -> list[str]:
    """What a lab begins with; nothing of a project."""
    return list(StarterFile.objects.filter(lab=activity_id).order_by("position").values_list("path", flat=True))
