"""The training loop: meet, restore, step, report, checkpoint, evaluate."""

import os
import time

import torch

from resilience.asked import Asked
from resilience.boundary import Boundary, Plan
from resilience.files import to_json, write_whole
from resilience.life import LONG_SECONDS, Life

from .config import TrainConfig
from .data import Dataset
from .export import write_export
from .peers import Peers
from .report import Reporter, StepNumbers
from .saving import Saving
from .train import Trainer
from .trial import evaluate_on_the_way, is_evaluated
from .work import Work

LOOK_AT_MOST = {"cpu": 1, "cuda": 10}  # steps between looks at the device's numbers: each look waits for a GPU


def train(asked: Asked, config: TrainConfig, dataset: Dataset, life: Life) -> None:
    """Trains the phase to its last step and evaluates it. Raises an Ending for every other orderly end."""
    folder, heartbeat = life.incarnation.folder, life.heartbeat
    heartbeat.update(totalSteps=config.steps)
    _make_deterministic(config)
    peers = Peers()
    heartbeat.update(worldSize=peers.world, nodes=peers.node_names())
    life.join(peers.world, peers.host, peers.node, peers.share)
    life.enter("restoring" if asked.resume or asked.init else "starting", LONG_SECONDS, is_free=True)
    began = time.perf_counter()
    trainer = Trainer(asked, config, dataset, life.incarnation.name, peers)
    trainer.begin()
    if trainer.progress.newest is not None or asked.init is not None:
        heartbeat.update(restoreSeconds=round(time.perf_counter() - began, 3))
    work = Work(config.model, trainer.bert.rows, trainer.stream, peers)
    reporter = Reporter(asked, config, life, work)
    reporter.begins(trainer.progress.step, trainer.progress.newest, peers.world)
    _run_steps(trainer, reporter, life)
    life.enter("evaluating", LONG_SECONDS, is_free=True)
    evaluation = trainer.evaluate()
    if folder is not None:
        write_whole(folder / "evaluation.json", to_json(evaluation))
        write_export(folder / "export", trainer.bert.state_dict(), config.model, dataset.vocabulary)
    reporter.say(f"held out: mlm {evaluation['heldOut']['mlm']:.3f}, unigram {evaluation['unigram']:.3f}")
    peers.leave()
    life.enter("done", LONG_SECONDS)


def _run_steps(trainer: Trainer, reporter: Reporter, life: Life) -> None:
    config, progress, peers = trainer.config, trainer.progress, trainer.peers
    plan = Plan(
        config.steps,
        config.checkpoint_steps,
        config.checkpoint_seconds,
        LOOK_AT_MOST[peers.device.type],
        config.spend_seconds,
    )
    boundary = Boundary(plan, peers.rank == 0, life.notice, life.heartbeat)
    saving = Saving(trainer, reporter, life)
    pending: list[StepNumbers] = []
    is_first = True
    life.enter("training", LONG_SECONDS)  # the first step may have to compile
    while progress.step < config.steps:
        pending.append(trainer.step(boundary.wishes))
        life.passed(progress.step)
        saving.passed(pending[-1].seconds)
        if is_first:
            saving.prepare()
            is_first = False
        evaluates = is_evaluated(config, progress.step)
        if not boundary.must_look(progress.step) and not evaluates:
            continue
        sums = [one.sums.tolist() for one in pending]
        reporter.take(pending, trainer.loss_scale)
        pending = []
        decision = boundary.decide(progress.step, [one[2:] for one in sums])
        evaluates = evaluates and decision.ending is None  # who is warned has no time for it
        if evaluates:
            evaluate_on_the_way(trainer, reporter, life)
        if decision.checkpoint or evaluates:
            saving.save(decision)
            boundary.checkpointed()
        if decision.ending is not None:
            because = boundary.because(decision.ending)
            raise decision.ending(f"{because}; the checkpoint of step {progress.step} is written.")


def _make_deterministic(config: TrainConfig) -> None:
    """Pins what decides the order of sums inside one process: the number of threads and the choice of kernels."""
    torch.set_num_threads(config.threads)
    if not config.deterministic:
        return
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
