"""LTI 1.3: registration keys, login, launch, roles, sessions. Imports ``store`` and ``study``."""
