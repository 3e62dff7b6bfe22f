"""The table in which all processes count rate limits together (Django's DatabaseCache)."""

from django.db import migrations

# Unlogged: counts of minutes are not worth the write-ahead log, and an attacker could fill it.
# They are forgotten when PostgreSQL crashes.
CREATE = """
CREATE UNLOGGED TABLE core_rate_limit (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX core_rate_limit_expires ON core_rate_limit (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_append_only")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE core_rate_limit")]
