"""Evidence of work that was done elsewhere, as plain values: no part of it is started, fetched or asked."""
