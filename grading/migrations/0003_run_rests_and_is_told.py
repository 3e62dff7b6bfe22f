"""A run that failed rests before it is tried again, and staff are told of it once."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index on a table that grows is made without a lock

    dependencies = [("grading", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="gradingrun",
            name="not_before",
            field=models.DateTimeField(
                blank=True, help_text="Given back after a failure: rests until then.", null=True
            ),
        ),
        migrations.AddField(
            model_name="gradingrun",
            name="told_at",
            field=models.DateTimeField(blank=True, help_text="When staff were told that it failed.", null=True),
        ),
        AddIndexConcurrently(
            model_name="gradingrun",
            index=models.Index(
                condition=models.Q(("state", "failed"), ("told_at", None)), fields=["id"], name="run_untold"
            ),
        ),
    ]
