"""Housekeeping beside the web process: what is due is done once a minute."""

READY = "Worker: ready"
"""Printed once the worker works; what starts it waits for this line."""
