"""From what documents state to drafts: the claims of all documents on one thing, in the body of its kind.

It asks no database. What the product has no place for stays out of the drafts;
docs/import.md says what that is.
"""
