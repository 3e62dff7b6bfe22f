"""Graders: one module each, pure functions from stored work to a score."""
