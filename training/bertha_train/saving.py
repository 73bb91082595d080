"""Checkpoints of the trainer: where one is due all ranks stand still until rank 0 has copied the state, no longer."""

import time

from resilience.boundary import Decision
from resilience.checkpoints import Checkpoints
from resilience.life import LONG_SECONDS, Life
from resilience.slowdown import Slowdown

from .report import Reporter
from .train import Trainer


class Saving:
    """What the loop asks for at its step boundaries; all ranks call the same together, rank 0 alone writes."""

    def __init__(self, trainer: Trainer, reporter: Reporter, life: Life) -> None:
        """Starts the process that writes."""
        self._trainer, self._reporter, self._life = trainer, reporter, life
        folder = life.incarnation.folder
        self._checkpoints = Checkpoints(folder / "checkpoints") if folder else None
        self._slowdown = Slowdown()
        if self._checkpoints is not None:
            life.finishes(self._checkpoints)

    def prepare(self) -> None:
        """Has memory ready for the state, which is whole from the first step on."""
        state = self._trainer.state()
        if self._checkpoints is not None:
            self._checkpoints.prepare(state, self._trainer.about)

    def passed(self, seconds: float) -> None:
        """A step has taken so long. Raises Crashed if a checkpoint could not be written."""
        if self._checkpoints is None:
            return
        self._slowdown.take(seconds, self._checkpoints.is_writing)
        self._reporter.written(self._checkpoints.poll(), self._slowdown.seconds)

    def save(self, decision: Decision) -> None:
        """Saves the state behind the last step; where the decision says so, the checkpoint is complete afterwards.

        Raises Crashed if it, or the one before, could not be written.
        """
        began = time.perf_counter()
        self._life.metrics.cut()
        self._life.enter("checkpointing", LONG_SECONDS)
        state, manifest = self._trainer.state(), self._trainer.manifest(self._reporter.mean_loss)
        if self._checkpoints is not None:
            before = self._checkpoints.save(manifest, state, self._trainer.about)
            self._reporter.written(before, self._slowdown.seconds)
            if decision.waits:
                self._reporter.written(self._checkpoints.finish(), self._slowdown.seconds)
        self._trainer.peers.wait_for_files(f"checkpoint of step {manifest.step}")
        self._trainer.progress.newest = manifest
        self._reporter.saved(time.perf_counter() - began)
        self._life.enter("training")
