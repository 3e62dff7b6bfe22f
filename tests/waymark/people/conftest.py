"""The cast, for the pages of accounts and people."""

from tests.cast import cast, south_request

__all__ = ["cast", "south_request"]
