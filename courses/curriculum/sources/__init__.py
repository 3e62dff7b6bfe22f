"""Curriculum documents as teams keep them: read as they are, with every line accounted for.

``text`` decodes and repairs, ``outline`` gives Markdown its structure, ``claims``
holds what a document states with file and line, ``reader`` is the contract of a
document kind and the register of all of them, ``readers`` has one module per kind.
Nothing here needs a database.
"""
