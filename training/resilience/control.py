"""control.json: what the supervisor wants of a running trainer. Read leniently, believed only when whole."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .clock import seconds_since_1970

FORMAT = "bertha-control/1"
NAME = "control.json"
MOST_BYTES = 1 << 16
STOP_AFTER_CHECKPOINT = "after-checkpoint"


@dataclass(frozen=True)
class Control:
    """One whole message: everything that shall hold. None leaves a checkpoint interval as it is, 0 switches it off."""

    sequence: int
    checkpoint_now: int
    checkpoint_seconds: float | None
    checkpoint_steps: int | None
    stop: str | None
    spend_until: str | None

    def is_spent(self, at: float) -> bool:
        """Whether `spendUntil` has passed at this time (seconds since 1970)."""
        return self.spend_until is not None and at >= seconds_since_1970(self.spend_until)


def parse_control(data: bytes) -> Control | None:
    """The message in `data`; None where it is torn, of another format, or says what cannot be."""
    try:
        value = json.loads(data)
        return _decode(value) if value["format"] == FORMAT else None
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None


class ControlFile:
    """The file as a mount shows it: missing, old, torn or new; only a greater sequence is news."""

    def __init__(self, folder: Path, sequence: int = 0) -> None:
        """`sequence` is that of the last message known."""
        self._path = folder / NAME
        self._seen = b""
        self._sequence = sequence

    def news(self) -> bytes | None:
        """The file's bytes when they hold a whole message above all before, else None."""
        try:
            with open(self._path, "rb") as file:
                data = file.read(MOST_BYTES)
        except OSError:
            return None
        if data == self._seen:
            return None
        self._seen = data
        control = parse_control(data)
        if control is None or control.sequence <= self._sequence:
            return None
        self._sequence = control.sequence
        return data


def _decode(value: dict[str, Any]) -> Control:
    spend_until = _optional(value, "spendUntil", str)
    if spend_until is not None:
        seconds_since_1970(spend_until)
    stop = _optional(value, "stop", str)
    steps = _optional(value, "checkpointSteps", int)
    return Control(
        sequence=_at_least_0(_of_kind(value["sequence"], int)),
        checkpoint_now=_at_least_0(_optional(value, "checkpointNow", int) or 0),
        checkpoint_seconds=_at_least_0(_optional(value, "checkpointSeconds", int, float)),
        checkpoint_steps=_at_least_0(steps),
        stop=stop if stop == STOP_AFTER_CHECKPOINT else None,
        spend_until=spend_until,
    )


def _optional(value: dict[str, Any], name: str, *kinds: type) -> Any:
    found = value.get(name)
    return None if found is None else _of_kind(found, *kinds)


def _of_kind(value: Any, *kinds: type) -> Any:
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise TypeError(f"{value!r} is not of kind {kinds}")
    return value


def _at_least_0(value: Any) -> Any:
    if value is not None and not value >= 0:
        raise ValueError(f"{value} is below 0")
    return value
