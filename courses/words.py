"""Words for states, to stand inside a sentence in the reader's language."""

from django.utils.translation import gettext as _


def state_word(state: str) -> str:
    """``active`` and the like; of an enrolment."""
    return {
        "requested": _("requested"),
        "active": _("active"),
        "paused": _("paused"),
        "completed": _("completed"),
        "withdrawn": _("withdrawn"),
        "declined": _("declined"),
    }[state]
