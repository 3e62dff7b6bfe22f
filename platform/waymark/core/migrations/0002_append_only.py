"""The audit is written once; a feed entry changes once, when it gets its position."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION core_entry_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is appended to, never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER core_audit_is_final BEFORE UPDATE OR DELETE ON core_auditentry
FOR EACH ROW EXECUTE FUNCTION core_entry_is_final();
CREATE TRIGGER core_feed_is_kept BEFORE DELETE ON core_feedentry
FOR EACH ROW EXECUTE FUNCTION core_entry_is_final();
CREATE TRIGGER core_feed_is_final BEFORE UPDATE ON core_feedentry
FOR EACH ROW WHEN (
    OLD.position IS NOT NULL
    OR (NEW.id, NEW.at, NEW.type, NEW.program_id, NEW.cohort_id, NEW.enrolment_id, NEW.data)
    IS DISTINCT FROM (OLD.id, OLD.at, OLD.type, OLD.program_id, OLD.cohort_id, OLD.enrolment_id, OLD.data)
) EXECUTE FUNCTION core_entry_is_final();
"""
ALLOW = """
DROP TRIGGER core_feed_is_final ON core_feedentry;
DROP TRIGGER core_feed_is_kept ON core_feedentry;
DROP TRIGGER core_audit_is_final ON core_auditentry;
DROP FUNCTION core_entry_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
