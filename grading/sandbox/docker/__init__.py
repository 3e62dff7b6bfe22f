"""Runs in containers of a Docker Engine, or of Podman behind its compatible socket (docs/sandbox.md)."""
