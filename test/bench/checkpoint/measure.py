"""Measures both ways to save, and resuming, in one process: `measure.py FOLDER ROUNDS`; prints one JSON document.

The state is that of an encoder as large as BERT-base under AdamW, which really trains while it is saved. What a save
costs is what its steps took from the moment it began, less what as many calm steps take: stall, steps that are slower
beside the writing, and what the system has to do for it afterwards. Both sides are measured by the same lines.
"""

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import torch

from resilience.checkpoint import read_checkpoint
from resilience.checkpoints import Checkpoints
from resilience.manifest import Manifest
from resilience.state import load_optimizer_tensors, optimizer_tensors, rng_tensors

CALM_STEPS, STEPS = 5, 8
WIDTH, LAYERS, WORDS, BATCH, LENGTH = 768, 12, 30_522, 1, 32
PARTS = ("model", "optimizer", "rng")
CPU = torch.device("cpu")


class Subject:
    """A model that trains, and its two ways to be saved."""

    def __init__(self, folder: Path) -> None:
        torch.manual_seed(1)
        layer = torch.nn.TransformerEncoderLayer(WIDTH, 12, 4 * WIDTH, dropout=0.0, batch_first=True)
        self.model = torch.nn.Sequential(torch.nn.Embedding(WORDS, WIDTH), torch.nn.TransformerEncoder(layer, LAYERS))
        self.named = list(self.model.named_parameters())
        self.optimizer = torch.optim.AdamW(self.model.parameters(), fused=True)
        self._folder, self._number = folder, 0
        self.writing = 0.0  # seconds that hashing and writing took beside training
        self._checkpoints = Checkpoints(folder / "ours")
        self._words = torch.randint(WORDS, (BATCH, LENGTH))

    def steps(self, count: int) -> list[float]:
        """Trains; the seconds of each step."""
        return [timed(self._step) for _ in range(count)]

    def prepare(self) -> None:
        """Behind the first step, as the trainer does."""
        self._checkpoints.prepare(self._parts())

    def save_theirs(self) -> None:
        """torch.save, as everybody does."""
        state = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "rng": rng_tensors(CPU)}
        torch.save(state, self._folder / "theirs.pt")

    def save_ours(self) -> None:
        """Beside training."""
        self._number += 1
        step = self._number
        manifest = Manifest("r", "p1", "a001", "i", step, 1000, step, step, None, 1, step, "c", "d", "00" * 32, "now")
        self._checkpoints.save(manifest, self._parts())

    def finish(self) -> None:
        """Waits for what is being written, if anything is."""
        written = self._checkpoints.finish()
        if written is not None:
            self.writing = written.seconds

    def resume(self, folder: Path) -> None:
        """Takes up a checkpoint: verified, into model and optimizer."""
        found = read_checkpoint(folder, PARTS).parts
        self.model.load_state_dict(found["model"])
        self.optimizer.state.clear()
        load_optimizer_tensors(self.optimizer, self.named, found["optimizer"])

    @property
    def newest(self) -> Path:
        """The newest checkpoint's folder."""
        return self._folder / "ours" / f"step-{self._number:09d}"

    def clear(self) -> None:
        """Makes room on the disk: files of one save at a time."""
        shutil.rmtree(self._folder / "ours", ignore_errors=True)
        (self._folder / "theirs.pt").unlink(missing_ok=True)
        os.sync()

    def _step(self) -> None:
        self.model(self._words).float().pow(2).mean().backward()
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)

    def _parts(self) -> dict[str, dict[str, torch.Tensor]]:
        optimizer = optimizer_tensors(self.optimizer, self.named)
        return {"model": self.model.state_dict(), "optimizer": optimizer, "rng": rng_tensors(CPU)}


def timed(work: Callable[[], Any]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def cost(subject: Subject, save: Callable[[], None]) -> dict[str, float]:
    """What one save stands still for, and what it costs in all."""
    calm = subject.steps(CALM_STEPS)
    stall = timed(save)
    beside = sum(subject.steps(STEPS))
    subject.finish()
    step = median(calm + subject.steps(CALM_STEPS))
    lost = stall + beside - STEPS * step
    return {"stall": stall, "lost": lost, "step": step}


def one_pass(folder: Path) -> None:
    """Reads and hashes every file of a checkpoint, no more."""
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256")


def one_round(subject: Subject, number: int) -> dict[str, Any]:
    """Both sides, the other one first every other time."""
    outcome: dict[str, Any] = {}
    sides = {"theirs": subject.save_theirs, "ours": subject.save_ours}
    for side in sorted(sides, reverse=number % 2 == 0):
        subject.clear()
        outcome[side] = cost(subject, sides[side])
        if side == "ours":
            outcome["writing"] = subject.writing
            outcome["resume"] = timed(lambda: subject.resume(subject.newest))
            outcome["pass"] = timed(lambda: one_pass(subject.newest))
            outcome["bytes"] = sum(path.stat().st_size for path in subject.newest.iterdir())
    return outcome


def main(folder: Path, rounds: int) -> None:
    """A round to warm up, then those that count."""
    torch.set_num_threads(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    subject = Subject(folder)
    subject.steps(1)
    subject.prepare()
    subject.steps(2)
    outcomes = [one_round(subject, number) for number in range(rounds + 1)][1:]
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads(), "rounds": outcomes}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
