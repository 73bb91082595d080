"""What one process trains: its state, and what all ranks do with theirs together. What survives is in `resilience`."""

import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel

from resilience.asked import Asked
from resilience.boundary import WISHES
from resilience.clock import now
from resilience.manifest import Manifest
from resilience.snapshot import Parts
from resilience.state import load_rng_tensors, optimizer_tensors, rng_tensors

from .config import TrainConfig, config_sha256
from .data import Batch, Dataset
from .evaluate import evaluate
from .model import Bert
from .optimizer import make_optimizer
from .order import hashed
from .peers import Peers
from .progress import Progress
from .report import StepNumbers
from .schedule import learning_rate
from .start import take_up
from .stream import Plan, Stream

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
DROPOUT = 5
Logits = tuple[torch.Tensor, torch.Tensor | None]


class Trainer:
    """Model, optimizer and the state of one process; every method is called by all ranks together."""

    def __init__(self, asked: Asked, config: TrainConfig, dataset: Dataset, incarnation: str, peers: Peers) -> None:
        """`incarnation` is the name of this start."""
        self.asked, self.config, self.dataset, self.incarnation, self.peers = asked, config, dataset, incarnation, peers
        self.stream = Stream(config, dataset)
        self.accumulation = config.accumulation(peers.world)
        self.progress = Progress()
        torch.manual_seed(config.seed)
        self.bert = Bert(config.model, dataset.vocabulary.size).to(peers.device)
        self.named = list(self.bert.named_parameters())
        self.optimizer = make_optimizer(config.optimizer, self.named)
        self.scaler = torch.amp.GradScaler(peers.device.type, enabled=config.precision == "float16")
        self.model: torch.nn.Module = torch.compile(self.bert, dynamic=True) if config.compile else self.bert
        self._waited = 0.0  # for data, in this step
        self._evaluation: dict[str, Any] | None = None

    def begin(self) -> None:
        """Takes up the state to begin with, and leaves the process as an uninterrupted run would be at this step.

        Raises BadCheckpoint on all ranks if one of them cannot use what it was given.
        """
        generators = take_up(self)
        if self.peers.world > 1:
            self._distribute()
        self._restore_generators(generators)

    def step(self, wishes: Callable[[], list[float]]) -> StepNumbers:
        """One optimizer step on the next global batch. The numbers returned may still be computing.

        `wishes` is asked at the end of the step; its numbers are summed over the ranks with those of the losses.
        """
        began = time.perf_counter()
        step = self.progress.step + 1
        plan = self._next_plan()
        self._waited = time.perf_counter() - began
        sums = torch.zeros(2 + WISHES, dtype=torch.float64, device=self.peers.device)
        for number, batch in enumerate(self._share(plan), start=1):
            self._backward(batch, plan, sums, is_last=number == self.accumulation)
        rate = learning_rate(self.config, step)
        grad_norm = self._update(rate)
        self._advance(plan)
        sums[2:] = torch.tensor(wishes(), dtype=torch.float64)
        self.peers.sum(sums)
        return StepNumbers(step, plan, rate, sums, grad_norm, now(), time.perf_counter() - began, self._waited)

    def state(self) -> Parts:
        """All that a checkpoint holds; every rank hands in its generators. The tensors are the live ones."""
        generators = self.peers.gather_bytes(rng_tensors(self.peers.device))
        optimizer = optimizer_tensors(self.optimizer, self.named)
        if self.scaler.is_enabled():
            optimizer |= {f"scaler.{key}": torch.tensor(value) for key, value in self.scaler.state_dict().items()}
        return {"model": self.bert.state_dict(), "optimizer": optimizer, "rng": generators}

    def manifest(self, loss: float | None) -> Manifest:
        """What the checkpoint behind the last step is, but for its files; `loss` is the mean since the one before."""
        return replace(self._manifest(), loss=loss)

    @property
    def about(self) -> dict[str, str]:
        """What a checkpoint's files say about themselves."""
        return {"vocabularySha256": self.dataset.vocabulary.sha256}

    def evaluate(self) -> dict[str, Any]:
        """The held-out result as in evaluation.json; reckoned once a step."""
        if self._evaluation is not None and self._evaluation["step"] == self.progress.step:
            return self._evaluation
        found = evaluate(
            self.bert, self.dataset, self.peers, self.config.micro_batch, self._forward_alone, self._autocast()
        )
        self._evaluation = {"step": self.progress.step, **found}
        return self._evaluation

    @property
    def loss_scale(self) -> float | None:
        """Of float16; looking at it waits for a GPU."""
        return self.scaler.get_scale() if self.scaler.is_enabled() else None

    def _autocast(self) -> torch.autocast:
        dtype = PRECISIONS[self.config.precision]
        is_mixed = dtype is not torch.float32
        return torch.autocast(self.peers.device.type, dtype if is_mixed else torch.bfloat16, enabled=is_mixed)

    def _update(self, rate: float) -> torch.Tensor:
        self.scaler.unscale_(self.optimizer)
        grad_norm = torch.nn.utils.clip_grad_norm_(self.bert.parameters(), self.config.optimizer.clip_norm)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad(set_to_none=True)
        return grad_norm

    def _next_plan(self) -> Plan:
        return self.stream.plan(self.progress.step + 1, self.progress.position)

    def _advance(self, plan: Plan) -> None:
        self.progress.step, self.progress.position = plan.step, plan.end
        self.progress.samples += len(plan.samples)
        self.progress.tokens += plan.tokens
        self.progress.sample_hash.update(plan.step, plan.samples, plan.seeds)

    def _manifest(self) -> Manifest:
        progress, parent = self.progress, self.progress.newest
        return Manifest(
            **self.asked.identity,
            incarnation=self.incarnation,
            step=progress.step,
            total_steps=self.config.steps,
            samples=progress.samples,
            tokens=progress.tokens,
            parent=parent.as_parent() if parent else None,
            world_size=self.peers.world,
            position=progress.position,
            config_sha256=config_sha256(self.config),
            data_sha256=self.dataset.sha256,
            sample_hash=progress.sample_hash.hex,
            at=now(),
            skip_windows=self.config.skip_windows,
        )

    def _distribute(self) -> None:
        """Wraps the model for gradient exchange, with the bucket layout that all later steps will have.

        DDP orders its buckets anew after the first backward pass, and the layout decides the order of the sums between
        ranks. One pass whose gradients are thrown away makes a resumed process add like one that never stopped.
        """
        on_gpu = self.peers.device.type == "cuda"
        devices = [self.peers.device] if on_gpu else None
        self.model = DistributedDataParallel(self.model, device_ids=devices, gradient_as_bucket_view=True)
        plan = self._next_plan()
        batch = next(self.stream.share(plan, self.peers.rank, self.peers.world))
        self._loss(batch, plan)[0].backward()
        self.optimizer.zero_grad(set_to_none=True)

    def _restore_generators(self, generators: dict[str, torch.Tensor]) -> None:
        """Dropout's random numbers: as they stood, or seeded by (seed, step, rank) where this rank has none."""
        torch.manual_seed(int(hashed(self.config.seed, DROPOUT, self.progress.step, self.peers.rank)[0]))
        prefix = f"rank-{self.peers.rank:05d}."
        mine = {name.removeprefix(prefix): state for name, state in generators.items() if name.startswith(prefix)}
        if mine:
            load_rng_tensors(self.peers.device, mine)

    def _backward(self, batch: Batch, plan: Plan, sums: torch.Tensor, is_last: bool) -> None:
        exchanges = is_last or not isinstance(self.model, DistributedDataParallel)
        with nullcontext() if exchanges else self.model.no_sync():
            loss, parts = self._loss(batch, plan)
            self.scaler.scale(loss).backward()
        sums[:2] += parts

    def _loss(self, batch: Batch, plan: Plan) -> tuple[torch.Tensor, torch.Tensor]:
        """This micro-batch's part of the mean over the whole global batch, and its sums of mlm and nsp.

        Dividing by global counts makes the gradient independent of how the batch is shared out; DDP averages over the
        ranks where a sum is due, hence the factor.
        """
        with self._autocast():
            words, nexts = self._forward(self.model, batch)
        mlm = F.cross_entropy(words.float(), self._on_device(batch.labels), reduction="sum")
        loss, nsp = mlm / plan.predictions, torch.zeros_like(mlm)
        if nexts is not None:
            nsp = F.cross_entropy(nexts.float(), self._on_device(batch.random_next), reduction="sum")
            loss = loss + nsp / len(plan.samples)
        return loss * self.peers.world, torch.stack([mlm.detach(), nsp.detach()]).double()

    def _forward(self, model: torch.nn.Module, batch: Batch) -> Logits:
        attended = None if batch.attended.all() else self._on_device(batch.attended)
        ids, segments, masked = (self._on_device(array) for array in (batch.ids, batch.segments, batch.masked))
        return model(ids, segments, attended, masked)

    def _forward_alone(self, batch: Batch) -> Logits:
        return self._forward(self.bert, batch)

    def _on_device(self, array: np.ndarray) -> torch.Tensor:
        """The array itself on the CPU; on a GPU a copy that does not wait for the work before it."""
        tensor = torch.from_numpy(array)
        return tensor.pin_memory().to(self.peers.device, non_blocking=True) if self.peers.is_gpu else tensor

    def _share(self, plan: Plan) -> Iterator[Batch]:
        """This rank's micro-batches; what it takes to make them is counted as waiting."""
        batches = self.stream.share(plan, self.peers.rank, self.peers.world)
        while True:
            began = time.perf_counter()
            batch = next(batches, None)
            self._waited += time.perf_counter() - began
            if batch is None:
                return
            yield batch
