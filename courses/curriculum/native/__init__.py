"""The native format: YAML for structure, Markdown for prose (docs/authoring.md)."""
