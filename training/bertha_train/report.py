"""How the loop's numbers leave the device and become metrics, heartbeats and lines on stdout."""

import math
import time
from dataclasses import dataclass
from typing import Any

import torch

from resilience.asked import Asked
from resilience.checkpoints import Written
from resilience.endings import NotFinite
from resilience.life import Life
from resilience.manifest import Manifest
from resilience.spikes import SpikeDetector

from .config import TrainConfig
from .stream import Plan
from .work import Work

SAY_SECONDS = 2.0


@dataclass(frozen=True)
class StepNumbers:
    """One step's numbers, maybe still on the device; `sums` over all ranks: mlm, nsp and the boundary's wishes."""

    step: int
    plan: Plan
    rate: float
    sums: torch.Tensor
    grad_norm: torch.Tensor
    at: str
    seconds: float
    waited: float  # seconds of them, for data


class Reporter:
    """Turns step numbers into metrics, heartbeat and lines on stdout; judges the loss (NotFinite, LossSpike)."""

    def __init__(self, asked: Asked, config: TrainConfig, life: Life, work: Work) -> None:
        self._asked, self._config, self._work = asked, config, work
        self._metrics, self._heartbeat, self._incarnation = life.metrics, life.heartbeat, life.incarnation
        self._spikes = SpikeDetector(config.spike_detector)
        self._checkpoint: int | None = None
        self._held_out: float | None = None  # of the last step reported
        self._looked_at = time.monotonic()
        self._losses: list[float] = []
        self._window = (time.monotonic(), 0)
        self._is_first = True
        self._stalls, self._stall_seconds = 0, 0.0
        self._last_stall, self._slowdown = 0.0, 0.0
        self._stall: float | None = None  # of the checkpoint behind the last step reported

    def say(self, words: str) -> None:
        """One plain line, from rank 0."""
        if self._incarnation.folder is not None:
            print(f"{self._asked.run} {self._asked.phase} {self._asked.attempt}: {words}", flush=True)

    def begins(self, step: int, newest: Manifest | None, world_size: int) -> None:
        """The state is taken up, training stands behind `step`."""
        self._looked_at = time.monotonic()
        self._incarnation.step = step
        self._window = (time.monotonic(), 0)
        self._heartbeat.update(step=step)
        where = "from fresh weights" if self._asked.init is None else "from the weights handed over"
        if newest is not None:
            self._checkpoint = newest.step
            self._heartbeat.update(checkpointStep=newest.step, checkpointAt=newest.at)
            where = f"behind step {step}, checkpoint verified"
        work = f"{self._config.steps} steps of {self._config.global_batch} samples"
        self.say(f"starting {where}; {work} on {world_size} processes")

    def take(self, numbers: list[StepNumbers], loss_scale: float | None = None) -> None:
        """Reports the steps done since the last call, in order; `loss_scale` is that of the last one."""
        self._held_out, before, self._looked_at = None, self._looked_at, time.monotonic()
        seconds = (self._looked_at - before) / max(1, len(numbers))
        for one in numbers:
            mlm, nsp = one.sums[0].item() / one.plan.predictions, one.sums[1].item() / len(one.plan.samples)
            self._incarnation.step = one.step
            if not math.isfinite(mlm + nsp):
                raise NotFinite(
                    f"The loss of step {one.step} is mlm {mlm}, nsp {nsp}: resume from a checkpoint before it."
                )
            loss = {"mlm": mlm, "nsp": nsp} if self._config.model.next_sentence else {"mlm": mlm}
            samples = one.step * self._config.global_batch
            grad_norm = one.grad_norm.item()
            line = {
                "step": one.step,
                "at": one.at,
                "loss": loss,
                "learningRate": one.rate,
                "gradNorm": grad_norm if math.isfinite(grad_norm) else None,
                "samples": samples,
                "seconds": one.seconds,
                "dataWait": round(one.waited, 6),
                **self._work.of(one.plan, seconds),
            }
            if loss_scale is not None:
                line["lossScale"] = loss_scale
            self._metrics.add(line if self._stall is None else {**line, "stall": self._stall})
            self._stall = None
            self._heartbeat.update(step=one.step, loss={"nsp": None, **loss}, learningRate=one.rate)
            if self._is_first:
                self._heartbeat.update(firstStepAt=one.at)
            self._tell(one.step, mlm, nsp)
            self._losses.append(mlm + nsp)
            self._spikes.take(one.step, mlm + nsp, self._checkpoint)

    def evaluated(self, evaluation: dict[str, Any]) -> None:
        """The last step reported has this held-out result."""
        found = evaluation["heldOut"]
        self._held_out = found["mlm"] + (found["nsp"] or 0.0)
        self.say(f"step {evaluation['step']} held out: mlm {found['mlm']:.3f}, unigram {evaluation['unigram']:.3f}")

    @property
    def mean_loss(self) -> float | None:
        """What the next checkpoint is ranked by, mlm + nsp.

        Where the phase evaluates on its way: the held-out loss, None for a step that was not evaluated. Else the mean
        of the steps since the last checkpoint or the start, None where there were none.
        """
        if self._config.evaluation_steps is not None:
            return self._held_out
        return math.fsum(self._losses) / len(self._losses) if self._losses else None

    def saved(self, stall: float) -> None:
        """The state behind the last step is saved, or copied to be; training stood still for it for `stall` seconds."""
        self._stall = self._last_stall = round(stall, 3)
        self._stalls, self._stall_seconds = self._stalls + 1, round(self._stall_seconds + self._stall, 3)
        self._tell_stalls()
        self._losses = []

    def written(self, checkpoint: Written | None, slowdown: float) -> None:
        """A checkpoint exists, if one is given; writing has slowed the steps beside it by `slowdown` seconds so far."""
        if checkpoint is None:
            return
        manifest, self._slowdown = checkpoint.manifest, round(slowdown, 3)
        if self._stalls:
            self._tell_stalls()
        self._checkpoint = manifest.step
        self._heartbeat.update(checkpointStep=manifest.step, checkpointAt=manifest.at)
        self.say(f"checkpoint of step {manifest.step} written")

    def _tell_stalls(self) -> None:
        told = {"checkpoints": self._stalls, "seconds": self._stall_seconds, "last": self._last_stall}
        self._heartbeat.update(checkpointStall={**told, "slowdown": self._slowdown})

    def _tell(self, step: int, mlm: float, nsp: float) -> None:
        since, samples = self._window
        samples += self._config.global_batch
        seconds = time.monotonic() - since
        self._window = (since, samples)
        if self._is_first or seconds >= SAY_SECONDS or step == self._config.steps:
            speed = samples / seconds
            self._heartbeat.update(sequencesPerSecond=round(speed, 1))
            self.say(f"step {step}/{self._config.steps} mlm {mlm:.3f} nsp {nsp:.3f} {speed:.0f} seq/s")
            self._window = (time.monotonic(), 0)
            self._is_first = False
