"""Pages of grading: results of attempts, grades, ticking off."""
