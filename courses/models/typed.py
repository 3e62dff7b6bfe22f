"""What all typed rows share: the entity they are, the revision they show, and what is current."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from courses.models.identity import Entity, Revision


class TypedQuerySet(models.QuerySet[Any]):
    """Typed rows stay when their entity is retired, for the work that points at them."""

    def current(self) -> Self:
        """Those whose entity is part of the current release."""
        return self.filter(entity__retired_at__isnull=True)

    def under(self, *owners: int) -> Self:
        """Current rows that stand under one of *owners* (primary keys), in the author's order."""
        return self.current().filter(owner_id__in=owners)


class TypedRow(models.Model):
    """The fields of one entity in its owning program's current release; only *apply* writes them.

    The primary key is the entity's. ``revision`` is what the fields were taken from.
    """

    entity = models.OneToOneField(Entity, models.PROTECT, primary_key=True, related_name="%(class)s_row")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")

    objects = TypedQuerySet.as_manager()

    class Meta:
        abstract = True


class OwnedRow(TypedRow):
    """A typed row that stands under another entity: a program, a module or an activity."""

    owner = models.ForeignKey(Entity, models.PROTECT, related_name="%(class)ss")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


def hours_field(**options: Any) -> models.DecimalField[Any, Any]:
    """Hours, or another amount, with four places; null is unknown or an open end."""
    return models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True, **options)


def in_range(low: str, high: str, *, name: str) -> models.CheckConstraint:
    """Neither end is negative, and where both are given the range does not run backwards."""
    return models.CheckConstraint(
        condition=(Q(**{low: None}) | Q(**{f"{low}__gte": 0}))
        & (Q(**{high: None}) | Q(**{f"{high}__gte": 0}))
        & (Q(**{low: None}) | Q(**{high: None}) | Q(**{f"{low}__lte": F(high)})),
        name=name,
    )


def not_negative(*fields: str, name: str) -> models.CheckConstraint:
    """Every one of *fields* is null or at least 0."""
    condition = Q()
    for field in fields:
        condition &= Q(**{field: None}) | Q(**{f"{field}__gte": 0})
    return models.CheckConstraint(condition=condition, name=name)


def one_of(field: str, values: list[str], *, name: str) -> models.CheckConstraint:
    """*field* holds one of *values*."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)
