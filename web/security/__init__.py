"""Response headers that protect the people on the pages, one reason a module."""

from flask import Flask, Response

from web.security import csp


def install(app: Flask) -> None:
    """Put the headers on every response of the app; a view may set stricter ones."""

    @app.after_request
    def protect(response: Response) -> Response:
        csp.apply(response)
        # An address of a session must not leak to a linked page.
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        # Pages hold what a learner said: no shared computer may show them again.
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "no-store")
        return response
