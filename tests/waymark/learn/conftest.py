"""The cast, for the learner's pages."""

from tests.cast import cast

__all__ = ["cast"]
