"""The cast, for the pages of accounts and people."""

from tests.cast import _rate_limits_begin_anew, cast, south_request

__all__ = ["_rate_limits_begin_anew", "cast", "south_request"]
