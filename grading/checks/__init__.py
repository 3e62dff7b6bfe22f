"""The check kit: what a lab asks of a submission, one module per kind (docs/checks.md)."""
