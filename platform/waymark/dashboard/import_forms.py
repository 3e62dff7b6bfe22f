"""Forms of Manage > Curricula: the ways in which a curriculum is given."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from courses.curriculum.planning.incoming import LONGEST_SOURCE
from courses.models import Program
from courses.services.import_files import LONGEST_ADDRESS


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in given] if given else super().clean(None)


class SourceForm(forms.Form):
    """Which source it is; the name is asked for last."""

    source = forms.CharField(
        label=_("Name of the source"),
        max_length=LONGEST_SOURCE,
        required=False,
        help_text=_("What this source gave before and no longer gives is retired. Empty: what is given is called so."),
    )
    field_order = ("upload", "address", "root", "path", "source")


class FilesForm(SourceForm):
    """Documents, or a whole tree as a zip archive."""

    upload = FilesField(
        label=_("Files"),
        allow_empty_file=True,
        help_text=_("Markdown and YAML, up to 100 files; or zip archives of whole folders."),
    )


class RepositoryForm(SourceForm):
    """One revision of a repository that everybody may read."""

    address = forms.CharField(
        label=_("Address of the repository"),
        max_length=LONGEST_ADDRESS,
        help_text=_("https://host/path.git#revision, without the last part for its default branch."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )


class FolderForm(SourceForm):
    """A folder of the server, below one that the operator opened for imports."""

    root = forms.ChoiceField(label=_("Folder of the server"))
    path = forms.CharField(
        label=_("Part of it"), max_length=300, required=False, help_text=_("Such as team/curriculum; empty for all.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [each.name for each in settings.IMPORT_ROOTS]
        self.fields["root"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]


class StandingForm(forms.Form):
    """Who may enter a program, or that nobody does any more."""

    ARCHIVED = "archived"
    entry = forms.ChoiceField(
        label=_("Who may enter"),
        choices=[
            (Program.EnrolmentMode.OPEN, _("Everybody who finds it in the catalogue")),
            (Program.EnrolmentMode.APPROVAL, _("Everybody who asks, once staff agree")),
            (Program.EnrolmentMode.INVITATION, _("Only who is invited")),
            (ARCHIVED, _("Nobody: it is archived, and can only be read")),
        ],
        widget=forms.RadioSelect,
    )


def standing_form(program: Program, data: Any = None) -> StandingForm:
    """The form, with how the program stands; nothing is chosen where it was never opened."""
    stands = StandingForm.ARCHIVED if program.archived_at else program.enrolment_mode if program.published_at else None
    return StandingForm(data, initial={"entry": stands})


class ApplyForm(forms.Form):
    """What is applied; the reason is for who sets errors aside."""

    plan = forms.CharField(max_length=64, widget=forms.HiddenInput)
    override = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_("Kept in the audit. What the errors are about is left without effect."),
    )
