"""One module per question type; each holds its instance as ``TYPE``."""
