"""Writing what is current as native files: applied again, they plan nothing (docs/authoring.md)."""
