"""The pages' own words, in the language of the person who reads them."""

from typing import Any

from flask import Flask, current_app, g, has_request_context, request

from store.catalogues import language_of, offered
from study.language import ENGLISH, Language


def _(text: str, **values: object) -> str:
    """``text`` in the language of this request, with ``%(name)s`` filled in."""
    said = language().gettext(text)
    return said % values if values else said


def N_(text: str) -> str:  # noqa: N802 - the name that extraction knows
    """Mark a text for translation that is translated where it is shown."""
    return text


def language() -> Language:
    """The language of this request: the person's, or before one is known the browser's."""
    if not has_request_context():
        return ENGLISH
    if "language" not in g:
        best = request.accept_languages.best_match(list(offered()))
        g.language = language_of(best)
    found: Language = g.language
    return found


def speak(locale: str | None) -> None:
    """From here on this request speaks the language of ``locale``."""
    g.language = language_of(locale, pseudo=pseudo())


def pseudo() -> bool:
    """Whether the made-up languages may be used here: never in production."""
    return bool(current_app.config.get("PSEUDO_LANGUAGES"))


def install(app: Flask, *, pseudo_languages: bool = False) -> None:
    """Give the templates ``_()``, ``ngettext()`` and ``language``."""
    app.config["PSEUDO_LANGUAGES"] = pseudo_languages
    env: Any = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(
        lambda text: language().gettext(text),
        lambda one, many, n: language().ngettext(one, many, n),
        newstyle=True,
    )
    app.context_processor(lambda: {"language": language(), "languages": offered()})
