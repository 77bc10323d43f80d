"""What an address from or for an LMS may look like."""

from collections.abc import Mapping
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_URL = 2048


def split_web_url(url: str) -> SplitResult | None:
    """The parts of an absolute http(s) URL; None for anything else.

    Refused: other schemes, no host, credentials, white space, control or non-ASCII
    characters, more than 2,048 characters.
    """
    if len(url) > MAX_URL or any(not "!" <= character <= "~" for character in url):
        return None
    # Browsers read a backslash as a slash: the two would disagree about the host.
    if "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or port == 0:
        return None
    # Characters that would end a directive if an origin with them stood in a policy header.
    if "@" in parts.netloc or any(character in parts.netloc for character in ";,'\"*<>"):
        return None
    return parts


def origin(url: str) -> str | None:
    """``scheme://host[:port]`` in lower case, the default port left out; None if not http(s)."""
    parts = split_web_url(url)
    if parts is None or parts.hostname is None:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if parts.port is None or parts.port == DEFAULT_PORTS[parts.scheme]:
        return f"{parts.scheme}://{host}"
    return f"{parts.scheme}://{host}:{parts.port}"


def is_secure_url(url: str) -> bool:
    """Whether the URL is https, or http on this very machine."""
    parts = split_web_url(url)
    return parts is not None and (parts.scheme == "https" or parts.hostname in LOOPBACK_HOSTS)


def add_query(url: str, parameters: Mapping[str, str]) -> str:
    """``url`` with more parameters; a query that is already there stays unaltered."""
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(parameters)) if part)
    return urlunsplit(parts._replace(query=query))
