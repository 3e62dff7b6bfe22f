"""The ledger is append-only, and the database says so."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION grading_event_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'grade events are appended, never changed or deleted (event %)', OLD.id
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER grading_event_is_final BEFORE UPDATE OR DELETE ON grading_gradeevent
    FOR EACH ROW EXECUTE FUNCTION grading_event_is_final();
"""
ALLOW = """
DROP TRIGGER grading_event_is_final ON grading_gradeevent;
DROP FUNCTION grading_event_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("grading", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
