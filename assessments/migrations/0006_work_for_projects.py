import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Submissions and commits are of an activity, so that projects take them too; the keys are those of the labs."""

    dependencies = [
        ("assessments", "0005_fetches"),
        ("courses", "0016_disputed_or_none"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="submission", name="submission_number_once"),
        migrations.RemoveIndex(model_name="submission", name="submission_of_lab"),
        migrations.RenameField(model_name="submission", old_name="lab", new_name="activity"),
        migrations.AlterField(
            model_name="submission",
            name="activity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="courses.activity"
            ),
        ),
        migrations.AlterField(
            model_name="submission",
            name="number",
            field=models.PositiveIntegerField(help_text="1 for the first for this activity."),
        ),
        migrations.AlterField(
            model_name="submission",
            name="revision",
            field=models.ForeignKey(
                help_text="Of the activity.", on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="courses.revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                fields=["enrolment", "activity", "number"], name="submission_number_once"
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["activity", "id"], name="submission_of_activity"),
        ),
        migrations.RemoveConstraint(model_name="fetch", name="fetch_one_at_a_time"),
        migrations.RemoveIndex(model_name="fetch", name="fetch_of_lab"),
        migrations.RenameField(model_name="fetch", old_name="lab", new_name="activity"),
        migrations.AlterField(
            model_name="fetch",
            name="activity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="fetches", to="courses.activity"
            ),
        ),
        migrations.AddConstraint(
            model_name="fetch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["waiting", "working"])), fields=["enrolment", "activity"],
                name="fetch_one_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="fetch",
            index=models.Index(fields=["enrolment", "activity", "-id"], name="fetch_of_activity"),
        ),
    ]  # fmt: skip
