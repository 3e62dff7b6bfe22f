"""Identity, revision, release: what is authored, and which state of it is current.

Every authored thing has one :class:`Entity` that lives for ever. Its content is
a :class:`Revision`, immutable and keyed by the hash of its canonical JSON. A
:class:`Release` maps the entities of one program to revisions. The typed rows
(module, activity, question, ...) share their primary key with the entity and
hold the fields of the current release; only *apply* writes them.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import ApiClient


class Entity(models.Model):
    """The identity of one authored thing.

    ``path`` is the authored id below the parents' ids (``MOD-101/lab-2``), so
    ``kind:path`` is the address. It is unique in the owning program; things that
    belong to the installation (competencies, technologies, scales) have none.
    """

    kind = models.CharField(max_length=32)
    path = models.CharField(max_length=200)
    program = models.ForeignKey("courses.Program", models.PROTECT, null=True, blank=True, related_name="entities")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    class Meta:
        verbose_name_plural = "entities"
        ordering = ["kind", "path", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "kind", "path"], name="entity_address_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~Q(path=""), name="entity_path_given"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        return f"{self.kind}:{self.path}"

    @property
    def key(self) -> str:
        """The authored id, unique in its parent."""
        return self.path.rpartition("/")[2]


class EntityAlias(models.Model):
    """Another spelling or a former id of an entity (``mod-101``, ``Module 005``)."""

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="aliases")
    alias = models.CharField(max_length=200, help_text="Folded: lower case, single spaces.")
    former = models.BooleanField(default=False, help_text="Was the id before a rename.")

    class Meta:
        verbose_name_plural = "entity aliases"
        ordering = ["alias", "id"]
        constraints = [models.UniqueConstraint(fields=["entity", "alias"], name="alias_once_per_entity")]
        indexes = [models.Index(fields=["alias"], name="alias_lookup")]

    def __str__(self) -> str:
        return self.alias


class Succession(models.Model):
    """One of the things that an entity took the place of, when several became it, or one became several.

    Who completed all of them before it came, or completes what waits of them, has completed it.
    """

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="predecessors")
    part = models.ForeignKey(Entity, models.CASCADE, related_name="successors")

    class Meta:
        ordering = ["entity", "id"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "part"], name="succession_once"),
            models.CheckConstraint(condition=~Q(entity=F("part")), name="succession_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} became {self.entity_id}"


class Revision(models.Model):
    """Immutable content: canonical JSON under a numbered schema, keyed by its hash."""

    hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of kind, schema and body.")
    kind = models.CharField(max_length=32)
    schema = models.PositiveSmallIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(schema__gte=1), name="revision_schema_positive")]

    def __str__(self) -> str:
        return f"{self.kind} {self.hash[:12]}"


class Release(models.Model):
    """A numbered, immutable state of one program's content. One is current."""

    program = models.ForeignKey("courses.Program", models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers")
    current = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, help_text="SHA-256 over all addresses and revision hashes.")
    source = models.CharField(max_length=200, blank=True, help_text="Name of the import's root.")
    note = models.TextField(blank=True)
    restores = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", help_text="The release that it goes back to."
    )
    figures = models.JSONField(null=True, blank=True, help_text="How many entities it added, changed, retired ...")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    client = models.ForeignKey(ApiClient, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    class Meta:
        ordering = ["program", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="release_number_once"),
            models.UniqueConstraint(fields=["program"], condition=Q(current=True), name="release_one_current"),
            models.CheckConstraint(condition=~Q(base=F("id")), name="release_not_its_own_base"),
        ]

    def __str__(self) -> str:
        return f"Release {self.number}"


class ReleaseItem(models.Model):
    """One entity at one revision in one release."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="items")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    path = models.CharField(
        max_length=200, default="", blank=True, help_text="The entity's path then; empty if it is the present one."
    )

    class Meta:
        ordering = ["release", "id"]
        constraints = [models.UniqueConstraint(fields=["release", "entity"], name="release_entity_once")]

    def __str__(self) -> str:
        return f"{self.release_id}: {self.entity_id}"


class ImportRecord(models.Model):
    """What a source stated at its last import: the base of the next three-way plan."""

    source = models.CharField(max_length=200)
    release = models.ForeignKey(Release, models.CASCADE, related_name="imports")
    entity = models.ForeignKey(Entity, models.CASCADE, related_name="+")
    stated = models.JSONField(help_text="Field -> value as this source stated it.")
    file = models.CharField(max_length=400)
    line = models.PositiveIntegerField(default=1)
    lines = models.JSONField(default=dict, help_text="Field -> line in the file, or [file, line] in another one.")
    ranks = models.JSONField(default=dict, help_text="Field that is stated -> rank of its document, 0 above all.")
    children = models.JSONField(default=dict, help_text="List of the entity -> paths that the source lists.")
    fresh = models.BooleanField(default=False, help_text="Says that it is another thing than what had its id before.")
    disputed = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Documents of the source differ on what it needs, or one says that it needs nothing.",
    )
    origins = models.JSONField(
        default=list, db_default=[], help_text="Sources that an export was made of: source, file, hash of what it said."
    )

    class Meta:
        ordering = ["source", "id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "release", "entity"], name="import_record_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.entity_id}"
