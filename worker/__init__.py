"""Beside the web process, once a minute: marks are sent, and what is due is removed."""

READY = "Worker: ready"
"""Printed once the worker works; what starts it waits for this line."""
