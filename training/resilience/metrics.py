"""Metrics as JSON lines in small closed files: what is on disk is whole, and a killed node loses seconds at most."""

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .files import to_json, write_whole


class MetricsWriter:
    """Collects one line per optimizer step and cuts a new file when asked, or when the oldest line is `seconds` old.

    Without a folder (ranks other than 0) it does nothing. Safe to call from any thread.
    """

    def __init__(self, folder: Path | None, seconds: float) -> None:
        self._folder = folder
        self._seconds = seconds
        self._lines: list[bytes] = []
        self._oldest = 0.0
        self._files = 0
        self._lock = threading.Lock()

    def start(self) -> "MetricsWriter":
        """Cuts files that are due in a thread too, for the lines before a step that never ends."""
        if self._folder is not None:
            threading.Thread(target=self._keep_cutting, name="metrics", daemon=True).start()
        return self

    def add(self, line: Mapping[str, Any]) -> None:
        """Takes one step's line; cuts a file when one is due."""
        if self._folder is None:
            return
        with self._lock:
            if not self._lines:
                self._oldest = time.monotonic()
            self._lines.append(to_json(line))
        self.cut_if_due()

    def cut_if_due(self) -> None:
        """Cuts a file if a line has waited for `seconds`."""
        with self._lock:
            due = bool(self._lines) and time.monotonic() - self._oldest >= self._seconds
            if due:
                self._cut()

    def cut(self) -> None:
        """Writes what is collected, if anything, as the next file. To be called before a manifest and at the end."""
        with self._lock:
            if self._lines:
                self._cut()

    def _keep_cutting(self) -> None:
        while True:
            time.sleep(self._seconds / 2)
            try:
                self.cut_if_due()
            except OSError:
                pass  # the training thread meets the same error at its next cut, and tells it

    def _cut(self) -> None:
        assert self._folder is not None
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._folder / f"{self._files + 1:05d}.jsonl", b"".join(self._lines))
        self._files += 1
        self._lines = []
