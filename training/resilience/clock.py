"""UTC times as they stand in files and names."""

import secrets
from datetime import datetime, timezone


def now() -> str:
    """The present as `2026-11-23T01:02:03.456Z`."""
    return _text(datetime.now(timezone.utc))


def incarnation_name() -> str:
    """`20261123T010203456Z-1a2b3c4d`: sorts by time, and two starts in one millisecond still differ."""
    return _text(datetime.now(timezone.utc)).translate({ord(c): None for c in "-:."}) + "-" + secrets.token_hex(4)


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
