"""Which pages may show the tool in a frame."""

from store.lti_urls import origin
from store.models.lti import Registration


def frame_ancestors(registration: Registration) -> list[str]:
    """The sources for the ``frame-ancestors`` directive of a registration's pages.

    Its embed origins, or the issuer's own origin where none are set. Never empty: without
    a usable origin it is ``'none'``.
    """
    values = registration.embed_origins or [registration.issuer]
    found = {origin(value) for value in values if isinstance(value, str)} - {None}
    return sorted(value for value in found if value is not None) or ["'none'"]
