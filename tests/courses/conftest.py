"""The cast, for tests of what depends on who asks."""

from tests.cast import cast

__all__ = ["cast"]
