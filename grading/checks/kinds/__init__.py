"""One module per kind of check, each with one instance named ``KIND``."""
