"""What a start begins with: a checkpoint to go on from, weights given, or nothing."""

from typing import TYPE_CHECKING

import torch

from resilience.checkpoint import Checkpoint, read_checkpoint, require_same
from resilience.endings import BadCheckpoint
from resilience.samplehash import SampleHash
from resilience.state import load_optimizer_tensors, load_weights
from resilience.taking_up import checkpoint_to_resume

from .config import config_sha256
from .progress import Progress

if TYPE_CHECKING:
    from .train import Trainer

Generators = dict[str, torch.Tensor]


def take_up(trainer: "Trainer") -> Generators:
    """Loads state into a trainer that is new; all ranks call it together, and begin with the same.

    Returns the random generators' states, empty where this start has none to restore. Raises BadCheckpoint on all
    ranks if one of them cannot use what the command line names.
    """
    asked, identities = trainer.asked, (config_sha256(trainer.config), trainer.dataset.sha256)
    found = checkpoint_to_resume(asked.output, trainer.incarnation, asked.resume, trainer.peers, *identities)
    problem: BadCheckpoint | None = None
    generators: Generators = {}
    try:
        if found is not None:
            generators = _load(trainer, found)
        elif asked.init is not None:
            _initialise(trainer, read_checkpoint(asked.init, ("model",)))
    except BadCheckpoint as error:
        problem = error
    trainer.peers.agree(problem, BadCheckpoint)
    return generators


def _load(trainer: "Trainer", found: Checkpoint) -> Generators:
    manifest, parts = found.manifest, found.parts
    load_weights(trainer.bert, found)
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


def _initialise(trainer: "Trainer", found: Checkpoint) -> None:
    vocabulary = found.about.get("vocabularySha256", "")
    require_same(found.folder, "vocabulary", vocabulary, trainer.dataset.vocabulary.sha256)
    load_weights(trainer.bert, found)
