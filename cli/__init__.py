"""The ``greyarea`` command: one module a command group."""
