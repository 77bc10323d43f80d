"""Days and moments as the pages write them, in UTC and in the page's language."""

from datetime import UTC, datetime

from babel.dates import format_date

from analysis.portfolio.content import babel_locale
from web.words import language


def day(moment: datetime | None) -> str:
    """Such as "2 March 2026"; empty for none."""
    if moment is None:
        return ""
    return format_date(moment.astimezone(UTC), "long", locale=babel_locale(language()))


def minute(moment: datetime | None) -> str:
    """Such as "2 March 2026, 10:00 UTC"; empty for none."""
    return "" if moment is None else f"{day(moment)}, {moment.astimezone(UTC):%H:%M} UTC"
