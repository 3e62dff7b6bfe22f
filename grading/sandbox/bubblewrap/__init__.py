"""Runs in namespaces made by ``bwrap``, without a container engine (docs/sandbox.md)."""
