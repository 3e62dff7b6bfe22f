"""Forms of the account area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from waymark.accounts.models import User
from waymark.accounts.scopes import scopes_offered

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm


NO_PLACES = ("Etc/", "posix/", "right/", "SystemV/")


def zone_choices() -> list[tuple[str, str]]:
    """UTC and every zone that is named after a place."""
    zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(NO_PLACES))
    return [(zone, zone) for zone in ["UTC", *zones]]


class SignupExtra(forms.Form):
    """What sign-up asks beside address and password (``ACCOUNT_SIGNUP_FORM_CLASS``).

    The browser's own zone is suggested by a script, once: what was chosen comes back as it was.
    """

    name = forms.CharField(
        label=_("Name"), max_length=150, required=False, help_text=_("Shown to your instructors and classmates.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, required=False, initial="UTC",
        help_text=_("Pages write times in it. It can be changed later."),
    )  # fmt: skip
    field_order = ["email", "name", "password1", "password2", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["time_zone"].widget.attrs["data-own-zone"] = ""

    def signup(self, request: Any, user: User) -> None:
        """Nothing more to do: the adapter keeps name and zone."""


class ProfileForm(UserForm):
    """Name, language and time zone."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices,
        help_text=_("Pages and mail write times in it. Due dates follow your cohort's zone, without one this."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]
        labels = {"name": _("Name")}
        help_texts = {"name": _("Shown to your instructors and classmates.")}


class TokenForm(forms.Form):
    """A new personal token; *staff* says whether the person holds any staff right."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Where you will use it, so that you know it again.")
    )
    days = forms.ChoiceField(
        label=_("Holds for"),
        initial="90",
        choices=[
            ("7", _("7 days")),
            ("30", _("30 days")),
            ("90", _("90 days")),
            ("180", _("half a year")),
            ("365", _("a year")),
        ],
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you may do yourself at that moment."),
    )

    def __init__(self, *args: Any, staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = scopes_offered(staff=staff)  # type: ignore[attr-defined]
