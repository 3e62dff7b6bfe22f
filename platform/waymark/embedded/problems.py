"""What can go wrong when the product starts, each in one clear sentence."""


class StartProblem(Exception):
    """The product cannot start here. The text says what is wrong and what to do."""
