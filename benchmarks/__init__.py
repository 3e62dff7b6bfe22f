"""Side-by-side measurements; each prints its rows as JSON lines and one table (BENCHMARKS.md of the design)."""
