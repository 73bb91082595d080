"""The heartbeat, seen from the trainer: fields to tell, and what the supervisor has said since."""

import json
import os
import subprocess
import threading
from pathlib import Path
from typing import Any

from .beat import LAST
from .child import start_child
from .clock import now
from .control import Control, parse_control
from .slot import Slot

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
    "restoreSeconds",
    "checkpointStall",
    "control",
    "notice",
    "stuck",
)
AT_ONCE = ("state", "control", "notice", "stuck")  # a change of these does not wait for the next beat
CLOSE_SECONDS = 8


class Heartbeat:
    """Feeds the process that writes heartbeat.json and reads control.json, see `beat`.

    Telling costs microseconds and never waits: a slow or failing mount delays the heartbeat's process alone. Without a
    folder (ranks other than 0) nothing is told and nothing is heard.
    """

    def __init__(self, folder: Path | None, seconds: float, identity: dict[str, str], echo: int) -> None:
        """`identity` is run, phase, attempt and incarnation; a warning signal is passed on to the descriptor `echo`."""
        self._folder, self._seconds, self._echo = folder, seconds, echo
        self._fields: dict[str, Any] = {**identity, "state": "starting", **dict.fromkeys(UNKNOWN)}
        self._fields |= {"startedAt": now(), "progressAt": now()}
        self._lock = threading.Lock()
        self._told, self._heard = Slot(), Slot()
        self._called, self.wake_descriptor = os.pipe()
        os.set_blocking(self.wake_descriptor, False)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the process; the first beat is written when it is up."""
        self.update()
        if self._folder is not None:
            self._spawn(self._folder)

    def update(self, **fields: Any) -> None:
        """Changes fields of the next beat; some are told at once."""
        with self._lock:
            is_urgent = any(name in AT_ONCE and fields[name] != self._fields.get(name) for name in fields)
            self._fields.update(fields)
            if self._folder is not None:
                self._told.put(json.dumps(self._fields).encode())
        if is_urgent:
            self._call(b"\0")

    def control(self) -> Control | None:
        """The newest message of the supervisor, once; None when there is no news. One thread only may ask."""
        news = self._heard.take()
        return None if news is None else parse_control(news)

    def keep_alive(self) -> None:
        """Starts the process anew if something killed it: silence would be read as the trainer's death."""
        process = self._process
        if self._folder is not None and process is not None and process.poll() is not None:
            self._spawn(self._folder)

    def close(self) -> None:
        """Has the last beat written and waits for the process, unless its mount hangs."""
        process, self._process = self._process, None
        if process is None:
            return
        self._call(LAST)
        try:
            process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()

    def _call(self, byte: bytes) -> None:
        try:
            os.write(self.wake_descriptor, byte)
        except BlockingIOError:
            pass  # it has been called 65,536 times and not woken: one more would not help

    def _spawn(self, folder: Path) -> None:
        descriptors = (self._called, self._echo, self._told.descriptor, self._heard.descriptor)
        words = [folder, self._seconds, os.getpid(), *descriptors]
        self._process = start_child("resilience.beat", words, descriptors)
