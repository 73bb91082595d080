"""What a step's work was: tokens, padding, and its arithmetic against the peak of the GPUs."""

from typing import Any

import torch

from .config import ModelConfig
from .peers import Peers
from .stream import Plan, Stream

BACKWARD_TOO = 3  # the backward pass takes twice the forward pass
# Dense peak of the matrix units in operations a second, 16-bit formats (NVIDIA's data sheets).
PEAKS = {"V100": 125e12, "A100": 312e12, "H100": 989e12, "H200": 989e12}


class Work:
    """Turns plans of steps into figures of the metrics."""

    def __init__(self, model: ModelConfig, rows: int, stream: Stream, peers: Peers) -> None:
        """`rows` of the output layer."""
        self._model, self._rows, self._stream, self._world = model, rows, stream, peers.world
        self._peak = peak_operations(peers.device)

    def of(self, plan: Plan, seconds: float) -> dict[str, Any]:
        """Tokens of a step, the share of padding beside them and, on GPUs that are known, the MFU if it took `seconds`."""
        found = {"tokens": plan.tokens, "padding": round(self._stream.padding(plan, self._world), 4)}
        if self._peak is None:
            return found
        possible = self._peak * self._world * seconds
        return {**found, "mfu": round(step_operations(self._model, self._rows, plan) / possible, 4)}


def step_operations(model: ModelConfig, rows: int, plan: Plan) -> float:
    """Floating-point operations of a step's matrix products, padding not counted; `rows` of the output layer."""
    h, wide = model.hidden_size, model.intermediate_size
    per_token = 2 * (4 * h * h + 2 * h * wide)
    encoder = model.layers * (per_token * plan.tokens + 4 * h * plan.square_tokens)
    heads = plan.predictions * 2 * (h * h + h * rows) + (len(plan.samples) * 2 * h * h if model.next_sentence else 0)
    return float(BACKWARD_TOO * (encoder + heads))


def peak_operations(device: torch.device) -> float | None:
    """Of this device, a second; None where it is no GPU, or one that is not known."""
    if device.type != "cuda":
        return None
    name = torch.cuda.get_device_name(device)
    return next((peak for kind, peak in PEAKS.items() if kind in name), None)
