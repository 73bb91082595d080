"""A made-up state and its manifest, for checkpoints without a trainer."""

import torch

from resilience.manifest import Manifest


def manifest(step: int) -> Manifest:
    """The manifest of a step, as a trainer hands it over: without files."""
    return Manifest("r", "p1", "a001", "i", step, 1000, step, step, None, 1, step, "c", "d", "00" * 32, "now")


def state(step: int, size: int = 1000) -> dict[str, dict[str, torch.Tensor]]:
    """The three parts behind a step: `size` numbers in each, all equal to the step."""
    weight = torch.full((size,), float(step))
    return {
        "model": {"weight": weight},
        "optimizer": {"weight.exp_avg": weight.clone(), "weight.step": torch.tensor(float(step))},
        "rng": {"rank-00000.cpu": torch.get_rng_state()},
    }
