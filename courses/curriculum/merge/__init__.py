"""Several documents on one entity: what belongs together, which statement wins, where they differ.

It knows claims only, no database; ``lint`` says what it finds, and a plan is made from what wins.
"""
