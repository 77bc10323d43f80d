"""Response headers of every page: a strict content security policy above all."""

from flask import Flask, Response, g, request


def allow(**sources: list[str]) -> None:
    """Widen the policy of the page being answered, as in ``allow(form_action=[origin])``."""
    g.allowed = {**getattr(g, "allowed", {}), **sources}


def protect(app: Flask) -> None:
    """Set the headers on every response of ``app``."""
    app.after_request(_set_headers)


def _set_headers(response: Response) -> Response:
    allowed: dict[str, list[str]] = getattr(g, "allowed", {})
    policy = {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "base-uri": ["'none'"],
        # A login initiation comes back to us by redirect, which the browser counts too.
        "form-action": ["'self'", *allowed.get("form_action", [])],
        "frame-src": ["'self'", *allowed.get("frame_src", [])],
        "frame-ancestors": ["'self'"],
    }
    response.headers["Content-Security-Policy"] = "; ".join(
        f"{name} {' '.join(sources)}" for name, sources in policy.items()
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Not "no-referrer": a form would then be posted with "Origin: null", unlike an LMS's.
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
