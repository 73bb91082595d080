"""The heartbeat's own process: `python -m resilience.beat`, started and fed by `heartbeat.Heartbeat`, never by hand.

It is a process because a thread is not enough: a C call that keeps the interpreter's lock would silence it, and a
stalled trainer must be distinguishable from a stalled heartbeat. It ends with its trainer, whatever ends that.
"""

import json
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

from .child import be_deaf_to_warnings, hear_of_parents_end
from .clock import now
from .control import ControlFile
from .endings import StuckRank
from .files import overwrite, to_json
from .incarnation import write_last_words
from .slot import Slot
from .stopping import WARNING

FORMAT = "bertha-heartbeat/1"
LAST = b"\xff"  # through the wake pipe: write the last beat and end
LAST_WRITE_SECONDS = 5  # a mount that hangs must not keep this process behind its trainer
OVERDUE_SECONDS = 3.0  # how long a trainer may be past its deadline before it is killed: it should have ended itself


class Beat:
    """Writes heartbeat.json on time and at each call, reads control.json as often, and watches its trainer."""

    def __init__(
        self, folder: Path, seconds: float, trainer: int, wake: int, echo: int, slots: tuple[int, int]
    ) -> None:
        self._path, self._seconds, self._trainer = folder / "heartbeat.json", seconds, trainer
        self._wake, self._echo = wake, echo
        self._fields, self._orders = Slot(slots[0]), Slot(slots[1])
        self._told: dict[str, Any] = {}
        self._own: dict[str, Any] = {}
        self._sequence = self._known("sequence")
        self._control = ControlFile(folder, self._known("control"))
        self._overdue = 0.0

    def run(self) -> None:
        """Beats until the trainer says so, or is gone."""
        ends = False
        while not ends:
            self._hear()
            self._write()
            ends = self._wait()
        signal.alarm(LAST_WRITE_SECONDS)
        self._own["alive"] = False
        self._hear()
        self._write()

    def _hear(self) -> None:
        fields = self._fields.take()
        if fields is not None:
            self._told = json.loads(fields)
        news = self._control.news()
        if news is not None:
            self._orders.put(news)

    def _write(self) -> None:
        self._sequence += 1
        fields = {key: value for key, value in self._told.items() if key != "deadline"}
        notice = fields.get("notice") or self._own.get("notice")
        mine = {"alive": True, **self._own, "notice": notice, "sequence": self._sequence, "at": now()}
        beat = {"format": FORMAT, **fields, **mine}
        try:
            overwrite(self._path, to_json(beat))
        except (OSError, ValueError):
            pass  # a missed beat is seen by its sequence number

    def _wait(self) -> bool:
        """Until the next beat is due or called for; true when it is to be the last."""
        began = time.monotonic()
        ready, _, _ = select.select([self._wake], [], [], self._seconds)
        called = os.read(self._wake, 4096) if ready else b"\0"
        if WARNING in called:
            self._warned()
        is_gone = called == b"" or os.getppid() != self._trainer
        return is_gone or LAST in called or self._is_beyond_help(time.monotonic() - began)

    def _warned(self) -> None:
        self._own.setdefault("notice", {"kind": "sigterm", "at": now(), "rank": 0})
        try:
            os.write(self._echo, bytes([WARNING]))
        except OSError:
            pass  # the trainer is gone

    def _is_beyond_help(self, waited: float) -> bool:
        """Kills a trainer that is past its deadline and cannot end itself: its threads do not run either.

        Time is counted in beats and not read off the clock, so that a machine that was frozen is given its time back.
        """
        deadline = self._told.get("deadline")
        is_past = deadline is not None and time.monotonic() > deadline
        self._overdue = self._overdue + min(waited, 2 * self._seconds) if is_past else 0.0
        if self._overdue < OVERDUE_SECONDS:
            return False
        self._kill()
        return True

    def _kill(self) -> None:
        step, nodes = self._told.get("step"), self._told.get("nodes") or []
        facts = {"state": self._told.get("state"), "behindStep": step, "seconds": None}
        self._own["stuck"] = {**facts, "silentRanks": [0], "nodes": nodes[:1], "at": now()}
        self._write()
        sentence = f"Rank 0 ran no more, behind step {step}: its heartbeat process killed it."
        write_last_words(self._path.parent, StuckRank(sentence), step)
        if os.getppid() == self._trainer:
            os.kill(self._trainer, signal.SIGKILL)

    def _known(self, name: str) -> int:
        """What a heartbeat process before this one, that did not live as long as the trainer, had come to."""
        try:
            found = json.loads(self._path.read_bytes())[name]
            return int(found["sequence"] if isinstance(found, dict) else found)
        except (OSError, ValueError, TypeError, KeyError):
            return 0


def main() -> None:
    """Arguments: folder, seconds, the trainer's pid, and the descriptors of wake pipe, echo pipe and the two slots."""
    folder, seconds, trainer, wake, echo, *slots = sys.argv[1:]
    be_deaf_to_warnings()
    signal.signal(signal.SIGHUP, lambda *_: signal.alarm(LAST_WRITE_SECONDS) if os.getppid() != int(trainer) else 0)
    hear_of_parents_end(signal.SIGHUP)
    Beat(Path(folder), float(seconds), int(trainer), int(wake), int(echo), (int(slots[0]), int(slots[1]))).run()


if __name__ == "__main__":
    main()
