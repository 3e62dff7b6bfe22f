"""Lists of people as files: rosters, cohorts and staff, previewed and then applied as a whole (docs/people.md)."""
