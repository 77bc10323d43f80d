"""Content-Security-Policy: nothing inline, nothing from elsewhere, framed by the LMS only."""

from flask import Response, g

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'"
)


def allow_frames(origins: list[str]) -> None:
    """Let these origins frame the page of this request (the LMS that launched it)."""
    g.frame_ancestors = origins


def allow_forms(origins: list[str]) -> None:
    """Let forms of the page of this request be sent to these origins as well."""
    g.form_targets = origins


def apply(response: Response) -> None:
    """Set the policy unless the view has set its own."""
    origins = g.get("frame_ancestors") or ["'none'"]
    targets = ["'self'", *g.get("form_targets", [])]
    policy = f"{POLICY}; form-action {' '.join(targets)}; frame-ancestors {' '.join(origins)}"
    response.headers.setdefault("Content-Security-Policy", policy)
