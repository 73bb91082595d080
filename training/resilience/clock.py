"""UTC times as they stand in files and names."""

import secrets
from datetime import datetime, timezone


def now() -> str:
    """The present as `2026-11-23T01:02:03.456Z`."""
    return _text(datetime.now(timezone.utc))


def seconds_since_1970(at: str) -> float:
    """The inverse of `now`, and of any ISO 8601 time; one without a zone is taken as UTC. Raises ValueError."""
    found = datetime.fromisoformat(at.replace("Z", "+00:00"))
    return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp()


def incarnation_name() -> str:
    """`20261123T010203456Z-1a2b3c4d`: sorts by time, and two starts in one millisecond still differ."""
    return _text(datetime.now(timezone.utc)).translate({ord(c): None for c in "-:."}) + "-" + secrets.token_hex(4)


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
