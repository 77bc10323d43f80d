"""Days and moments as the pages write them, in UTC."""

from datetime import UTC, datetime


def day(moment: datetime | None) -> str:
    """Such as "2 March 2026"; empty for none."""
    return "" if moment is None else f"{moment.astimezone(UTC):%-d %B %Y}"


def minute(moment: datetime | None) -> str:
    """Such as "2 March 2026, 10:00 UTC"; empty for none."""
    return "" if moment is None else f"{day(moment)}, {moment.astimezone(UTC):%H:%M} UTC"
