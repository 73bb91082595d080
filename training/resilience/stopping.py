"""A warning signal: remembered for the step boundary, and told at once to whoever must know sooner."""

import os
import signal

from .clock import now

WARNING = signal.SIGTERM


class Notice:
    """Remembers that SIGTERM came to any rank, the warning before a machine is taken away."""

    def __init__(self) -> None:
        self.given: dict[str, object] | None = None

    def listen(self) -> "Notice":
        """Installs the handler; only the main thread may."""
        signal.signal(WARNING, self._remember)
        return self

    def wake(self, descriptor: int) -> None:
        """Has the signal's number written to a pipe the moment it comes, even while a C call keeps Python from running.

        Only the main thread may. The descriptor must not block.
        """
        signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False)
        if self.given is not None:
            os.write(descriptor, bytes([WARNING]))

    def remember(self, rank: int, at: str) -> None:
        """Rank `rank` was warned; the first warning counts."""
        self.given = self.given or {"kind": "sigterm", "at": at, "rank": rank}

    def _remember(self, *_: object) -> None:
        self.remember(int(os.environ.get("RANK", "0")), now())
