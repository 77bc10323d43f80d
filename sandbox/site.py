"""The fixed facts of the sandbox: who is the platform, which tool, which course."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from sandbox.errors import SettingError

DEFAULT_PORT = 8090
DEFAULT_TOOL_URL = "http://127.0.0.1:8080"

Container = str
"""How a launch is shown: ``same`` window, ``iframe`` on a course page, new ``window``."""

CONTAINERS: tuple[Container, ...] = ("same", "iframe", "window")


@dataclass(frozen=True)
class Site:
    """Issuer, tool and course, and every address that follows from them.

    ``issuer`` and ``tool_url`` are origins (or prefixes) without a final slash.
    """

    issuer: str = f"http://localhost:{DEFAULT_PORT}"
    tool_url: str = DEFAULT_TOOL_URL
    client_id: str = "greyarea-sandbox"
    deployment_id: str = "1"
    course_id: str = "2"
    course_label: str = "HPE-AF"
    course_title: str = "Assessment and feedback in health professions education"
    cmid: int = 4
    resource_link_id: str = "3"
    activity_title: str = "Grey areas of AI in assessment"

    def __post_init__(self) -> None:
        for name in ("issuer", "tool_url"):
            value = getattr(self, name).rstrip("/")
            parts = urlsplit(value)
            if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query:
                raise SettingError(f"{name} needs an http or https address, got {value!r}")
            object.__setattr__(self, name, value)

    @property
    def tool_origin(self) -> str:
        """Scheme, host and port of the tool, as browsers name it."""
        parts = urlsplit(self.tool_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def login_url(self) -> str:
        """The tool's address for third-party login initiation."""
        return f"{self.tool_url}/lti/login/sandbox"

    @property
    def redirect_uri(self) -> str:
        """The one address to which id_tokens are posted."""
        return f"{self.tool_url}/lti/launch"

    @property
    def target_link_uri(self) -> str:
        """What the activity opens."""
        return f"{self.tool_url}/lti/launch"

    @property
    def tool_jwks_url(self) -> str:
        """Where the tool publishes its keys."""
        return f"{self.tool_url}/lti/jwks/sandbox.json"

    @property
    def auth_url(self) -> str:
        """The platform's OIDC authentication endpoint."""
        return f"{self.issuer}/auth"

    @property
    def token_url(self) -> str:
        """The platform's OAuth 2 token endpoint, and the audience of client assertions."""
        return f"{self.issuer}/token"

    @property
    def jwks_url(self) -> str:
        """Where the platform publishes its keys."""
        return f"{self.issuer}/jwks.json"

    @property
    def configuration_url(self) -> str:
        """Where the platform describes itself to tools that register."""
        return f"{self.issuer}/.well-known/openid-configuration"

    @property
    def registration_url(self) -> str:
        """Where tools register."""
        return f"{self.issuer}/register"

    @property
    def memberships_url(self) -> str:
        """Names and Role Provisioning Service of the course."""
        return (
            f"{self.issuer}/services/CourseSection/{self.course_id}"
            f"/bindings/{self.deployment_id}/memberships"
        )

    @property
    def lineitems_url(self) -> str:
        """Line item container of the course; with a query, as Moodle's has."""
        return f"{self.issuer}/services/{self.course_id}/lineitems?type_id={self.deployment_id}"

    def lineitem_url(self, column_id: int) -> str:
        """Address of one line item; scores and results go before the query."""
        return (
            f"{self.issuer}/services/{self.course_id}/lineitems/{column_id}/lineitem"
            f"?type_id={self.deployment_id}"
        )


DEFAULT_SITE = Site()
