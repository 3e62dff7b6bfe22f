"""The cast, for the learner's pages."""

from tests.cast import _rate_limits_begin_anew, cast

__all__ = ["_rate_limits_begin_anew", "cast"]
