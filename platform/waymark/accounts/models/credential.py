"""What opens the API: tokens that people make for themselves, and clients that are no person."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from waymark.core.ids import uuid7

A_YEAR = timedelta(days=366)
TOKEN_PREFIX = "wmp_"  # noqa: S105
"""Personal tokens begin with it, so that a leaked one is recognised by what scans for secrets."""


class PersonalToken(models.Model):
    """A token of one person; only its digest is stored (SHA-256: the token itself is random).

    It may do what its scopes name and never more than its person may at that
    moment. It always ends, after a year at the latest.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="personal_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("created_at") + A_YEAR), name="personal_token_a_year_at_most"
            ),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="personal_token_opens_something"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def has_ended(self) -> bool:
        return self.expires_at <= timezone.now()


class ApiClient(models.Model):
    """A program that calls the API for nobody (client credentials), with its limit.

    Name, secret (hashed) and scopes are those of the identity provider's
    ``Client``. A limited client sees only ``program_ids`` and ``cohort_ids``;
    ``limit_version`` counts the changes of that limit, and cursors carry it.
    """

    client = models.OneToOneField("allauth_idp_oidc.Client", models.CASCADE, related_name="waymark", primary_key=True)
    limited = models.BooleanField(default=True)
    program_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    cohort_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    limit_version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="None: the set-up."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(limited=True) | Q(program_ids__len=0, cohort_ids__len=0), name="api_client_limit_stated"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("created_at")), name="api_client_revoked_after"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
