"""References and places of authored content, as a page says them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from assessments.questions.registry import question_type
from courses.models import Activity
from courses.selectors.authored import Authored, Place
from waymark.core.shown import in_language, number

register = template.Library()


@register.filter
def read_at(places: Iterable[Place]) -> str:
    """``roadmap.md:14-18, plan.yaml:3``: the files with the first and the last line of each."""
    lines: dict[str, list[int]] = {}
    for file, line in places:
        lines.setdefault(file, []).append(line)
    return ", ".join(f"{file.rpartition('/')[2]}:{_ends(found)}" for file, found in lines.items())


def _ends(lines: list[int]) -> str:
    first, last = min(lines), max(lines)
    return str(first) if first == last else f"{first}\N{EN DASH}{last}"


@register.simple_tag(takes_context=True)
def ref(context: template.Context, address: str) -> SafeString:
    """What *address* names, as a link to its content; its words where it names nothing known."""
    authored: Authored = context["authored"]
    found = authored.named.get(address)
    if found is None:
        return format_html("{}", address)
    language = context.get("content_lang")
    words = format_html("{} {}", address, in_language(found.title, language)) if found.title else address
    slug = context["program"].slug
    if found.program != authored.release.program_id or found.kind not in ("module", *Activity.Kind.values):
        return format_html("{}", words)
    name, place = ("content_module", "key") if found.kind == "module" else ("content_activity", "path")
    return format_html(
        '<a class="wm-link" href="{}">{}</a>', reverse(name, kwargs={"slug": slug, place: found.path}), words
    )


@register.simple_tag(takes_context=True)
def shared(context: template.Context, kind: str, key: str | None) -> SafeString | str:
    """The title of something that programs share, else its id."""
    return in_language(context["authored"].title_of(kind, key), context.get("content_lang"))


@register.simple_tag(takes_context=True)
def level(context: template.Context, purpose: str, key: str | None) -> SafeString | str:
    """The label of a level of the scale for *purpose*, else its id."""
    return in_language(context["authored"].level_of(purpose, key), context.get("content_lang"))


@register.filter
def kind_of_question(name: str) -> str:
    """What a type of question is called."""
    return gettext(question_type(name).label)


@register.filter
def span(value: Any) -> str:
    """``6``, ``6 to 8``, ``50 or more``: a range of a body, or a pair of low and high."""
    low, high = (value["low"], value["high"]) if isinstance(value, dict) else value
    if low is None or high is None:
        return f"{number(low)}+" if high is None else f"\N{LESS-THAN OR EQUAL TO} {number(high)}"
    return number(low) if str(low) == str(high) else f"{number(low)}\N{EN DASH}{number(high)}"
