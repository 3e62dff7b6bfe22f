"""What a plan of the curriculum would do to grades and passes, worked out in memory before anything is applied."""
