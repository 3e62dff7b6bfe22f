"""An import under way on the site: what was given, what came out, what was applied."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from waymark.accounts.models import ApiClient
from waymark.core.ids import uuid7


class ImportJob(models.Model):
    """Read and planned by a worker, then applied by one when somebody asks for it.

    ``claim`` grows with every claim and is the fencing token: a worker's writes
    hold only while the row still carries the number it was given. Leases count on
    the database's clock. What was given lies in a folder of the job below
    ``WAYMARK_DATA`` until ``files_gone_at``; an address or a folder of the
    operator's is read anew each time, and an earlier release is there anyway.
    """

    class Given(models.TextChoices):
        FILES = "files", "Files"
        ROOT = "root", "A folder of the operator's"
        GIT = "git", "A repository"
        RELEASE = "release", "An earlier release"

    class Step(models.TextChoices):
        PLAN = "plan", "Read and plan"
        APPLY = "apply", "Apply"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        WORKING = "working", "Under way"
        READY = "ready", "Planned"
        APPLIED = "applied", "Applied"
        FAILED = "failed", "Failed"

    class Phase(models.TextChoices):
        NONE = "", "Not begun"
        READ = "read", "Reading"
        COMPARE = "compare", "Comparing"
        STORE = "store", "Writing down"
        APPLY = "apply", "Applying"

    UNDER_WAY = (State.WAITING, State.WORKING)

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    client = models.ForeignKey(ApiClient, models.PROTECT, null=True, blank=True, related_name="+")
    given = models.CharField(max_length=8, choices=Given)
    name = models.CharField(max_length=200, help_text="What was given, for people; the source of its releases.")
    root = models.CharField(max_length=400, blank=True, help_text="The operator's folder that the arguments are below.")
    arguments = models.JSONField(
        default=list, help_text="What is read: paths below the job's folder, an address, or a program and a number."
    )
    retire = models.BooleanField(default=False, help_text="Somebody means that much of a program goes.")

    step = models.CharField(max_length=8, choices=Step, default=Step.PLAN)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    phase = models.CharField(max_length=8, choices=Phase, default=Phase.NONE, blank=True)
    files = models.PositiveIntegerField(null=True, blank=True, help_text="How many files were read.")
    lines = models.PositiveIntegerField(null=True, blank=True, help_text="How many lines that are not blank they have.")
    claim = models.PositiveIntegerField(default=0, help_text="Fencing token: the number of the newest claim.")
    claimed_by = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often this step was begun.")

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    queued_at = models.DateTimeField(db_default=Now(), help_text="When the present step was asked for.")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When the newest step ended.")
    files_gone_at = models.DateTimeField(null=True, blank=True)

    report = models.JSONField(null=True, blank=True, help_text="Sources and findings in the promised shape.")
    excerpts = models.JSONField(null=True, blank=True, help_text="For each finding what a page shows of its lines.")
    plan = models.JSONField(null=True, blank=True, help_text="The plan in the promised shape.")
    previews = models.JSONField(
        null=True, blank=True, help_text="Program -> what learners would read (courses.curriculum.preview)."
    )
    plan_id = models.CharField(max_length=64, blank=True)
    plan_core = models.CharField(max_length=64, blank=True, help_text="Its part without what was decided on the site.")
    source = models.CharField(max_length=200, blank=True, help_text="The source that it is the next import of.")
    errors = models.PositiveIntegerField(default=0, help_text="Open errors, which keep it from being applied.")
    programs = ArrayField(models.CharField(max_length=80), default=list, blank=True, help_text="What the plan is for.")
    wide = models.BooleanField(default=False, help_text="It makes a program, or changes what programs share.")
    problem = models.CharField(max_length=40, blank=True, help_text="Code of what went wrong in the newest step.")
    problem_text = models.CharField(max_length=500, blank=True)
    applying = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    override = models.CharField(max_length=500, blank=True, help_text="Why errors are set aside, for this apply.")
    releases = models.ManyToManyField("courses.Release", blank=True, related_name="import_jobs")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, client=None) | Q(person=None, client__isnull=False),
                name="import_job_has_one_maker",
            ),
            models.CheckConstraint(
                condition=Q(state="working", lease_until__isnull=False) | ~Q(state="working") & Q(lease_until=None),
                name="import_job_lease_while_working",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "applied"]) | Q(report__isnull=False),
                name="import_job_ready_has_report",
            ),
            models.CheckConstraint(condition=~Q(step="apply") | ~Q(plan_id=""), name="import_job_applies_a_plan"),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(problem=""), name="import_job_failed_says_why"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("created_at")), name="import_job_ended_after"
            ),
        ]
        indexes = [
            models.Index(fields=["queued_at", "id"], name="import_job_waiting", condition=Q(state="waiting")),
            models.Index(fields=["lease_until"], name="import_job_lease", condition=Q(state="working")),
            models.Index(fields=["person", "-id"], name="import_job_of_person"),
            models.Index(fields=["created_at"], name="import_job_files", condition=Q(files_gone_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY


class FindingDecision(models.Model):
    """A finding that somebody settled on the site, with the reason.

    It holds at every import of its source for its program as long as the text of the
    finding's line and of all related ones, which ``hash`` is made of, stays the same.
    """

    program = models.CharField(max_length=80, help_text="Its short name: the program may not be there yet.")
    source = models.CharField(max_length=200)
    key = models.CharField(max_length=16, help_text="Short hash of rule, entity and hash together.")
    rule = models.CharField(max_length=80)
    entity = models.TextField()
    hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=500)
    gate = models.JSONField(
        null=True,
        blank=True,
        help_text="Makes a promised gate: the ids of what it blocks and what opens it.",
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    client = models.ForeignKey(ApiClient, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["program", "source", "id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "source", "key"], name="finding_decision_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="finding_decision_says_why"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, client=None) | Q(person=None, client__isnull=False),
                name="finding_decision_has_one_maker",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} of {self.entity}"


class ShownPlan(models.Model):
    """What a plan said on the command line of those who lose a pass: it is applied only if that did not grow."""

    plan_id = models.CharField(max_length=64, unique=True)
    passes_lost = models.PositiveIntegerField()
    shown_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-shown_at", "-id"]
        indexes = [models.Index(fields=["shown_at"], name="shown_plan_at")]

    def __str__(self) -> str:
        return self.plan_id
