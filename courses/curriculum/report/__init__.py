"""From arguments to a report, without a database: read, check, settle, print.

``run`` does it, ``recognise`` finds out what a file is, ``decisions`` and ``own``
read what a team keeps beside its sources, ``formats`` prints.
"""
