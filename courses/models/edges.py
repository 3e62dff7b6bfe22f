"""What points from one authored thing to another: requirements, gates, targets, objectives."""

from django.db import models
from django.db.models import Q

from courses.models.activity import Activity
from courses.models.catalog import Competency, ScaleLevel
from courses.models.identity import Entity
from courses.models.program import Role
from courses.models.typed import OwnedRow, one_of


class Requirement(OwnedRow):
    """An edge from ``owner`` to one target, or to a number out of a group. Only *needs* locks.

    ``form`` says which target it has. A reference that names nothing known keeps
    its words in ``target_ref`` (or ``competency_ref``) without a key, and then
    locks nothing.
    """

    class Strength(models.TextChoices):
        NEEDS = "needs", "Needs"
        RECOMMENDED = "recommended", "Recommended"
        LEADS_TO = "leads_to", "Leads to"

    class Form(models.TextChoices):
        ENTITY = "entity", "A module, activity, role or program"
        COMPETENCY = "competency", "A competency at a level"
        SKILL = "skill", "A self-attested skill"
        GROUP = "group", "Some of a group"

    strength = models.CharField(max_length=12, choices=Strength)
    form = models.CharField(max_length=10, choices=Form)
    target = models.ForeignKey(Entity, models.PROTECT, null=True, blank=True, related_name="required_by")
    target_ref = models.CharField(max_length=300, blank=True)
    competency = models.ForeignKey(Competency, models.PROTECT, null=True, blank=True, related_name="required_by")
    competency_ref = models.CharField(max_length=80, blank=True)
    level = models.ForeignKey(ScaleLevel, models.PROTECT, null=True, blank=True, related_name="+")
    skill = models.CharField(max_length=500, blank=True)
    at_least = models.PositiveSmallIntegerField(default=1)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["owner_id", "position", "pk"]
        constraints = [
            one_of("strength", ["needs", "recommended", "leads_to"], name="requirement_strength_known"),
            models.CheckConstraint(
                condition=(Q(form="entity") & ~Q(target_ref="") & Q(competency_ref="", skill=""))
                | (Q(form="competency") & ~Q(competency_ref="") & Q(target_ref="", skill=""))
                | (Q(form="skill") & ~Q(skill="") & Q(target_ref="", competency_ref=""))
                | Q(form="group", target_ref="", competency_ref="", skill=""),
                name="requirement_one_target",
            ),
            models.CheckConstraint(
                condition=(Q(target=None) | Q(form="entity")) & (Q(competency=None) | Q(form="competency")),
                name="requirement_target_fits_form",
            ),
            models.CheckConstraint(
                condition=Q(level=None) | Q(competency__isnull=False), name="requirement_level_of_competency"
            ),
            models.CheckConstraint(
                condition=Q(at_least=1) | Q(form="group", at_least__gte=1), name="requirement_number_of_group"
            ),
            models.CheckConstraint(condition=~Q(target=models.F("owner")), name="requirement_not_of_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.strength} {self.target_ref or self.competency_ref or self.skill or 'group'}"


class RequirementMember(models.Model):
    """One of the alternatives of a group: a thing of the catalogue, else a skill in words."""

    requirement = models.ForeignKey(Requirement, models.CASCADE, related_name="members")
    position = models.PositiveIntegerField()
    target = models.ForeignKey(Entity, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=300, help_text="As written: an id or a skill.")

    class Meta:
        ordering = ["requirement", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["requirement", "position"], name="requirement_member_once"),
            models.CheckConstraint(condition=~Q(text=""), name="requirement_member_given"),
        ]

    def __str__(self) -> str:
        return self.text


class Gate(OwnedRow):
    """Blocks ``blocks`` until ``activity`` is passed; without an activity, until staff open it.

    A gate whose activity is named but unknown is inert.
    """

    text = models.TextField()
    blocks = models.ForeignKey(Entity, models.PROTECT, null=True, blank=True, related_name="gates_before")
    blocks_ref = models.CharField(max_length=300)
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="opens_gates")
    activity_ref = models.CharField(max_length=300, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["owner_id", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(blocks_ref=""), name="gate_blocks_something"),
            models.CheckConstraint(condition=Q(activity=None) | ~Q(activity_ref=""), name="gate_activity_named"),
            models.CheckConstraint(
                condition=Q(activity=None) | Q(blocks=None) | ~Q(activity=models.F("blocks")),
                name="gate_not_before_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def opened_by_staff(self) -> bool:
        return not self.activity_ref


class Objective(OwnedRow):
    """What learners can do afterwards; linked to the activities and competencies that serve it."""

    text = models.TextField()
    group = models.CharField(max_length=500, blank=True)
    activities = models.ManyToManyField(Activity, blank=True, related_name="serves_objectives")
    competencies = models.ManyToManyField(Competency, blank=True, related_name="objectives")

    class Meta:
        ordering = ["owner_id", "position", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class CompetencyTarget(OwnedRow):
    """The level that ``owner`` brings learners to in a competency, with the evidence expected."""

    competency = models.ForeignKey(Competency, models.PROTECT, null=True, blank=True, related_name="targets")
    competency_ref = models.CharField(max_length=80)
    level = models.ForeignKey(ScaleLevel, models.PROTECT, null=True, blank=True, related_name="+")
    level_ref = models.CharField(max_length=80)
    evidence = models.JSONField(default=list)
    for_roles = models.ManyToManyField(Role, blank=True, related_name="+")

    class Meta:
        ordering = ["owner_id", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(competency_ref="") & ~Q(level_ref=""), name="competency_target_named")
        ]

    def __str__(self) -> str:
        return f"{self.competency_ref}: {self.level_ref}"
