"""What learners hand in: read within limits, looked through for secrets, kept by content, compared."""
