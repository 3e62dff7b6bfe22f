"""Curriculum as files: kinds of entities, the native format, plan and apply."""
