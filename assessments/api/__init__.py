"""Attempts for clients: one class per operation."""
