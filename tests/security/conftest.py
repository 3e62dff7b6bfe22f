"""The cast, for every test of access."""

from tests.cast import _rate_limits_begin_anew, cast, south_request

__all__ = ["_rate_limits_begin_anew", "cast", "south_request"]
