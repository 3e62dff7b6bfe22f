"""Files that texts link to, such as the pictures of a module."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class StoredFile(models.Model):
    """A content that a text may link to as ``stored:<digest>/<name>``; its bytes are in the storage.

    It stays as long as the installation: every revision that ever named it can be shown again.
    """

    digest = models.CharField(max_length=64, primary_key=True, help_text="sha256, in hexadecimal.")
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    media_type = models.CharField(
        max_length=40, blank=True, help_text="Of a picture, by its first bytes; empty for what is only downloaded."
    )
    stored_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["digest"]
        constraints = [models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="stored_file_digest")]

    def __str__(self) -> str:
        return self.digest
