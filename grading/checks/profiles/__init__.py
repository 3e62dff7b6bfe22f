"""Bundles of checks by name: what of a validation profile runs here, and what stands in for the rest."""
