"""Runs, the ledger and what is folded from it, to look at: nothing is edited here."""

from django.contrib import admin

from grading.models import Grade, GradeEvent, GradingRun, Policy, Progress, Regrade
from waymark.core.admin import ReadOnlyAdmin


@admin.register(Policy)
class PolicyAdmin(ReadOnlyAdmin):
    list_display = ("title", "program_id", "revision_id")
    ordering = ("pk",)


@admin.register(GradingRun)
class GradingRunAdmin(ReadOnlyAdmin):
    list_display = ("uuid", "queue", "state", "outcome", "claim", "requeues", "queued_at", "stored_at")
    list_filter = ("state", "queue")
    search_fields = ("uuid",)


@admin.register(GradeEvent)
class GradeEventAdmin(ReadOnlyAdmin):
    list_display = ("enrolment_id", "sequence", "kind", "activity_id", "points", "out_of", "at")
    list_filter = ("kind",)
    search_fields = ("uuid",)


@admin.register(Grade)
class GradeAdmin(ReadOnlyAdmin):
    list_display = ("enrolment_id", "activity_id", "state", "points", "out_of", "passed", "done", "sequence")
    list_filter = ("state",)


@admin.register(Progress)
class ProgressAdmin(ReadOnlyAdmin):
    list_display = ("enrolment_id", "sequence", "activities_done", "activities_total", "percent", "passed")


@admin.register(Regrade)
class RegradeAdmin(ReadOnlyAdmin):
    list_display = ("uuid", "release_id", "state", "grades_changed", "passes_lost", "passes_gained", "made_at")
    list_filter = ("state",)
    search_fields = ("uuid",)
