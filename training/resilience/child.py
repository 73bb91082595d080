"""Processes of our own beside the trainer: started from this package, and gone when the trainer is."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1


def start_child(module: str, words: Sequence[object], descriptors: Sequence[int]) -> "subprocess.Popen[bytes]":
    """Starts `python -m <module> <words>`, which inherits these descriptors and the trainer's stderr, nothing else.

    Only the main thread may: where Linux is asked to end a child with its parent, it means the thread that made it.
    """
    here = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-S", "-m", module, *map(str, words)],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=list(descriptors),
    )


def be_deaf_to_warnings() -> None:
    """A node's warning goes to all its processes; those of this package are needed longest."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def hear_of_parents_end(number: signal.Signals) -> None:
    """Has this process sent `number` when the one that started it has ended, whatever ended it; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
