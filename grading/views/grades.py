"""All grades of one's own in a program."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.links import activity_url
from courses.models import Enrolment
from grading.access import enrolment_learnt, enrolments_left
from grading.selectors.grades import AttemptLine, ComponentLine, Grades, ItemLine, grades_of
from waymark.core.actors import actor_of
from waymark.core.errors import Missing
from waymark.core.shown import day, in_language, moment, number, out_of


@require_safe
def grades(request: HttpRequest, program: str) -> HttpResponse:
    """Components, rules, and what the points are made of, down to the attempt."""
    actor = actor_of(request)
    enrolment = enrolment_learnt(actor, program, _asked(request))
    found = grades_of(enrolment)
    facts = [in_language(enrolment.program.title, enrolment.program.language)]
    if enrolment.started_at is not None:
        facts.append(_("rules of %(day)s") % {"day": day(enrolment.started_at)})
    if enrolment.state == Enrolment.State.WITHDRAWN and enrolment.ended_at is not None:
        facts.append(_("left on %(day)s") % {"day": day(enrolment.ended_at)})
    if enrolment.state == Enrolment.State.COMPLETED and enrolment.ended_at is not None:
        facts.append(_("completed on %(day)s") % {"day": day(enrolment.ended_at)})
    context = {
        "page_title": _("Grades"),
        "crumbs": [(_("Learn"), None)],
        "facts": facts,
        "grades": found,
        "content_lang": enrolment.program.language,
        "left": [left for left in enrolments_left(actor) if left.pk != enrolment.pk],
        "tree": [_component(component, found) for component in found.components],
        "others": [_item(line, found) for line in found.others],
    }
    return render(request, "grading/grades.html", context)


def _asked(request: HttpRequest) -> UUID | None:
    """The enrolment that the address names, where one was in the program several times."""
    stated = request.GET.get("enrolment")
    if stated is None:
        return None
    try:
        return UUID(stated)
    except ValueError:
        raise Missing() from None


def _component(component: ComponentLine, found: Grades) -> dict[str, Any]:
    """A node of the tree component."""
    if component.share is None:
        value = _("0 of %(total)s graded") % {"total": number(component.total)}
    else:
        value = out_of(component.points, component.out_of)
    # What holds for every item is said once, at the component.
    rules = {line.why for line in component.items}
    common = rules.pop() if len(rules) == 1 and len(component.items) > 1 else ""
    each = _("Each: %(rule)s") % {"rule": f"{common[:1].lower()}{common[1:]}"} if common else ""
    return {
        "label": in_language(component.title, found.enrolment.program.language),
        "value": value,
        "why": " ".join(filter(None, [component.why, each])),
        "open": component.graded > 0,
        "children": [_item(line, found, said=common) for line in component.items],
        "state": "waiting",
    }


def _item(line: ItemLine, found: Grades, said: str = "") -> dict[str, Any]:
    """A node of one item. *said* is what its component says already."""
    shape = line.shape
    value = out_of(line.points, line.out_of) if line.points is not None else line.word
    node = {
        "label": in_language(shape.title, found.enrolment.program.language),
        "value": value,
        "why": "" if line.why == said else line.why,
    }
    if line.attempts:
        return {**node, "children": [_attempt(attempt, line) for attempt in line.attempts]}
    can_open = shape.ready and found.enrolment.state != Enrolment.State.WITHDRAWN
    link = (_("Open it"), activity_url(found.enrolment.program, shape.path)) if can_open else None
    return {**node, "state": line.state, "link": link}


def _attempt(attempt: AttemptLine, line: ItemLine) -> dict[str, Any]:
    graded = attempt.points is not None
    label = _("Attempt %(number)s") % {"number": attempt.number}
    at = moment(attempt.handed_in_at) if attempt.handed_in_at is not None else ""
    why = _("%(at)s. It counts.") % {"at": at} if attempt.counts else f"{at}."
    return {
        "label": label,
        "value": out_of(attempt.points, line.out_of) if graded else _("Being graded"),
        "why": why,
        "state": "done" if attempt.counts else "info" if graded else "waiting",
        "link": (_("Result"), reverse("grading:attempt-result", args=[attempt.uuid])),
    }
