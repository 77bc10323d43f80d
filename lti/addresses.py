"""The addresses of this tool that an LMS has to know."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToolAddresses:
    """Of one registration: ``key`` is its key, or the one kept for the next set up by hand."""

    public_url: str
    key: str

    @property
    def login(self) -> str:
        """Where the LMS begins a login."""
        return f"{self._base}/login/{self.key}"

    @property
    def launch(self) -> str:
        """The redirect address, the target link and the tool's own address."""
        return f"{self._base}/launch"

    @property
    def key_set(self) -> str:
        """The public keys of the registration's institution, and of no other."""
        return f"{self._base}/jwks/{self.key}.json"

    @property
    def canvas(self) -> str:
        """The tool as a Canvas developer key wants it described."""
        return f"{self._base}/config/{self.key}/canvas.json"

    @property
    def _base(self) -> str:
        return f"{self.public_url.rstrip('/')}/lti"
