"""Forms of Manage > People, of Joining and of the API clients."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from courses.curriculum.sources.text import MAX_BYTES
from courses.models import Cohort, Program
from waymark.accounts.scopes import CLIENT_SCOPES
from waymark.core.actors import Actor
from waymark.dashboard.selectors import people

Offer = tuple[str, Program | None, Cohort | None]


class _OfferForm(forms.Form):
    """A form whose choices are what this actor may offer, read anew for every request."""

    rights_only = False
    offer = forms.ChoiceField(label=_("To what"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programs = {program.pk: program for program in people.programs_to_choose(actor)}
        self.cohorts = {cohort.pk: cohort for cohort in people.cohorts_to_choose(actor)}
        self.fields["offer"].choices = people.offers(actor, rights_only=self.rights_only)  # type: ignore[attr-defined]

    def offered(self) -> Offer:
        """Right (empty for a place to learn), program and cohort of the choice."""
        right, _, scope = self.cleaned_data["offer"].partition(":")
        if right == "place":
            kind, _, key = scope.partition(":")
            return ("", None, self.cohorts[int(key)]) if kind == "cohort" else ("", self.programs[int(key)], None)
        if right == "instructor":
            return right, None, self.cohorts[int(scope)]
        return right, self.programs[int(scope)] if scope else None, None


class GrantForm(_OfferForm):
    """A right for somebody who has an account."""

    rights_only = True
    offer = forms.ChoiceField(label=_("Right"), help_text=_("It holds from the next page they open."))


class InviteForm(_OfferForm):
    """An invitation to an address."""

    email = forms.EmailField(
        label=_("Address"), help_text=_("Only this address can accept. If it has no account yet, it makes one first.")
    )
    field_order = ["email", "offer"]


class ActAsForm(forms.Form):
    """Why a site admin looks through somebody's eyes."""

    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The person reads it, with your name."))


class ApproveForm(forms.Form):
    """Into which cohort a request is let in."""

    cohort = forms.ChoiceField(label=_("Cohort"), required=False)

    def __init__(self, *args: Any, cohorts: list[Cohort], without: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohorts = {str(cohort.pk): cohort for cohort in cohorts}
        choices: list[tuple[str, Any]] = [(key, cohort.title) for key, cohort in self.cohorts.items()]
        if without:
            choices.append(("", _("Without a cohort")))
        self.fields["cohort"].choices = choices  # type: ignore[attr-defined]


class DeclineForm(forms.Form):
    """Why a request is declined."""

    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("The person reads it."))


class ClientForm(forms.Form):
    """A new API client with its scopes and its limit."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("The system that will use it."))
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=list(CLIENT_SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    reach = forms.ChoiceField(
        label=_("Where"),
        initial="limited",
        choices=[("limited", _("Only in what is ticked below")), ("all", _("On the whole site"))],
        widget=forms.RadioSelect,
    )
    programs = forms.MultipleChoiceField(label=_("Programs"), required=False, widget=forms.CheckboxSelectMultiple)
    cohorts = forms.MultipleChoiceField(label=_("Cohorts"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programs"].choices = [  # type: ignore[attr-defined]
            (str(program.pk), program.title) for program in people.programs_to_choose(actor)
        ]
        cohorts = people.cohorts_to_choose(actor)
        self.fields["cohorts"].choices = [  # type: ignore[attr-defined]
            (str(cohort.pk), f"{cohort.program.title}, {cohort.title}") for cohort in cohorts
        ]
        if not cohorts:
            del self.fields["cohorts"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reach") == "limited" and not cleaned.get("programs") and not cleaned.get("cohorts"):
            self.add_error("reach", _("Tick at least one program or cohort, or choose the whole site."))
        return cleaned


class ListForm(forms.Form):
    """A list of people as a file."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV with a line of column names."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )  # fmt: skip

    def clean_file(self) -> UploadedFile:
        """Looked at before it is read: a preview holds the whole list in memory."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file has more than %(limit)s."), params={"limit": filesizeformat(MAX_BYTES)}
            )
        return file


class PreviewedForm(forms.Form):
    """A list sent back from its preview, with the preview's id."""

    name = forms.CharField(max_length=255, widget=forms.HiddenInput)
    text = forms.CharField(strip=False, widget=forms.HiddenInput)
    preview = forms.CharField(max_length=16, widget=forms.HiddenInput)
