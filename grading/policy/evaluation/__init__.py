"""Deciding rules: pure functions over plain data, in exact fractions (GRADING.md).

Nothing here reads the database, a clock or the language; the same input gives
the same output, which the property tests rely on.
"""
