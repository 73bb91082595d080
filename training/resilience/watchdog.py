"""How long nothing has happened, and how long that may be so. A machine that was frozen gets its time back."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

LOST_TICKS = 4  # a look that comes this many intervals late means that we ourselves did not run
MARGIN = 0.1  # of the limit, at most MARGIN_SECONDS: telling and leaving take their time too
MARGIN_SECONDS = 3.0
SLOW_STEPS = 3  # times the slowest of the last RECENT steps may a step take, where that is more than the limit
RECENT = 20
LONG_SILENCE = 3  # times as long may a rank be silent that has announced long work


class Stopwatch:
    """Seconds since the last `restart`, without those in which this process did not run."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._since = clock()
        self._lost = 0.0

    def restart(self) -> None:
        """Something happened."""
        self._since, self._lost = self._clock(), 0.0

    def forgive(self, seconds: float) -> None:
        """So many seconds do not count."""
        self._lost += seconds

    @property
    def seconds(self) -> float:
        """What has been counted."""
        return max(0.0, self._clock() - self._since - self._lost)


@dataclass(frozen=True)
class Activity:
    """What this rank is doing: between two step boundaries, or announced long work with a limit of its own."""

    state: str
    limit: float
    is_long: bool
    is_free: bool  # nothing would be lost if the process ended now


class Watchdog:
    """Judges this rank by its step boundaries and announced work, and the others by their signs of life.

    `enter` is the training thread's, `look` another thread's, every `interval` seconds.
    """

    def __init__(self, stuck_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.patience = stuck_seconds - min(MARGIN_SECONDS, MARGIN * stuck_seconds)
        self.interval = min(1.0, stuck_seconds / 20)
        self.activity = Activity("starting", self.patience, is_long=False, is_free=False)
        self._steps: deque[float] = deque([0.0], maxlen=RECENT)
        self._own = Stopwatch(clock)
        self._peers: dict[int, tuple[Stopwatch, bool]] = {}
        self._looked = clock()

    def enter(self, state: str, limit: float | None = None, is_free: bool = False) -> None:
        """Something else begins; with a limit of its own it is long work."""
        usual = max(self.patience, SLOW_STEPS * max(self._steps))
        self.activity = Activity(state, usual if limit is None else limit, limit is not None, is_free)
        self._own.restart()

    def passed(self) -> None:
        """A step boundary. Steps that are slow by nature are given more time than the limit."""
        self._steps.append(self._own.seconds)
        self.enter(self.activity.state)

    def heard(self, rank: int, is_long: bool) -> None:
        """A rank gave a sign of life; whether it is at long work."""
        watch, _ = self._peers.get(rank, (Stopwatch(self._clock), False))
        watch.restart()
        self._peers[rank] = (watch, is_long)

    def forget(self, rank: int) -> None:
        """A rank has left in order."""
        self._peers.pop(rank, None)

    def look(self) -> None:
        """To be called every `interval` seconds: what comes much later shows that we were not running either."""
        now = self._clock()
        late = now - self._looked - LOST_TICKS * self.interval
        self._looked = now
        if late > 0:
            for watch in (self._own, *(watch for watch, _ in self._peers.values())):
                watch.forgive(late)

    @property
    def idle(self) -> float:
        """Seconds without progress of this rank."""
        return self._own.seconds

    @property
    def silent(self) -> dict[int, float]:
        """Ranks that have been silent for several intervals, with seconds."""
        seconds = {rank: watch.seconds for rank, (watch, _) in self._peers.items()}
        return {rank: quiet for rank, quiet in seconds.items() if quiet > LOST_TICKS * self.interval}

    @property
    def is_stuck(self) -> bool:
        """Whether this rank, or another, has been without progress for longer than it may."""
        return self.idle > self.activity.limit or any(
            watch.seconds > self.patience * (LONG_SILENCE if is_long else 1) for watch, is_long in self._peers.values()
        )

    @property
    def deadline(self) -> float:
        """When, on the machine's monotonic clock, this rank will be stuck unless something happens."""
        return self._clock() + max(0.0, self.activity.limit - self.idle)
