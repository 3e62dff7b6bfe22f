"""The cast, for every test of access."""

from tests.cast import cast, south_request

__all__ = ["cast", "south_request"]
