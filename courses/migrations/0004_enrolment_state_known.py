from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The rows that are there are looked at without a lock that holds back writers, so in a transaction of its own."""

    atomic = False
    dependencies = [("courses", "0003_source_statements")]

    operations = [
        AddConstraintNotValid(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["requested", "active", "paused", "completed", "withdrawn", "declined"]),
                name="enrolment_state_known",
            ),
        ),
        ValidateConstraint(model_name="enrolment", name="enrolment_state_known"),
    ]
