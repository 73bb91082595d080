"""One start of a trainer, with all that keeps it observable, stoppable and explained: the part a trainer talks to."""

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import NoReturn, Protocol

from .clock import now
from .endings import Completed, Crashed, Ending, LostPeer, StuckRank, ToldByPeer, ending_of
from .guard import Guard
from .heartbeat import Heartbeat
from .incarnation import Incarnation
from .lifeline import Lifeline
from .metrics import MetricsWriter
from .stopping import Notice
from .watchdog import Watchdog

LONG_SECONDS = 1800.0  # the limit of announced long work
MEET_SECONDS = 60.0  # the ranks have just met elsewhere when they connect their lifelines
FAREWELL_SECONDS = 6.0  # for last words to a mount that may hang
WRITE_SECONDS = 60.0  # for what was begun and is of use to the next start: a checkpoint that is being written
LAST_WORDS_SECONDS = 2.0  # how long a broken collective operation waits for the lifeline to say why


class Unfinished(Protocol):
    """Something that writes beside training, see `checkpoints.Checkpoints`."""

    @property
    def is_writing(self) -> bool:
        """Whether there is something to wait for."""

    def finish(self, seconds: float) -> object:
        """Waits for it, at most so long."""

    def close(self) -> None:
        """Lets go of it."""


class Life:
    """Heartbeat, metrics, lifeline, watchdog and last words of one process; rank 0 alone writes files."""

    def __init__(self, incarnation: Incarnation, notice: Notice, program: str) -> None:
        self.incarnation, self.notice, self._program = incarnation, notice, program
        self._ending: Ending | None = None
        self._lock = threading.Lock()
        self._guard: Guard | None = None
        self._unfinished: Unfinished | None = None

    def finishes(self, unfinished: "Unfinished") -> None:
        """Has what `unfinished` is writing finished before this process ends, whatever the ending is."""
        self._unfinished = unfinished

    def start(
        self, identity: dict[str, str], heartbeat_seconds: float, metrics_seconds: float, stuck_seconds: float
    ) -> None:
        """Begins to beat and to watch; to be called by the main thread, before anything that takes long."""
        rank, folder = self.incarnation.rank, self.incarnation.folder
        self.metrics = MetricsWriter(folder / "metrics" if folder else None, metrics_seconds).start()
        self._watchdog = Watchdog(stuck_seconds)
        self._guard = Guard(rank, self._watchdog, self.notice, self._leave, lambda: self.incarnation.step)
        names = {**identity, "incarnation": self.incarnation.name}
        self.heartbeat = Heartbeat(folder, heartbeat_seconds, names, self._guard.wake_descriptor)
        self.enter("starting", LONG_SECONDS, is_free=True)
        self.heartbeat.start()
        self._guard.start(self.heartbeat)
        self.notice.wake(self.heartbeat.wake_descriptor if folder else self._guard.wake_descriptor)

    def join(self, world: int, host: str, node: str, share: Callable[[str | None], str]) -> None:
        """Connects to the other ranks, see `Lifeline.make`; all ranks call it together."""
        if world > 1 and self._guard is not None:
            lifeline = Lifeline.make(self.incarnation.rank, world, host, node, share, MEET_SECONDS)
            missing = (world - 1 if self.incarnation.rank == 0 else 1) - len(lifeline.lines)
            if missing:
                self.say(f"{missing} ranks could not be connected to; they are not watched.")
            self._guard.attach(lifeline)

    def enter(self, state: str, seconds: float | None = None, is_free: bool = False) -> None:
        """Tells the state of the heartbeat; with `seconds`, also that what begins here may take so long.

        `is_free` says that nothing would be lost if the process ended now: a warning signal then ends it at once.
        """
        self._watchdog.enter(state, seconds, is_free)
        self.heartbeat.update(state=state, progressAt=now())

    def passed(self, step: int) -> None:
        """The boundary behind `step`."""
        self._watchdog.passed()
        self.heartbeat.update(step=step, progressAt=now())

    def end(self, error: Exception | None = None) -> int:
        """Ends this start, for the exception or completed: tells the peers, stderr, ending.json and the last heartbeat.

        Returns the exit code. Where another rank or the guard was first, theirs is the reason and the code.
        """
        ending = Completed("All steps are done.") if error is None else ending_of(error)
        if isinstance(ending, Crashed) and ending.detail is not None:
            traceback.print_exception(error)
        if isinstance(ending, LostPeer) and self._guard is not None:
            time.sleep(LAST_WORDS_SECONDS)  # the guard ends the process if it learns more
            words = self._guard.last_words
            ending = ending if words is None else ToldByPeer(words)
        if not self._begins(ending):
            time.sleep(2 * self._farewell_seconds)
            os._exit(self._ending.exit_code if self._ending else 1)
        self._say_farewell(ending)
        return ending.exit_code

    def say(self, sentence: str) -> None:
        """One line on stderr."""
        print(f"{self._program}: {sentence}", file=sys.stderr, flush=True)

    def _begins(self, ending: Ending) -> bool:
        with self._lock:
            is_first = self._ending is None
            self._ending = self._ending or ending
        return is_first

    def _leave(self, ending: Ending) -> None:
        """Ends the process from a thread, though the main thread may be blocked for ever."""
        if self._begins(ending):
            farewell = threading.Thread(target=self._say_farewell, args=(ending,), daemon=True)
            farewell.start()
            farewell.join(self._farewell_seconds)
            self._exit(ending)
        elif isinstance(ending, StuckRank) and self._ending is not None:
            self._exit(self._ending)  # the main thread could not finish its farewell

    def _say_farewell(self, ending: Ending) -> None:
        if self._guard is None:
            self.say(str(ending)) if ending.exit_code else None
            self.incarnation.end(ending)
            return
        self._guard.tell_end(ending)
        self._watchdog.enter("ending", 2 * self._farewell_seconds)
        if ending.exit_code:
            self.say(str(ending))
        self.metrics.cut()
        self.incarnation.end(ending)
        self._finish()
        self.heartbeat.close()

    @property
    def _farewell_seconds(self) -> float:
        is_writing = self._unfinished is not None and self._unfinished.is_writing
        return FAREWELL_SECONDS + (WRITE_SECONDS if is_writing else 0)

    def _finish(self) -> None:
        if self._unfinished is None:
            return
        try:
            self._unfinished.finish(WRITE_SECONDS)
        except Ending as problem:
            self.say(str(problem))
        self._unfinished.close()

    def _exit(self, ending: Ending) -> NoReturn:
        os._exit(ending.exit_code)
