"""Starts mini trainers, one process per rank, and reads what they leave behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from trainers import wait_until

PATIENCE_SECONDS = 20


class Minis:
    """The ranks of one job; what still runs at the end of a `with` block is killed."""

    def __init__(self, output: Path, *deeds: str, stuck_seconds: float = 30) -> None:
        """One rank per deed."""
        self.output = output
        output.mkdir(parents=True, exist_ok=True)
        script = str(Path(__file__).with_name("mini.py"))
        self.processes = [
            subprocess.Popen(
                [sys.executable, script, output, str(rank), str(len(deeds)), str(stuck_seconds), deed],
                env={**os.environ, "RANK": str(rank)},
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            for rank, deed in enumerate(deeds)
        ]

    def __enter__(self) -> "Minis":
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.kill()
            process.communicate()

    def wait(self, *ranks: int) -> list[int]:
        """Exit codes of the ranks given, or of all."""
        return [self.processes[rank].wait(PATIENCE_SECONDS) for rank in ranks or range(len(self.processes))]

    def signal(self, rank: int, number: signal.Signals) -> float:
        """Sends a signal to one rank; returns when that was."""
        self.processes[rank].send_signal(number)
        return time.monotonic()

    @property
    def folder(self) -> Path:
        """The incarnation's folder."""
        (only,) = (path for path in self.output.iterdir() if path.is_dir())
        return only

    def heartbeat(self) -> dict[str, Any]:
        """The heartbeat, or {} while there is none to read."""
        try:
            return json.loads((self.folder / "heartbeat.json").read_text())
        except (OSError, ValueError):
            return {}

    def ending(self) -> dict[str, Any]:
        """ending.json."""
        return json.loads((self.folder / "ending.json").read_text())

    def reach(self, step: int) -> "Minis":
        """Waits until a step is told."""
        wait_until(lambda: (self.heartbeat().get("step") or 0) >= step, f"step {step}")
        return self

    def beats(self, count: int) -> dict[str, Any]:
        """Waits for so many more beats."""
        begin = wait_until(self.heartbeat, "a beat")["sequence"]
        wait_until(lambda: self.heartbeat().get("sequence", 0) >= begin + count, f"{count} more beats")
        return wait_until(self.heartbeat, "a beat")

    def beat_process(self) -> int:
        """The pid of rank 0's heartbeat process."""
        children = Path(f"/proc/{self.processes[0].pid}/task").glob("*/children")
        return int(wait_until(lambda: " ".join(file.read_text() for file in children).split(), "its process")[0])
