"""Running learners' code: one contract, one module per backend (docs/sandbox.md)."""
