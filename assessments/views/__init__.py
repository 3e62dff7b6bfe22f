"""Pages of attempts."""
