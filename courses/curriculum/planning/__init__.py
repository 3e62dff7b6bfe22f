"""From what sources state to what would change: one pipeline for native files and documents.

sources -> statements (``report``) -> incoming -> plan -> apply.
"""
