"""Files of a submission as data: readers, paths into what they read, and assertions (docs/checks.md, *structure*).

Nothing here runs, fetches or opens anything that a file names.
"""
