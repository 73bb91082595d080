"""The heartbeat: a thread of its own tells the world what the trainer is doing, whatever the trainer is doing."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .clock import now
from .files import overwrite, to_json

FORMAT = "bertha-heartbeat/1"
UNKNOWN = (
    "step",
    "totalSteps",
    "loss",
    "learningRate",
    "sequencesPerSecond",
    "checkpointStep",
    "checkpointAt",
    "worldSize",
    "nodes",
    "firstStepAt",
)


class Heartbeat:
    """Overwrites one small file every `seconds` and at each change of state.

    Training only sets fields in memory and is never made to wait: a slow or failing mount delays the heartbeat alone.
    Without a folder (ranks other than 0) it does nothing. Use it as a context manager.
    """

    def __init__(
        self, folder: Path | None, seconds: float, identity: dict[str, str], also: Callable[[], None] = lambda: None
    ) -> None:
        """`identity` is run, phase, attempt and incarnation; `also` is called with each beat (metrics that are due)."""
        self._path = None if folder is None else folder / "heartbeat.json"
        self._seconds = seconds
        self._also = also
        self._fields: dict[str, Any] = {**identity, "state": "starting", **dict.fromkeys(UNKNOWN), "startedAt": now()}
        self._sequence = 0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def update(self, **fields: Any) -> None:
        """Changes fields of the next beat; a new `state` is told at once."""
        with self._lock:
            is_new_state = fields.get("state", self._fields["state"]) != self._fields["state"]
            self._fields.update(fields)
        if is_new_state:
            self._wake.set()

    def __enter__(self) -> "Heartbeat":
        if self._path is not None:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._path is not None:
            self._closing = True
            self._wake.set()
            self._thread.join(timeout=10)

    def _beat(self) -> None:
        while True:
            self._wake.clear()
            is_last = self._closing
            self._write()
            if is_last:
                return
            self._wake.wait(self._seconds)

    def _write(self) -> None:
        assert self._path is not None
        with self._lock:
            self._sequence += 1
            fields = {"format": FORMAT, **self._fields, "sequence": self._sequence, "at": now()}
        try:
            overwrite(self._path, to_json(fields))
            self._also()
        except (OSError, ValueError):
            pass  # a missed beat is seen by its sequence number; training must not end for it
