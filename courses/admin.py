"""Everything of *courses*, to look at: releases own it, so nothing is edited here."""

from django.apps import apps
from django.contrib import admin
from django.db import models

from courses.models import (
    Activity,
    Cohort,
    Enrolment,
    EnrolmentChange,
    Entity,
    EntityAlias,
    Extension,
    FindingDecision,
    ImportRecord,
    Invitation,
    Module,
    Program,
    ProgramModule,
    Release,
    ReleaseItem,
    Requirement,
    Revision,
    StaffRight,
)
from courses.models.typed import TypedRow
from waymark.core.admin import ReadOnlyAdmin

LISTED: dict[type[models.Model], tuple[str, ...]] = {
    Entity: ("kind", "path", "program_id", "retired_at"),
    EntityAlias: ("alias", "entity_id", "former"),
    Revision: ("hash", "kind", "schema", "created_at"),
    Release: ("program_id", "number", "current", "created_at"),
    ReleaseItem: ("release_id", "entity_id", "revision_id"),
    FindingDecision: ("rule", "entity", "source", "program", "decided_at"),
    ImportRecord: ("source", "release_id", "entity_id", "file"),
    Program: ("slug", "title", "enrolment_mode", "published_at", "archived_at"),
    ProgramModule: ("program_id", "position", "module_id", "required"),
    Module: ("key", "title", "program_id", "hours_total"),
    Activity: ("path", "kind", "title", "points", "required"),
    Requirement: ("owner_id", "strength", "form", "target_ref", "skill"),
    Cohort: ("slug", "title", "program_id", "time_zone"),
    Enrolment: ("uuid", "learner_id", "program_id", "cohort_id", "state"),
    EnrolmentChange: ("enrolment_id", "at", "field", "before", "after"),
    StaffRight: ("person_id", "role", "program_id", "cohort_id", "granted_at"),
    Invitation: ("uuid", "email", "program_id", "right", "expires_at", "accepted_at"),
    Extension: ("enrolment_id", "activity_id", "due_at", "granted_at"),
}
SEARCHED: dict[type[models.Model], tuple[str, ...]] = {
    Entity: ("path",),
    EntityAlias: ("alias",),
    Revision: ("hash",),
    Program: ("slug", "title"),
    Module: ("key", "title"),
    Activity: ("path", "title"),
    Enrolment: ("uuid",),
}


def register(model: type[models.Model]) -> None:
    """Register one model read-only, with its columns of :data:`LISTED` or its text."""
    typed = issubclass(model, TypedRow)
    columns = LISTED.get(model, ("pk", "__str__"))
    name = f"{model.__name__}Admin"
    options = {
        "list_display": columns,
        "search_fields": SEARCHED.get(model, ()),
        "list_filter": ("kind",) if model in (Entity, Activity) else (),
        "ordering": ("pk",) if typed else None,
    }
    admin.site.register(model, type(name, (ReadOnlyAdmin,), options))


for each in apps.get_app_config("courses").get_models():
    register(each)
