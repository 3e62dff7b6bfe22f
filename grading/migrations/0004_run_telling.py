"""A claim on telling staff; one index for every list of runs that were given up."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # indexes on a table that grows are made without a lock

    dependencies = [("grading", "0003_run_rests_and_is_told")]

    operations = [
        migrations.AddField(
            model_name="gradingrun",
            name="telling_until",
            field=models.DateTimeField(blank=True, help_text="Somebody writes to staff until then.", null=True),
        ),
        AddIndexConcurrently(
            model_name="gradingrun",
            index=models.Index(condition=models.Q(("state", "failed")), fields=["id"], name="run_failed"),
        ),
        RemoveIndexConcurrently(model_name="gradingrun", name="run_untold"),
    ]
