"""A completed enrolment says in which state of the program it was completed."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the constraint is checked on the rows that are there without a lock on writes

    dependencies = [("courses", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="completed_release",
            field=models.ForeignKey(
                blank=True,
                help_text="The state of the program it was completed in; what came later is not asked of it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="courses.release",
            ),
        ),
        AddConstraintNotValid(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "completed"), _negated=True)
                | models.Q(("completed_release__isnull", False), ("ended_at__isnull", False)),
                name="enrolment_completed_with_something",
            ),
        ),
        ValidateConstraint(model_name="enrolment", name="enrolment_completed_with_something"),
    ]
