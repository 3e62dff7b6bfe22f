"""Forms of the learner's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment, LearningPath
from waymark.core.exact import plain


class PlanForm(forms.Form):
    """A learner's own plan."""

    hours_per_week = forms.DecimalField(
        label=_("Hours per week"), min_value=1, max_value=80, max_digits=5, decimal_places=2
    )
    path = forms.ModelChoiceField(
        label=_("Learning path"),
        queryset=LearningPath.objects.none(),
        required=False,
        empty_label=_("The whole program"),
    )

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"hours_per_week": plain(enrolment.hours_per_week), "path": enrolment.path_id})
        super().__init__(*args, **kwargs)
        paths = LearningPath.objects.current().filter(program=enrolment.program_id)
        self.fields["path"].queryset = paths  # type: ignore[attr-defined]
        if not paths.exists():
            del self.fields["path"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned.setdefault("path", None)
        return cleaned
