"""The loss-spike detector: a run that has left the path of its loss is stopped before it is paid for any longer."""

from collections import deque
from dataclasses import dataclass

from .endings import LossSpike


@dataclass(frozen=True)
class SpikeLimits:
    """A spike is a loss above `factor` x the mean of the last `window` losses, for `patience` steps in a row."""

    window: int
    factor: float
    patience: int


class SpikeDetector:
    """Fed with every step's loss. Silent until its window is full; losses of a spike do not get into the window."""

    def __init__(self, limits: SpikeLimits | None) -> None:
        """Without limits it finds nothing."""
        self._limits = limits
        self._losses: deque[float] = deque(maxlen=limits.window if limits else 0)
        self._above = 0
        self._began = 0
        self._before: int | None = None

    def take(self, step: int, loss: float, checkpoint: int | None) -> None:
        """The loss of `step`; `checkpoint` is the newest checkpoint's step, if there is one.

        Raises LossSpike at the last step of its patience. The newest checkpoint to trust is the one that was the newest
        when the spike began: those behind it hold what the spike did to the weights.
        """
        limits = self._limits
        if limits is None:
            return
        mean = sum(self._losses) / max(1, len(self._losses))
        if len(self._losses) < limits.window or loss <= limits.factor * mean:
            self._losses.append(loss)
            self._above = 0
            return
        if self._above == 0:
            self._began, self._before = step, checkpoint
        self._above += 1
        if self._above >= limits.patience:
            raise LossSpike(
                f"The loss has been above {limits.factor:g} x {mean:.4g}, the mean of {limits.window} steps, since "
                f"step {self._began} ({loss:.4g} at step {step}): resume from a checkpoint before it, skip its data.",
                self._began,
                self._before,
            )
