"""The content of one module or activity page, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from courses.models import (
    Activity,
    Checklist,
    CompetencyTarget,
    Module,
    Objective,
    ProjectPhase,
    Requirement,
    Risk,
)
from courses.selectors.edges import named_edges


@dataclass(frozen=True, slots=True)
class ModulePage:
    module: Module
    topics: list[Any]
    objectives: list[Any]
    targets: list[Any]
    resources: list[Any]
    risks: list[Any]
    readiness: list[Any]
    leads_to: list[Any]
    recommended: list[tuple[Requirement, str]]


@dataclass(frozen=True, slots=True)
class ActivityPage:
    activity: Activity
    objectives: list[Any]
    targets: list[Any]
    technologies: list[Any]
    skills: list[Any]
    deliverables: list[Any]
    criteria: list[Any]
    phases: list[Any]
    checklists: list[Any]
    risks: list[Any]


LEARNERS_LISTS = (
    Checklist.Audience.READINESS,
    Checklist.Audience.SUBMISSION,
    Checklist.Audience.SELF_ASSESSMENT,
)
"""Checklists that learners see; authors' and reviewers' lists never reach them."""


def module_page(module_id: int) -> ModulePage:
    """Everything a module page shows beside its activities; fourteen queries at most, nine where nothing is advised.

    ``recommended`` are pairs of an edge and the name of what it points at (``named_edges``).
    """
    edges = list(
        Requirement.objects.under(module_id)
        .filter(strength__in=[Requirement.Strength.LEADS_TO, Requirement.Strength.RECOMMENDED])
        .select_related("target__module_row", "target__activity_row")
    )
    module = Module.objects.select_related("difficulty").get(pk=module_id)
    return ModulePage(
        module=module,
        topics=list(module.topics.current()),
        objectives=list(Objective.objects.under(module_id)),
        targets=_targets(module_id),
        resources=list(module.resources.all()),
        risks=list(Risk.objects.under(module_id)),
        readiness=_checklists(module_id),
        leads_to=[edge for edge in edges if edge.strength == Requirement.Strength.LEADS_TO],
        recommended=named_edges([edge for edge in edges if edge.strength == Requirement.Strength.RECOMMENDED]),
    )


def activity_page(activity_id: int) -> ActivityPage:
    """Everything an activity page shows; ten queries at most."""
    activity = Activity.objects.select_related("difficulty", "profile", "checklist", "module").get(pk=activity_id)
    lists = _checklists(activity_id)
    if activity.checklist is not None:
        lists = [activity.checklist, *(each for each in lists if each.pk != activity.checklist.pk)]
    return ActivityPage(
        activity=activity,
        objectives=list(Objective.objects.under(activity_id)),
        targets=_targets(activity_id),
        technologies=list(activity.technologies.select_related("technology")),
        skills=list(activity.skills.select_related("area")),
        deliverables=list(activity.deliverables.all()),
        criteria=list(activity.criteria.all()),
        phases=list(ProjectPhase.objects.current().filter(activity=activity_id)),
        checklists=lists,
        risks=list(Risk.objects.under(activity_id)),
    )


def _targets(owner_id: int) -> list[Any]:
    return list(CompetencyTarget.objects.under(owner_id).select_related("competency", "level"))


def _checklists(owner_id: int) -> list[Any]:
    return list(Checklist.objects.under(owner_id).filter(audience__in=LEARNERS_LISTS).prefetch_related("items"))
