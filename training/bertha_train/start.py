"""What a start begins with: the newest state of its own attempt, a checkpoint given, weights given, or nothing."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from resilience.checkpoint import Checkpoint, read_checkpoint, require_same
from resilience.endings import BadCheckpoint, Ending
from resilience.own import own_checkpoints
from resilience.samplehash import SampleHash
from resilience.state import load_optimizer_tensors

from .config import config_sha256
from .progress import Progress

if TYPE_CHECKING:
    from .train import Trainer

PARTS = ("model", "optimizer", "rng")
Generators = dict[str, torch.Tensor]


def take_up(trainer: "Trainer") -> Generators:
    """Loads state into a trainer that is new; all ranks call it together, and begin with the same.

    A start that the platform made again in place goes on from what its attempt saved: what the command line names is
    older. Returns the random generators' states, empty where this start has none to restore. Raises BadCheckpoint on
    all ranks if one of them cannot use what the command line names.
    """
    own = _own(trainer)
    return _as_asked(trainer) if own is None else own


def _own(trainer: "Trainer") -> Generators | None:
    output, peers = trainer.job.output, trainer.peers
    # Each node sees the folder through a mount of its own: rank 0 says what is looked for.
    mine = own_checkpoints(output, trainer.incarnation) if peers.rank == 0 else None
    found = peers.share(None if mine is None else "\n".join(mine))
    for name in found.splitlines():
        checkpoint = _verified_or_none(trainer, output / name)
        if peers.all_well(checkpoint is not None) and checkpoint is not None:
            return _load(trainer, output / name, checkpoint)
    return None


def _verified_or_none(trainer: "Trainer", folder: Path) -> Checkpoint | None:
    try:
        return _verified(trainer, folder)
    except BadCheckpoint as error:
        print(f"bertha_train: {error}", file=sys.stderr, flush=True)
        return None


def _as_asked(trainer: "Trainer") -> Generators:
    resume, init = trainer.job.resume, trainer.job.init
    problem: Ending | None = None
    generators: Generators = {}
    try:
        if resume is not None:
            generators = _load(trainer, resume, _verified(trainer, resume))
        elif init is not None:
            _initialise(trainer, init)
    except BadCheckpoint as error:
        problem = error
    trainer.peers.agree(problem, BadCheckpoint)
    return generators


def _verified(trainer: "Trainer", folder: Path) -> Checkpoint:
    checkpoint = read_checkpoint(folder, PARTS)
    require_same(folder, "config", checkpoint.manifest.config_sha256, config_sha256(trainer.config))
    require_same(folder, "dataset", checkpoint.manifest.data_sha256, trainer.dataset.sha256)
    return checkpoint


def _load(trainer: "Trainer", folder: Path, checkpoint: Checkpoint) -> Generators:
    manifest, parts = checkpoint.manifest, checkpoint.parts
    _load_weights(trainer, folder, parts["model"])
    moments = {name: tensor for name, tensor in parts["optimizer"].items() if not name.startswith("scaler.")}
    if moments:  # there are none while every step of a float16 phase has overflowed
        load_optimizer_tensors(trainer.optimizer, trainer.named, moments)
    if trainer.scaler.is_enabled():
        trainer.scaler.load_state_dict(
            {key: parts["optimizer"][f"scaler.{key}"].item() for key in trainer.scaler.state_dict()}
        )
    trainer.progress = Progress(
        manifest.step,
        manifest.position,
        manifest.samples,
        manifest.tokens,
        SampleHash(manifest.sample_hash),
        manifest,
    )
    is_same_world = manifest.world_size == trainer.peers.world
    return parts["rng"] if is_same_world else {}


def _initialise(trainer: "Trainer", folder: Path) -> None:
    checkpoint = read_checkpoint(folder, ("model",))
    found = checkpoint.about.get("vocabularySha256", "")
    require_same(folder, "vocabulary", found, trainer.dataset.vocabulary.sha256)
    _load_weights(trainer, folder, checkpoint.parts["model"])


def _load_weights(trainer: "Trainer", folder: Path, tensors: dict[str, torch.Tensor]) -> None:
    try:
        trainer.bert.load_state_dict(tensors)
    except RuntimeError as error:
        first = str(error).splitlines()[1].strip() if "\n" in str(error) else str(error)
        raise BadCheckpoint(f"Checkpoint {folder} holds another model: {first}") from error
