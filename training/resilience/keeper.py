"""All of this package for a training loop of one's own: what `docs/payload-contract.md` asks for, in five calls.

A loop that needs more (losses by part, sums that are looked at later, windows to skip) takes the modules themselves.
"""

import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import torch

from .asked import Asked
from .boundary import Boundary, Decision, Plan
from .checkpoint import Checkpoint, read_checkpoint
from .checkpoints import Checkpoints, Written
from .clock import now
from .endings import BadCheckpoint, NotFinite
from .life import LONG_SECONDS, Life
from .manifest import Manifest
from .program import run
from .ranks import Ranks
from .samplehash import START
from .slowdown import Slowdown
from .snapshot import Parts
from .state import load_optimizer_tensors, load_rng_tensors, load_weights, optimizer_tensors, rng_tensors
from .taking_up import checkpoint_to_resume


def keep_alive(name: str, train: "Callable[[Keeper], None]", arguments: list[str] | None = None) -> NoReturn:
    """Runs `train` as a program, by the contract's command line, and leaves the process; see `program.run`."""
    run(name, lambda asked, life: train(Keeper(asked, life)), arguments)


@dataclass
class Told:
    """What the heartbeat says of checkpoints."""

    count: int = 0
    seconds: float = 0.0
    last: float = 0.0


class Keeper:
    """Keeps one start of a trainer alive, observable and resumable. To be made by the main thread, first of all."""

    def __init__(self, asked: Asked, life: Life) -> None:
        """Begins to beat. Raises UserError where the config cannot be read."""
        self.asked, self.config, self.life = asked, asked.config, life
        seconds = (self.config["heartbeatSeconds"], self.config["metricsSeconds"], self.config.get("stuckSeconds", 60))
        self.life.start(asked.identity, *seconds)
        self.life.heartbeat.update(totalSteps=self.config["steps"])
        self.step = 0
        self._newest: Manifest | None = None
        self._generators: dict[str, torch.Tensor] = {}
        self._told, self._slowdown, self._losses = Told(), Slowdown(), list[float]()
        self._stall: float | None = None
        self._at = time.perf_counter()

    def join(self) -> Ranks:
        """Meets the other ranks."""
        self.ranks = Ranks()
        self.life.heartbeat.update(worldSize=self.ranks.world)
        self.life.join(self.ranks.world, self.ranks.host, self.ranks.node, self.ranks.share)
        return self.ranks

    def restore(self, model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> int:
        """Takes up what there is to go on from; the last step done, 0 where training begins. Call it last of all
        before the first step, with the model as it is without DDP. Raises BadCheckpoint."""
        self._model, self._optimizer, self._named = model, optimizer, list(model.named_parameters())
        self.life.enter("restoring", LONG_SECONDS, is_free=True)
        began, asked = time.perf_counter(), self.asked
        own = self.life.incarnation.name
        identities = (asked.config_sha256, asked.data_sha256)
        found = checkpoint_to_resume(asked.output, own, asked.resume, self.ranks, *identities)
        if found is not None:
            self._load(found)
        elif asked.init is not None:
            self._initialise(asked.init)
        if found is not None or asked.init is not None:
            self.life.heartbeat.update(restoreSeconds=round(time.perf_counter() - began, 3))
        self._begin()
        return self.step

    def restore_generators(self) -> None:
        """Once more, where something drew random numbers between `restore` and the first step."""
        if self._generators:
            load_rng_tensors(self.ranks.device, self._generators)

    def passed(self, loss: float, learning_rate: float) -> None:
        """A step is done; `loss` is this rank's mean. Saves where that is due. Raises the Ending that is asked for."""
        self.step += 1
        seconds, self._at = time.perf_counter() - self._at, time.perf_counter()
        total, *wishes = self.ranks.sum([loss, *self._boundary.wishes()])
        self.life.incarnation.step = self.step
        self.life.passed(self.step)
        mean = total / self.ranks.world
        if not math.isfinite(mean):
            raise NotFinite(f"The loss of step {self.step} is {mean}: resume from a checkpoint before it.")
        self._report(mean, learning_rate, seconds)
        self._beside(seconds)
        self._boundary.must_look(self.step)
        decision = self._boundary.decide(self.step, [wishes])
        if decision.checkpoint:
            self._save(decision)
        if decision.ending is not None:
            because = self._boundary.because(decision.ending)
            raise decision.ending(f"{because}; the checkpoint of step {self.step} is written.")
        self._at = time.perf_counter()

    def _load(self, found: Checkpoint) -> None:
        load_weights(self._model, found)
        load_optimizer_tensors(self._optimizer, self._named, found.parts["optimizer"])
        if found.manifest.world_size == self.ranks.world:
            self._generators = self.ranks.mine(found.parts["rng"])
        self.restore_generators()
        self.step, self._newest = found.manifest.step, found.manifest
        self.life.heartbeat.update(checkpointStep=self.step, checkpointAt=found.manifest.at)

    def _initialise(self, folder: Path) -> None:
        problem: BadCheckpoint | None = None
        try:
            load_weights(self._model, read_checkpoint(folder, ("model",)))
        except BadCheckpoint as error:
            problem = error
        self.ranks.agree(problem, BadCheckpoint)

    def _begin(self) -> None:
        config, life, folder = self.config, self.life, self.life.incarnation.folder
        by_steps, by_seconds = config.get("checkpointSteps"), config.get("checkpointSeconds")
        life.incarnation.step = self.step
        life.heartbeat.update(step=self.step)
        plan = Plan(config["steps"], by_steps, by_seconds, 1, config.get("spendSeconds"))
        self._boundary = Boundary(plan, self.ranks.rank == 0, life.notice, life.heartbeat)
        self._checkpoints = Checkpoints(folder / "checkpoints") if folder else None
        if self._checkpoints is not None:
            life.finishes(self._checkpoints)
        life.enter("training", LONG_SECONDS)
        self._at = time.perf_counter()

    def _report(self, loss: float, learning_rate: float, seconds: float) -> None:
        samples, at = self.step * self.config["globalBatch"], now()
        line = {"step": self.step, "at": at, "loss": {"mlm": loss}, "learningRate": learning_rate, "gradNorm": None}
        stall = {} if self._stall is None else {"stall": self._stall}
        self.life.metrics.add({**line, "samples": samples, "seconds": seconds, **stall})
        speed = round(self.config["globalBatch"] / max(seconds, 1e-9), 1)
        self.life.heartbeat.update(loss={"mlm": loss}, learningRate=learning_rate, sequencesPerSecond=speed)
        if not self._losses and self._told.count == 0:
            self.life.heartbeat.update(firstStepAt=at)
        self._losses.append(loss)
        self._stall = None

    def _beside(self, seconds: float) -> None:
        if self._checkpoints is not None:
            self._slowdown.take(seconds, self._checkpoints.is_writing)
            self._written(self._checkpoints.poll())

    def _save(self, decision: Decision) -> None:
        began = time.perf_counter()
        self.life.metrics.cut()
        self.life.enter("checkpointing", LONG_SECONDS)
        parts, manifest = self._parts(), self._manifest()
        if self._checkpoints is not None:
            self._written(self._checkpoints.save(manifest, parts))
            if decision.waits:
                self._written(self._checkpoints.finish())
        self.ranks.sum([0])  # the others wait for rank 0, at work that was announced
        self._boundary.checkpointed()
        self._newest, self._losses = manifest, []
        self._stall = round(time.perf_counter() - began, 3)
        told = self._told = Told(self._told.count + 1, round(self._told.seconds + self._stall, 3), self._stall)
        stall = {"checkpoints": told.count, "seconds": told.seconds, "last": told.last}
        self.life.heartbeat.update(checkpointStall={**stall, "slowdown": round(self._slowdown.seconds, 3)})
        self.life.enter("training")

    def _written(self, written: Written | None) -> None:
        if written is not None:
            self.life.heartbeat.update(checkpointStep=written.manifest.step, checkpointAt=written.manifest.at)

    def _parts(self) -> Parts:
        generators = self.ranks.gather(rng_tensors(self.ranks.device))
        optimizer = optimizer_tensors(self._optimizer, self._named)
        return {"model": self._model.state_dict(), "optimizer": optimizer, "rng": generators}

    def _manifest(self) -> Manifest:
        asked, samples = self.asked, self.step * self.config["globalBatch"]
        return Manifest(
            *asked.identity.values(), self.life.incarnation.name, self.step, self.config["steps"],
            samples, 0, self._newest.as_parent() if self._newest else None, self.ranks.world, samples,
            asked.config_sha256, asked.data_sha256, hashlib.sha256(START + self.step.to_bytes(8, "little")).hexdigest(),
            now(), math.fsum(self._losses) / len(self._losses) if self._losses else None,
        )  # fmt: skip
