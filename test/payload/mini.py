"""A trainer without PyTorch, for what `resilience` does around any: `mini.py OUTPUT RANK WORLD STUCK_SECONDS DEED`.

It steps every 10 ms; behind step 5 it does its deed, which is the name of one of the functions below.
"""

import ctypes
import itertools
import mmap
import os
import sys
import time
from pathlib import Path

from resilience.endings import Interrupted, UserError
from resilience.incarnation import Incarnation
from resilience.life import Life
from resilience.stopping import Notice

DEED_STEP = 5


def go_on(life: Life) -> None:
    """Nothing special."""


def block(life: Life) -> None:
    """As in a collective operation whose peer does not answer."""
    time.sleep(3600)


def hold_the_lock(life: Life) -> None:
    """A C call that keeps the interpreter's lock, whatever signals come: no thread runs until `release` says 1."""
    assert life.incarnation.folder is not None
    with (life.incarnation.folder.parent / "release").open("r+b") as file:
        memory = mmap.mmap(file.fileno(), 2)
    memory[1] = 1
    any(map(memory.__getitem__, itertools.repeat(0)))


def hold_the_lock_for_ever(life: Life) -> None:
    """A call into a library that keeps the lock and never returns."""
    ctypes.PyDLL(None).sleep(3600)


def run_out_of_memory(life: Life) -> None:
    """A list longer than any memory."""
    [0] * (1 << 60)


def refuse(life: Life) -> None:
    """One rank alone finds its data wrong."""
    raise UserError("This is wrong.")


def break_down(life: Life) -> None:
    """A mistake in the code."""
    raise KeyError("oops")


def evaluate(life: Life) -> None:
    """Long work at which nothing can be lost."""
    life.enter("evaluating", 60, is_free=True)
    time.sleep(3600)


def save_for_long(life: Life) -> None:
    """Announced long work, longer than a step may take."""
    life.enter("checkpointing", 60)
    time.sleep(2.5)
    life.enter("training")


class Slow:
    """Writes `written` when it is waited for."""

    is_writing = True

    def __init__(self, file: Path) -> None:
        self._file = file

    def finish(self, seconds: float) -> None:
        time.sleep(0.5)
        self._file.write_text("written")

    def close(self) -> None:
        pass


def write(life: Life) -> None:
    """Something is written beside training, which goes on."""
    assert life.incarnation.folder is not None
    life.finishes(Slow(life.incarnation.folder / "written"))


def write_and_refuse(life: Life) -> None:
    """The same, and then this rank ends."""
    write(life)
    refuse(life)


def main(output: Path, rank: int, world: int, stuck_seconds: float, deed: str) -> int:
    """Steps until it is warned."""
    life = Life(Incarnation(output, rank), Notice().listen(), "mini")
    try:
        life.start({"run": "r", "phase": "p1", "attempt": "a001"}, 0.02, 0.1, stuck_seconds)
        life.join(world, "127.0.0.1", f"node-{rank}", lambda text: share(output / "shared", text))
        life.enter("training", 60)
        for step in itertools.count(1):
            time.sleep(0.01)
            if step == DEED_STEP:
                globals()[deed](life)
            life.incarnation.step = step
            life.passed(step)
            if life.notice.given is not None:
                raise Interrupted(f"SIGTERM came behind step {step}.")
    except Exception as error:
        return life.end(error)
    return life.end()


def share(file: Path, text: str | None) -> str:
    """Rank 0's text, through a file."""
    if text is not None:
        file.with_suffix(".new").write_text(text)
        file.with_suffix(".new").rename(file)
    while not file.exists():
        time.sleep(0.005)
    return file.read_text()


if __name__ == "__main__":
    os._exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), sys.argv[5]))
