"""What can go wrong in the sandbox, each as its own type."""


class SandboxError(Exception):
    """Parent of all errors of this room; the message is fit for a terminal line."""


class ProductionRefusedError(SandboxError):
    """The sandbox was asked to run with GREYAREA_ENV=production."""


class SettingError(SandboxError):
    """An environment variable holds something that cannot be used."""


class StateError(SandboxError):
    """The state file cannot be read, or holds something else than keys."""


class UnknownPersonError(SandboxError):
    """No person of the roster has this id."""


class UnknownCourseError(SandboxError):
    """No course or activity has this id."""


class ToolJwtError(SandboxError):
    """What a tool has signed cannot be taken; the message says why."""


class InvalidRequestError(SandboxError):
    """An authentication request that is answered by the platform's own page, not the tool."""


class TokenRefusedError(SandboxError):
    """A token request was refused; ``code`` is the OAuth 2 error code."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class RegistrationRefusedError(SandboxError):
    """A tool's registration was refused; ``status`` is the HTTP status, the message its body."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class ServiceRefusedError(SandboxError):
    """A service call was refused; ``status`` is the HTTP status, the message its reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
