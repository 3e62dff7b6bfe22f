"""Template tags and filters that every page may use without loading them.

Numbers and times as the product writes them: ``6 to 8 h``, ``8.4 of 10``,
``90.8 %``, ``Fri 21 Nov 18:00`` in the zone of the person. The markup of each
part is a template below ``templates/components/``; docs/look.md lists them.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    PasswordInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.forms.boundfield import BoundWidget
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from waymark.core import prose as prose_module
from waymark.core import shown as text

register = template.Library()

STATES = {
    "done": gettext_lazy("Done"),
    "ok": gettext_lazy("Passed"),
    "progress": gettext_lazy("In progress"),
    "open": pgettext_lazy("state", "Open"),
    "locked": gettext_lazy("Locked"),
    "failed": gettext_lazy("Failed"),
    "partial": gettext_lazy("Partly"),
    "running": gettext_lazy("Running"),
    "waiting": gettext_lazy("Waiting"),
    "warn": gettext_lazy("Warning"),
    "info": gettext_lazy("Note"),
}
"""Every state with its word; the stylesheet knows ``is-<state>``."""

CHEVRON = SafeString('<svg class="wm-chevron" viewBox="0 0 14 14" aria-hidden="true"><use href="#i-chevron"/></svg>')


# -- glyphs and states ---------------------------------------------------------
@register.simple_tag
def glyph(state: str) -> SafeString:
    """The mark of a state, without its word; only beside text that says the same."""
    if state not in STATES:
        raise template.TemplateSyntaxError(f"Unknown state {state!r}; one of {', '.join(STATES)}.")
    name = "done" if state == "ok" else state
    return format_html(
        '<svg class="wm-glyph" viewBox="0 0 14 14" aria-hidden="true"><use href="#g-{}"/></svg>',
        name,
    )


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """A drawing of the sprite (``chevron``, ``theme``, ``close``), never alone: name its control."""
    return format_html('<svg width="{0}" height="{0}" aria-hidden="true"><use href="#i-{1}"/></svg>', size, name)


@register.simple_tag
def chevron() -> SafeString:
    """The arrow of a ``summary``; it turns when its ``details`` is open."""
    return CHEVRON


@register.inclusion_tag("components/_status.html")
def status(state: str, word: str = "") -> dict[str, Any]:
    """Glyph and word. ``state`` is a key of ``STATES``; ``word`` replaces its usual word."""
    return {"state": state, "word": word or STATES.get(state, "")}


@register.inclusion_tag("components/_progress.html")
def progress(value: Any, total: Any, label: str, done: bool | None = None) -> dict[str, Any]:
    """A bar without numbers: write the numbers beside it. ``label`` names it for those who do not see it."""
    full = bool(total) and value is not None and value >= total if done is None else done
    value, total = value or 0, total or 1
    return {
        "value": value,
        "total": total,
        "label": label,
        "done": full,
        # Attributes are for machines: a point, never the comma of the language.
        "value_attribute": f"{float(value):g}",
        "total_attribute": f"{float(total):g}",
    }


# -- forms ---------------------------------------------------------------------
@register.filter
def control(field: BoundField) -> SafeString:
    """The widget of a form field in this look; label, help and fault are the field template's."""
    widget = field.field.widget
    attrs: dict[str, Any] = {"placeholder": False}
    if isinstance(widget, CheckboxInput):
        attrs["class"] = "checkbox checkbox-sm"
    elif isinstance(widget, Select):
        attrs["class"] = "select w-full"
    elif isinstance(widget, Textarea):
        attrs["class"] = "textarea w-full"
    elif isinstance(widget, FileInput):
        attrs["class"] = "wm-file"
    elif not widget.is_hidden:
        attrs["class"] = "input w-full"
    own = widget.attrs.get("class")
    if own and "class" in attrs:
        attrs["class"] = f"{attrs['class']} {own}"
    return field.as_widget(attrs=attrs)


@register.filter
def kept(form: BaseForm) -> str:
    """What a refused form still holds of what was typed: ``all``, ``some`` (passwords are emptied) or ``none``."""
    emptied = [isinstance(field.field.widget, PasswordInput) for field in form.visible_fields()]
    return "none" if all(emptied) else "some" if any(emptied) else "all"


@register.filter
def choices(field: BoundField) -> list[BoundWidget]:
    """The boxes of a set (radio buttons or checkboxes): each has ``tag``, ``choice_label`` and ``id_for_label``."""
    widget = field.field.widget
    kind = "checkbox checkbox-sm" if isinstance(widget, CheckboxSelectMultiple) else "radio radio-sm"
    attrs = {**widget.attrs, "id": field.auto_id, "class": kind}
    options = widget.subwidgets(field.html_name, field.value(), attrs=attrs)
    return [BoundWidget(widget, option, field.form.renderer) for option in options]


@register.filter
def is_set(field: BoundField) -> bool:
    """Whether the field is a set of boxes under one legend."""
    return isinstance(field.field.widget, (RadioSelect, CheckboxSelectMultiple))


@register.filter
def is_choice(field: BoundField) -> bool:
    """Whether the label stands behind its box (a single checkbox)."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether the label says "optional": a visible field that may stay empty and is no box to tick."""
    return not field.field.required and not isinstance(field.field.widget, CheckboxInput)


# -- numbers -------------------------------------------------------------------
@register.filter
def number(value: Any, places: int | None = None) -> str:
    """``1 204`` or ``8.4``: grouped by thin spaces, no trailing zeros unless ``places`` says so."""
    return text.number(value, places)


@register.filter
def hours(low: Any, high: Any = None) -> str:
    """``6 h``, or ``6 to 8 h`` with the upper end as argument; empty for None."""
    return text.hours(low, high)


@register.filter
def points(value: Any) -> str:
    """Points with at most two places: ``8.4``; a dash for None."""
    return text.points(value)


@register.filter
def points_in_words(value: Any) -> str:
    """``1 point``, ``8.4 points``."""
    return text.points_in_words(value)


@register.filter
def out_of(value: Any, total: Any) -> str:
    """``8.4 of 10``; a dash stands for what is not graded yet."""
    return text.out_of(value, total)


@register.filter
def percent(value: Decimal | Fraction | float | None) -> str:
    """A ratio from 0 to 1 as ``90 %`` or ``90.8 %``; a dash for None."""
    return text.percent(value)


@register.filter
def in_percent(value: Decimal | Fraction | float | None) -> str:
    """A figure that is in percent already as ``90 %`` or ``90.8 %``; a dash for None."""
    return text.in_percent(value)


@register.filter
def duration(seconds: Any) -> str:
    """Seconds (or a timedelta) as ``0.8 s``, ``40 s``, ``12 min`` or ``1 h 30 min``."""
    return text.duration(seconds)


# -- times ---------------------------------------------------------------------
def _element(moment: dt.datetime | dt.date, shown: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), shown)


@register.filter
def when(moment: dt.datetime | None, style: str = "") -> SafeString | str:
    """``Fri 21 Nov 18:00``, with the year if it is another one; ``|when:"zone"`` adds the zone."""
    if moment is None:
        return text.DASH
    return _element(moment, text.moment(moment, zone=style == "zone"))


@register.filter
def day(moment: dt.datetime | dt.date | None) -> SafeString | str:
    """``21 Nov 2025``, the calendar day in the zone of the person."""
    if moment is None:
        return text.DASH
    return _element(moment, text.day(moment))


@register.simple_tag
def today() -> SafeString:
    """The present day in full, ``Friday 21 November 2025``, in the zone of the person."""
    now = timezone.localtime()
    return _element(now.date(), text.long_day(now))


@register.filter
def from_now(moment: dt.datetime | None) -> SafeString | str:
    """``in 5 days``, ``tomorrow``, ``2 h ago``: beside a time, never in its place."""
    if moment is None:
        return text.DASH
    return _element(moment, text.from_now(moment, timezone.now()))


@register.simple_tag
def zone_note() -> str:
    """The sentence that names the zone of every time on the page."""
    name = timezone.get_current_timezone_name()
    abbreviation = text.zone_abbreviation(timezone.localtime())
    if abbreviation in (name, "UTC"):
        return _("Times are in %(zone)s") % {"zone": name}
    return _("Times are in %(zone)s (%(short)s)") % {"zone": name, "short": abbreviation}


@register.filter
def browser(user_agent: str | None) -> str:
    """A browser and its system in words, ``Firefox on Windows``, from a User-Agent header."""
    return text.browser(user_agent or "")


# -- languages -----------------------------------------------------------------
@register.simple_tag
def lang(language: str | None) -> SafeString:
    """The attribute ``lang`` of an element with content in *language*; nothing if the page is in it."""
    other = text.other_language(language)
    return format_html(' lang="{}"', other) if other else SafeString("")


@register.filter
def in_language(content: Any, language: str | None) -> str:
    """Words of the curriculum inside a line of the page; not for attributes."""
    return text.in_language(content, language)


@register.simple_tag
def naming(sentence: str, name: str, language: str | None) -> str:
    """A sentence of the page that names something of the curriculum."""
    return text.naming(sentence, name, language)


# -- prose ---------------------------------------------------------------------
@register.filter
def prose(source: str | None, heading: int = 2) -> SafeString:
    """Markdown as HTML that is safe to show; its first heading level is ``heading`` (waymark.core.prose)."""
    return prose_module.prose_html(source or "", heading=heading)


@register.filter
def address(target: str | None) -> str | None:
    """The address of what an authored link leads to; None where a page has none for it."""
    return prose_module.address_shown(target or "")


@register.filter
def prose_line(source: str | None) -> SafeString:
    """One line of Markdown (code, emphasis, links) without a paragraph around it."""
    return prose_module.prose_line(source or "")
