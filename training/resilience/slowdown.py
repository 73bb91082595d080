"""What writing a checkpoint costs while training goes on: steps that take longer than they do in calm."""

from collections import deque
from statistics import median

CALM_STEPS = 50
ENOUGH = 5  # calm steps before anything can be said


class Slowdown:
    """Fed with each step's seconds; `seconds` is what the steps beside a write took above the median of calm ones."""

    def __init__(self) -> None:
        self._calm: deque[float] = deque(maxlen=CALM_STEPS)
        self._lost = 0.0

    def take(self, seconds: float, is_writing: bool) -> None:
        """One step; `is_writing` if a checkpoint was being written when it began."""
        if not is_writing:
            self._calm.append(seconds)
        elif len(self._calm) >= ENOUGH:
            self._lost += seconds - median(self._calm)

    @property
    def seconds(self) -> float:
        """Never below 0, though single steps may have been faster than the median."""
        return max(0.0, self._lost)
