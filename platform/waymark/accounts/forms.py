"""Forms of the account area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from waymark.accounts.models import User

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm


class SignupExtra(forms.Form):
    """What sign-up asks beside address and password (``ACCOUNT_SIGNUP_FORM_CLASS``)."""

    name = forms.CharField(
        label=_("Name"), max_length=150, required=False, help_text=_("Shown to your instructors and classmates.")
    )
    field_order = ["email", "name", "password1", "password2"]

    def signup(self, request: Any, user: User) -> None:
        """Nothing more to do: the adapter keeps the name."""


class ProfileForm(UserForm):
    """Name, language and time zone."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Pages and mail write times in it. Due dates follow your cohort's zone.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]
        labels = {"name": _("Name")}
        help_texts = {"name": _("Shown to your instructors and classmates.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right", "SystemV")))
        self.fields["time_zone"].choices = [(zone, zone) for zone in ["UTC", *zones]]  # type: ignore[attr-defined]
