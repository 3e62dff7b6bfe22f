"""The embedded product: PostgreSQL, Redis and the site's processes under one launcher.

Nothing here imports Django: the launcher runs before the settings can be read.
"""
